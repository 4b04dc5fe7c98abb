"""A mentor's places where mentees pick: a yes counts only while there is one, decided where the pair is made (CAP-097).

Several mentees may ask the same mentor at once. Until the yes, a pick holds no place; a pair does, and so does a
proposal that waits for the coordinator or for an answer.
"""

from sqlalchemy.orm import Session

from framework.pairing import OPEN, PairingStatus
from models import delivery, pairing, participant, request
from models.pairing import Pairing
from models.programme import Programme
from notifications.emails.matching import PairingDeclined
from tasks.matching.introduction import introduce
from tasks.requests import tell
from tasks.stage import Stage

PICK = "pick"
S = PairingStatus


def is_pick(pair: Pairing) -> bool:
    """Whether the mentee picked this mentor, who has still to answer."""
    return pair.origin == PICK and pair.status == S.APPROVED


def settle_pick(session: Session, stage: Stage, pair: Pairing) -> None:
    """The mentor said yes: the two are introduced, if there is a place; other picks end once all places are taken."""
    participant.lock(session, pair.mentor_id)
    others = [one for one in pairing.of_mentor(session, stage.programme, pair.mentor_id, *OPEN) if one.id != pair.id]
    rivals = [one for one in others if is_pick(one)]
    most = session.get_one(Programme, stage.programme).rules.matching.capacity
    left = min(pair.mentor.capacity, most) - (len(others) - len(rivals))
    if left < 1:
        _withdraw(session, pair)
        partner = pair.mentee.person.value().name
        mail = PairingDeclined(given_name=pair.mentor.person.given_name, partner=partner)
        tell(session, stage, pair.mentor.person, mail, about=f"pairing:{pair.id}")
        return
    pair.mentor_accepted_on = stage.today
    introduce(session, stage, pair)
    for rival in rivals if left == 1 else ():
        _withdraw(session, rival)


def _withdraw(session: Session, pair: Pairing) -> None:
    """A pick that can no longer come true: nobody said no, so the two may come together another time."""
    pair.move(S.DROPPED)
    for asked in request.about_pair(session, pair.id):
        delivery.cancel_for_request(session, asked.id)
    request.cancel_about(session, f"pairing:{pair.id}")
