"""Two mentors, one for each language: each is asked, then the mentee once about both (CAP-092).

The two are introduced together. Where one says no, or leaves, the other waits with what was said already, and another
is proposed for that language; where there is nobody, one mentor is better than none, and goes on alone.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from framework.pairing import OPEN, PairingStatus
from framework.questions import Answers
from framework.requests import RequestStatus
from models import pairing, request
from models.pairing import Pairing
from models.request import Request
from notifications.emails.matching import PairingDeclined
from tasks.matching.asking import MENTEE_FORM, TWO, ask_about_two, ask_for_mentor, ask_mentee, time_ends
from tasks.matching.introduction import introduce
from tasks.requests import tell
from tasks.stage import Stage

LEGS = 2
S = PairingStatus


def ask_or_go_on(session: Session, stage: Stage, pair: Pairing) -> None:
    """Ask the mentor of an approved pair; one who has accepted, and for whom no other is to be found, goes on alone."""
    if pair.mentor_accepted_on is None:
        ask_for_mentor(session, stage, pair)
    else:
        go_on(session, stage, pair.mentee_id, alone=True)


def go_on(session: Session, stage: Stage, mentee_id: int, *, alone: bool = False) -> None:
    """Ask the mentee about the mentors who have accepted, or introduce them; not before both are there.

    `alone`: no other is to be found, so that one mentor will do.
    """
    session.flush()
    of_mentee = [pair for pair in pairing.of_programme(session, stage.programme) if pair.mentee_id == mentee_id]
    every = [pair for pair in of_mentee if pair.status in OPEN]
    ready = [pair for pair in every if pair.status == S.APPROVED]
    waits = any(pair.status == S.PROPOSED for pair in every) or any(not pair.mentor_accepted_on for pair in ready)
    if waits or (len(every) < LEGS and not alone):
        return
    open_ = [pair for pair in ready if pair.mentee_accepted_on is None]
    covered = _in_question(session, of_mentee)
    to_ask = sorted((pair for pair in open_ if pair.id not in covered), key=lambda pair: pair.id)
    if not open_:
        for pair in ready:
            introduce(session, stage, pair)
    elif len(to_ask) == LEGS:
        ask_about_two(session, stage, *to_ask)
    else:
        for pair in to_ask:
            ask_mentee(session, stage, pair)


def _in_question(session: Session, pairs: Sequence[Pairing]) -> set[int]:
    """The pairs about which the mentee is asked already, and has not answered."""
    every = [one for pair in pairs for one in request.about_pair(session, pair.id)]
    open_ = [one for one in every if one.status in {RequestStatus.OPEN, RequestStatus.ANSWERED}]
    return {pair for one in open_ if one.form in {TWO, MENTEE_FORM} for pair in _legs(one)}


def _legs(asked: Request) -> list[int]:
    """The pairs that a question is about: its own, or both, as the key of the occasion names them."""
    if asked.form != TWO:
        return [int(asked.about.partition(":")[2])]
    return [int(number) for number in asked.key.rpartition(":")[2].split(".")[1:]]


def take(session: Session, stage: Stage, asked: Request, answers: Answers) -> None:
    """A yes or no to each of the two; silence is a no to both. That mentor only hears that it did not work out."""
    pairs = [session.get_one(Pairing, number) for number in _legs(asked)]
    for pair, question in zip(pairs, ("accept_first", "accept_second"), strict=True):
        if pair.status != S.APPROVED:
            continue
        if answers.get(question) == "yes":
            pair.mentee_accepted_on = pair.mentee_accepted_on or stage.today
            continue
        pair.move(S.DECLINED)
        request.cancel_about(session, f"pairing:{pair.id}")
        who = pair.mentor.person
        mail = PairingDeclined(given_name=who.given_name, partner=pair.mentee.person.value().name)
        tell(session, stage, who, mail, about=f"pairing:{pair.id}", due_on=time_ends(asked))
    go_on(session, stage, pairs[0].mentee_id)
