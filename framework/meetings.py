"""Meetings: planned by the agreement, prepared, held or missed (SES, CAP-143)."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

SHORTEST = 5  # letters of a word that two subjects can have in common
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


def left_out(agreed: str, chosen: Iterable[str]) -> list[str]:
    """The chosen subjects that touch on what a pair agreed to leave out (REL-C04, CAP-146), in the order chosen.

    Two subjects touch when they share a word of some length; accents and capitals make no difference. It is a hint for
    whoever fills in the form, and decides nothing.
    """
    words = _words(agreed)
    return [subject for subject in chosen if words & _words(subject)]


def _words(text: str) -> set[str]:
    letters = unicodedata.normalize("NFKD", text).casefold()
    found = re.findall(r"\w+", "".join(c for c in letters if not unicodedata.combining(c)))
    return {word for word in found if len(word) >= SHORTEST}
