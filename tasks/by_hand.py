"""By hand: what a coordinator decided between the rounds, carried out once each (LEG-20, REL-C12, CAP-100, CAP-174).

The portal only writes the decision down; it is carried out here, at the next run. What cannot be done any more, because
the pair has ended or the question was answered meanwhile, is left, and the trail says so. A reason goes into no mail.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from framework.by_hand import PHASE, WITHDRAWABLE, Deed, of_pair, parse
from framework.content import FORMS
from framework.mail import DeliveryStatus
from framework.pairing import CloseReason, PairingStatus
from framework.participation import ParticipantStatus
from framework.people import Role
from framework.requests import RequestStatus
from framework.working_time import next_working_day
from models import decision, delivery, event, glance, link, request, signal
from models.base import transaction
from models.decision import Decision
from models.pairing import Pairing
from models.participant import Participant
from models.programme import Programme
from models.request import Request
from notifications.email import Email
from notifications.emails import EMAILS
from notifications.emails.by_hand import LinkAgain, MoreTime, ParticipationEnded
from notifications.emails.common import Reminder
from notifications.emails.matching import RematchStarted
from notifications.places import place_of
from tasks.leaving import withdraw
from tasks.relationship import ask_relationship_end, end_books, sides
from tasks.replanning import carry_out_word
from tasks.requests import tell
from tasks.stage import GRACE_DAYS, Stage, again
from tasks.standing import stage_of
from tasks.step import step

ROUND_DAYS = 14
AFRESH = frozenset({CloseReason.REMATCH, CloseReason.NOT_AGREED})
"""After these a mentee is matched again."""


@step
def carry_out(slug: str, today: date) -> int:
    """Carry out what was decided by hand and is not done yet; how many decisions there were."""
    with transaction() as session:
        stage = stage_of(session, slug, PHASE, today)
        waiting = [one.id for one in decision.of_phase(session, stage.programme, PHASE, applied=False)]
    return sum(_one(stage, number) for number in waiting)


def _one(stage: Stage, number: int) -> bool:
    """One decision in a transaction of its own; False for who comes second."""
    with transaction() as session:
        if not decision.claim(session, number):
            return False
        taken = session.get_one(Decision, number)
        deed, rest = parse(taken.choice)
        kind, _, about = taken.subject.partition(":")
        done = DO[kind](session, stage, taken, int(about), deed, rest)
        what = str(deed) if done else f"{deed} not possible"
        event.record(session, f"person:{taken.decided_by}", what, taken.subject, decision=taken.id)
        return True


def _pair(session: Session, stage: Stage, taken: Decision, number: int, deed: Deed, rest: str) -> bool:
    """End a relation, and where it says so, let both begin afresh (MAT-M10, FRE-01)."""
    pair = session.get_one(Pairing, number, with_for_update={"of": Pairing})
    if taken.choice not in {choice.id for choice in of_pair(PairingStatus(pair.status))}:
        return False
    active = pair.status == PairingStatus.ACTIVE
    reason = CloseReason.REMATCH if deed is Deed.REMATCH else CloseReason(rest)
    end_books(session, pair, reason, stage.today)
    request.cancel_about(session, f"pairing:{pair.id}")
    if active:
        ask_relationship_end(session, stage, pair)
    if reason in AFRESH:
        for one, _, _ in sides(pair):
            tell(session, stage, one, RematchStarted(given_name=one.given_name), about=f"pairing:{pair.id}")
        if pair.mentee.status == ParticipantStatus.CONFIRMED:
            pair.mentee.move(ParticipantStatus.WAITING)
        again(session, stage, "matching", days=ROUND_DAYS)
    return True


def _participant(session: Session, stage: Stage, taken: Decision, number: int, deed: Deed, rest: str) -> bool:  # noqa: ARG001 - one shape for all
    """Take somebody out: nothing more is asked in that role, and a few words confirm it."""
    one = session.get_one(Participant, number, with_for_update={"of": Participant})
    if one.status not in WITHDRAWABLE:
        return False
    withdraw(session, stage, one, actor=f"person:{taken.decided_by}")
    for asked in glance.asked_of(session, stage.programme, one.person_id, RequestStatus.OPEN, RequestStatus.LAPSED):
        if asked.about == f"participant:{one.id}" or FORMS[asked.form].by == Role(one.role):
            request.change_status(session, asked.id, RequestStatus(asked.status), RequestStatus.CANCELLED)
            delivery.cancel_for_request(session, asked.id)
    told = ParticipationEnded(given_name=one.person.given_name)
    tell(session, stage, one.person, told, about=taken.subject)
    return True


def _signal(session: Session, stage: Stage, taken: Decision, number: int, deed: Deed, rest: str) -> bool:  # noqa: ARG001 - one shape for all
    """Somebody has looked at it."""
    found = session.get_one(signal.Signal, number)
    if found.settled_on is None:
        found.settled_on = stage.today
    return True


def _request(session: Session, stage: Stage, taken: Decision, number: int, deed: Deed, rest: str) -> bool:
    """An open question: its e-mail once more, a new address, or more days."""
    asked = session.get_one(Request, number, with_for_update={"of": Request})
    late = asked.status == RequestStatus.LAPSED and deed is Deed.NEW_LINK
    if asked.status != RequestStatus.OPEN and not late:
        return False
    mail: Email | None
    if deed is Deed.NEW_LINK:
        mail = _new_link(session, stage, asked)
    elif deed is Deed.EXTEND:
        mail = _extend(session, stage, asked, int(rest))
    else:
        mail = _same(session, asked)
    if mail is not None:
        occasion = f"hand.{taken.round}"
        tell(session, stage, asked.person, mail, about=f"request:{asked.id}", occasion=occasion, asked=asked)
    return mail is not None


def _new_link(session: Session, stage: Stage, asked: Request) -> Email:
    """The address that was sent opens nothing any more; the new one works for as long as a late answer is kept."""
    link.revoke(session, asked.link)
    if asked.link.expires_on is not None:
        asked.link.expires_on = max(asked.link.expires_on, stage.today + timedelta(days=GRACE_DAYS))
    return LinkAgain(given_name=asked.person.given_name, title=FORMS[asked.form].title)


def _extend(session: Session, stage: Stage, asked: Request, days: int) -> Email:
    rules = session.get_one(Programme, stage.programme).rules
    place = place_of(asked.person.country, rules.time_zone)
    asked.due_on = next_working_day(asked.due_on + timedelta(days=days), place, rules.mail)
    asked.link.expires_on = asked.due_on + timedelta(days=GRACE_DAYS)
    return MoreTime(given_name=asked.person.given_name, title=FORMS[asked.form].title, closes_on=asked.due_on)


def _same(session: Session, asked: Request) -> Email | None:
    """The invitation as it was, with the day that holds now; None while it has still to go out."""
    sent = [row for row in glance.mails_of_request(session, asked.id) if row.template != Reminder.name]
    if any(row.state in {DeliveryStatus.QUEUED, DeliveryStatus.DRAFT} for row in sent):
        return None
    if not sent:
        number = max(1, asked.reminders)
        title = FORMS[asked.form].title
        return Reminder(given_name=asked.person.given_name, title=title, closes_on=asked.due_on, number=number)
    fields: dict[str, Any] = dict(sent[0].fields)
    if "closes_on" in fields:
        fields["closes_on"] = asked.due_on.isoformat()
    return EMAILS[sent[0].template].model_validate(fields)


def _calendar(session: Session, stage: Stage, taken: Decision, number: int, deed: Deed, rest: str) -> bool:  # noqa: ARG001 - one shape for all
    """The dates change, if the same still follows from it."""
    return carry_out_word(session, stage, taken)


DO = {
    "pairing": _pair,
    "participant": _participant,
    "signal": _signal,
    "request": _request,
    "calendar": _calendar,
}
