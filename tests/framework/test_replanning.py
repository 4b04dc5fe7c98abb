"""Planning anew: what moves, what stays, what is refused; and for any moves at all, nothing comes too soon."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from framework.programme import PHASES, calendar
from framework.replanning import Calendar, Edge, Entry, Refused, calendar_of, cancel, close, earliest, move
from tests.world import START
from tests.world import settings as programme

DAY = timedelta(days=1)


def planned(**changes: object) -> Calendar:
    """A programme of a year with reviews and three follow-up waves, nothing of which has opened."""
    given_ = programme(relationship_months=12, follow_up_months=(3, 6, 12), **changes)
    return calendar_of(Entry(m.phase, m.round, m.kind, m.opens_on, m.closes_on) for m in calendar(given_))


def after(found: Calendar, changes: object) -> Calendar:
    """The calendar with the changes in it."""
    return {**found, **{c.after.key: c.after for c in changes}}


def opened(found: Calendar, phase: str, *, late: int = 0, finished: int | None = None) -> Calendar:
    """With this phase opened so many days late, and finished so many days after that."""
    one = found[phase, 1]
    on = one.opens_on + late * DAY
    end = None if finished is None else on + finished * DAY
    return {**found, one.key: replace(one, opened_on=on, finished_on=end)}


def test_what_follows_moves_along_by_as_many_days() -> None:
    before = planned()
    now = after(before, move(before, "matching", 1, before["matching", 1].opens_on + 10 * DAY, today=START))
    for key, one in now.items():
        by = 0 * DAY if key[0] in {"readiness", "recruitment", "selection"} else 10 * DAY
        assert (one.opens_on, one.closes_on) == (before[key].opens_on + by, before[key].closes_on + by), key


def test_rounds_after_the_first_and_the_final_evaluation_lead_nothing() -> None:
    before = planned()
    for key in (("review", 1), ("review", 2), ("evaluation", 1), ("evaluation", 3)):
        assert [c.after.key for c in move(before, *key, before[key].opens_on + DAY, today=START)] == [key]


def test_longer_phase_moves_what_follows_its_end_and_not_what_follows_its_beginning() -> None:
    before = planned()
    now = after(before, close(before, "meetings", 1, before["meetings", 1].closes_on + 30 * DAY, today=START))
    assert now["review", 2] == before["review", 2]
    assert now["closure", 1].opens_on == before["closure", 1].opens_on + 30 * DAY
    assert now["evaluation", 4].opens_on == before["evaluation", 4].opens_on + 30 * DAY


def test_open_phase_keeps_its_first_day_and_can_last_longer_or_shorter() -> None:
    before = opened(planned(), "recruitment", late=3)
    one = before["recruitment", 1]
    with pytest.raises(Refused, match="--closes"):
        move(before, "recruitment", 1, one.opens_on + 30 * DAY, today=START)
    for days in (-5, 7):
        now = after(before, close(before, "recruitment", 1, one.last_day + days * DAY, today=START))
        assert now["recruitment", 1].last_day == one.last_day + days * DAY
        assert now["recruitment", 1].opens_on == one.opens_on
        assert now["selection", 1].opens_on == before["selection", 1].opens_on + days * DAY


def test_what_has_opened_does_not_move_nor_what_hangs_on_it() -> None:
    before = opened(opened(planned(), "training", finished=14), "meetings")
    now = after(before, move(before, "agreement", 1, before["agreement", 1].opens_on + 9 * DAY, today=START))
    assert {key for key in now if now[key] != before[key]} == {("agreement", 1)}


@pytest.mark.parametrize(
    ("phase", "to", "why"),
    [
        ("selection", START - DAY, "has passed"),
        ("selection", START + 30 * DAY, "recruitment, whose last day"),
        ("training", START + 60 * DAY, "matching, whose last day"),
        ("lunch", START + DAY, "no round 1 of lunch"),
    ],
)
def test_date_that_cannot_be_is_refused_with_the_reason(phase: str, to: date, why: str) -> None:
    with pytest.raises(Refused, match=why):
        move(planned(), phase, 1, to, today=START)


def test_phase_may_come_sooner_once_the_one_before_it_is_done() -> None:
    before = opened(planned(), "recruitment", finished=10)
    soon = before["recruitment", 1].finished_on
    assert soon
    with pytest.raises(Refused, match=str(soon)):
        move(before, "selection", 1, soon - DAY, today=START)
    now = after(before, move(before, "selection", 1, soon, today=START))
    assert now["selection", 1].opens_on == soon
    assert now["matching", 1].opens_on < before["matching", 1].opens_on


def test_review_does_not_fall_after_the_meetings() -> None:
    before = planned()
    with pytest.raises(Refused, match="meetings are over"):
        move(before, "review", 3, before["meetings", 1].closes_on, today=START)
    with pytest.raises(Refused, match="meetings are over"):
        close(before, "meetings", 1, before["review", 3].opens_on, today=START)


def test_cancelled_review_is_gone_and_comes_back_on_another_day() -> None:
    before = planned()
    (change,) = cancel(before, "review", 2)
    gone = after(before, [change])
    assert gone["review", 2].cancelled
    with pytest.raises(Refused, match="is over"):
        cancel(gone, "review", 2)
    (back,) = move(gone, "review", 2, before["review", 2].opens_on, today=START)
    assert back.after == before["review", 2]


def test_last_follow_up_of_a_year_stays() -> None:
    before = planned()
    assert cancel(before, "evaluation", 2)
    with pytest.raises(Refused, match="a year or more"):
        cancel(before, "evaluation", 4)


@pytest.mark.parametrize(
    "phase", ["selection", "matching", "agreement", "meetings", "closure", "evaluation", "training"]
)
def test_phase_on_which_others_rest_is_not_cancelled_alone(phase: str) -> None:
    with pytest.raises(Refused, match="move it instead"):
        cancel(planned(), phase, 1)


def test_training_falls_away_where_it_is_no_condition_and_what_follows_still_moves_along() -> None:
    before = planned()
    gone = after(before, cancel(before, "training", 1, must_attend=False))
    assert earliest(gone, gone["agreement", 1]) == gone["matching", 1].closes_on
    now = after(gone, move(gone, "matching", 1, gone["matching", 1].opens_on + 5 * DAY, today=START))
    assert now["agreement", 1].opens_on == gone["agreement", 1].opens_on + 5 * DAY
    assert now["training", 1] == gone["training", 1]


def test_programme_is_called_off_as_a_whole_and_only_before_the_calls() -> None:
    before = opened(planned(), "readiness", finished=14)
    assert {c.after.key for c in cancel(before, "recruitment", 1)} == {k for k in before if k[0] != "readiness"}
    assert len(cancel(planned(), "readiness", 1)) == len(before)
    with pytest.raises(Refused, match="closure"):
        cancel(opened(opened(planned(), "readiness", finished=14), "recruitment"), "readiness", 1)


MOVES = some.tuples(some.sampled_from(PHASES), some.integers(1, 4), some.integers(-40, 90), some.booleans())


@given(
    moves=some.lists(MOVES, min_size=1, max_size=8),
    so_far=some.integers(0, 6),
    late=some.integers(0, 20),
    today=some.integers(0, 120),
)
@settings(max_examples=150, deadline=None)
def test_nothing_comes_too_soon_nothing_open_moves_and_all_lengths_and_gaps_stay(
    moves: list[tuple[str, int, int, bool]], so_far: int, late: int, today: int
) -> None:
    now = planned()
    for number, phase in enumerate(PHASES[:so_far]):
        now = opened(now, phase, late=late, finished=None if number == so_far - 1 else 5)
    begun = {key: one for key, one in now.items() if not one.may_move}
    on = START + today * DAY
    for phase, number, days, whole in moves:
        one = now.get((phase, number))
        if one is None:
            continue
        early = {key for key, e in now.items() if (first := earliest(now, e)) and e.may_move and e.opens_on < first}
        try:
            if whole:
                changes = move(now, *one.key, one.opens_on + days * DAY, today=on)
            else:
                changes = close(now, *one.key, one.last_day + days * DAY, today=on)
        except Refused:
            continue
        then = after(now, changes)
        for key, e in then.items():
            first = earliest(then, e)
            assert not e.may_move or first is None or e.opens_on >= first or key in early, key
            assert key == one.key or e.closes_on - e.opens_on == now[key].closes_on - now[key].opens_on
        for change in changes:
            assert change.after.opens_on >= min(on, change.before.opens_on)
        moved = {c.after.key: c.after.opens_on - c.before.opens_on for c in changes if c.after.key != one.key}
        assert len(set(moved.values())) <= 1, "what follows keeps its gaps"
        now = then
    for key, one in begun.items():
        assert now[key].opens_on == one.opens_on
        assert now[key].opened_on == one.opened_on


@given(some.sampled_from(PHASES), some.integers(1, 60), some.booleans())
@settings(max_examples=100, deadline=None)
def test_moving_forth_and_back_changes_nothing(phase: str, days: int, whole: bool) -> None:
    before = planned()
    one = before[phase, 1]
    if whole:
        there = after(before, move(before, *one.key, one.opens_on + days * DAY, today=START))
        back = after(there, move(there, *one.key, one.opens_on, today=START))
    else:
        there = after(before, close(before, *one.key, one.last_day + days * DAY, today=START))
        back = after(there, close(there, *one.key, one.last_day, today=START))
    assert there != before
    assert back == before


def test_what_each_phase_follows_stands_on_the_calendar_of_the_file() -> None:
    """The control of the property: the file's own calendar is in order, edge by edge."""
    found = planned()
    for one in found.values():
        first = earliest(found, one)
        assert first is None or one.opens_on >= first
    chain = [found[phase, 1] for phase in PHASES[:6]]
    assert all(one.opens_on >= before.edge(Edge.CLOSES) for before, one in pairwise(chain))
