"""A running programme at a glance: pairs, people, questions and mails, in a few statements however many there are."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from framework.health import Met
from framework.meetings import MeetingStatus
from framework.pairing import CloseReason, PairingStatus
from framework.participation import ParticipantStatus
from framework.people import Person as Value
from framework.people import Role
from framework.requests import RequestStatus
from models.agreement import Agreement
from models.delivery import Delivery
from models.meeting import Meeting
from models.pairing import Pairing
from models.participant import Participant
from models.person import Person
from models.request import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Couple:
    """A pair that came about: the two by name and id (of the person), where it stands, and since when."""

    id: int
    status: PairingStatus
    close_reason: CloseReason | None
    accepted_on: date | None
    active_on: date | None
    closed_on: date | None
    mentor_id: int
    mentee_id: int
    mentor: str
    mentee: str
    departments: tuple[str, str]
    agreement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A question that waits, in a few values; `about` as in `models.request`."""

    id: int
    form: str
    about: str
    person_id: int
    opened_on: date
    due_on: date
    escalated_on: date | None


@dataclass(frozen=True, slots=True)
class Tally:
    """Questions of one form that were asked on one day and stand alike: how many, and the first of their last days."""

    form: str
    phase: str
    round: int
    opened_on: date
    status: RequestStatus
    number: int
    due_on: date


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody as the rules see one, with the day of hiring."""

    value: Value
    hired_on: date | None


def couples(session: Session, programme_id: int) -> list[Couple]:
    """Every pair that both accepted, or that was appointed, whatever became of it; in the order proposed."""
    mentor, mentee, first, second = aliased(Participant), aliased(Participant), aliased(Person), aliased(Person)
    columns: tuple[Any, ...] = (Pairing.id, Pairing.status, Pairing.close_reason, Pairing.accepted_on)
    columns += (Pairing.active_on, Pairing.closed_on, first.id, second.id, Agreement.status)
    columns += (first.given_name, first.family_name, second.given_name, second.family_name)
    columns += (first.department, second.department)
    query = (
        sa.select(*columns)
        .join(mentor, Pairing.mentor_id == mentor.id)
        .join(mentee, Pairing.mentee_id == mentee.id)
        .join(first, mentor.person_id == first.id)
        .join(second, mentee.person_id == second.id)
        .outerjoin(Agreement, Agreement.pairing_id == Pairing.id)
        .where(Pairing.programme_id == programme_id)
        .where(sa.or_(Pairing.accepted_on.is_not(None), Pairing.status.in_(("accepted", "active"))))
        .order_by(Pairing.id)
    )
    return [_couple(row) for row in session.execute(query)]


def _couple(row: Sequence[Any]) -> Couple:
    number, status, why, accepted, active, closed, mentor, mentee, agreed, *names = row
    return Couple(
        id=number,
        status=PairingStatus(status),
        close_reason=CloseReason(why) if why else None,
        accepted_on=accepted,
        active_on=active,
        closed_on=closed,
        mentor_id=mentor,
        mentee_id=mentee,
        mentor=f"{names[0]} {names[1]}".strip(),
        mentee=f"{names[2]} {names[3]}".strip(),
        departments=(names[4], names[5]),
        agreement=agreed or "",
    )


def pairs_of(session: Session, participants: Collection[int]) -> Sequence[Pairing]:
    """Every pair of these participants, whatever became of it, in the order proposed."""
    mine = sa.or_(Pairing.mentor_id.in_(participants), Pairing.mentee_id.in_(participants))
    return session.scalars(sa.select(Pairing).where(mine).order_by(Pairing.id)).all()


def meetings(session: Session, programme_id: int) -> tuple[dict[int, list[Met]], dict[int, int]]:
    """The meetings of each pair that were not called off, by pair; and to which pair each meeting belongs."""
    columns = (Meeting.id, Meeting.pairing_id, Meeting.planned_on, Meeting.status)
    query = sa.select(*columns).where(Meeting.programme_id == programme_id).order_by(Meeting.planned_on)
    found: dict[int, list[Met]] = {}
    belongs: dict[int, int] = {}
    for number, pair, planned_on, status in session.execute(query):
        belongs[number] = pair
        if status != MeetingStatus.CANCELLED:
            found.setdefault(pair, []).append(Met(planned_on, MeetingStatus(status)))
    return found, belongs


def open_questions(session: Session, programme_id: int) -> list[Open]:
    """Every question of the programme that waits for an answer, the longest waiting first."""
    names = tuple(Open.__dataclass_fields__)
    query = sa.select(*(getattr(Request, name) for name in names))
    query = query.where(Request.programme_id == programme_id, Request.status == RequestStatus.OPEN)
    rows = session.execute(query.order_by(Request.opened_on, Request.id))
    return [Open(**dict(zip(names, row, strict=True))) for row in rows]


def tallies(session: Session, programme_id: int) -> list[Tally]:
    """How many questions of each form stand where, by the day on which they were asked; what was called off is not."""
    columns = (Request.form, Request.phase, Request.round, Request.opened_on, Request.status)
    query = sa.select(*columns, sa.func.count(), sa.func.min(Request.due_on)).group_by(*columns)
    query = query.where(Request.programme_id == programme_id, Request.status != RequestStatus.CANCELLED)
    return [Tally(*row) for row in session.execute(query.order_by(Request.form, Request.opened_on))]


def waiting(session: Session, programme_id: int, form: str, *, start: int, most: int) -> tuple[Sequence[Request], int]:
    """Open questions of one form, the longest waiting first: `most` of them from `start` on, and how many in all."""
    wanted = (Request.programme_id == programme_id, Request.form == form, Request.status == RequestStatus.OPEN)
    number = session.scalar(sa.select(sa.func.count()).select_from(Request).where(*wanted)) or 0
    query = sa.select(Request).where(*wanted).order_by(Request.opened_on, Request.id).offset(start).limit(most)
    return session.scalars(query).all(), number


def asked_of(session: Session, programme_id: int, person_id: int, *statuses: RequestStatus) -> Sequence[Request]:
    """What a programme asked somebody, in the order asked; all statuses unless named."""
    query = sa.select(Request).where(Request.programme_id == programme_id, Request.person_id == person_id)
    if statuses:
        query = query.where(Request.status.in_(statuses))
    return session.scalars(query.order_by(Request.id)).all()


def asked_about(session: Session, programme_id: int, about: Collection[str]) -> Sequence[Request]:
    """What a programme asked about these things (`pairing:7`, `meeting:12`), in the order asked."""
    query = sa.select(Request).where(Request.programme_id == programme_id, Request.about.in_(about))
    return session.scalars(query.order_by(Request.id)).all()


def mails_of_request(session: Session, request_id: int) -> Sequence[Delivery]:
    """The messages that carried a question and its reminders, in the order written."""
    return session.scalars(sa.select(Delivery).where(Delivery.request_id == request_id).order_by(Delivery.id)).all()


def mails(
    session: Session, programme_id: int, *, people: Collection[int] = (), about: Collection[str] = (), most: int
) -> tuple[Sequence[Delivery], int]:
    """What a programme wrote to these people, or about these things: the newest `most`, and how many in all.

    What a message is about stands in its key, between the template and the person.
    """
    where = [Delivery.programme_id == programme_id]
    if people:
        where.append(Delivery.person_id.in_(people))
    if about:
        where.append(sa.or_(*(Delivery.key.like(f"%:{one}:%") for one in about)))
    number = session.scalar(sa.select(sa.func.count()).select_from(Delivery).where(*where)) or 0
    return session.scalars(sa.select(Delivery).where(*where).order_by(Delivery.id.desc()).limit(most)).all(), number


def latest_mails(session: Session, requests: Collection[int]) -> dict[int, Delivery]:
    """The newest message behind each of these questions."""
    query = sa.select(Delivery).where(Delivery.request_id.in_(requests)).order_by(Delivery.id)
    return {row.request_id: row for row in session.scalars(query) if row.request_id}


def roles(session: Session, programme_id: int) -> dict[int, list[tuple[Role, ParticipantStatus]]]:
    """The roles that people have in a programme, by person, and where each stands."""
    columns = (Participant.person_id, Participant.role, Participant.status)
    found: dict[int, list[tuple[Role, ParticipantStatus]]] = {}
    query = sa.select(*columns).where(Participant.programme_id == programme_id).order_by(Participant.id)
    for person, role, status in session.execute(query):
        found.setdefault(person, []).append((Role(role), ParticipantStatus(status)))
    return found


def asked_people(session: Session, programme_id: int) -> Counter[int]:
    """Who was ever asked something by a programme, and how many questions wait for each."""
    open_ = sa.func.sum(sa.case((Request.status == RequestStatus.OPEN, 1), else_=0))
    query = sa.select(Request.person_id, open_).where(Request.programme_id == programme_id).group_by(Request.person_id)
    return Counter({person: int(number or 0) for person, number in session.execute(query)})


def everybody(session: Session) -> list[Known]:
    """All people as the rules see them, read in one go; skills and interests are left out."""
    names = ["id", "given_name", "family_name", "employee_number", "department", "site", "country", "years"]
    names += ["left_on", "external"]
    query = sa.select(Person.hired_on, *(getattr(Person, name) for name in names)).order_by(Person.id)
    return [Known(Value(**dict(zip(names, row, strict=True))), hired) for hired, *row in session.execute(query)]


def names(session: Session, people: Collection[int]) -> dict[int, str]:
    """These people by name."""
    query = sa.select(Person.id, Person.given_name, Person.family_name).where(Person.id.in_(people))
    return {number: f"{given} {family}".strip() for number, given, family in session.execute(query)}
