"""Both sides of an approved pair are asked, the mentor first; a no is neutral (MAT-14, MAT-15, MAT-M06)."""

from sqlalchemy.orm import Session

from framework.pairing import PairingStatus
from models import request, response
from models.base import transaction
from models.pairing import Pairing
from models.request import Request
from notifications.emails.matching import PairingDeclined, PairingMentee, PairingMentor
from tasks.introduction import introduce
from tasks.requests import answered, ask, due_on, lapsed, tell, waiting
from tasks.stage import Stage
from tasks.step import step

MENTOR_FORM, MENTEE_FORM = "pairing_mentor", "pairing_mentee"
S = PairingStatus


def ask_mentor(session: Session, stage: Stage, pair: Pairing) -> None:
    """Ask the mentor, with the goal in the mentee's own words (MAT-M04)."""
    mentor, mentee = pair.mentor.person, pair.mentee.person
    given = response.of_programme(session, stage.programme, "mentee_application", about=f"participant:{pair.mentee_id}")
    mail = PairingMentor(
        given_name=mentor.given_name,
        partner=mentee.value().name,
        partner_title=mentee.job_title,
        partner_department=mentee.department,
        goal=str(given[-1].answers.get("goal", "")) if given else "",
        closes_on=due_on(stage, MENTOR_FORM),
    )
    ask(session, stage, mentor, MENTOR_FORM, mail, about=f"pairing:{pair.id}")


def ask_mentee(session: Session, stage: Stage, pair: Pairing) -> None:
    """Ask the mentee, with the strongest reasons for this mentor."""
    mentor, mentee = pair.mentor.person, pair.mentee.person
    strong = sorted(pair.reasons, key=lambda name: -int(pair.reasons[name]))
    mail = PairingMentee(
        given_name=mentee.given_name,
        partner=mentor.value().name,
        partner_title=mentor.job_title,
        partner_department=mentor.department,
        reasons=tuple(name for name in strong if pair.reasons[name])[:3],
        closes_on=due_on(stage, MENTEE_FORM),
    )
    ask(session, stage, mentee, MENTEE_FORM, mail, about=f"pairing:{pair.id}")


@step
def take_acceptances(stage: Stage) -> int:
    """The mentor's yes leads to the mentee's; a no, or silence, is neutral and ends the proposal. How many are open."""
    with transaction() as session:
        for asked, answers in answered(session, stage, MENTOR_FORM, MENTEE_FORM):
            _answer(session, stage, asked, accepted=answers.get("accept") == "yes")
        for asked in lapsed(session, stage, MENTOR_FORM, MENTEE_FORM):
            _answer(session, stage, asked, accepted=False)
        return waiting(session, stage, MENTOR_FORM, MENTEE_FORM)


def _answer(session: Session, stage: Stage, asked: Request, *, accepted: bool) -> None:
    pair = session.get_one(Pairing, int(asked.about.partition(":")[2]))
    if pair.status != S.APPROVED:
        return
    is_mentor = asked.form == MENTOR_FORM
    if not accepted:
        pair.move(S.DECLINED)
        request.cancel_about(session, f"pairing:{pair.id}")
        if not is_mentor and pair.mentor_accepted_on:
            other = pair.mentor.person
            tell(session, stage, other, PairingDeclined(given_name=other.given_name), about=f"pairing:{pair.id}")
    elif is_mentor and pair.mentor_accepted_on is None:
        pair.mentor_accepted_on = stage.today
        ask_mentee(session, stage, pair)
    elif not is_mentor:
        pair.mentee_accepted_on = stage.today
        introduce(session, stage, pair)
