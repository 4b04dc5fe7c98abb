"""A programme's file, and the calendar that follows from it."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from framework.programme import NEEDS, PHASES, Programme, calendar, months_after, relationships_start, review_rounds

START = date(2027, 1, 11)


def made(**changes: Any) -> Programme:
    given = {"slug": "p", "title": "Growth", "company": "X", "track": "growth", "starts_on": START, "coordinator": "c"}
    return Programme.model_validate(given | changes)


@pytest.mark.parametrize(
    ("start", "months", "then"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2027, 3, 31), 1, date(2027, 4, 30)),
        (date(2027, 12, 15), 1, date(2028, 1, 15)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2027, 5, 5), 0, date(2027, 5, 5)),
        (date(2099, 12, 31), 2, date(2100, 2, 28)),  # no leap year, for once
    ],
)
def test_months_end_where_the_month_ends(start: date, months: int, then: date) -> None:
    assert months_after(start, months) == then


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.integers(0, 60))
def test_months_never_skip_a_month(start: date, months: int) -> None:
    then = months_after(start, months)
    assert (then.year * 12 + then.month) - (start.year * 12 + start.month) == months
    assert then.day <= start.day


@given(st.dates(date(2020, 1, 1), date(2060, 1, 1)), st.integers(1, 36), st.integers(4, 6))
def test_calendar_is_complete_ordered_and_each_round_is_there_once(start: date, months: int, pair: int) -> None:
    plan = calendar(made(starts_on=start, relationship_months=months, review={"pair_months": pair}))
    assert [m.opens_on for m in plan] == sorted(m.opens_on for m in plan)
    assert len({(m.phase, m.round) for m in plan}) == len(plan)
    assert {m.phase for m in plan} | {"review"} == set(PHASES)
    assert all(m.opens_on < m.closes_on for m in plan)
    first = {m.phase: m for m in plan if m.round == 1}
    assert all(first[need].opens_on <= first[phase].opens_on for phase, need in NEEDS.items() if phase in first)


def test_reviews_fall_within_the_relationship_and_the_pair_review_wins() -> None:
    assert review_rounds(made(relationship_months=12)) == [(3, "check_in"), (6, "pair_review"), (9, "check_in")]
    assert review_rounds(made(relationship_months=3)) == []
    assert review_rounds(made(review={"quarterly_months": None, "pair_months": None})) == []


def test_new_hires_are_reviewed_at_fixed_months_up_to_the_end() -> None:
    settings = made(track="new-hire", relationship_months=4, review={"at_months": (4, 1, 2, 5)})
    assert review_rounds(settings) == [(1, "new_hire_review"), (2, "new_hire_review"), (4, "new_hire_review")]


def test_follow_up_lasts_at_least_a_year_after_the_closure() -> None:
    settings = made(follow_up_months=(12, 3))
    plan = [m for m in calendar(settings) if m.phase == "evaluation"]
    assert [m.kind for m in plan] == ["final", "follow_up_3", "follow_up_12"]
    closure = next(m for m in calendar(settings) if m.phase == "closure")
    assert plan[-1].opens_on == months_after(closure.closes_on, 12)


def test_meetings_begin_when_the_agreements_stand_and_end_with_the_relationship() -> None:
    settings = made()
    first = {m.phase: m for m in calendar(settings) if m.round == 1}
    assert first["meetings"].opens_on == relationships_start(settings) == first["agreement"].closes_on
    assert first["meetings"].closes_on == first["closure"].opens_on


def test_start_on_a_leap_day_is_no_trouble() -> None:
    plan = calendar(made(starts_on=date(2028, 2, 29)))
    assert plan[0].opens_on == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"slug": "No Spaces"}, "pattern"),
        ({"slug": "-p"}, "pattern"),
        ({"colour": "blue"}, "pattern"),
        ({"time_zone": "Mars/Olympus"}, "Europe/Brussels"),
        ({"follow_up_months": (3, 6)}, "12 months"),
        ({"follow_up_months": ()}, "12 months"),
        ({"matching": {"weights": {"goal": 401}}}, "1000"),
        ({"matching": {"window": (4, 1, 15, 30)}}, "rise"),
        ({"matching": {"rules": ("same_shoes",)}}, "same_shoes"),
        ({"phases": {"readiness": {"after_days": -1, "open_days": 3}}}, "greater"),
        ({"collour": "#000000"}, "Extra"),
        ({"relationship_months": 0}, "greater"),
    ],
)
def test_slip_of_the_pen_is_found_at_once(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        made(**changes)


def test_words_are_the_companys_own_else_the_plain_ones() -> None:
    settings = made(words={"nl": {"mentor": "peter", "mentors": "peters"}})
    assert settings.words_in("nl").mentors == "peters"
    assert settings.words_in("fr").mentee == "mentoré"
    assert settings.words_in("xx").mentor == "mentor"


def test_settings_come_back_the_same_from_the_database_form() -> None:
    settings = made(matching={"rules": ("same_site",)}, follow_up_months=(12,))
    assert Programme.model_validate(settings.model_dump(mode="json")) == settings


def test_days_of_a_phase_are_calendar_days_across_the_change_of_clocks() -> None:
    plan = {m.phase: m for m in calendar(made(starts_on=date(2027, 3, 20))) if m.round == 1}
    assert plan["recruitment"].opens_on - plan["readiness"].opens_on == timedelta(days=21)


@pytest.mark.parametrize(
    ("changes", "there"),
    [
        ({"matching": {"mode": "appointed"}}, True),
        ({"matching": {"mode": "mutual"}}, True),
        ({"matching": {"mode": "mentee_picks"}}, True),
        ({"matching": {"mode": "by_lot"}}, True),
        ({"matching": {"mode": "proposed"}}, False),  # both said yes
        ({"matching": {"mode": "open_pool"}}, False),  # nobody is bound
        ({"matching": {"mode": "appointed"}, "track": "new-hire"}, False),  # asked in fixed months
        ({"matching": {"mode": "appointed"}, "review": {"early_check_days": None}}, False),
        ({"matching": {"mode": "appointed"}, "review": {"early_check_days": 40}, "relationship_months": 1}, False),
    ],
)
def test_early_check_is_there_where_others_made_the_pairs(changes: dict[str, Any], there: bool) -> None:
    settings = made(**changes)
    found = [m for m in calendar(settings) if m.kind == "early_check"]
    assert len(found) == there
    for one in found:
        assert one.phase == "review"
        assert one.opens_on == relationships_start(settings) + timedelta(days=21)
        assert one.round == len(review_rounds(settings)) + 1


@pytest.mark.parametrize("shape", ["group", "two_mentors"])
def test_people_meet_first_in_twos(shape: str) -> None:
    with pytest.raises(ValidationError, match="in twos"):
        made(matching={"meet_first": True, "shape": shape})
    assert made(matching={"meet_first": True, "shape": "peers"}).matching.meet_first
