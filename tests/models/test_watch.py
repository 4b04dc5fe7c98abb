"""Rounds that nobody holds twice, and findings that are remembered from the first sight."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest

from framework.watch import News, news
from models import feed, watch
from models.base import transaction

NOW = datetime(2027, 1, 11, 9, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("database")


def later(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def claim(holder: str, minutes: float = 0) -> bool:
    with transaction() as session:
        return watch.claim(session, "watch", holder, seconds=300, now=later(minutes))


def test_one_holds_a_round_until_it_ends_or_dies() -> None:
    assert claim("a")
    assert not claim("b", 4.9)
    assert claim("b", 5)  # a has died
    with transaction() as session:
        assert not watch.holds(session, "watch", "a", now=later(5.1))
        assert watch.holds(session, "watch", "b", now=later(5.1))
        watch.end(session, "watch", "a", now=later(5.1))  # too late: it is not its own any more
        assert watch.last_rounds(session) == {}
        watch.end(session, "watch", "b", now=later(6))
        assert watch.last_rounds(session) == {"watch": later(6)}
    assert claim("c", 6)


def test_of_many_at_once_one_gets_the_round() -> None:
    start, won = Barrier(6), []

    def one(name: str) -> None:
        start.wait()
        if claim(name):
            won.append(name)

    threads = [Thread(target=one, args=(f"t{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1


def see(found: dict[str, int], minutes: float) -> News:
    with transaction() as session:
        watch.remember(session, found, now=later(minutes))
        return news(watch.sightings(session), later(minutes))


def test_a_finding_is_told_again_after_a_day_and_when_it_is_over() -> None:
    first = see({"disk-full": 0}, 0)
    assert [one.code for one in first.new] == ["disk-full"]
    with transaction() as session:
        watch.told(session, first, now=NOW)
    assert not see({"disk-full": 0}, 10)
    assert [one.first_seen for one in see({"disk-full": 0}, 1440).still] == [NOW]
    over = see({}, 1470)
    assert [one.code for one in over.over] == ["disk-full"]
    with transaction() as session:
        watch.told(session, over, now=later(1470))
        assert watch.sightings(session) == ()


def test_what_comes_and_goes_unheard_begins_anew() -> None:
    assert not see({"mail-waits": 3}, 0)
    assert not see({}, 30)
    with transaction() as session:
        assert watch.sightings(session) == ()
    assert not see({"mail-waits": 3}, 40)
    assert not see({"mail-waits": 4}, 55)
    assert see({"mail-waits": 5}, 70).new[0].number == 5


def test_files_are_known_by_what_became_of_them_last() -> None:
    with transaction() as session:
        feed.keep(session, "a" * 64, "held", now=NOW)
        assert not feed.is_taken(session, "a" * 64)
        feed.keep(session, "a" * 64, "taken", now=later(1), refused=2)
        feed.keep(session, "b" * 64, "refused", now=later(2))
        assert feed.is_taken(session, "a" * 64)
        found = feed.newest(session, "taken")
        assert found is not None
        assert (found.digest, found.refused, found.at) == ("a" * 64, 2, later(1))
        newest = feed.newest(session)
        assert newest is not None
        assert newest.fate == "refused"
