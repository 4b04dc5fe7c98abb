"""A mentee's list, one step at a time: one mentor is asked, and the next after a no or silence (MAT-14, CAP-097).

The mentor is asked as about any proposal; the reminders and the last day of that form are the clock. What the mentee
hears is neutral (MAT-M06): not whether it was a no, silence, or a mentor without a place. The next one is asked at
once, for a list takes long enough; a name that falls away early may be a no, or a mentor whose places are taken.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from framework.matching.criteria import broken_rules, factors, points
from framework.matching.regimes import Answer, Choice, Turn, next_choice
from framework.matching.settings import Rule
from framework.pairing import PairingStatus
from models import event, pairing, participant, request, wish
from models.base import insert_many
from models.pairing import Pairing
from models.wish import PASSED, Wish
from notifications.emails.matching import WishPassed
from tasks.matching.acceptance import MENTOR_FORM, ask_mentor
from tasks.matching.candidates import Seen, look
from tasks.matching.places import PICK, is_pick
from tasks.requests import tell
from tasks.stage import Stage

S = PairingStatus


def ask_next(session: Session, stage: Stage) -> int:
    """Bring every mentee's list one step further; how many mentors were asked.

    Whoever has a pair, or a proposal, is left alone; so a mentor who was asked is waited for.
    """
    made = pairing.picked(session, stage.programme, stage.round)
    every = wish.lists(session, stage.programme, stage.round)
    for one in [one for row in every.values() for one in row if one.answer == Answer.OPEN]:
        one.answer = _answer(session, made[one.other_id, one.participant_id])
    seen = look(session, stage)
    load, apart = seen.load(), seen.apart()
    waiting = Counter(one.mentor_id for one in made.values() if is_pick(one))
    places = {one.id: one.places - load[one.id] + waiting[one.id] for one in seen.mentors.values()}
    free = [one for one in every if one in seen.mentees and not load[one]]
    free.sort(key=lambda one: (-seen.mentees[one].waited, one))  # who waited longest asks first
    chosen = []
    for mentee in free:
        left = [one for one in every[mentee] if not one.answer]
        may = {one.other_id for one in left if _may(seen, one, apart)}
        following = _step(left, next_choice([one.other_id for one in left], {}, may, places))
        _tell(session, stage, every[mentee], more=following is not None)
        chosen += [following] if following else []
    _ask(session, stage, seen, chosen)
    return len(chosen)


def _step(left: Sequence[Wish], choice: Choice) -> Wish | None:
    """The wish whose turn it is; those before it fall away, or all of them at the end of the list."""
    following = next((one for one in left if choice.turn is Turn.ASK and one.other_id == choice.mentor), None)
    for one in left:
        if following is None or one.rank < following.rank:
            one.answer = PASSED
    return following


def _answer(session: Session, pair: Pairing) -> str:
    """What became of a mentor who was asked, as the list keeps it."""
    if pair.status == S.APPROVED:
        return Answer.OPEN
    if pair.accepted_on:
        return Answer.YES
    if pair.status != S.DECLINED:
        return PASSED
    forms = [one for one in request.about_pair(session, pair.id) if one.form == MENTOR_FORM]
    return Answer.SILENT if any(one.lapsed_on and not one.answered_on for one in forms) else Answer.NO


def _may(seen: Seen, one: Wish, apart: frozenset[tuple[int, int]]) -> bool:
    """Whether the rules allow today what was wished; people move, and lines of command with them."""
    mentor, mentee = seen.mentors.get(one.other_id), seen.mentees[one.participant_id]
    if mentor is None or (mentor.id, mentee.id) in apart:
        return False
    return not broken_rules(mentor, mentee, (Rule.UNAVAILABLE, *seen.settings.rules), seen.managers)


def _ask(session: Session, stage: Stage, seen: Seen, chosen: Sequence[Wish]) -> None:
    """Make a pair of each wish, approved by the mentee's own choice, and ask the mentor."""
    insert_many(session, Pairing, [_row(stage, seen, one) for one in chosen])
    made = pairing.picked(session, stage.programme, stage.round)
    for one in chosen:
        pair = made[one.other_id, one.participant_id]
        pair.move(S.APPROVED)
        event.record(session, "flow", "picked", f"pairing:{pair.id}")
        one.answer, one.asked_on = Answer.OPEN, stage.today
        ask_mentor(session, stage, pair)


def _row(stage: Stage, seen: Seen, one: Wish) -> dict[str, Any]:
    mentor, mentee = seen.mentors[one.other_id], seen.mentees[one.participant_id]
    reasons = points(factors(mentor, mentee, seen.settings), seen.settings.weights)
    return {
        "programme_id": stage.programme,
        "round": stage.round,
        "number": 0,  # of no run: the mentee's own choice
        "mentor_id": mentor.id,
        "mentee_id": mentee.id,
        "status": S.PROPOSED,
        "score": sum(reasons.values()),
        "reasons": reasons,
        "origin": PICK,
        "relaxed": [],
        "language": "",
        "others": [],
    }


def _tell(session: Session, stage: Stage, mine: Sequence[Wish], *, more: bool) -> None:
    """Once after each name that did not work out, and once at the end of the list; nothing before the first."""
    asked = sum(1 for one in mine if one.asked_on)
    if more and not asked:
        return
    who = session.get_one(participant.Participant, mine[0].participant_id)
    mail = WishPassed(given_name=who.person.given_name, more=more)
    occasion = f"{stage.round}.{asked if more else 'end'}"
    tell(session, stage, who.person, mail, about=f"participant:{who.id}", occasion=occasion)
