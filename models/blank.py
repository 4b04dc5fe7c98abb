"""Emptying what is kept of one person: every row stays, so that figures count as before, and none says who it was.

The tables in which a person stands are all here; tests/models/test_blank.py looks for a table that is forgotten.
"""

import secrets
from collections import Counter
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from framework.mail import DeliveryStatus
from framework.requests import RequestStatus
from models import delivery, fairness, tally, vault
from models.certificate import Certificate
from models.decision import Decision
from models.delivery import Delivery
from models.draft import Draft
from models.link import Link
from models.matching_run import MatchingRun
from models.meeting import Meeting
from models.mentions import ON_ITS_WAY
from models.pairing import Pairing
from models.participant import Participant
from models.person import Person
from models.request import Request
from models.response import Response
from models.signal import Signal
from models.wish import Wish

NOBODY = "—"
"""Stands where a name stood, in every language."""
R, S = RequestStatus, DeliveryStatus
IN_FLIGHT = (S.LEASED, S.SENDING)
AT_ONCE = 500


def blank(session: Session, who: Person, today: date) -> Counter[str]:
    """Empty everything that is kept of that person; how many rows of each kind. Names are found elsewhere before."""
    parts = set(session.scalars(sa.select(Participant.id).where(Participant.person_id == who.id)))
    found: Counter[str] = Counter()
    _matchings(session, who.id, parts, found)
    _questions(session, who.id, parts, today, found)
    _mails(session, who.id, found)
    _quotes(session, who.id, parts, found)
    _participations(session, who.id, parts, found)
    _pointers(session, who.id, found)
    found["keys"] = vault.destroy(session, who.id)
    for name, value in _emptied(today).items():
        setattr(who, name, value)
    session.flush()
    return +found


def _emptied(today: date) -> dict[str, Any]:
    """What stands in the row of somebody of whom nothing is known: not here, and not to be written to."""
    return {
        "employee_number": None,
        "email": None,
        "given_name": NOBODY,
        "family_name": "",
        "language": "en",
        "manager_id": None,
        "department": "",
        "site": "",
        "country": "",
        "job_title": "",
        "years": 0,
        "level": 0,
        "hired_on": None,
        "skills": [],
        "interests": [],
        "left_on": today,
        "external": False,
        "mail_refused_on": None,
        "mail_refused_code": "",
        "no_campaigns_since": today,
        "gender": "",
        "erased_on": today,
    }


def _matchings(session: Session, person_id: int, parts: set[int], found: Counter[str]) -> None:
    """The figures of every round are kept first; then runs forget what they saw of that person."""
    places = {(one.programme_id, one.round): None for one in _runs(session, person_id)}
    for where in places:
        fairness.freeze(session, *where)
    for run in _runs(session, person_id):
        found["matchings"] += run.thin({person_id})
    wished = sa.or_(Wish.participant_id.in_(parts), Wish.other_id.in_(parts))
    found["wishes"] = len(session.scalars(sa.delete(Wish).where(wished).returning(Wish.id)).all())
    for pair in session.scalars(sa.select(Pairing)).unique():
        mine, others = {pair.mentor_id, pair.mentee_id} & parts, pair.others
        left = [] if pair.mentee_id in parts else [one for one in others if one["mentor"] not in parts]
        if mine:
            pair.reasons = {}
            found["pairs"] += 1
        if len(left) != len(others):
            pair.others = left


def _runs(session: Session, person_id: int) -> list[MatchingRun]:
    every = session.scalars(sa.select(MatchingRun).order_by(MatchingRun.id))
    return [one for one in every if one.saw(person_id)]


def _questions(session: Session, person_id: int, parts: set[int], today: date, found: Counter[str]) -> None:
    """Answers go into the tally, drafts away; what is open is called off, what was answered counts as done."""
    mine = Request.person_id == person_id
    given = sa.select(Response).join(Request).where(mine).with_for_update(of=Response)
    found["answers"] = sum(tally.empty(session, one, today) for one in session.scalars(given).unique())
    asked = sa.select(Request.id).where(mine)
    found["drafts"] = len(
        session.scalars(sa.delete(Draft).where(Draft.request_id.in_(asked)).returning(Draft.id)).all()
    )
    own = [f"request:{number}" for number in session.scalars(asked)]
    about = [*(f"participant:{number}" for number in parts), *own]
    for where in (mine, Request.about.in_(about)):
        stop = sa.update(Request).where(where, Request.status == R.OPEN).values(status=R.CANCELLED)
        for number in session.scalars(stop.returning(Request.id)).all():
            delivery.cancel_for_request(session, number)
            found["questions"] += 1
    session.execute(sa.update(Request).where(mine, Request.status == R.ANSWERED).values(status=R.SETTLED))
    session.execute(sa.update(Request).where(mine).values(options={}))
    looked = sa.update(Signal).where(Signal.about.in_(about), Signal.settled_on.is_(None))
    session.execute(looked.values(settled_on=today))
    session.expire_all()


def _mails(session: Session, person_id: int, found: Counter[str]) -> None:
    """What waits is called off, and no message says anything any more; one on its way has lost its key."""
    delivery.cancel_for_person(session, person_id)
    mine = (Delivery.person_id == person_id, Delivery.state.not_in(IN_FLIGHT))
    gone: dict[str, Any] = {
        "sealed": "",
        "open_fields": {},
        "domain": "",
        "place": "",
        "queue_id": None,
        "language": "en",
    }
    wiped = sa.update(Delivery).where(*mine).values(gone).returning(Delivery.id)
    found["mails"] = len(session.scalars(wiped).all())
    shut = sa.update(Link).where(Link.person_id == person_id).values(revoked=True, version=Link.version + 1)
    found["links"] = len(session.scalars(shut.returning(Link.id)).all())
    session.expire_all()


def _quotes(session: Session, person_id: int, parts: set[int], found: Counter[str]) -> None:
    """Mails that went to others about this person's pairs, meetings, applications and questions may quote an answer."""
    pairs = session.scalars(
        sa.select(Pairing.id).where(sa.or_(Pairing.mentor_id.in_(parts), Pairing.mentee_id.in_(parts)))
    )
    own = {"pairing": set(pairs), "participant": parts, "person": {person_id}}
    own["meeting"] = set(session.scalars(sa.select(Meeting.id).where(Meeting.pairing_id.in_(own["pairing"]))))
    own["request"] = set(session.scalars(sa.select(Request.id).where(Request.person_id == person_id)))
    about = {f"{kind}:{number}" for kind, numbers in own.items() for number in numbers}
    others = (Delivery.person_id != person_id, Delivery.sealed != "", Delivery.state.not_in(ON_ITS_WAY))
    keys = session.execute(sa.select(Delivery.id, Delivery.key).where(*others)).all()
    gone = [number for number, key in keys if ":".join(key.split(":")[3:-2]) in about]
    for start in range(0, len(gone), AT_ONCE):
        some = Delivery.id.in_(gone[start : start + AT_ONCE])
        session.execute(sa.update(Delivery).where(some).values(sealed="", open_fields={}))
    found["quotes"] = len(gone)
    session.expire_all()


def _participations(session: Session, person_id: int, parts: set[int], found: Counter[str]) -> None:
    for one in session.scalars(sa.select(Participant).where(Participant.id.in_(parts))).unique():
        one.sealed, one.open_profile, one.open_reason = "", {}, ""
        one.score = one.waiting_since = None
        found["roles"] += 1
    for paper in session.scalars(sa.select(Certificate).where(Certificate.participant_id.in_(parts))).unique():
        paper.number = f"erased-{secrets.token_hex(12)}"
        found["certificates"] += 1
    for taken in session.scalars(sa.select(Decision).where(Decision.concerns_id == person_id)):
        taken.sealed, taken.open_reason = "", ""
        found["decisions"] += 1


def _pointers(session: Session, person_id: int, found: Counter[str]) -> None:
    """Whoever had that line manager has none, until HR's list names another."""
    led = sa.update(Person).where(Person.manager_id == person_id).values(manager_id=None)
    found["led"] = len(session.scalars(led.returning(Person.id)).all())
