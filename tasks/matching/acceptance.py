"""Both sides of an approved pair are asked; a no is neutral (MAT-14, MAT-15, MAT-M06).

Usually the mentor first, then the mentee. Where people meet first (MAT-12), and among equals, both at once. A group's
mentor is asked once about all of them (`group_answers`), a mentee of two mentors once about both (`two_answers`).

A no is private, and the day on which others hear of it tells nothing either. Who was asked along with somebody hears
once both have answered, or time is up. Who said yes before the other was asked hears on the day on which the other's
time ends, whether that was a no or silence.
"""

from datetime import timedelta

from sqlalchemy.orm import Session

from framework.pairing import PairingStatus
from framework.questions import Answers
from framework.requests import RequestStatus
from models import request, response
from models.base import transaction
from models.pairing import Pairing
from models.request import Request
from notifications.emails.matching import PairingDeclined
from tasks.matching import group_answers, two_answers
from tasks.matching.asking import (
    BOTH_FORMS,
    GROUP_MENTEE,
    GROUP_MENTOR,
    MENTEE_FORM,
    MENTOR_FORM,
    TWO,
    ask_both,
    ask_for_mentor,
    ask_mentee,
    matching_of,
    time_ends,
)
from tasks.matching.introduction import introduce
from tasks.matching.places import is_pick, settle_pick
from tasks.relationship import sides
from tasks.requests import answered, lapsed, tell, waiting
from tasks.stage import Stage
from tasks.step import step

__all__ = ["FORMS", "MENTEE_FORM", "MENTOR_FORM", "ask_mentor", "take_acceptances", "was_asked"]

FORMS = (MENTOR_FORM, MENTEE_FORM, *BOTH_FORMS, GROUP_MENTOR, GROUP_MENTEE, TWO)
"""Every form with which somebody accepts or declines a proposal."""
S = PairingStatus


def ask_mentor(session: Session, stage: Stage, pair: Pairing) -> None:
    """Ask whoever comes first about an approved pair: the mentor, or both at once; a group's mentor once for all.

    Asking again changes nothing. Of two mentors, the one who has accepted and stays alone goes on alone.
    """
    settings = matching_of(session, stage)
    if settings.shape == "group":
        group_answers.ask_when_decided(session, stage, pair.mentor_id)
    elif settings.shape == "two_mentors":
        two_answers.ask_or_go_on(session, stage, pair)
    elif settings.meet_first or settings.shape == "peers":
        ask_both(session, stage, pair)
    else:
        ask_for_mentor(session, stage, pair)


def was_asked(session: Session, pair: Pairing, person_id: int) -> bool:
    """Whether that person knows of a pair that is not introduced yet, having been asked about it."""
    return any(one.person_id == person_id for one in request.about_pair(session, pair.id))


@step
def take_acceptances(stage: Stage) -> int:
    """Take the answers of both sides; a no, or silence, is neutral and ends the proposal. How many are open."""
    with transaction() as session:
        for asked, answers in answered(session, stage, *FORMS):
            _take(session, stage, asked, dict(answers))
        for asked in lapsed(session, stage, *FORMS):
            _take(session, stage, asked, {})
        group_answers.tend_groups(session, stage)
        return waiting(session, stage, *FORMS)


def _take(session: Session, stage: Stage, asked: Request, answers: Answers) -> None:
    session.flush()
    if asked.form == GROUP_MENTOR:
        group_answers.take_mentor(session, stage, asked, accepted=answers.get("accept") == "yes")
    elif asked.form == TWO:
        two_answers.take(session, stage, asked, answers)
    else:
        _of_pair(session, stage, asked, accepted=answers.get("accept") == "yes")


def _of_pair(session: Session, stage: Stage, asked: Request, *, accepted: bool) -> None:
    pair = session.get_one(Pairing, int(asked.about.partition(":")[2]))
    if pair.status != S.APPROVED:
        return
    if asked.form in BOTH_FORMS:
        _both(session, stage, pair)
    elif asked.form == GROUP_MENTEE:
        group_answers.take_mentee(session, stage, pair, accepted=accepted)
    elif asked.form == MENTOR_FORM:
        _mentor(session, stage, pair, accepted=accepted)
    else:
        _mentee(session, stage, pair, asked, accepted=accepted)


def _mentor(session: Session, stage: Stage, pair: Pairing, *, accepted: bool) -> None:
    if not accepted:
        _decline(session, pair)
    elif is_pick(pair):
        settle_pick(session, stage, pair)
    elif pair.mentor_accepted_on is None:
        pair.mentor_accepted_on = stage.today
        if matching_of(session, stage).shape == "two_mentors":
            two_answers.go_on(session, stage, pair.mentee_id)
        else:
            ask_mentee(session, stage, pair)


def _mentee(session: Session, stage: Stage, pair: Pairing, asked: Request, *, accepted: bool) -> None:
    if not accepted:
        _decline(session, pair)
        one, other, _ = sides(pair)[0]
        mail = PairingDeclined(given_name=one.given_name, partner=other.value().name)
        tell(session, stage, one, mail, about=f"pairing:{pair.id}", due_on=time_ends(asked))
    elif matching_of(session, stage).shape == "two_mentors":
        pair.mentee_accepted_on = stage.today
        two_answers.go_on(session, stage, pair.mentee_id, alone=True)
    else:
        pair.mentee_accepted_on = stage.today
        introduce(session, stage, pair)


def _decline(session: Session, pair: Pairing) -> None:
    pair.move(S.DECLINED)
    request.cancel_about(session, f"pairing:{pair.id}")


def _both(session: Session, stage: Stage, pair: Pairing) -> None:
    """Two who were asked at once: nothing happens, and nobody hears anything, before both are through (CAP-096)."""
    asked = [one for one in request.about_pair(session, pair.id) if one.form in BOTH_FORMS]
    if any(one.status in {RequestStatus.OPEN, RequestStatus.ANSWERED} for one in asked):
        return
    for one in asked:
        one.due_on = min(one.due_on, stage.today - timedelta(days=1))  # it is acted on now, and changed no more
    if asked and all(_says_yes(session, one) for one in asked):
        pair.mentor_accepted_on = pair.mentee_accepted_on = stage.today
        introduce(session, stage, pair)
        return
    _decline(session, pair)
    for who, other, _ in sides(pair):
        mail = PairingDeclined(given_name=who.given_name, partner=other.value().name)
        tell(session, stage, who, mail, about=f"pairing:{pair.id}")


def _says_yes(session: Session, asked: Request) -> bool:
    """Whether a settled question was answered with a yes; `go_on` is that of those who met first."""
    given = response.of_request(session, asked.id)
    if given is None or asked.status != RequestStatus.SETTLED:
        return False
    return "yes" in {given.answers.get("accept"), given.answers.get("go_on")}
