"""All that is held on one person, in plain values that JSON holds (GDPR art. 15 and 20).

Own answers are opened. What others wrote about the same pair, meeting or application is in it as far as the one table
lets this person read it (`framework.visibility`): no third party's confidential words. Days are ISO dates.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from framework.content import FORMS
from framework.people import Role
from framework.visibility import readable
from models.agreement import Agreement
from models.certificate import Certificate
from models.decision import Decision
from models.delivery import Delivery
from models.draft import Draft
from models.event import Event
from models.link import Link
from models.matching_run import SIDES, MatchingRun
from models.meeting import Meeting
from models.pairing import Pairing
from models.participant import Participant
from models.person import Person
from models.programme import Programme
from models.request import Request
from models.response import Response
from models.training import Enrolment
from models.wish import Wish

Rows = list[dict[str, Any]]
KEPT_APART = frozenset({"id", "manager_id"})


def plain(value: Any) -> Any:
    """As JSON holds it."""
    return value.isoformat() if isinstance(value, date | datetime) else value


def record(session: Session, who: Person) -> dict[str, Any]:
    """The staff record, with the line manager by name; empty for somebody who was erased."""
    if who.erased_on is not None:
        return {}
    own = {column.key: plain(getattr(who, column.key)) for column in sa.inspect(Person).column_attrs}
    boss = session.get(Person, who.manager_id) if who.manager_id else None
    return {name: value for name, value in own.items() if name not in KEPT_APART} | {
        "line_manager": boss.value().name if boss else ""
    }


def everything(session: Session, who: Person) -> dict[str, Rows]:
    """Every other row by kind, in the order in which it came; mails without their words. Nothing once erased."""
    if who.erased_on is not None:
        return {}
    slugs = {number: slug for number, slug in session.execute(sa.select(Programme.id, Programme.slug))}  # noqa: C416 - rows
    parts = _all(session, sa.select(Participant).where(Participant.person_id == who.id).order_by(Participant.id))
    ids = {one.id: one for one in parts}
    mine = sa.or_(Pairing.mentor_id.in_(ids), Pairing.mentee_id.in_(ids))
    pairs = _all(session, sa.select(Pairing).where(mine).order_by(Pairing.id))
    met = _all(session, sa.select(Meeting).where(Meeting.pairing_id.in_([p.id for p in pairs])).order_by(Meeting.id))
    return {
        "roles": [_role(one, slugs) for one in parts],
        **_asked(session, who, slugs),
        "others_answers": _others(session, who, parts, pairs, met),
        "decisions": _decisions(session, who, slugs),
        "pairs": [_pair(one, ids, slugs) for one in pairs],
        "matchings": _matchings(session, who, ids, slugs),
        "wishes": _wishes(session, ids, slugs),
        "meetings": [_row(one, "pairing_id", "number", "planned_on", "status", "held_on", "minutes") for one in met],
        "agreements": _agreements(session, pairs),
        "training": _training(session, ids),
        "certificates": [
            _row(one, "number", "issued_on")
            for one in _all(session, sa.select(Certificate).where(Certificate.participant_id.in_(ids)))
        ],
        "links": [
            _row(one, "purpose", "expires_on", "revoked")
            for one in _all(session, sa.select(Link).where(Link.person_id == who.id).order_by(Link.id))
        ],
        "trail": _trail(session, who, ids, pairs),
    }


def mails(session: Session, who: Person) -> Sequence[Delivery]:
    """Every message to that person, in the order written."""
    return _all(session, sa.select(Delivery).where(Delivery.person_id == who.id).order_by(Delivery.id))


def _all(session: Session, query: sa.Select[Any]) -> list[Any]:
    return list(session.scalars(query).unique())


def _row(one: Any, *names: str) -> dict[str, Any]:
    return {name: plain(getattr(one, name)) for name in names}


def _role(one: Participant, slugs: dict[int, str]) -> dict[str, Any]:
    told = _row(one, "role", "status", "score", "capacity", "waiting_since", "profile", "reason")
    return {"id": one.id, "programme": slugs[one.programme_id]} | told


def _asked(session: Session, who: Person, slugs: dict[int, str]) -> dict[str, Rows]:
    """What was asked and answered, and what was typed and not sent."""
    asked = _all(session, sa.select(Request).where(Request.person_id == who.id).order_by(Request.id))
    given = {
        one.request_id: one
        for one in _all(session, sa.select(Response).join(Request).where(Request.person_id == who.id))
    }
    typed = _all(session, sa.select(Draft).join(Request).where(Request.person_id == who.id))
    names = ("form", "about", "round", "status", "opened_on", "due_on", "reminders", "answered_on")
    rows = []
    for one in asked:
        row = {"programme": slugs[one.programme_id]} | _row(one, *names)
        if answer := given.get(one.id):
            row |= {"version": answer.version, "language": answer.language, "answers": dict(answer.answers)}
        rows.append(row)
    return {"questions": rows, "drafts": [{"form": one.request.form, "typed": one.told} for one in typed]}


def _others(session: Session, who: Person, parts: list[Any], pairs: list[Any], met: list[Any]) -> Rows:
    """What others answered about this person's application, pairs and meetings, as far as he or she may read it."""
    roles = {f"participant:{one.id}": Role(one.role) for one in parts}
    by_id = {one.id: one for one in parts}
    for pair in pairs:
        roles[f"pairing:{pair.id}"] = Role((by_id.get(pair.mentor_id) or by_id[pair.mentee_id]).role)
    roles |= {f"meeting:{one.id}": roles[f"pairing:{one.pairing_id}"] for one in met}
    query = sa.select(Response).join(Request).where(Request.about.in_(roles), Request.person_id != who.id)
    rows = []
    for one in _all(session, query.order_by(Response.id)):
        track = session.get_one(Programme, one.request.programme_id).rules.track
        told = readable(FORMS[one.form], one.answers, roles[one.request.about], track) if one.form in FORMS else {}
        if told:
            about = {"form": one.form, "about": one.request.about, "answered_on": plain(one.answered_on)}
            rows.append(about | {"version": one.version, "language": one.language, "answers": told})
    return rows


def _decisions(session: Session, who: Person, slugs: dict[int, str]) -> Rows:
    found = _all(session, sa.select(Decision).where(Decision.concerns_id == who.id).order_by(Decision.id))
    names = ("phase", "round", "subject", "choice", "reason", "decided_on")
    return [{"programme": slugs[one.programme_id]} | _row(one, *names) for one in found]


def _pair(one: Pairing, ids: dict[int, Any], slugs: dict[int, str]) -> dict[str, Any]:
    own, other = (one.mentor, one.mentee) if one.mentor_id in ids else (one.mentee, one.mentor)
    names = ("round", "status", "score", "reasons", "origin", "relaxed", "language", "accepted_on", "active_on")
    about = {"id": one.id, "programme": slugs[one.programme_id], "role": str(own.role)}
    return about | {"partner": other.person.value().name} | _row(one, *names, "closed_on", "close_reason")


def _matchings(session: Session, who: Person, ids: dict[int, Any], slugs: dict[int, str]) -> Rows:
    """What each run of matching looked at of this person, and with which scores he or she was placed."""
    rows = []
    for run in session.scalars(sa.select(MatchingRun).order_by(MatchingRun.id)):
        if not run.saw(who.id):
            continue
        seen = [one for side in SIDES for one in run.people.get(side, ()) if one["person"].get("id") == who.id]
        scores = [pair[2] for pair in run.result.get("pairs", ()) if ids.keys() & set(pair[:2])]
        about = {"programme": slugs[run.programme_id]} | _row(run, "round", "number", "made_on", "trial")
        rows.append(about | {"seen": seen, "scores": scores})
    return rows


def _wishes(session: Session, ids: dict[int, Any], slugs: dict[int, str]) -> Rows:
    """The own lists. Who put this person on a list is that other's confidence."""
    found = _all(session, sa.select(Wish).where(Wish.participant_id.in_(ids)).order_by(Wish.id))
    return [
        {"programme": slugs[one.programme_id], "round": one.round, "rank": one.rank}
        | {"name": session.get_one(Participant, one.other_id).person.value().name}
        for one in found
    ]


def _agreements(session: Session, pairs: list[Any]) -> Rows:
    query = sa.select(Agreement).where(Agreement.pairing_id.in_([one.id for one in pairs])).order_by(Agreement.id)
    names = ("pairing_id", "status", "drafted_on", "signed_on", "consented_on", "active_on")
    return [_row(one, *names) for one in _all(session, query)]


def _training(session: Session, ids: dict[int, Any]) -> Rows:
    found = _all(session, sa.select(Enrolment).where(Enrolment.participant_id.in_(ids)).order_by(Enrolment.id))
    return [
        {"status": str(one.status), "on": plain(one.session.on), "place": one.session.place}
        if one.session
        else {"status": str(one.status)}
        for one in found
    ]


def _trail(session: Session, who: Person, ids: dict[int, Any], pairs: list[Any]) -> Rows:
    """The audit trail: what this person did, and what was done about him or her."""
    own = f"person:{who.id}"
    about = [own, *(f"participant:{one}" for one in ids), *(f"pairing:{one.id}" for one in pairs)]
    about += [f"request:{one}" for one in session.scalars(sa.select(Request.id).where(Request.person_id == who.id))]
    query = sa.select(Event).where(sa.or_(Event.actor == own, Event.about.in_(about))).order_by(Event.id)
    return [_row(one, "at", "actor", "action", "about", "detail") for one in _all(session, query)]
