"""The audit trail: a chain that only grows, and whatever is done to it is found (CAP-200)."""

import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from models import anchors, audit, event
from models.base import dry_run, engine, transaction
from models.event import Event, EventClosing, EventMark, Head

TABLES = ("event", "event_mark", "event_closing")


def write(number: int = 1, about: str = "request") -> None:
    for one in range(number):
        with transaction() as session:
            event.record(session, "flow", "asked", f"{about}:{one}", form="goal", round=one, late=False)


@contextmanager
def unguarded() -> Iterator[sa.Connection]:
    """Somebody who may do anything in the database: the triggers are off, as its owner can have them."""
    with engine().begin() as connection:
        if engine().dialect.name == "postgresql":
            for table in TABLES:
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield connection
            for table in TABLES:
                connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            return
        triggers = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
        for name, _ in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        yield connection
        for _, text in triggers:
            connection.exec_driver_sql(text)


def test_chain_that_nobody_touched_holds(database: str) -> None:
    """The control of all that follows."""
    write(7)
    audit.keep_head()
    write(2)
    found = audit.verify()
    assert found.holds
    assert (found.rows, found.head.place, found.anchors) == (9, 9, 1)


def test_empty_chain_holds_and_has_no_anchor(database: str) -> None:
    assert audit.verify().holds
    assert audit.keep_head() == (Head(0, ""), False)
    assert not anchors.anchor_file().exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET actor = 'person:9' WHERE id = 3",
        "UPDATE event SET detail = '{}' WHERE id = 3",
        "DELETE FROM event WHERE id = 3",
        "DELETE FROM event",
        "UPDATE event_mark SET mark = 'x' WHERE id = 3",
        "DELETE FROM event_mark WHERE id = 6",
    ],
)
def test_database_refuses_every_change(database: str, statement: str) -> None:
    write(6)
    with pytest.raises(sa.exc.DBAPIError, match="only grows"), engine().begin() as connection:
        connection.exec_driver_sql(statement)
    assert audit.verify().rows == 6


def test_postgresql_refuses_to_empty_the_trail(database: str) -> None:
    if engine().dialect.name == "postgresql":
        write(2)
        with pytest.raises(sa.exc.DBAPIError, match="only grows"), engine().begin() as connection:
            connection.exec_driver_sql("TRUNCATE event")


NEW = "INSERT INTO event (id, at, actor, action, about, detail) VALUES"
OTHER = f"{NEW} (99, '2027-03-01 09:00:00', 'person:9', 'answered', 'request:1', '{{}}')"
TAMPERED = {
    "changed": (["UPDATE event SET actor = 'person:9' WHERE id = 3"], 3, "not what was written"),
    "detail changed": (["UPDATE event SET detail = '{\"round\": 9}' WHERE id = 4"], 4, "not what was written"),
    "taken out": (["DELETE FROM event WHERE id = 3"], 3, "taken out"),
    "taken out with its link": (
        ["DELETE FROM event WHERE id = 3", "DELETE FROM event_mark WHERE id = 3"],
        3,
        "missing",
    ),
    "put in": ([OTHER], 7, "put in"),
    "put in with a link": (
        [OTHER, f"INSERT INTO event_mark (id, event_id, mark) VALUES (7, 99, '{'a' * 64}')"],
        7,
        "not what",
    ),
    "swapped": (
        [
            "UPDATE event_mark SET event_id = 98 WHERE id = 2",
            "UPDATE event_mark SET event_id = 2 WHERE id = 3",
            "UPDATE event_mark SET event_id = 3 WHERE id = 2",
        ],
        2,
        "not where it was",
    ),
    "first row gone": (["DELETE FROM event WHERE id = 1", "DELETE FROM event_mark WHERE id = 1"], 1, "missing"),
}


@pytest.mark.parametrize("deed", TAMPERED)
def test_whatever_is_done_to_the_rows_is_found(database: str, deed: str) -> None:
    write(6)
    statements, place, fault = TAMPERED[deed]
    assert audit.verify().holds
    with unguarded() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    found = audit.verify()
    assert (found.place, fault in found.fault) == (place, True), found


def cut(connection: sa.Connection) -> None:
    for statement in ("DELETE FROM event WHERE id > 4", "DELETE FROM event_mark WHERE id > 4"):
        connection.exec_driver_sql(statement)


def rewrite(connection: sa.Connection) -> None:
    """As thorough as can be: one row is changed, and every mark from there on is made anew."""
    connection.exec_driver_sql("UPDATE event SET actor = 'person:9' WHERE id = 2")
    rows = [event.Row(*row) for row in connection.execute(sa.select(*audit.COLUMNS).order_by(Event.id))]
    connection.exec_driver_sql("DELETE FROM event_mark")
    connection.execute(sa.insert(EventMark), event.links(Head(0, ""), rows))


def close_all(connection: sa.Connection) -> None:
    """The door for retention, abused: everything is closed off, and a new chain begins there."""
    last = connection.exec_driver_sql("SELECT id, mark FROM event_mark ORDER BY id DESC LIMIT 1").one()
    closing = {"upto": last[0], "mark": last[1], "at": datetime(2027, 3, 1, tzinfo=UTC)}
    connection.execute(sa.insert(EventClosing), closing)
    for table in ("event", "event_mark"):
        connection.exec_driver_sql(f"DELETE FROM {table}")


@pytest.mark.parametrize(
    ("deed", "fault"),
    [(cut, "cut off"), (rewrite, "written anew"), (close_all, "no anchor knows")],
    ids=["cut", "rewritten", "closed off"],
)
def test_what_the_chain_alone_cannot_tell_the_anchors_do(
    database: str, deed: Callable[[sa.Connection], None], fault: str
) -> None:
    write(6)
    last, kept = audit.keep_head()
    assert kept
    with unguarded() as connection:
        deed(connection)
    found = audit.verify()
    assert fault in found.fault, found
    anchors.anchor_file().unlink()
    assert audit.verify().holds, "without anchors this would not be seen: the control"
    assert last.place == 6


def test_anchor_that_cannot_be_read_is_told(database: str) -> None:
    write(2)
    audit.keep_head()
    anchors.append(["nonsense\n"])
    assert "line 2" in audit.verify().fault


def test_head_is_kept_once_and_for_its_owner_alone(database: str) -> None:
    write(3)
    assert [audit.keep_head()[1], audit.keep_head()[1]] == [True, False]
    assert stat.S_IMODE(anchors.anchor_file().stat().st_mode) == 0o600
    (line,) = anchors.read()
    assert (line.kind, line.head.place, len(line.head.mark)) == ("head", 3, 64)


def test_old_part_is_closed_off_and_the_rest_holds(database: str) -> None:
    write(5)
    audit.keep_head()
    with transaction() as session:
        limit = session.get_one(Event, 4).at
    assert audit.close_off(limit - timedelta(days=1)) == 0
    assert audit.close_off(limit) == 3
    found = audit.verify()
    assert (found.holds, found.closed, found.rows) == (True, 3, 3), found
    with transaction() as session:
        assert session.scalars(sa.select(Event.action).order_by(Event.id)).all() == ["asked", "asked", "closed off"]
    write(2)
    assert audit.verify().head.place == 8


def test_whole_trail_is_closed_off_and_the_chain_goes_on(database: str) -> None:
    write(3)
    assert audit.close_off(datetime(2999, 1, 1, tzinfo=UTC)) == 3
    with unguarded() as connection:  # even the line on the closing
        connection.exec_driver_sql("DELETE FROM event")
        connection.exec_driver_sql("DELETE FROM event_mark")
    write(1)
    assert audit.verify().head.place == 4


def test_after_a_restore_earlier_anchors_of_later_links_bind_nobody(database: str) -> None:
    write(2)
    earlier, _ = audit.keep_head()
    write(3)
    audit.keep_head()
    with unguarded() as connection:
        connection.exec_driver_sql("DELETE FROM event WHERE id > 2")
        connection.exec_driver_sql("DELETE FROM event_mark WHERE id > 2")
    assert "cut off" in audit.verify().fault
    anchors.keep(earlier, "restored")
    found = audit.verify()
    assert (found.holds, found.restores, audit.glance()) == (True, 1, "")


def test_backup_of_before_the_first_deed_binds_nobody_either(database: str) -> None:
    write(3)
    audit.keep_head()
    with unguarded() as connection:
        connection.exec_driver_sql("DELETE FROM event")
        connection.exec_driver_sql("DELETE FROM event_mark")
    assert audit.glance()
    anchors.keep(Head(0, ""), "restored")
    assert (audit.verify().holds, audit.glance()) == (True, "")
    write(2)
    audit.keep_head()
    assert (audit.verify().anchors, audit.glance()) == (2, "")


def test_writers_at_once_make_one_chain(database: str) -> None:
    start, each = Barrier(6), 25

    def one(who: int) -> None:
        start.wait()
        for number in range(each):
            with transaction() as session:
                event.record(session, f"person:{who}", "answered", f"request:{number}")
                event.record(session, "flow", "noticed", f"request:{number}")

    racers = [Thread(target=one, args=(who,)) for who in range(6)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    found = audit.verify()
    assert (found.holds, found.rows) == (True, 6 * each * 2)


def test_deed_that_is_undone_leaves_no_link(database: str) -> None:
    with transaction() as session:
        event.record(session, "flow", "asked", "request:1")
        with suppress(RuntimeError), session.begin_nested():
            event.record(session, "flow", "asked", "request:2")
            session.flush()
            raise RuntimeError
        with session.begin_nested():
            event.record(session, "flow", "asked", "request:3")
    with suppress(RuntimeError), transaction() as session:
        event.record(session, "flow", "asked", "request:4")
        raise RuntimeError
    with dry_run(), transaction() as session:
        event.record(session, "flow", "asked", "request:5")
    found = audit.verify()
    assert (found.holds, found.rows) == (True, 2), found
