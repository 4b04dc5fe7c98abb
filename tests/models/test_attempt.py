"""Counting what is tried: one count for all processes, and nothing that says who it was."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import sqlalchemy as sa

from models import attempt
from models.attempt import Attempt
from models.base import transaction

AT = datetime(2027, 4, 20, 9, tzinfo=UTC).timestamp()
HOUR = 3600


def tries(times: int, *, most: int = 3, whose: str = "zoe", what: str = "post", at: float = AT) -> list[bool]:
    found = []
    for _ in range(times):
        with transaction() as session:
            found.append(attempt.within(session, what, whose, most=most, seconds=HOUR, at=at))
    return found


def test_so_many_and_no_more_until_the_next_window(database: str) -> None:
    assert tries(5) == [True, True, True, False, False]
    assert tries(1, at=AT + HOUR - 1) == [False]
    assert tries(1, at=AT + HOUR) == [True]


def test_others_and_other_deeds_are_counted_apart(database: str) -> None:
    assert tries(4)[-1] is False
    assert tries(1, whose="tom") == [True]
    assert tries(1, what="link") == [True]


def race(count: object) -> None:
    """Eight threads, five times each, all at once."""
    together = Barrier(8)

    def run() -> None:
        together.wait()
        for _ in range(5):
            count()  # type: ignore[operator]

    racers = [Thread(target=run) for _ in range(8)]
    for one in racers:
        one.start()
    for one in racers:
        one.join()


def test_none_is_lost_where_many_try_at_once(database: str) -> None:
    let: list[bool] = []
    race(lambda: let.extend(tries(1, most=17)))
    assert (len(let), sum(let)) == (40, 17)
    with transaction() as session:
        assert session.scalars(sa.select(Attempt.count)).all() == [40]


def test_count_that_is_read_and_then_written_loses_some(postgres: str) -> None:
    """The control: without the one statement that counts, two who look at once see the same number."""
    bare = sa.create_engine(postgres, isolation_level="AUTOCOMMIT")
    with bare.connect() as line:
        line.exec_driver_sql("CREATE TABLE tries (count int)")
        line.exec_driver_sql("INSERT INTO tries VALUES (0)")

    def careless() -> None:
        with bare.connect() as line:
            seen = line.exec_driver_sql("SELECT count FROM tries").scalar_one()
            line.exec_driver_sql(f"UPDATE tries SET count = {seen + 1}")

    race(careless)
    with bare.connect() as line:
        counted = line.exec_driver_sql("SELECT count FROM tries").scalar_one()
        line.exec_driver_sql("DROP TABLE tries")
    bare.dispose()
    assert counted < 40


def test_nothing_says_who_tried(database: str) -> None:
    tries(1, whose="192.0.2.7")
    with transaction() as session:
        rows = [tuple(map(str, row)) for row in session.execute(sa.select(Attempt.__table__))]
    assert rows
    assert not any("192.0.2.7" in cell for row in rows for cell in row)


def test_old_counts_are_forgotten(database: str) -> None:
    tries(1)
    tries(1, at=AT + 2 * HOUR)
    with transaction() as session:
        assert attempt.forget(session, int(AT + timedelta(hours=1).total_seconds())) == 1
    assert tries(3, at=AT + 2 * HOUR) == [True, True, False]
