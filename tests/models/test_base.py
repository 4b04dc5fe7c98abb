"""Instants, transactions and once-only inserts, on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta, timezone
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from models.base import UtcDateTime, dry_run, engine, insert_once, reading, transaction
from models.event import Event
from models.person import Person
from models.programme import Programme
from tests.models.rows import ground, settings, someone


def test_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        UtcDateTime().process_bind_param(datetime(2027, 3, 1), sa.create_engine("sqlite://").dialect)  # noqa: DTZ001


def test_instant_is_stored_as_utc_and_comes_back_with_its_zone(database: str) -> None:
    at = datetime(2027, 3, 28, 3, 30, tzinfo=timezone(timedelta(hours=2)))
    with transaction() as session:
        session.add(Event(at=at, actor="flow", action="asked", about="request:1", detail={}))
    with transaction() as session:
        kept = session.scalars(sa.select(Event)).one().at
        found = session.scalars(sa.select(Event).where(Event.at == at.astimezone(UTC))).all()
    assert kept == at
    assert kept.utcoffset() is not None
    assert len(found) == 1


def test_insert_once_tells_who_was_first(database: str) -> None:
    values = {"slug": "p1", "settings": settings().model_dump(mode="json")}
    with transaction() as session:
        assert [insert_once(session, Programme, **values) for _ in range(3)] == [True, False, False]
    with transaction() as session:
        assert len(session.scalars(sa.select(Programme)).all()) == 1


def test_insert_once_from_many_sides_at_once_has_one_winner(database: str) -> None:
    values = {"slug": "p1", "settings": settings().model_dump(mode="json")}
    together, won = Barrier(6), []

    def run() -> None:
        together.wait()
        with transaction() as session:
            won.append(insert_once(session, Programme, **values))

    racers = [Thread(target=run) for _ in range(6)]
    for one in racers:
        one.start()
    for one in racers:
        one.join()
    assert sorted(won) == [False] * 5 + [True]


def test_transaction_that_breaks_keeps_nothing(database: str) -> None:
    def half() -> None:
        with transaction() as session:
            someone(session)
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        half()
    with transaction() as session:
        assert not session.scalars(sa.select(Person)).all()


def test_foreign_keys_hold(database: str) -> None:
    with pytest.raises(sa.exc.IntegrityError), transaction() as session:
        session.execute(
            sa.insert(Person).values(given_name="A", family_name="B", manager_id=999, skills=[], interests=[])
        )


def test_two_writers_lose_no_update(database: str) -> None:
    _, who = ground()
    together = Barrier(4)

    def run() -> None:
        together.wait()
        for _ in range(5):
            with transaction() as session:
                session.execute(sa.update(Person).where(Person.id == who).values(years=Person.years + 1))

    racers = [Thread(target=run) for _ in range(4)]
    for one in racers:
        one.start()
    for one in racers:
        one.join()
    with transaction() as session:
        assert session.get_one(Person, who).years == 20


def test_sqlite_is_durable_and_keeps_foreign_keys(sqlite: object) -> None:
    with engine().connect() as connection:
        asked = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert asked == ["wal", 2, 1]


def test_who_only_reads_cannot_write_and_leaves_the_connection_as_it_was(database: str) -> None:
    told = {"actor": "flow", "action": "asked", "about": "request:1", "detail": {}}
    for _ in range(3):
        with pytest.raises(sa.exc.DBAPIError), reading() as session:
            session.add(Event(at=datetime(2027, 3, 1, tzinfo=UTC), **told))
        with pytest.raises(sa.exc.DBAPIError), reading() as session:
            session.execute(sa.delete(Event))
        with transaction() as session:
            session.add(Event(at=datetime(2027, 3, 1, tzinfo=UTC), **told))
    with reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Event)) == 3


def test_who_only_reads_waits_for_no_writer_and_sees_nothing_half_done(database: str) -> None:
    told = {"actor": "flow", "action": "asked", "about": "request:1", "detail": {}}
    with transaction() as writing:
        writing.add(Event(at=datetime(2027, 3, 1, tzinfo=UTC), **told))
        writing.flush()
        with reading() as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(Event)) == 0
    with reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Event)) == 1


def test_reading_in_a_dry_run_sees_what_was_tried(database: str) -> None:
    told = {"actor": "flow", "action": "asked", "about": "request:1", "detail": {}}
    with dry_run():
        with transaction() as session:
            session.add(Event(at=datetime(2027, 3, 1, tzinfo=UTC), **told))
        with reading() as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(Event)) == 1
    with reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Event)) == 0
