"""A programme in the middle of its life, with so many pairs, written into the database in few statements.

The phases up to the agreement are over, and three meetings of every pair lie behind; of one in eleven nobody ever said
anything. On `QUIET` nothing is due. On `BUSY`, once `come_to_busy` has been called, all falls together: the first
review asks both sides of every pair, each mentee is asked how yesterday's meeting went, and one mentee in eleven is
reminded of a meeting that was moved.
"""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from framework import programme as rules
from framework.agreement import AgreementStatus
from framework.mail import DeliveryStatus
from framework.meetings import MeetingStatus, planned_dates
from framework.pairing import PairingStatus
from framework.participation import ParticipantStatus
from framework.people import Role
from framework.requests import RequestStatus
from models import installation, programme, vault
from models.agreement import Agreement
from models.base import Base, transaction
from models.delivery import Delivery, digest
from models.link import Link
from models.meeting import Meeting
from models.pairing import Pairing
from models.participant import Participant
from models.person import Person
from models.request import Request

SLUG, START = "growth-2027", date(2027, 1, 11)
QUIET, BUSY = date(2027, 7, 20), date(2027, 8, 5)
PREPARE, LOG, DOUBT, MISSED = "meeting_preparation", "meeting_log", "took_place_mentee", "meeting_missed"
ONE_IN, REPORTS, AT_ONCE, MOVED, YESTERDAYS = 11, 20, 5_000, 99, 4  # one in eleven, so that silence wanders
LANGUAGES = ("nl", "nl", "fr", "en")
R, M = RequestStatus, MeetingStatus
PROGRAMME: dict[str, Any] = {
    "slug": SLUG,
    "title": "Growth 2027",
    "company": "Baken Example",
    "track": "growth",
    "starts_on": START,
    "languages": ("nl", "fr", "en"),
    "coordinator": "person0@baken.example",
    "mail": {"largest_mailing": 1_000_000},
}


class Asked(NamedTuple):
    """A question about one meeting, of the past or still open."""

    form: str
    meeting: int
    whom: int
    on: date
    days: int
    status: RequestStatus


class Met(NamedTuple):
    """A meeting, its mentee and its mentor."""

    id: int
    whom: int
    mentor: int

    @property
    def is_silent(self) -> bool:
        """Of one in eleven nobody says anything."""
        return self.id % ONE_IN == 0


def make(pairs: int) -> None:
    """The company, the programme and its past up to `QUIET`, in an empty migrated database that the settings name."""
    with transaction() as session:
        installation.mark_as_rehearsal(session, QUIET)
        row = programme.keep(session, rules.Programme.model_validate(PROGRAMME))
        _pair_up(session, row.id, _people(session, pairs))
        _open_and_finish(session, row.id)
        days = _meeting_days()
        for number, on in enumerate(days, 1):
            _meet(session, row.id, number, on)
        for number, on in enumerate([on for on in days if on < QUIET], 1):
            _remember(session, row.id, _met(session, number), on)


def come_to_busy() -> None:
    """What happened from `QUIET` to the morning of `BUSY`; the advance that follows finds it."""
    with transaction() as session:
        here = programme.by_slug(session, SLUG).id
        programme.milestone_of(session, here, "meetings", 1).wake_on = BUSY
        session.execute(sa.update(Meeting).where(Meeting.number == YESTERDAYS).values(prepared=True))
        before, moved_to = BUSY - timedelta(days=4), BUSY - timedelta(days=7)
        found = _met(session, YESTERDAYS)
        asked = [Asked(PREPARE, one.id, one.whom, before, 7, R.OPEN if one.is_silent else R.SETTLED) for one in found]
        _meet(session, here, MOVED, moved_to, every=ONE_IN)
        late = [Asked(LOG, one.id, one.whom, BUSY - timedelta(days=6), 10, R.OPEN) for one in _met(session, MOVED)]
        _ask(session, here, [*asked, *late])


def _people(session: Session, pairs: int) -> list[int]:
    """The coordinator, then so many mentors and as many mentees; each has a key, as who was ever written to."""
    rows: list[dict[str, Any]] = [
        {
            "employee_number": str(number),
            "email": f"person{number}@baken.example",
            "given_name": f"Given{number}",
            "family_name": f"Family{number % 997}",
            "language": LANGUAGES[number % len(LANGUAGES)],
            "department": "Works" if number <= pairs else "Sales",
            "country": "BE",
            "years": number % 30,
            "skills": [],
            "interests": [],
            "hired_on": START - timedelta(days=400),
        }
        for number in range(2 * pairs + 1)
    ]
    ids = _insert(session, Person, rows)
    heads = ids[1 : 2 + pairs // REPORTS]
    reports = [{"id": one, "manager_id": heads[at % len(heads)]} for at, one in enumerate(ids) if one not in heads[:1]]
    session.execute(sa.update(Person), reports)
    for at in range(0, len(ids), AT_ONCE):
        vault.seal_all(session, [(one, "benchmark", "") for one in ids[at : at + AT_ONCE]])
    return ids


def _pair_up(session: Session, here: int, people: Sequence[int]) -> None:
    pairs = len(people) // 2
    taking = [
        {
            "programme_id": here,
            "person_id": who,
            "role": Role.MENTOR if at < pairs else Role.MENTEE,
            "status": ParticipantStatus.CONFIRMED,
        }
        for at, who in enumerate(people[1:])
    ]
    ids = _insert(session, Participant, taking)
    begun = START + timedelta(days=110)
    rows = [
        {"programme_id": here, "round": 1, "mentor_id": mentor, "mentee_id": mentee, "score": 700, "others": []}
        | {"status": PairingStatus.ACTIVE, "accepted_on": begun, "active_on": begun, "relaxed": [], "reasons": {}}
        for mentor, mentee in zip(ids[:pairs], ids[pairs:], strict=True)
    ]
    made = _insert(session, Pairing, rows)
    signed = [{"pairing_id": one, "programme_id": here, "status": AgreementStatus.ACTIVE} for one in made]
    _insert(session, Agreement, [one | {"active_on": begun} for one in signed])


def _open_and_finish(session: Session, here: int) -> None:
    """The calendar as it stands: what lies behind is finished, the meetings go on."""
    for one in programme.milestones(session, here):
        if one.opens_on > QUIET:
            continue
        one.opened_on = one.opens_on
        if one.phase == "meetings":
            one.state, one.wake_on = "Active", _meeting_days()[3] - timedelta(days=4)
        else:
            one.state, one.finished_on, one.wake_on = "Completed", one.closes_on, None
            one.outcome = "go" if one.phase == "readiness" else ""


def _meeting_days() -> list[date]:
    plan = rules.Programme.model_validate(PROGRAMME)
    start = rules.relationships_start(plan)
    return planned_dates(start, rules.months_after(start, plan.relationship_months), plan.meetings.every_days)


def _meet(session: Session, here: int, number: int, on: date, every: int = 1) -> None:
    """One meeting of every pair, or of each so many-th; those of the past are over."""
    past, moved = on < QUIET, number == MOVED
    rows: list[dict[str, Any]] = []
    for at, pair in enumerate(session.scalars(sa.select(Pairing.id).order_by(Pairing.id)).all()):
        if at % every:
            continue
        status = M.PLANNED if not past else M.HELD
        rows.append(
            {"programme_id": here, "pairing_id": pair, "number": number, "planned_on": on, "status": status}
            | {"prepared": past or moved, "asked": past or moved, "held_on": on if past else None}
        )
    _insert(session, Meeting, rows)


def _met(session: Session, number: int) -> list[Met]:
    mentee, mentor = aliased(Participant), aliased(Participant)
    query = sa.select(Meeting.id, mentee.person_id, mentor.person_id).join(Pairing, Meeting.pairing_id == Pairing.id)
    query = query.join(mentee, Pairing.mentee_id == mentee.id).join(mentor, Pairing.mentor_id == mentor.id)
    return [Met(*row) for row in session.execute(query.where(Meeting.number == number).order_by(Meeting.id))]


def _remember(session: Session, here: int, those: Sequence[Met], on: date) -> None:
    """What was asked about a meeting of the past, and what became of it."""
    before, after = on - timedelta(days=4), on + timedelta(days=1)
    asked: list[Asked] = []
    for one in those:
        end = R.LAPSED if one.is_silent else R.SETTLED
        asked += [Asked(PREPARE, one.id, one.whom, before, 5, end), Asked(LOG, one.id, one.whom, after, 10, end)]
        if one.is_silent:
            asked.append(Asked(DOUBT, one.id, one.whom, after + timedelta(days=11), 7, end))
    _ask(session, here, asked)
    said = after + timedelta(days=20)
    words = [Asked(MISSED, one.id, whom, said, 0, R.LAPSED) for one in those if one.is_silent for whom in one[1:]]
    _insert(session, Delivery, [_mail(here, one) for one in words])
    silent = [{"id": one.id, "status": M.UNCONFIRMED, "held_on": None} for one in those if one.is_silent]
    if silent:
        session.execute(sa.update(Meeting), silent)


def _ask(session: Session, here: int, asked: Sequence[Asked]) -> None:
    """The rows of these questions: a link, a request, and the mail that was sent."""
    links = [
        {"public_id": _public_id(), "purpose": "form", "programme_id": here, "person_id": one.whom} for one in asked
    ]
    behind = _insert(session, Link, links)
    requests = [
        {"key": _key(one.form, one), "programme_id": here, "phase": "meetings", "round": 1, "form": one.form}
        | {"person_id": one.whom, "link_id": link, "about": f"meeting:{one.meeting}", "options": {}}
        | {"status": one.status, "opened_on": one.on, "due_on": one.on + timedelta(days=one.days)}
        for one, link in zip(asked, behind, strict=True)
    ]
    ids = _insert(session, Request, requests)
    behind_it = zip(asked, behind, ids, strict=True)
    _insert(
        session, Delivery, [_mail(here, one) | {"link_id": link, "request_id": id_} for one, link, id_ in behind_it]
    )


def _mail(here: int, one: Asked) -> dict[str, Any]:
    """A mail of those days, which was sent."""
    key = _key(one.form, one)
    told = {"key": key, "message_id": digest(key), "programme_id": here, "phase": "meetings", "template": one.form}
    to = {"person_id": one.whom, "language": "nl", "place": "BE Europe/Brussels", "domain": "baken.example"}
    days = {"planned_on": one.on, "due_on": one.on, "sent_on": one.on}
    return told | to | days | {"open_fields": {}, "state": DeliveryStatus.SENT.value, "link_id": None}


def _key(name: str, one: Asked) -> str:
    return f"{SLUG}:meetings:{name}:meeting:{one.meeting}:{one.whom}:1"


def _public_id() -> str:
    return urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")


def _insert(session: Session, table: type[Base], rows: Sequence[dict[str, Any]]) -> list[int]:
    """The rows, in few statements; their ids, in the same order."""
    ids: list[int] = []
    for at in range(0, len(rows), AT_ONCE):
        statement = sa.insert(table).returning(table.id, sort_by_parameter_order=True)
        ids += session.scalars(statement, rows[at : at + AT_ONCE])
    return ids
