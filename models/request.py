"""An open question to a person: waiting IS this row (house idea 1)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from framework.content import FORMS
from framework.requests import RequestStatus
from models.base import Base, insert_once, insert_telling
from models.link import Link, new_link
from models.person import Person

STANDING = 0
"""The round of what belongs to no round of a phase: it is asked, or told unasked, at any time."""
OWN_DAYS = 14  # so long does the link of what somebody told unasked show its receipt


class Request(Base):
    """Who was asked what, about what, by when; and how it went.

    `about` names the object (`pairing:7`, `meeting:12`, `participant:3`, or the programme itself), `facts` holds what
    the page shows beside the questions (never a name), `options` the choices that are known only now.
    """

    __tablename__ = "request"

    key: Mapped[str] = mapped_column(sa.String(200), unique=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id", ondelete="CASCADE"))
    phase: Mapped[str] = mapped_column(sa.String(20))
    round: Mapped[int]
    form: Mapped[str] = mapped_column(sa.String(60))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)
    link_id: Mapped[int] = mapped_column(sa.ForeignKey("link.id", ondelete="CASCADE"), index=True)
    about: Mapped[str] = mapped_column(sa.String(60), default="programme", index=True)
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    status: Mapped[RequestStatus] = mapped_column(sa.String(12), default=RequestStatus.OPEN)
    opened_on: Mapped[date]
    due_on: Mapped[date]
    reminders: Mapped[int] = mapped_column(default=0)
    reminded_on: Mapped[date | None]
    escalated_on: Mapped[date | None]
    answered_on: Mapped[date | None]
    lapsed_on: Mapped[date | None]

    person: Mapped[Person] = relationship(lazy="joined")
    link: Mapped[Link] = relationship(lazy="joined")

    __table_args__ = (sa.Index("ix_request_waiting", "programme_id", "phase", "round", "status"),)


def of_round(
    session: Session,
    programme_id: int,
    phase: str,
    number: int,
    *statuses: RequestStatus,
    form: str | None = None,
    about: str | None = None,
) -> Sequence[Request]:
    """The requests of that round of that phase, in the order asked; all statuses unless some are named."""
    query = sa.select(Request).where(*_of_round(programme_id, phase, number))
    if statuses:
        query = query.where(Request.status.in_(statuses))
    if form:
        query = query.where(Request.form == form)
    if about:
        query = query.where(Request.about == about)
    return session.scalars(query.order_by(Request.id)).all()


class Opened(NamedTuple):
    """What a mail needs of its question: the number, and the link behind which it stands."""

    id: int
    link_id: int


def open_all(session: Session, rows: Sequence[dict[str, Any]]) -> dict[str, Opened]:
    """Put questions that bear the same columns in few statements, each once an occasion; those that are new, by key."""
    made = insert_telling(session, Request, rows, Request.key, Request.id, Request.link_id)
    return {key: Opened(number, link_id) for key, number, link_id in made}


def known(session: Session, keys: Sequence[str]) -> set[str]:
    """Which of these occasions were asked about already."""
    return set(session.scalars(sa.select(Request.key).where(Request.key.in_(keys))))


def count(session: Session, programme_id: int, phase: str, number: int, status: RequestStatus, *forms: str) -> int:
    """How many questions of that round of that phase stand so; all forms unless some are named."""
    query = sa.select(sa.func.count()).where(*_of_round(programme_id, phase, number), Request.status == status)
    return session.scalar(query.where(Request.form.in_(forms)) if forms else query) or 0


def abouts(
    session: Session, programme_id: int, phase: str, number: int, status: RequestStatus, form: str
) -> Sequence[str]:
    """What the questions of that form in that round are about, as far as they stand so, in the order asked."""
    wanted = (*_of_round(programme_id, phase, number), Request.status == status, Request.form == form)
    return session.scalars(sa.select(Request.about).where(*wanted).order_by(Request.id)).all()


def asked_about(session: Session, programme_id: int, phase: str, number: int, *forms: str) -> set[str]:
    """What anybody was asked about in that round with one of these forms."""
    wanted = (*_of_round(programme_id, phase, number), Request.form.in_(forms))
    return set(session.scalars(sa.select(Request.about).where(*wanted)))


def clocks(session: Session, programme_id: int, phase: str, number: int) -> list[tuple[str, date, date]]:
    """The clocks of that round's open questions, each once: form, day of asking, last day."""
    clock = sa.select(Request.form, Request.opened_on, Request.due_on).distinct()
    wanted = (*_of_round(programme_id, phase, number), Request.status == RequestStatus.OPEN)
    return [(form, opened_on, due_on) for form, opened_on, due_on in session.execute(clock.where(*wanted))]


def _of_round(programme_id: int, phase: str, number: int) -> tuple[sa.ColumnElement[bool], ...]:
    return Request.programme_id == programme_id, Request.phase == phase, Request.round == number


def by_key(session: Session, key: str) -> Request | None:
    """The request made for that occasion, if it was made."""
    return session.scalars(sa.select(Request).where(Request.key == key)).first()


def by_link(session: Session, link_id: int) -> Request | None:
    """The request that a link belongs to."""
    return session.scalars(sa.select(Request).where(Request.link_id == link_id)).first()


def hold(session: Session, link_id: int) -> None:
    """Whoever would move the question of that link, or call it off, waits until this transaction ends."""
    session.execute(sa.select(Request.id).where(Request.link_id == link_id).with_for_update())


def change_status(session: Session, request_id: int, now: RequestStatus, to: RequestStatus, **values: Any) -> bool:
    """Move a request, if it still stands where we think; True for who moved it."""
    done = session.execute(
        sa.update(Request).where(Request.id == request_id, Request.status == now).values(status=to, **values)
    )
    return bool(getattr(done, "rowcount", 0) == 1)


def cancel_for_person(session: Session, person_id: int) -> None:
    """Who has left is asked nothing more."""
    open_ = sa.and_(Request.person_id == person_id, Request.status.in_((RequestStatus.OPEN, RequestStatus.LAPSED)))
    session.execute(sa.update(Request).where(open_).values(status=RequestStatus.CANCELLED))


def cancel_about(session: Session, about: str) -> None:
    """What is over is not asked about any more."""
    open_ = sa.and_(Request.about == about, Request.status.in_((RequestStatus.OPEN, RequestStatus.LAPSED)))
    session.execute(sa.update(Request).where(open_).values(status=RequestStatus.CANCELLED))


def of_programme(session: Session, programme_id: int) -> list[Request]:
    """Every question that the programme asked, in the order asked."""
    return list(session.scalars(sa.select(Request).where(Request.programme_id == programme_id).order_by(Request.id)))


def about_pair(session: Session, pairing_id: int) -> Sequence[Request]:
    """Every question about that pair, in the order asked."""
    wanted = Request.about == f"pairing:{pairing_id}"
    return session.scalars(sa.select(Request).where(wanted).order_by(Request.id)).all()


def standing(
    session: Session, programme_id: int, *statuses: RequestStatus, form: str | None = None
) -> Sequence[Request]:
    """What was asked or told outside every round, in that order; all statuses and forms unless named."""
    query = sa.select(Request).where(Request.programme_id == programme_id, Request.round == STANDING)
    if statuses:
        query = query.where(Request.status.in_(statuses))
    if form:
        query = query.where(Request.form == form)
    return session.scalars(query.order_by(Request.id)).all()


def open_own(
    session: Session,
    *,
    slug: str,
    programme_id: int,
    form: str,
    person_id: int,
    today: date,
    about: str = "programme",
) -> Request:
    """A question that somebody opens without being asked, and answers in the same breath (CAP-153, CAP-173).

    It has a link of its own, and is answered already: the caller keeps the answer in the same transaction.
    """
    phase = FORMS[form].phase
    wanted = (Request.programme_id == programme_id, Request.form == form, Request.person_id == person_id)
    number = session.scalar(sa.select(sa.func.count()).where(*wanted)) or 0
    own = new_link(
        session,
        purpose="form",
        programme_id=programme_id,
        person_id=person_id,
        expires_on=today + timedelta(days=OWN_DAYS),
    )
    values = {
        "programme_id": programme_id,
        "phase": phase,
        "round": STANDING,
        "form": form,
        "person_id": person_id,
        "link_id": own.id,
        "about": about,
        "options": {},
        "status": RequestStatus.ANSWERED,
        "opened_on": today,
        "due_on": today,
        "answered_on": today,
        "reminders": 0,
    }
    made = None
    while made is None:  # somebody who sends two in one moment takes two numbers
        number += 1
        key = f"{slug}:{phase}:{form}:{about}:{person_id}:{number}"
        made = by_key(session, key) if insert_once(session, Request, key=key, **values) else None
    return made
