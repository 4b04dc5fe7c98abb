"""A relationship's two sides, and what any end of it brings: questions, and meetings called off."""

from datetime import date

from sqlalchemy.orm import Session

from framework.agreement import AgreementStatus
from framework.content.closure import FORM_OF
from framework.meetings import MeetingStatus
from framework.pairing import CloseReason
from framework.people import Role
from models import agreement, meeting, request
from models.pairing import Pairing
from models.person import Person
from notifications.emails.closure import RelationshipEnd
from tasks.requests import ask, due_on
from tasks.stage import Stage

PartnerOf = tuple[Person, Person, Role]


def sides(pair: Pairing) -> tuple[PartnerOf, PartnerOf]:
    """Each of the two with the other, and the own role."""
    mentor, mentee = pair.mentor.person, pair.mentee.person
    return (mentor, mentee, Role.MENTOR), (mentee, mentor, Role.MENTEE)


def ask_relationship_end(session: Session, stage: Stage, pair: Pairing) -> None:
    """The final questions, at any end of a relation, early ones too (FRE-01); only of those who are still here."""
    for one, other, role in sides(pair):
        if one.value().is_here(stage.today):
            form = FORM_OF["relationship_end", role]
            mail = RelationshipEnd(given_name=one.given_name, partner=other.value().name, closes_on=due_on(stage, form))
            ask(session, stage, one, form, mail, about=f"pairing:{pair.id}")


def drop_meetings(session: Session, pair: Pairing) -> None:
    """The meetings to come are called off; one that was asked after keeps its answer, for it may have taken place."""
    for one in meeting.of_pairing(session, pair.id):
        if one.status == MeetingStatus.PLANNED and not one.asked:
            one.move(MeetingStatus.CANCELLED)
            request.cancel_about(session, f"meeting:{one.id}")


def end_books(session: Session, pair: Pairing, reason: CloseReason, today: date) -> None:
    """Close a pair, its agreement and the meetings to come; nobody is told by this."""
    pair.close(reason, today)
    agreed = agreement.of_pairing(session, pair.id)
    if agreed and agreed.status != AgreementStatus.ENDED:
        agreed.move(AgreementStatus.ENDED)
    drop_meetings(session, pair)
