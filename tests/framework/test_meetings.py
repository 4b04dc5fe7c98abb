"""The days on which a pair means to meet."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from framework.meetings import MOVES, MeetingStatus, planned_dates

S = MeetingStatus
DAYS = st.dates(date(2026, 1, 1), date(2030, 1, 1))


@given(DAYS, st.integers(0, 400), st.integers(1, 60))
def test_meetings_fall_on_working_days_each_once_within_the_relation(start: date, length: int, every: int) -> None:
    end = start + timedelta(days=length)
    days = planned_dates(start, end, every)
    assert days == sorted(set(days))
    assert all(day.isoweekday() <= 5 for day in days)
    assert all(start + timedelta(days=7) <= day < end for day in days)


def test_weekend_becomes_monday() -> None:
    saturday = date(2027, 3, 6)
    assert planned_dates(saturday - timedelta(days=7), saturday + timedelta(days=10), 28) == [date(2027, 3, 8)]
    assert planned_dates(saturday - timedelta(days=6), saturday + timedelta(days=10), 28) == [date(2027, 3, 8)]


def test_daily_meetings_do_not_pile_up_on_monday() -> None:
    days = planned_dates(date(2027, 2, 26), date(2027, 3, 13), 1)
    assert [day.isoweekday() for day in days] == [5, 1, 2, 3, 4, 5]


def test_too_short_a_relation_has_no_meetings() -> None:
    assert planned_dates(date(2027, 3, 1), date(2027, 3, 8), 7) == []


def test_late_word_still_counts_and_a_held_meeting_stays_held() -> None:
    assert S.HELD in MOVES[S.MISSED] & MOVES[S.UNCONFIRMED]
    assert not MOVES[S.HELD]
