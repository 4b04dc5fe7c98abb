"""Every migration, down and up again with a living programme in the tables, on both databases; and what is refused."""

import pytest
import sqlalchemy as sa
from alembic import command

from models import audit, copying, event, schema
from models.base import engine, transaction
from tests import world as worlds

KEPT = ("person", "programme", "milestone", "request", "delivery", "link", "event")
"""What was there from the first revision on, and stays whatever comes or goes beside it."""


def counts() -> dict[str, int]:
    found = copying.standing().counts
    engine().dispose()
    return {name: found[name] for name in KEPT}


@pytest.mark.slow
def test_each_migration_goes_down_and_up_with_a_life_in_the_tables(own_database: str) -> None:
    world = worlds.build()
    world.advance()
    audit.keep_head()
    before = counts()
    assert all(before.values())
    known = schema.revisions()
    for to in reversed(known[:-1]):
        schema.downgrade(to)
        assert (schema.revision(), counts()) == (to, before)
    for to in known[1:]:
        command.upgrade(schema._config(), to)  # noqa: SLF001
        assert (schema.revision(), counts()) == (to, before)
    found = audit.verify()
    assert (found.holds, found.rows) == (True, before["event"]), found
    if copying.kind() == "sqlite":
        with engine().connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


def test_rows_of_before_become_a_chain_and_are_guarded(own_database: str) -> None:
    schema.downgrade("0007")
    put = "INSERT INTO event (at, actor, action, about, detail) VALUES"
    with engine().begin() as connection:
        for number in range(3):
            values = f"('2027-03-01 09:00:0{number}', 'flow', 'asked', 'request:{number}', '{{\"round\": 1}}')"
            connection.exec_driver_sql(f"{put} {values}")
    engine().dispose()
    schema.upgrade()
    with transaction() as session:
        event.record(session, "flow", "asked", "request:9")
    found = audit.verify()
    assert (found.holds, found.rows) == (True, 4), found
    with pytest.raises(sa.exc.DBAPIError, match="only grows"), engine().begin() as connection:
        connection.exec_driver_sql("DELETE FROM event WHERE id = 2")


def test_tables_of_a_newer_version_are_left_alone(own_database: str) -> None:
    with engine().begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine().dispose()
    for refused in (schema.upgrade, lambda: schema.downgrade("0001")):
        with pytest.raises(schema.NewerSchema, match="install that version again"):
            refused()
    assert schema.revision() == "9999"
