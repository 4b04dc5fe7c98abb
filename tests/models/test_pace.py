"""Never faster than was agreed, and a relay that is down is asked by one sender, now and then."""

from collections.abc import Callable
from random import Random
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from models import pace
from models.base import transaction
from models.pace import Pace

RELAY = "relay:mail.example:587"
NOW = 1_900_000_000.0


def take(wanted: int, at: float = 0.0, rate: float = 60, key: str = RELAY) -> int:
    with transaction() as session:
        return pace.take(session, key, rate, wanted, clock=NOW + at)


def wait(at: float = 0.0, key: str = RELAY) -> float:
    with transaction() as session:
        return pace.wait_for(session, key, NOW + at)


def slow(at: float = 0.0) -> None:
    with transaction() as session:
        pace.slow_down(session, RELAY, clock=NOW + at)


def trip(at: float = 0.0, *, seed: int = 1, for_good: bool = False) -> float:
    with transaction() as session:
        return pace.trip(session, RELAY, clock=NOW + at, dice=Random(seed), for_good=for_good)


def closed(at: float = 0.0) -> float:
    with transaction() as session:
        return pace.closed(session, RELAY, clock=NOW + at)


def well() -> None:
    with transaction() as session:
        pace.well(session, RELAY)


def row() -> Pace:
    with transaction() as session:
        return session.scalars(sa.select(Pace)).one()


def rows() -> int:
    with transaction() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Pace)) or 0


def race(*runs: Callable[[], None]) -> None:
    together = Barrier(len(runs))

    def run(one: Callable[[], None]) -> None:
        together.wait()
        one()

    racers = [Thread(target=run, args=(one,)) for one in runs]
    for one in racers:
        one.start()
    for one in racers:
        one.join()


def test_ten_seconds_worth_goes_at_once_and_the_rest_in_time(database: str) -> None:
    assert take(100) == 10
    assert take(100) == 0
    assert take(100, at=0.9) == 0
    assert take(100, at=1) == 1
    assert take(2, at=5) == 2
    assert take(100, at=5) == 2
    assert take(100, at=3600) == 10  # what was not used is not saved up for longer


@pytest.mark.parametrize(("rate", "burst"), [(1, 1), (5, 1), (12, 2), (60, 10), (600, 100), (0.5, 1)])
def test_burst_is_ten_seconds_worth_and_at_least_one(sqlite: object, rate: float, burst: int) -> None:
    assert take(1000, rate=rate) == burst


def test_keys_are_counted_apart(database: str) -> None:
    assert [take(100, key=key) for key in ("domain:a.example", "domain:b.example", "domain:a.example")] == [10, 10, 0]


def test_no_limit_takes_everything_and_writes_nothing(database: str) -> None:
    assert take(5000, rate=0) == 5000
    assert take(0) == take(-3) == 0
    assert wait() == 0
    assert rows() == 0


def test_waiting_as_told_is_enough_and_no_longer_than_needed(database: str) -> None:
    at = 0.0
    for rate in (7.0, 60.0, 600.0, 6000.0):
        key = f"domain:{rate}"
        assert wait(at, key) == 0
        while take(10**6, at, rate, key):
            pass
        for _ in range(20):
            told = wait(at, key)
            assert 0 < told <= 60 / rate + 1e-6
            assert take(1, at + told / 2, rate, key) == 0
            at += told
            assert take(5, at, rate, key) == 1


@pytest.mark.parametrize("rate", [30.0, 97.0, 600.0])
def test_rate_holds_over_an_hour_of_greed(sqlite: object, rate: float) -> None:
    dice, at, sent = Random(7), 0.0, 0
    while at < 600:
        sent += take(dice.randint(1, 50), at, rate)
        at += dice.uniform(0, 2)
    assert rate * 10 * 0.95 <= sent <= rate * 10 + rate / 6 + 1


def test_senders_at_once_never_exceed_the_rate(database: str) -> None:
    given: list[int] = []

    def greedy() -> None:
        given.extend(take(4, at=step / 10) for step in range(15))

    race(*[greedy] * 4)
    assert sum(given) <= 10 + 1  # a burst, and what 1.4 seconds add
    assert sum(given) >= 10


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # SQLite has one writer at a time anyway
def test_without_the_lock_the_rate_is_exceeded(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: read first and written later, the same burst goes several times."""
    with transaction() as session:
        session.add(Pace(key=RELAY))
    monkeypatch.setattr(pace, "_locked", pace._seen)  # noqa: SLF001
    given, read = [], Barrier(3)

    def greedy() -> None:
        with transaction() as session:
            pace._seen(session, RELAY)  # noqa: SLF001
            taken = pace.take(session, RELAY, 60, 10, clock=NOW)
            read.wait()
        given.append(taken)

    race(*[greedy] * 3)
    assert sum(given) == 30


def test_first_row_is_made_once(database: str) -> None:
    given: list[int] = []
    race(*[lambda: given.append(take(10))] * 5)
    assert sum(given) == 10
    assert rows() == 1


def test_relay_that_asks_for_less_gets_half_for_a_quarter_of_an_hour(database: str) -> None:
    take(100)
    slow()
    assert take(100, at=30) == 5  # 30 a minute
    assert take(100, at=32) == 1
    assert take(100, at=899) == 5
    assert take(100, at=920) == 10
    assert row().per_minute == 60


def test_rate_halves_again_and_not_below_one_a_minute(database: str) -> None:
    take(1)
    rates = []
    for turn in range(8):
        slow(at=turn * 20)
        rates.append(row().per_minute)
    assert rates == [30, 15, 7.5, 3.75, 1.875, 1, 1, 1]
    assert take(100, at=141) == 1
    assert take(100, at=200) == 0
    assert take(100, at=201) == 1


def test_complaints_of_one_wave_count_once(database: str) -> None:
    take(1)
    for at in (0.0, 0.1, 2.0, 9.0):
        slow(at)
    assert row().per_minute == 30
    slow(at=11)
    assert row().per_minute == 15


def test_slower_rate_never_rises_above_the_one_that_is_set(database: str) -> None:
    take(1, rate=600)
    slow()
    take(1, at=1, rate=12)
    assert row().per_minute == 12


def test_relay_without_a_limit_can_be_slowed_too(database: str) -> None:
    slow()
    assert row().per_minute == 60
    assert take(500, rate=0) == 10
    assert wait() == pytest.approx(1)
    assert take(500, at=901, rate=0) == 500
    assert row().per_minute == 0
    slow(at=902)
    assert row().per_minute == 60


def test_breaker_opens_twice_as_long_each_time_and_five_minutes_at_most(database: str) -> None:
    at, told = 0.0, []
    for turn in range(9):
        told.append(trip(at, seed=turn))
        at += told[-1] + 0.001
        assert closed(at) == 0
    for seconds, ceiling in zip(told, [5, 10, 20, 40, 80, 160, 300, 300, 300], strict=True):
        assert ceiling * 0.85 <= seconds <= ceiling


def test_breaker_has_jitter(database: str) -> None:
    told = set()
    for seed in range(5):
        told.add(trip(seed=seed))
        well()
    assert len(told) == 5


def test_wrong_password_closes_for_an_hour(database: str) -> None:
    trip()
    seconds = trip(at=1, for_good=True)
    assert 3000 < seconds <= 3600
    assert trip(at=2) == pytest.approx(seconds - 1)  # another fault does not shorten it
    assert row().reason == "login"
    assert closed(at=2) == pytest.approx(seconds - 1)


def test_senders_that_fail_together_open_the_breaker_once(database: str) -> None:
    first = trip()
    assert trip(at=0.5) == pytest.approx(first - 0.5)
    assert row().failures == 1


def test_closed_tells_how_long(database: str) -> None:
    assert closed() == 0
    assert rows() == 0
    seconds = trip()
    assert closed(at=1) == pytest.approx(seconds - 1)
    assert closed(at=6) == 0
    assert closed(at=6) == 60  # somebody is trying
    assert closed(at=30) == pytest.approx(36)
    assert closed(at=66) == 0  # the one that tried never came back


def test_one_sender_alone_may_try(database: str) -> None:
    trip()
    told: list[float] = []
    race(*[lambda: told.append(closed(at=6))] * 5)
    assert sorted(told) == [0, 60, 60, 60, 60]


def test_mail_that_went_shuts_the_breaker(database: str) -> None:
    trip()
    assert closed(at=6) == 0
    well()
    assert closed(at=6) == 0
    assert closed(at=6) == 0
    kept = row()
    assert (kept.failures, kept.closed_until, kept.reason) == (0, 0, "")
    assert trip(at=7) <= 5


def test_well_writes_nothing_when_nothing_is_wrong(database: str) -> None:
    well()
    assert rows() == 0
    take(1)
    before = row()
    with transaction() as session:
        changed = session.scalar(sa.text("SELECT total_changes()")) if "sqlite" in database else 0
        pace.well(session, RELAY)
        assert (session.scalar(sa.text("SELECT total_changes()")) if "sqlite" in database else 0) == changed
    assert row().next_at == before.next_at


def outage(senders: int, *, minutes: int = 60, guard: bool = True) -> tuple[int, int, float]:
    """So many senders with 10,000 mails, a relay that is down for a while: tries, mails sent, minutes to the end."""
    dice, tried, waiting, next_at = Random(3), 0, 10_000, [0.0] * senders
    for at in map(float, range(minutes * 60 * 2)):
        for sender in range(senders):
            if next_at[sender] > at or not waiting:
                continue
            shut = closed(at) if guard else 0.0
            next_at[sender] = at + (min(shut, 60) or 15)  # each looks again once a minute at the latest
            if shut:
                continue
            if at < minutes * 60:
                tried += 1
                trip(at, seed=dice.randrange(10**6))
            else:
                waiting -= min(waiting, 500)
                well()
        if not waiting:
            return tried, 10_000 - waiting, (at - minutes * 60) / 60
    return tried, 10_000 - waiting, float("inf")


def test_hour_of_downtime_costs_some_twenty_tries(database: str) -> None:
    tried, sent, after = outage(4)
    assert 10 <= tried <= 20 + 3  # the four that were under way when it began
    assert sent == 10_000
    assert after < 10


def test_hour_of_downtime_without_the_breaker_costs_hundreds(sqlite: object) -> None:
    """The control."""
    assert outage(4, guard=False)[0] > 500


def test_clock_that_was_wrong_stops_mail_for_no_longer_than_it_may(database: str) -> None:
    year = 365 * 86400.0
    take(100, at=year)
    slow(at=year)
    assert [take(100, at=at) for at in (0, 5, 15)] == [0, 5, 10]
    trip(at=year)
    assert closed(at=20) == 0


def test_clocks_that_differ_a_little_do_not_quicken_the_pace(database: str) -> None:
    assert take(100, at=5) == 10
    assert [take(100, at=at) for at in (0, 2, 4.9)] == [0, 0, 0]  # a clock that is behind, or was read before a wait
    assert take(100, at=6) == 1
    slow(at=6)
    take(1, at=5.5)
    assert row().per_minute == 30
    trip(at=6, for_good=True)
    assert closed(at=5) > 3000
