"""Migrations: up, down, up again, and nothing left to write."""

import stat
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from models import delivery, schema
from models.base import engine

CONFIG = schema._config  # noqa: SLF001


def tables() -> set[str]:
    return set(sa.inspect(engine()).get_table_names())


def test_migrations_go_up_down_and_up_again(own_database: str) -> None:
    known = set(schema.METADATA.tables)
    assert tables() == known | {"alembic_version"}
    assert schema.is_current()
    command.downgrade(CONFIG(), "base")
    assert tables() <= {"alembic_version"}
    assert not schema.is_current()
    schema.upgrade()
    assert tables() == known | {"alembic_version"}


def test_upgrade_twice_changes_nothing(own_database: str) -> None:
    schema.upgrade()
    assert schema.is_current()


def test_autogenerate_finds_nothing(own_database: str) -> None:
    with engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.METADATA) == []


def test_folder_of_a_new_database_is_its_owners_alone(tmp_path: Path, monkeypatch) -> None:
    home = tmp_path / "new"
    monkeypatch.setenv("BAKEN_HOME", str(home))
    monkeypatch.delenv("BAKEN_DATABASE_URL", raising=False)
    schema.upgrade()
    engine().dispose()
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_rows_of_before_survive_the_way_up_and_down(own_database: str) -> None:
    command.downgrade(CONFIG(), "0001")
    with engine().begin() as connection:
        for statement in (
            "INSERT INTO programme (id, slug, settings) VALUES (1, 'p1', '{}')",
            """INSERT INTO person (id, given_name, family_name, language, department, site, country, job_title, years,
            level, skills, interests, external) VALUES (1, 'Zoë', 'Bo', 'en', '', '', '', '', 0, 0, '[]', '[]', false)""",
            """INSERT INTO delivery (id, key, programme_id, phase, template, person_id, language, fields, state, due_on,
            attempts) VALUES (1, 'p1:review:reminder:x:1:1', 1, 'review', 'reminder', 1, 'en', '{}', 'queued',
            '2027-03-01', 0)""",
        ):
            connection.exec_driver_sql(statement)
    engine().dispose()
    schema.upgrade()
    with engine().connect() as connection:
        row = connection.execute(sa.select(delivery.Delivery.__table__)).one()
        assert row.message_id == delivery.digest(row.key)
        assert row.planned_on == row.due_on
        assert row.state == "queued"
    engine().dispose()
    command.downgrade(CONFIG(), "0001")
    with engine().connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM delivery").scalar() == 1
    schema.upgrade()
