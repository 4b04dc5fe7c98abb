"""A group's answers: the mentor once about everybody, then each mentee alone (CAP-103).

A refusal costs the others nothing: the group goes on with those who said yes as long as they are two, even if it is
smaller than the fewest that a proposal may hold. One mentee alone is no group, and is free again, and so is the mentor;
the two of them may come together another time, for neither said no.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from framework.pairing import PairingStatus
from models import pairing, request
from models.pairing import Pairing
from models.request import Request
from notifications.emails.matching import PairingDeclined
from tasks.matching.asking import ask_group_mentees, ask_group_mentor, matching_of
from tasks.matching.introduction import introduce, introduce_group
from tasks.requests import tell
from tasks.stage import Stage

FEWEST = 2
S = PairingStatus


def _of_mentor(session: Session, stage: Stage, mentor_id: int, *statuses: PairingStatus) -> list[Pairing]:
    found = pairing.of_programme(session, stage.programme, *statuses, number=stage.round)
    return [pair for pair in found if pair.mentor_id == mentor_id]


def ask_when_decided(session: Session, stage: Stage, mentor_id: int) -> None:
    """Ask the mentor of a group, once the coordinator has decided about everybody in it; again changes nothing."""
    if _of_mentor(session, stage, mentor_id, S.PROPOSED):
        return
    pairs = _of_mentor(session, stage, mentor_id, S.APPROVED)
    if not pairs or any(pair.mentor_accepted_on for pair in pairs):
        return
    if len(pairs) < FEWEST:
        pairs[0].move(S.DROPPED)
        request.cancel_about(session, f"participant:{mentor_id}")
    else:
        ask_group_mentor(session, stage, pairs)


def take_mentor(session: Session, stage: Stage, asked: Request, *, accepted: bool) -> None:
    """The mentor's yes leads to the mentees', each apart; a no, or silence, ends it, and they hear nothing."""
    pairs = _of_mentor(session, stage, int(asked.about.partition(":")[2]), S.APPROVED)
    pairs = [pair for pair in pairs if pair.mentor_accepted_on is None]
    for pair in pairs:
        if accepted:
            pair.mentor_accepted_on = stage.today
        else:
            pair.move(S.DECLINED)
    if accepted:
        ask_group_mentees(session, stage, pairs)
    else:
        request.cancel_about(session, asked.about)


def take_mentee(session: Session, stage: Stage, pair: Pairing, *, accepted: bool) -> None:
    """Keep one mentee's answer. What becomes of the group is settled once everybody has answered."""
    if accepted:
        pair.mentee_accepted_on = pair.mentee_accepted_on or stage.today
    else:
        pair.move(S.DECLINED)
        request.cancel_about(session, f"pairing:{pair.id}")


def tend_groups(session: Session, stage: Stage) -> None:
    """Bring every group of this round as far as the answers allow; whoever leaves is counted out."""
    if matching_of(session, stage).shape != "group":
        return
    session.flush()
    for mentor_id in dict.fromkeys(
        p.mentor_id for p in pairing.of_programme(session, stage.programme, number=stage.round)
    ):
        ask_when_decided(session, stage, mentor_id)
        session.flush()
        _settle(session, stage, _of_mentor(session, stage, mentor_id), mentor_id)


def _settle(session: Session, stage: Stage, every: Sequence[Pairing], mentor_id: int) -> None:
    pairs = [pair for pair in every if pair.status == S.APPROVED]
    if any(pair.status == S.PROPOSED for pair in every) or any(pair.mentee_accepted_on is None for pair in pairs):
        return
    if len(pairs) >= FEWEST or any(pair.status == S.ACCEPTED for pair in every):
        for pair in pairs:
            introduce(session, stage, pair)
        introduce_group(session, stage, mentor_id)
    elif any(pair.mentor_accepted_on for pair in every):
        _call_off(session, stage, pairs, every)


def _call_off(session: Session, stage: Stage, pairs: Sequence[Pairing], every: Sequence[Pairing]) -> None:
    """Too few said yes: the one who did, and the mentor, hear that it does not go on, and no more than that."""
    for pair in pairs:
        pair.move(S.DROPPED)
    mentor = every[0].mentor.person
    for one in (mentor, *(pair.mentee.person for pair in pairs)):
        tell(session, stage, one, PairingDeclined(given_name=one.given_name), about=f"group:{every[0].mentor_id}")
