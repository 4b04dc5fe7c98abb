"""Meetings: planned by the agreement, prepared, held or missed (SES, CAP-143)."""

from datetime import date, timedelta
from enum import StrEnum

PREPARE_DAYS = 4  # the mentee's form is asked so many days before the meeting (TIM-14)


class MeetingStatus(StrEnum):
    """Where one meeting stands."""

    PLANNED = "planned"
    HELD = "held"
    MISSED = "missed"  # they said that it did not take place
    UNCONFIRMED = "unconfirmed"  # nobody said (CAP-165)
    CANCELLED = "cancelled"


_S = MeetingStatus
MOVES: dict[MeetingStatus, frozenset[MeetingStatus]] = {
    _S.PLANNED: frozenset({_S.HELD, _S.MISSED, _S.UNCONFIRMED, _S.CANCELLED}),
    _S.HELD: frozenset[MeetingStatus](),
    _S.MISSED: frozenset({_S.HELD}),
    _S.UNCONFIRMED: frozenset({_S.HELD, _S.MISSED}),
    _S.CANCELLED: frozenset[MeetingStatus](),
}


def planned_dates(start: date, end: date, every_days: int) -> list[date]:
    """The days on which a pair means to meet: on working days, from a week after `start`, the last before `end`."""
    days, day = set(), start + timedelta(days=7)
    while day < end:
        days.add(day + timedelta(days=8 - day.isoweekday() if day.isoweekday() > 5 else 0))  # noqa: PLR2004
        day += timedelta(days=every_days)
    return sorted(d for d in days if d < end)
