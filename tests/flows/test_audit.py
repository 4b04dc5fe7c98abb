"""The story of the audit trail: what holds is written down outside, what does not ends the run as failed."""

import pytest
from prefect.client.orchestration import get_client

from flows.audit import audit as audit_flow
from models import anchors, audit, event
from models.base import engine, transaction
from tasks.auditing import ARTIFACT, trail


def write(number: int) -> None:
    for one in range(number):
        with transaction() as session:
            event.record(session, "flow", "asked", f"request:{one}")


def tamper(*statements: str) -> None:
    with engine().begin() as connection:
        for trigger in ("event_no_update", "event_no_delete", "event_mark_no_delete"):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {trigger}")
        for one in statements:
            connection.exec_driver_sql(one)


CUT = ("DELETE FROM event WHERE id > 2", "DELETE FROM event_mark WHERE id > 2")


def test_trail_that_holds_is_anchored_in_a_file_and_in_prefect(sqlite: object, prefect_server: None) -> None:
    write(3)
    ended = audit_flow(return_state=True)
    assert (ended.name, ended.message) == ("Completed", "3 links")
    audit_flow(return_state=True)
    (anchor,) = anchors.read()
    with get_client(sync_client=True) as client:
        newest = max(client.read_artifacts(), key=lambda one: one.created)
    assert (newest.key, anchor.head.mark in str(newest.data)) == (ARTIFACT, True)


def test_trail_that_does_not_hold_is_told(sqlite: object, prefect_server: None) -> None:
    write(3)
    audit_flow(return_state=True)
    tamper("UPDATE event SET actor = 'person:9' WHERE id = 2")
    ended = audit_flow(return_state=True)
    assert ended.is_failed()
    assert "from link 2 on" in str(ended.message)


@pytest.mark.parametrize(
    ("statements", "verdict"),
    [
        ((), "ok"),
        (CUT, "wrong"),
        (("UPDATE event_mark SET mark = 'x' WHERE id = 3",), "wrong"),
    ],
    ids=["control", "cut", "rewritten"],
)
def test_watchdog_sees_at_a_glance_what_the_anchor_tells(
    sqlite: object, statements: tuple[str, ...], verdict: str
) -> None:
    write(3)
    assert [one.verdict for one in trail()] == ["ok"], "no anchor yet"
    audit.keep_head()
    write(1)
    with engine().begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER event_mark_no_update")
    tamper(*statements)
    (found,) = trail()
    assert (found.verdict, found.code) == (verdict, "" if verdict == "ok" else "trail-broken")


def test_glance_takes_a_closed_part_for_what_it_is(sqlite: object) -> None:
    from datetime import UTC, datetime

    write(3)
    audit.keep_head()
    assert audit.close_off(datetime(2999, 1, 1, tzinfo=UTC)) == 3
    assert [one.verdict for one in trail()] == ["ok"]
    write(1)
    audit.keep_head()
    assert [one.verdict for one in trail()] == ["ok"]
