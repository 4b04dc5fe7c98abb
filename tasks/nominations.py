"""Nominations: line managers name colleagues, and each of these decides alone (REC-03, REC-M03, REC-M04, CAP-060).

A nomination makes nobody a participant: the own yes is the application (LEG-04). Nobody is guessed, and who named
somebody never hears what that person answered.
"""

from collections import Counter

from sqlalchemy.orm import Session

from framework.participation import ParticipantStatus
from framework.people import Role
from framework.requests import RequestStatus
from models import delivery, event, participant, person, request
from models.base import insert_once, transaction
from models.participant import Participant
from models.person import Person
from models.programme import Programme
from models.request import Request
from notifications.emails.recruitment import Nominated, Nomination, NominationUnclear
from tasks.recruitment import FORM_OF, audience, is_closed
from tasks.requests import answered, ask, due_on, tell
from tasks.stage import Stage
from tasks.step import step

FORM = "nomination"
MAIL = Nominated.name


@step
def ask_nominations(stage: Stage) -> int:
    """Ask the line managers of the people whom the campaign addresses, with the calls; how many were asked."""
    with transaction() as session, delivery.together(session):
        if not session.get_one(Programme, stage.programme).rules.recruitment.nominations or is_closed(session, stage):
            return 0
        bosses = {one.manager_id for one, _ in audience(session, stage)}
        asked = [one for one in person.here_on(session, stage.today) if one.id in bosses]
        for boss in asked:
            mail = Nomination(given_name=boss.given_name, closes_on=due_on(stage, FORM))
            ask(session, stage, boss, FORM, mail)
        return len(asked)


@step
def take_nominations(stage: Stage) -> dict[str, int]:
    """Ask whoever was named, tell back how many names are not clear; how many heard that somebody thought of them."""
    with transaction() as session:
        for asked, answers in answered(session, stage, FORM):
            rows = answers.get("nominees")
            named = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
            unclear = sum(not _take(session, stage, asked, row) for row in named)
            if unclear:
                who = asked.person
                mail = NominationUnclear(given_name=who.given_name, people=unclear, closes_on=asked.due_on)
                occasion = f"{stage.round}.{stage.today}"
                tell(session, stage, who, mail, about=f"request:{asked.id}", occasion=occasion, asked=asked)
        session.flush()
        return {"nominated": delivery.counts(session, stage.programme).get(MAIL, Counter()).total()}


def _take(session: Session, stage: Stage, asked: Request, row: dict[str, object]) -> bool:
    """Ask the one who is meant by this line, if it is sure who and for what; whether it was."""
    someone = person.meant(session, str(row.get("person", "")), stage.today)
    if someone is None or row.get("role") not in FORM_OF:
        return False
    if someone.id != asked.person_id:
        _invite(session, stage, someone, Role(str(row["role"])))
    return True


def _invite(session: Session, stage: Stage, someone: Person, role: Role) -> None:
    """A kind word, with the question that is open already or a new one; nothing to who has answered before."""
    if someone.no_campaigns_since:
        return
    values = {"programme_id": stage.programme, "person_id": someone.id, "role": role}
    first = insert_once(session, Participant, **values, status=ParticipantStatus.INVITED, capacity=1)
    found = participant.of_person(session, stage.programme, someone.id, role)
    if found is None or found.status != ParticipantStatus.INVITED:
        return
    form, about = FORM_OF[role], f"participant:{found.id}"
    if first:
        event.record(session, "flow", "nominated", about)
    before = request.of_round(session, stage.programme, stage.phase, stage.round, form=form, about=about)
    mail = Nominated(given_name=someone.given_name, role=role, closes_on=due_on(stage, form))
    if not before:
        ask(session, stage, someone, form, mail, about=about)
    elif before[-1].status == RequestStatus.OPEN:
        mail = mail.model_copy(update={"closes_on": before[-1].due_on})
        tell(session, stage, someone, mail, about=about, asked=before[-1])
