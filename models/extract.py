"""What a coordinator may take along, row by row in plain values: quick, and in little memory, for many thousands.

Nothing here reads an answer that somebody confided; which column may go out at all is said in `portal/downloads`.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from framework.requests import RequestStatus
from models import tally
from models.delivery import Delivery
from models.meeting import Meeting
from models.pairing import Pairing
from models.participant import Participant
from models.person import Person
from models.request import Request
from models.response import Response
from models.signal import Signal
from models.training import Enrolment, TrainingSession

AT_ONCE = 500  # rows in memory
Row = tuple[Any, ...]

_MENTOR, _MENTEE = aliased(Participant), aliased(Participant)
_GUIDE, _LEARNER = aliased(Person), aliased(Person)
_NAME = (Person.family_name, Person.given_name)
_BOTH = (_GUIDE.family_name, _GUIDE.given_name, _LEARNER.family_name, _LEARNER.given_name)


def _rows(session: Session, query: sa.Select[Any]) -> Iterator[Row]:
    for row in session.execute(query.execution_options(yield_per=AT_ONCE)):
        yield tuple(row)


def _two(*columns: Any) -> sa.Select[Any]:
    """A query over pairs, with the two people of each."""
    query = sa.select(*columns).join(_MENTOR, Pairing.mentor_id == _MENTOR.id)
    query = query.join(_MENTEE, Pairing.mentee_id == _MENTEE.id)
    return query.join(_GUIDE, _MENTOR.person_id == _GUIDE.id).join(_LEARNER, _MENTEE.person_id == _LEARNER.id)


def participants(session: Session, programme_id: int) -> Iterator[Row]:
    """Everybody in the programme: number, name, address, role, status, places, score, wait, and the staff record."""
    columns = (
        Participant.id,
        *_NAME,
        Person.email,
        Participant.role,
        Participant.status,
        Participant.capacity,
        Participant.score,
        Participant.waiting_since,
        Person.department,
        Person.site,
        Person.country,
        Person.job_title,
        Person.language,
        Person.left_on,
    )
    query = sa.select(*columns).join(Person, Participant.person_id == Person.id)
    return _rows(session, query.where(Participant.programme_id == programme_id).order_by(Participant.id))


def pairs(session: Session, programme_id: int) -> Iterator[Row]:
    """Every pair: number, round, both names, status, how it was made, score, and the days on which it moved."""
    columns = (
        Pairing.id,
        Pairing.round,
        *_BOTH,
        Pairing.status,
        Pairing.origin,
        Pairing.score,
        Pairing.accepted_on,
        Pairing.active_on,
        Pairing.closed_on,
        Pairing.close_reason,
    )
    return _rows(session, _two(*columns).where(Pairing.programme_id == programme_id).order_by(Pairing.id))


def meetings(session: Session, programme_id: int) -> Iterator[Row]:
    """Per pair: number, both names, the first and last planned day, and how many meetings stand in each state."""
    each = [sa.func.sum(sa.case((Meeting.status == state, 1), else_=0)) for state in MEETING_STATES]
    columns = (Pairing.id, *_BOTH, sa.func.min(Meeting.planned_on), sa.func.max(Meeting.planned_on), *each)
    query = _two(*columns).join(Meeting, Meeting.pairing_id == Pairing.id)
    return _rows(
        session, query.where(Pairing.programme_id == programme_id).group_by(Pairing.id, *_BOTH).order_by(Pairing.id)
    )


MEETING_STATES = ("planned", "held", "missed", "unconfirmed")


def questions(session: Session, programme_id: int) -> Iterator[Row]:
    """The questions that wait: form, who is asked, since when, until when, how often reminded, whether time is up."""
    columns = (
        Request.form,
        *_NAME,
        Person.email,
        Request.opened_on,
        Request.due_on,
        Request.reminders,
        Request.reminded_on,
        Request.status,
    )
    waiting = (
        Request.programme_id == programme_id,
        Request.status.in_((RequestStatus.OPEN, RequestStatus.LAPSED)),
    )
    query = sa.select(*columns).join(Person, Request.person_id == Person.id)
    return _rows(session, query.where(*waiting).order_by(Request.due_on, Request.id))


def mails(session: Session, programme_id: int) -> Iterator[Row]:
    """The envelope of every e-mail: number, kind, to whom, language, when it was meant and went, how it stands."""
    inside = sa.and_(Delivery.state == "sent", Delivery.carrier_id.is_not(None))
    columns = (
        Delivery.id,
        Delivery.template,
        *_NAME,
        Person.email,
        Delivery.language,
        Delivery.planned_on,
        Delivery.due_on,
        Delivery.sent_on,
        sa.case((inside, "inside"), else_=Delivery.state),
    )
    query = sa.select(*columns).join(Person, Delivery.person_id == Person.id)
    return _rows(session, query.where(Delivery.programme_id == programme_id).order_by(Delivery.id))


def enrolments(session: Session, programme_id: int) -> Iterator[Row]:
    """Who follows the training: name, role, status, and the day, place and length of the session chosen."""
    columns = (
        *_NAME,
        Person.email,
        Participant.role,
        Enrolment.status,
        TrainingSession.on,
        TrainingSession.minutes,
        TrainingSession.place,
        Enrolment.rebooked,
    )
    query = sa.select(*columns).join(Participant, Enrolment.participant_id == Participant.id)
    query = query.join(Person, Participant.person_id == Person.id)
    query = query.outerjoin(TrainingSession, Enrolment.session_id == TrainingSession.id)
    return _rows(session, query.where(Enrolment.programme_id == programme_id).order_by(Enrolment.id))


def signals(session: Session, programme_id: int) -> Iterator[Row]:
    """Every finding: its code, what it is about, its round, and when it was raised and settled."""
    columns = (Signal.code, Signal.about, Signal.round, Signal.raised_on, Signal.settled_on)
    return _rows(session, sa.select(*columns).where(Signal.programme_id == programme_id).order_by(Signal.id))


def counted(session: Session, programme_id: int, form: str) -> dict[int, list[dict[str, Any]]]:
    """The answers to a form that stand open for counting, by round; nothing that was sealed."""
    query = sa.select(Request.round, Response.open).join(Request, Response.request_id == Request.id)
    wanted = (Request.programme_id == programme_id, Response.form == form, Response.emptied_on.is_(None))
    found: dict[int, list[dict[str, Any]]] = {}
    for number, answers in _rows(session, query.where(*wanted).order_by(Response.id)):
        found.setdefault(number, []).append(answers)
    for number, emptied in tally.dealt(session, programme_id, form).items():
        found.setdefault(number, []).extend(emptied)
    return found


def answer_counts(session: Session, programme_id: int, forms: Collection[str]) -> Counter[int]:
    """How many answers to any of these forms there are, by round; none of them is opened."""
    query = (
        sa.select(Request.round, sa.func.count()).select_from(Response).join(Request, Response.request_id == Request.id)
    )
    wanted = (Request.programme_id == programme_id, Response.form.in_(forms))
    grouped = query.where(*wanted).group_by(Request.round)
    return Counter({int(number): int(many) for number, many in _rows(session, grouped)})


def statuses(session: Session, programme_id: int) -> dict[str, Counter[str]]:
    """How many participants stand where, by role."""
    query = sa.select(Participant.role, Participant.status, sa.func.count())
    query = query.where(Participant.programme_id == programme_id).group_by(Participant.role, Participant.status)
    found: dict[str, Counter[str]] = {}
    for role, status, number in session.execute(query):
        found.setdefault(str(role), Counter())[str(status)] = number
    return found


def pair_states(session: Session, programme_id: int) -> Counter[tuple[str, str]]:
    """How many pairs stand where, and why those ended that did; a pair without an end has the reason ``."""
    query = sa.select(Pairing.status, Pairing.close_reason, sa.func.count())
    query = query.where(Pairing.programme_id == programme_id).group_by(Pairing.status, Pairing.close_reason)
    return Counter({(str(status), str(why or "")): number for status, why, number in session.execute(query)})


def enrolment_states(session: Session, programme_id: int) -> Counter[str]:
    """How many stand where in the training."""
    query = sa.select(Enrolment.status, sa.func.count()).where(Enrolment.programme_id == programme_id)
    return Counter({str(status): number for status, number in session.execute(query.group_by(Enrolment.status))})


def meeting_days(session: Session, programme_id: int, until: date) -> list[tuple[date, str, int]]:
    """How many meetings planned for each day until `until` stand in each state."""
    query = sa.select(Meeting.planned_on, Meeting.status, sa.func.count())
    wanted = (Meeting.programme_id == programme_id, Meeting.planned_on <= until)
    grouped = query.where(*wanted).group_by(Meeting.planned_on, Meeting.status).order_by(Meeting.planned_on)
    return [(on, str(status), number) for on, status, number in session.execute(grouped)]


def answer_days(session: Session, programme_id: int, phase: str, number: int) -> tuple[int, list[tuple[date, int]]]:
    """Of a round's questions: how many were asked, and how many were answered on each day."""
    mine = (Request.programme_id == programme_id, Request.phase == phase, Request.round == number)
    stands = (*mine, Request.status != RequestStatus.CANCELLED)
    asked = session.scalar(sa.select(sa.func.count()).where(*stands)) or 0
    days = sa.select(Request.answered_on, sa.func.count()).where(*stands, Request.answered_on.is_not(None))
    rows = session.execute(days.group_by(Request.answered_on).order_by(Request.answered_on))
    return asked, [(on, many) for on, many in rows if on]


def held_people(session: Session, programme_id: int, template: str, start: int, most: int) -> list[Row]:
    """Who would get a mailing that waits for a word, by name: the message's number, names, department, site."""
    columns = (Delivery.id, *_NAME, Person.department, Person.site)
    mine = (Delivery.programme_id == programme_id, Delivery.template == template, Delivery.state == "draft")
    query = sa.select(*columns).join(Person, Delivery.person_id == Person.id).where(*mine)
    return list(_rows(session, query.order_by(*_NAME, Delivery.id).offset(start).limit(most)))
