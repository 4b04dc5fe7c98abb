"""What belongs to no round of a phase: forms that stand open, and questions whose clock outlives their phase.

Such a request has round 0. Its reminders and its end come with the programme's own day, not with a phase.
"""

from datetime import date

from sqlalchemy.orm import Session

from framework.content import FORMS
from framework.requests import RequestStatus, next_on
from models import programme, request
from models.base import transaction
from models.request import STANDING
from tasks.requests import tend
from tasks.stage import Stage
from tasks.step import step

WITH_A_DEED = frozenset({"help_request", "help_given"})
"""Forms whose answer is more than something to read: `tasks/helping.py` acts on them."""
DESK = "programme"
"""The phase of what the coordinator owes outside every round."""


def stage_of(session: Session, slug: str, phase: str, today: date) -> Stage:
    """The place from which that is asked and told: no milestone, round 0, today."""
    row = programme.by_slug(session, slug)
    return Stage(0, row.id, slug, phase, STANDING, "standing", today, today, today)


@step
def tend_standing(slug: str, today: date) -> int:
    """Remind of these questions, let them lapse, and settle what was answered; how many are still open."""
    with transaction() as session:
        where = programme.by_slug(session, slug).id
        for one in request.standing(session, where, RequestStatus.ANSWERED):
            if one.form not in WITH_A_DEED:
                request.change_status(session, one.id, RequestStatus.ANSWERED, RequestStatus.SETTLED)
        phases = {one.phase for one in request.standing(session, where, RequestStatus.OPEN)}
        return sum(tend(session, stage_of(session, slug, phase, today)) for phase in sorted(phases))


def next_clock(session: Session, programme_id: int, today: date) -> date | None:
    """The next day on which the clock of such a question strikes."""
    open_ = request.standing(session, programme_id, RequestStatus.OPEN)
    days = [
        next_on(FORMS[r.form].ladder, r.opened_on, r.due_on, today=today) for r in open_ if r.form not in WITH_A_DEED
    ]
    return min(days, default=None)
