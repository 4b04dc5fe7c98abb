"""Somebody takes part no more: has left the company, wished to stop, or is taken out (CAP-204, LEG-20, CAP-100).

The pair ends, the other hears that the two talks end and not why, and a mentee who stays is matched again.
"""

from sqlalchemy.orm import Session

from framework.pairing import OPEN, TOGETHER, CloseReason, PairingStatus
from framework.participation import TAKES_PART, ParticipantStatus
from framework.people import Role
from models import event, pairing, participant, programme, request
from notifications.emails.matching import PairingDeclined, PartnerLeft
from tasks.matching.acceptance import was_asked
from tasks.relationship import end_books
from tasks.requests import tell
from tasks.stage import Stage, again


def withdraw(session: Session, stage: Stage, one: participant.Participant, *, actor: str = "flow") -> None:
    """Take a participant out, and end what he or she was part of."""
    took_part = one.status in TAKES_PART
    one.move(ParticipantStatus.WITHDRAWN)
    event.record(session, actor, "left", f"participant:{one.id}")
    if not took_part:
        return
    for pair in pairing.of_programme(session, stage.programme, *OPEN):
        if one.id in {pair.mentor_id, pair.mentee_id}:
            _part(session, stage, pair, one)


def _part(session: Session, stage: Stage, pair: pairing.Pairing, gone: participant.Participant) -> None:
    if pair.status == PairingStatus.PROPOSED:
        pair.move(PairingStatus.STRUCK)
        return
    left, stays = (pair.mentor, pair.mentee) if gone.id == pair.mentor_id else (pair.mentee, pair.mentor)
    known = pair.status in TOGETHER
    asked = was_asked(session, pair, stays.person_id)
    end_books(session, pair, CloseReason.PARTNER_LEFT, stage.today)
    request.cancel_about(session, f"pairing:{pair.id}")
    names = {"given_name": stays.person.given_name, "partner": left.person.value().name}
    if known:
        tell(session, stage, stays.person, PartnerLeft(**names), about=f"pairing:{pair.id}")
    elif asked:  # a proposal that somebody never heard of ends without a word
        tell(session, stage, stays.person, PairingDeclined(**names), about=f"pairing:{pair.id}")
    if stays.role == Role.MENTEE and stays.status == ParticipantStatus.CONFIRMED:
        stays.move(ParticipantStatus.WAITING)
        rounds = programme.milestones(session, stage.programme, "matching")
        if not any(one.opened_on and one.finished_on is None for one in rounds):  # else it is proposed anew there
            again(session, stage, "matching", days=14)
