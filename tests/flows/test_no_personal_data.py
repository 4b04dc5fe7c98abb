"""What Prefect keeps of a programme: ids, counts and names of states. No name, no address, no answer, no link."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
from prefect.client.orchestration import get_client
from prefect.logging.handlers import APILogHandler
from prefect.settings import (
    PREFECT_API_DATABASE_CONNECTION_URL,
    PREFECT_LOGGING_LEVEL,
    PREFECT_LOGGING_TO_API_ENABLED,
    temporary_settings,
)

from flows.programme import FLOWS, programme
from models.base import transaction
from models.link import Link
from models.person import Person
from tests.world import DOMAIN, FAMILY, MENTEES, MENTORS, SECRET, SLUG, STAFF, World, build, willing

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("prefect_server")]

NAMES = (*MENTORS, *MENTEES, *STAFF, FAMILY, DOMAIN, SECRET)


def kept() -> str:
    """All that stands in Prefect's own database, as one text: every row of every table."""
    url = str(PREFECT_API_DATABASE_CONNECTION_URL.value()).replace("+aiosqlite", "")
    engine = sa.create_engine(url)
    found: list[Any] = []
    with engine.connect() as connection:
        for table in sa.inspect(engine).get_table_names():
            rows = connection.exec_driver_sql(f'SELECT * FROM "{table}"').mappings()
            found += [{"table": table} | {k: str(v) for k, v in row.items()} for row in rows]
    engine.dispose()
    return json.dumps(found, ensure_ascii=False)


def told(text: str) -> list[str]:
    """Which of the names stand in a text, in any case."""
    low = text.lower()
    return [name for name in NAMES if name.lower() in low]


def break_down(world: World) -> str:
    """A database error in the middle of a step, whose text repeats the mail that was refused; what the run says of it."""
    world.answer("growth_contract")
    with transaction() as session:
        session.execute(
            sa.text("CREATE TRIGGER refuse BEFORE INSERT ON delivery BEGIN SELECT RAISE(ABORT, 'refused'); END")
        )
    state = FLOWS["agreement"](SLUG, world.today, return_state=True)
    assert state.is_failed()
    return str(state.message)


def test_prefect_keeps_nothing_of_anybody(sqlite, world_at) -> None:
    with temporary_settings({PREFECT_LOGGING_TO_API_ENABLED: True, PREFECT_LOGGING_LEVEL: "DEBUG"}):
        world = build()
        for _ in range(5):
            programme(SLUG, world.today, return_state=True)
            willing(world)
            world.today = world.following() or world.today
        for phase in FLOWS:
            world = world_at(phase)
            world.answer()
            FLOWS[phase](SLUG, world.today, return_state=True)
        break_down(world_at("agreement"))
        APILogHandler().flush()
    with get_client(sync_client=True) as client:
        runs = client.read_flow_runs()
    text = kept()
    assert SLUG in text  # the control: we look in the right place
    assert len(runs) >= 15
    assert '"table": "log"' in text
    assert {
        name for name in ("timeline", "progress", "mail", "readiness", "agreement") if f"{name}-{SLUG}" not in text
    } == set()
    assert "Waits for" in text  # what the artifacts say stands in it, too
    assert told(text) == []
    with transaction() as session:
        tokens = [one.token for one in session.scalars(sa.select(Link))]
    assert not [token for token in tokens if token in text]


def test_search_would_find_a_name_if_there_were_one(sqlite) -> None:
    build()
    with transaction() as session:
        row = session.scalars(sa.select(Person)).first()
        assert row
        assert told(f"... {row.email} ...") == [row.given_name, DOMAIN]


def test_failure_says_where_to_look_and_nothing_else(sqlite, world_at) -> None:
    message = break_down(world_at("agreement"))
    assert "log/errors.log" in message
    assert told(message) == []
    assert told((sqlite / "log" / "errors.log").read_text())  # the control: the error did repeat a name
