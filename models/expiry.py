"""Letting go of what has been kept long enough (framework/retention.py), class by class, in one programme.

Each function finds what is still there and empties it; how many rows there were. What is counted is kept first.
"""

import secrets
from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from framework.content import FORMS
from framework.mail import DeliveryStatus
from framework.participation import ParticipantStatus
from framework.requests import RequestStatus
from framework.retention import Kind, Retention, before
from models import fairness, tally
from models.certificate import Certificate
from models.decision import Decision
from models.delivery import Delivery
from models.draft import Draft
from models.matching_run import SIDES, MatchingRun
from models.meeting import Meeting
from models.mentions import ON_ITS_WAY
from models.pairing import Pairing
from models.participant import Participant
from models.programme import Milestone, Programme
from models.request import Request
from models.response import Response

P = ParticipantStatus
NO_PART = (P.DECLINED, P.NOT_SELECTED, P.LATER)
AGREED = frozenset({"growth_contract", "new_hire_agreement", "contract_signature", "manager_consent"})
APPLIED = frozenset(name for name, form in FORMS.items() if form.phase in {"recruitment", "selection"})
MET = frozenset(name for name, form in FORMS.items() if form.phase == "meetings")
GONE = "erased-"


def let_go(session: Session, row: Programme, kept: Retention, today: date) -> dict[Kind, int]:
    """Empty all of a programme whose time is over on `today`; how many rows of each class."""
    cut = {kind: before(kept, kind, today) for kind in Kind}
    own = row.id
    return {
        Kind.DRAFTS: _drafts(session, own, cut[Kind.DRAFTS]),
        Kind.REFUSED: _refused(session, own, cut[Kind.REFUSED], today),
        Kind.REFLECTIONS: _of_pairs(session, own, MET, cut[Kind.REFLECTIONS], today),
        Kind.ANSWERS: _answers(session, own, cut[Kind.ANSWERS], today),
        Kind.AGREEMENTS: _of_pairs(session, own, AGREED, cut[Kind.AGREEMENTS], today),
        Kind.CERTIFICATES: _certificates(session, own, cut[Kind.CERTIFICATES]),
        Kind.MATCHINGS: _matchings(session, own, cut[Kind.MATCHINGS]),
        Kind.MAILS: _mails(session, own, cut[Kind.MAILS]),
    }


def _drafts(session: Session, own: int, cut: date) -> int:
    asked = sa.select(Request.id).where(Request.programme_id == own)
    gone = sa.delete(Draft).where(Draft.saved_on < cut, Draft.request_id.in_(asked)).returning(Draft.id)
    return len(session.scalars(gone).all())


def _finished(session: Session, own: int, phase: str, cut: date) -> bool:
    """Whether the last round of that phase was finished by then."""
    ends = session.scalars(
        sa.select(Milestone.finished_on).where(Milestone.programme_id == own, Milestone.phase == phase)
    ).all()
    return bool(ends) and all(end is not None and end <= cut for end in ends)


def _emptied(session: Session, wanted: Iterable[Any], today: date) -> int:
    """Empty the answers that fit; how many."""
    query = sa.select(Response).join(Request).where(Response.emptied_on.is_(None), *wanted)
    found = session.scalars(query.order_by(Response.id).with_for_update(of=Response)).unique().all()
    return sum(tally.empty(session, one, today) for one in found)


def _refused(session: Session, own: int, cut: date, today: date) -> int:
    if not _finished(session, own, "selection", cut):
        return 0
    query = sa.select(Participant).where(Participant.programme_id == own, Participant.status.in_(NO_PART))
    people = session.scalars(query).unique().all()
    about = [f"participant:{one.id}" for one in people]
    wanted = (Request.programme_id == own, Response.form.in_(APPLIED), Request.about.in_(about))
    return _emptied(session, wanted, today) + sum(_bare(one) for one in people) + _reasons(session, own, about)


def _bare(one: Participant) -> bool:
    """Forget what an application told; False where nothing stands there any more."""
    if not (one.sealed or one.open_profile or one.open_reason):
        return False
    one.sealed, one.open_profile, one.open_reason, one.score = "", {}, "", None
    return True


def _reasons(session: Session, own: int, subjects: list[str] | None = None) -> int:
    wanted = [Decision.programme_id == own, sa.or_(Decision.sealed != "", Decision.open_reason != "")]
    wanted += [Decision.subject.in_(subjects)] if subjects is not None else []
    gone = sa.update(Decision).where(*wanted).values(sealed="", open_reason="").returning(Decision.id)
    return len(session.scalars(gone).all())


def _pairs(session: Session, own: int, cut: date) -> list[str]:
    """What is about pairs that ended by then: they themselves, and their meetings."""
    ended = (Pairing.programme_id == own, Pairing.closed_on <= cut)
    pairs = session.scalars(sa.select(Pairing.id).where(*ended)).all()
    met = session.scalars(sa.select(Meeting.id).where(Meeting.pairing_id.in_(pairs))).all()
    return [*(f"pairing:{one}" for one in pairs), *(f"meeting:{one}" for one in met)]


def _of_pairs(session: Session, own: int, forms: frozenset[str], cut: date, today: date) -> int:
    about = _pairs(session, own, cut)
    return _emptied(session, (Request.programme_id == own, Response.form.in_(forms), Request.about.in_(about)), today)


def _answers(session: Session, own: int, cut: date, today: date) -> int:
    """What was said of pairs that ended, in rounds of evaluation that did, and, after the closure, everything else."""
    rest = (Request.programme_id == own, Response.form.not_in(AGREED | MET))
    found = _emptied(session, (*rest, Request.about.in_(_pairs(session, own, cut))), today)
    for done in session.scalars(
        sa.select(Milestone).where(Milestone.programme_id == own, Milestone.finished_on <= cut)
    ).all():
        if done.phase == "evaluation":
            found += _emptied(session, (*rest, Request.phase == done.phase, Request.round == done.round), today)
    if not _finished(session, own, "closure", cut):
        return found
    late = (Request.answered_on <= cut, Request.phase != "evaluation", Request.status != RequestStatus.OPEN)
    people = session.scalars(sa.select(Participant).where(Participant.programme_id == own)).unique()
    return found + _emptied(session, (*rest, *late), today) + sum(map(_bare, people)) + _reasons(session, own)


def _certificates(session: Session, own: int, cut: date) -> int:
    wanted = (Certificate.programme_id == own, Certificate.issued_on <= cut, Certificate.number.not_like(f"{GONE}%"))
    found = session.scalars(sa.select(Certificate).where(*wanted)).unique().all()
    for one in found:
        one.number = f"{GONE}{secrets.token_hex(12)}"
    return len(found)


def _matchings(session: Session, own: int, cut: date) -> int:
    """Runs keep numbers alone, pairs their scores; how each group fared is kept before (LEG-23)."""
    if not _finished(session, own, "closure", cut):
        return 0
    runs = session.scalars(sa.select(MatchingRun).where(MatchingRun.programme_id == own)).all()
    for number in sorted({run.round for run in runs}):
        fairness.freeze(session, own, number)
    everybody = [{one["person"].get("id") for side in SIDES for one in run.kept.get(side, ())} for run in runs]
    found = sum(run.thin(people) for run, people in zip(runs, everybody, strict=True))
    for pair in session.scalars(sa.select(Pairing).where(Pairing.programme_id == own)).unique():
        if pair.reasons or pair.others:
            pair.reasons, pair.others = {}, []
            found += 1
    return found


def _mails(session: Session, own: int, cut: date) -> int:
    """Not those of a question that is still open: they may have to go once more."""
    asked = sa.select(Request.id).where(Request.programme_id == own, Request.status == RequestStatus.OPEN)
    wanted = (
        Delivery.programme_id == own,
        sa.func.coalesce(Delivery.sent_on, Delivery.due_on) <= cut,
        Delivery.state.not_in([*ON_ITS_WAY, DeliveryStatus.DEAD]),
        Delivery.sealed != "",
        sa.or_(Delivery.request_id.is_(None), Delivery.request_id.not_in(asked)),
    )
    gone = sa.update(Delivery).where(*wanted).values(sealed="", open_fields={}).returning(Delivery.id)
    return len(session.scalars(gone).all())
