"""The clock of an open question: remind, escalate, lapse (house idea 1)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from framework.questions import Ladder

GRACE_DAYS = 14  # so long after its last day a question's link still opens: late answers are welcome
LATEST_DAYS = 60  # beyond it no new link is given


class RequestStatus(StrEnum):
    """Where an open question stands. `answered` waits for its phase to act on it; `settled` is done."""

    OPEN = "open"
    ANSWERED = "answered"
    SETTLED = "settled"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


MOVES = {
    RequestStatus.OPEN: frozenset({RequestStatus.ANSWERED, RequestStatus.LAPSED, RequestStatus.CANCELLED}),
    RequestStatus.ANSWERED: frozenset({RequestStatus.SETTLED, RequestStatus.CANCELLED}),
    RequestStatus.SETTLED: frozenset({RequestStatus.ANSWERED}),  # a change of mind before the deadline
    RequestStatus.LAPSED: frozenset({RequestStatus.ANSWERED, RequestStatus.CANCELLED}),  # late, but welcome
    RequestStatus.CANCELLED: frozenset[RequestStatus](),
}


@dataclass(frozen=True, slots=True)
class Step:
    """What the clock asks for today: `remind` (which one), `escalate`, `lapse`, or nothing."""

    remind: int = 0
    escalate: bool = False
    lapse: bool = False


def step(ladder: Ladder, opened_on: date, due_on: date, reminders: int, *, escalated: bool, today: date) -> Step:
    """What is due for an open request on `today`. After a gap only the newest reminder counts (CAP-203)."""
    age = (today - opened_on).days
    passed = sum(1 for day in ladder.remind if day <= age)
    if today > due_on:
        return Step(lapse=True)
    escalate = ladder.escalate is not None and age >= ladder.escalate and not escalated
    return Step(remind=passed if passed > reminders else 0, escalate=escalate)


def next_on(ladder: Ladder, opened_on: date, due_on: date, *, today: date) -> date:
    """The next day after `today` on which the clock of an open request strikes."""
    days = [*ladder.remind, *([ladder.escalate] if ladder.escalate is not None else [])]
    struck = [opened_on + timedelta(days=day) for day in days]
    return min([day for day in struck if day > today] + [max(due_on, today) + timedelta(days=1)])
