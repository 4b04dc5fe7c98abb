"""The clock of an open question: remind, escalate, lapse; and never a clock that stands still."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.content import FORMS
from framework.questions import Ladder
from framework.requests import Step, next_on, step

OPENED = date(2027, 3, 1)
LADDER = Ladder(due=14, remind=(5, 10), escalate=12, silence="-")


def on(age: int, reminders: int = 0, *, escalated: bool = False, ladder: Ladder = LADDER) -> Step:
    today = OPENED + timedelta(days=age)
    due = OPENED + timedelta(days=ladder.due)
    return step(ladder, OPENED, due, reminders, escalated=escalated, today=today)


@pytest.mark.parametrize(
    ("age", "sent", "escalated", "then"),
    [
        (0, 0, False, Step()),
        (4, 0, False, Step()),
        (5, 0, False, Step(remind=1)),
        (5, 1, False, Step()),
        (9, 1, False, Step()),
        (10, 1, False, Step(remind=2)),
        (10, 2, False, Step()),
        (12, 2, False, Step(escalate=True)),
        (12, 2, True, Step()),
        (14, 2, True, Step()),
        (15, 2, True, Step(lapse=True)),
        (99, 0, False, Step(lapse=True)),
    ],
)
def test_clock_strikes_once_for_each_thing(age: int, sent: int, escalated: bool, then: Step) -> None:
    assert on(age, sent, escalated=escalated) == then


def test_after_a_gap_only_the_newest_reminder_goes() -> None:
    assert on(11) == Step(remind=2)
    assert on(13) == Step(remind=2, escalate=True)


def test_question_without_reminders_only_lapses() -> None:
    ladder = Ladder(due=5, remind=(), silence="-")
    assert [on(age, ladder=ladder) for age in (0, 5, 6)] == [Step(), Step(), Step(lapse=True)]


@given(
    st.integers(1, 30),
    st.lists(st.integers(0, 40), max_size=4, unique=True).map(lambda days: tuple(sorted(days))),
    st.none() | st.integers(0, 40),
    st.integers(0, 60),
)
def test_next_strike_is_always_in_the_future_and_none_is_missed(
    due: int, remind: tuple[int, ...], escalate: int | None, age: int
) -> None:
    ladder = Ladder(due=due, remind=remind, escalate=escalate, silence="-")
    due_on, today = OPENED + timedelta(days=due), OPENED + timedelta(days=age)
    following = next_on(ladder, OPENED, due_on, today=today)
    assert following > today
    for days in range(1, (following - today).days):  # nothing happens on the days between
        now, before = age + days, age + days - 1
        strikes = {*remind, *({escalate} if escalate is not None else ()), due + 1}
        assert now not in strikes or before > due


@pytest.mark.parametrize("form", sorted(FORMS))
def test_every_form_comes_to_an_end_by_its_own_clock(form: str) -> None:
    ladder = FORMS[form].ladder
    today, due_on, reminders, escalated, days = OPENED, OPENED + timedelta(days=ladder.due), 0, False, 0
    while not (now := step(ladder, OPENED, due_on, reminders, escalated=escalated, today=today)).lapse:
        reminders, escalated = now.remind or reminders, escalated or now.escalate
        today, days = next_on(ladder, OPENED, due_on, today=today), days + 1
        assert days < 20
    assert today == due_on + timedelta(days=1)
    assert reminders == len([day for day in ladder.remind if day <= ladder.due])
    assert escalated == (ladder.escalate is not None)
