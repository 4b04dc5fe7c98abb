"""One phase, one holder: taken once, renewed, released, and taken over once its time has passed."""

import time
from concurrent.futures import ThreadPoolExecutor

from models import phase_lock
from models.base import transaction
from tests.models.rows import ground


def hold(programme: int, holder: str, seconds: float = 60.0, phase: str = "matching") -> bool:
    """Try to take the phase, in a transaction of its own."""
    with transaction() as session:
        return phase_lock.hold(session, programme, phase, holder, seconds)


def test_phase_is_held_by_one_at_a_time_and_each_phase_by_itself(database: str) -> None:
    row, _ = ground()
    assert hold(row, "one")
    assert not hold(row, "two")
    assert hold(row, "one"), "who holds it may take it again"
    assert hold(row, "two", phase="training")
    with transaction() as session:
        assert phase_lock.held(session, row, ["matching", "training", "review"]) == ["matching", "training"]
        phase_lock.release(session, row, "matching", "two")
    assert not hold(row, "two"), "nobody lets go of what another one holds"
    with transaction() as session:
        phase_lock.release(session, row, "matching", "one")
    assert hold(row, "two")


def test_lapsed_lock_is_taken_over_and_its_old_holder_cannot_renew_it(database: str) -> None:
    row, _ = ground()
    assert hold(row, "dead", 0.05)
    time.sleep(0.1)
    with transaction() as session:
        assert phase_lock.held(session, row, ["matching"]) == []
    assert hold(row, "next")
    with transaction() as session:
        assert not phase_lock.renew(session, row, "matching", "dead", 60)
        assert phase_lock.renew(session, row, "matching", "next", 60)


def test_renewed_lock_does_not_lapse(database: str) -> None:
    row, _ = ground()
    assert hold(row, "slow", 0.05)
    with transaction() as session:
        assert phase_lock.renew(session, row, "matching", "slow", 60)
    time.sleep(0.1)
    assert not hold(row, "next")


def test_of_many_who_come_at_once_one_has_it(database: str) -> None:
    row, _ = ground()
    with ThreadPoolExecutor(8) as crowd:
        won = list(crowd.map(lambda number: hold(row, f"run {number}"), range(16)))
    assert won.count(True) == 1
