"""Who leaves the company with notice, or ends early, is asked once what mentoring was worth (CAP-183, FRE-M05, TIM-20).

It is asked before the last day, where that is known; whoever is gone is asked nothing. No answer is fine.
"""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from framework.participation import TAKES_PART, ParticipantStatus
from models import pairing, participant, programme
from models.base import transaction
from models.participant import Participant
from notifications.emails.closure import ExitInterview
from tasks.requests import ask, due_on
from tasks.stage import Stage
from tasks.standing import stage_of
from tasks.step import step

FORM, PHASE = "exit_interview", "closure"
BEFORE_DAYS = 21  # so long before the last day
TOOK_PART = TAKES_PART | {ParticipantStatus.COMPLETED}


@step
def ask_leavers(slug: str, today: date) -> int:
    """Ask everybody who is about to leave, or has stopped early and still works here; how many there are."""
    with transaction() as session:
        stage = stage_of(session, slug, PHASE, today)
        known = {
            one.id: one
            for one in (
                *participant.leaving(session, stage.programme, today + timedelta(days=BEFORE_DAYS)),
                *participant.of_programme(session, stage.programme, None, ParticipantStatus.WITHDRAWN),
            )
            if one.person.value().is_here(today)
        }
        together = pairing.begun(session, stage.programme) if known else set()
        return sum(_ask(session, stage, known[at]) for at in sorted(known) if _leaves(known[at], today, together))


def _leaves(one: Participant, today: date, together: set[int]) -> bool:
    last = one.person.left_on
    if last and last <= today + timedelta(days=BEFORE_DAYS):
        return one.status in TOOK_PART
    return one.status == ParticipantStatus.WITHDRAWN and one.id in together


def _ask(session: Session, stage: Stage, one: Participant) -> bool:
    """Once a person, however many roles he or she had."""
    who = one.person
    mail = ExitInterview(given_name=who.given_name, closes_on=due_on(stage, FORM))
    ask(session, stage, who, FORM, mail, until=who.left_on and who.left_on - timedelta(days=1))
    return True


def next_exit(session: Session, slug: str, today: date) -> date | None:
    """The next day on which somebody's leaving asks for something: the question, and the last day itself."""
    where = programme.by_slug(session, slug).id
    known = participant.last_days(session, where, *TAKES_PART)
    days = [day - timedelta(days=before) for day in known for before in (BEFORE_DAYS, 0)]
    return min((day for day in days if day > today), default=None)
