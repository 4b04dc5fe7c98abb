"""The rows behind Prefect's calendar: they follow the plan, and a key is never used for two days."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa

from models import placement, programme
from models.base import transaction
from models.placement import Placement
from tests.world import settings

TODAY = date(2027, 3, 1)
SOON, LATER = TODAY + timedelta(days=10), TODAY + timedelta(days=20)


@pytest.fixture
def number(database: str) -> int:
    """A programme's id."""
    with transaction() as session:
        return programme.keep(session, settings()).id


def compared(number: int, plan: dict[str, date], today: date = TODAY) -> dict[str, tuple[date | None, int]]:
    with transaction() as session:
        return {one.key: (one.falls_on, one.revision) for one in placement.compare(session, number, plan, today)}


def rows(number: int) -> dict[str, Placement]:
    with transaction() as session:
        return {one.key: one for one in placement.of_programme(session, number)}


def noted(number: int, key: str, *, revision: int = 1, removed: bool = False) -> None:
    with transaction() as session:
        row = next(one for one in placement.of_programme(session, number) if one.key == key)
        placement.note(session, row.id, revision, run_id="run", deployment_id="door", removed=removed)


def test_comparing_twice_changes_nothing(number: int) -> None:
    plan = {"review:1:opens": SOON, "review:1:closes": LATER}
    assert compared(number, plan) == compared(number, plan) == {key: (day, 1) for key, day in plan.items()}


def test_what_moves_gets_the_next_revision_and_loses_its_run(number: int) -> None:
    compared(number, {"a": SOON, "b": SOON})
    noted(number, "a", removed=True)
    noted(number, "b")
    assert compared(number, {"a": LATER, "b": SOON}) == {"a": (LATER, 2), "b": (SOON, 1)}
    assert (rows(number)["a"].run_id, rows(number)["a"].removed) == ("", False)
    assert rows(number)["b"].run_id == "run"


def test_what_leaves_the_plan_and_comes_back_never_bears_an_old_key(number: int) -> None:
    compared(number, {"a": SOON})
    assert compared(number, {}) == {}
    assert rows(number)["a"].falls_on is None
    assert compared(number, {"a": SOON}) == {"a": (SOON, 3)}


@pytest.mark.parametrize(("days", "stays"), [(-1, True), (0, True), (1, False)])
def test_what_was_for_today_or_earlier_keeps_its_row(number: int, days: int, *, stays: bool) -> None:
    day = TODAY + timedelta(days=days)
    compared(number, {"a": day}, day)
    assert ("a" in compared(number, {})) is stays


def test_what_was_for_yesterday_moves_all_the_same(number: int) -> None:
    compared(number, {"a": TODAY - timedelta(days=1)}, TODAY - timedelta(days=1))
    assert compared(number, {"a": LATER}) == {"a": (LATER, 2)}


def test_a_run_of_an_older_revision_is_not_written_down(number: int) -> None:
    compared(number, {"a": SOON})
    compared(number, {"a": LATER})
    noted(number, "a", revision=1)
    assert rows(number)["a"].run_id == ""
    noted(number, "a", revision=2)
    assert rows(number)["a"].run_id == "run"


def test_two_who_move_at_once_make_one_step(number: int) -> None:
    compared(number, {"a": SOON})
    gate = Barrier(2)

    def go() -> None:
        gate.wait()
        compared(number, {"a": LATER})

    with ThreadPoolExecutor(2) as both:
        for one in [both.submit(go) for _ in range(2)]:
            one.result()
    assert (rows(number)["a"].falls_on, rows(number)["a"].revision) == (LATER, 2)


def test_runs_are_forgotten_all_or_only_those_taken_away(number: int) -> None:
    compared(number, {"a": SOON, "b": SOON, "c": SOON})
    noted(number, "a")
    noted(number, "b", removed=True)
    with transaction() as session:
        assert placement.counts(session, number, TODAY) == (1, 1)
        assert placement.forget_runs(session, number, removed=True) == 1
        assert placement.counts(session, number, TODAY) == (1, 0)
        assert placement.counts(session, number, LATER) == (0, 0)
        assert placement.forget_runs(session) == 3
        assert placement.counts(session, number, TODAY) == (0, 0)


def test_rows_go_with_their_programme(number: int) -> None:
    compared(number, {"a": SOON})
    with transaction() as session:
        session.execute(sa.delete(programme.Programme).where(programme.Programme.id == number))
    assert rows(number) == {}
