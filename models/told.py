"""What was done in a round of a phase, counted: today, and since it opened. Counts only; one statement a table."""

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from framework.requests import RequestStatus
from models.decision import Decision
from models.delivery import Delivery
from models.programme import Milestone
from models.request import Request

ASKED = ("asked", "answered", "reminded", "escalated", "lapsed")


def of_round(session: Session, milestone: Milestone, today: date, notices: Collection[str]) -> dict[str, list[int]]:
    """By what was done: how often today, and how often in all. `notices` are forms that ask nobody a question.

    A question counts from the day on which it may be answered; a mail from the day for which it was written.
    """
    where = [getattr(Request, name) == getattr(milestone, name) for name in ("programme_id", "phase", "round")]
    asked = sa.select(*_asked(today)).where(*where, Request.form.not_in(notices))
    numbers = [int(number or 0) for number in session.execute(asked).one()]
    found = {name: numbers[2 * place : 2 * place + 2] for place, name in enumerate(ASKED)}
    decided = [getattr(Decision, name) == getattr(milestone, name) for name in ("programme_id", "phase", "round")]
    found["decided"] = _pair(session, Decision.decided_on, today, *decided)
    mails = [Delivery.programme_id == milestone.programme_id, Delivery.phase == milestone.phase]
    mails.append(Delivery.planned_on >= (milestone.opened_on or milestone.opens_on))
    found["mails written"] = _pair(session, Delivery.planned_on, today, *mails)
    return found


def _asked(today: date) -> list[Any]:
    """Two columns for each of ASKED."""
    lapsed = sa.and_(Request.lapsed_on.is_not(None), Request.status == RequestStatus.LAPSED)
    return [
        _times(Request.opened_on >= today),
        sa.func.count(),
        _times(Request.answered_on == today),
        _times(Request.answered_on.is_not(None)),
        _times(Request.reminded_on == today),
        sa.func.sum(Request.reminders),
        _times(Request.escalated_on == today),
        _times(Request.escalated_on.is_not(None)),
        _times(sa.and_(lapsed, Request.lapsed_on == today)),
        _times(lapsed),
    ]


def _times(condition: Any) -> Any:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def _pair(session: Session, on: Any, today: date, *where: Any) -> list[int]:
    row = session.execute(sa.select(_times(on == today), sa.func.count()).where(*where)).one()
    return [int(number or 0) for number in row]
