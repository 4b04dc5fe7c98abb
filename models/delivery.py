"""The outbox: one row a message, written in the transaction of what it tells of (house idea 4).

`queued -> leased -> sending -> sent`; beside them `held` (no mailbox: for print), `unsure`, `dead`, `cancelled`.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import request  # noqa: F401 - the tables that a message points to
from models.base import Base, insert_once
from models.installation import now

OPEN = ("queued", "leased", "sending")


class Delivery(Base):
    """One message to one person for one occasion; `key` is `programme:phase:template:about:whom:round`.

    `fields` are those of the e-mail's class, without its link: the link is made when the message is built.
    `due_on` is the day from which it may go; `lease_until` is real time, in seconds since 1970.
    """

    __tablename__ = "delivery"
    __table_args__ = (sa.Index("ix_delivery_due", "state", "due_on"),)

    key: Mapped[str] = mapped_column(sa.String(250), unique=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    phase: Mapped[str] = mapped_column(sa.String(20))
    template: Mapped[str] = mapped_column(sa.String(60))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)
    link_id: Mapped[int | None] = mapped_column(sa.ForeignKey("link.id", ondelete="SET NULL"))
    request_id: Mapped[int | None] = mapped_column(sa.ForeignKey("request.id", ondelete="SET NULL"))
    language: Mapped[str] = mapped_column(sa.String(5))
    fields: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(sa.String(12), default="queued")
    due_on: Mapped[date]
    lease: Mapped[str | None] = mapped_column(sa.String(40))
    lease_until: Mapped[float | None] = mapped_column(sa.Double)
    attempts: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[float | None] = mapped_column(sa.Double)
    code: Mapped[int | None]
    queue_id: Mapped[str | None] = mapped_column(sa.String(120))
    sent_on: Mapped[date | None]
    sent_at: Mapped[datetime | None]

    @property
    def message_id(self) -> str:
        """The same for every copy of this message, and telling nothing."""
        return blake2b(self.key.encode(), digest_size=20).hexdigest()


def enqueue(session: Session, **values: Any) -> bool:
    """Put a message in the outbox, once an occasion; False when it is there already."""
    return insert_once(session, Delivery, **{"state": "queued", "attempts": 0, **values})


def lease(session: Session, token: str, *, today: date, seconds: float, rows: int) -> list[int]:
    """Take the next messages that may go; two senders never take the same one."""
    clock = now().timestamp()
    open_ = sa.or_(
        sa.and_(Delivery.state == "queued", sa.or_(Delivery.retry_at.is_(None), Delivery.retry_at <= clock)),
        sa.and_(Delivery.state == "leased", Delivery.lease_until < clock),
    )
    due = sa.select(Delivery.id).where(Delivery.due_on <= today, open_).order_by(Delivery.id).limit(rows)
    due = due.with_for_update(skip_locked=True)  # SQLite leaves this out; BEGIN IMMEDIATE does it there
    taken = (
        sa.update(Delivery)
        .where(Delivery.id.in_(due.scalar_subquery()))
        .values(state="leased", lease=token, lease_until=clock + seconds)
    )
    return sorted(session.scalars(taken.returning(Delivery.id)))


def advance(
    session: Session, token: str, done: int | None, following: int | None, *, today: date, seconds: float
) -> bool:
    """One statement: `done` is sent, `following` is about to be. True if `following` may go out.

    A sender that slept past its lease finds it gone, and does not send.
    """
    clock = now()
    settled = sa.and_(Delivery.id == done, Delivery.state == "sending")
    claimed = sa.and_(Delivery.id == following, Delivery.state == "leased", Delivery.lease_until > clock.timestamp())
    is_done = Delivery.id == done
    step = (
        sa.update(Delivery)
        .where(Delivery.lease == token, sa.or_(settled, claimed))
        .values(
            state=sa.case((is_done, "sent"), else_="sending"),
            sent_on=sa.case((is_done, today), else_=None),
            sent_at=sa.case((is_done, sa.literal(clock, Delivery.sent_at.type)), else_=None),
            lease=sa.case((is_done, None), else_=Delivery.lease),
            lease_until=sa.case((is_done, None), else_=clock.timestamp() + seconds),
        )
    )
    return following in set(session.scalars(step.returning(Delivery.id)))


def settle(session: Session, delivery_id: int, token: str, state: str, *, code: int = 0, retry_in: float = 0) -> None:
    """Write down how a message that was not accepted ended: queued again, unsure, or dead."""
    session.execute(
        sa.update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.lease == token, Delivery.state.in_(("leased", "sending")))
        .values(
            state=state,
            code=code,
            lease=None,
            lease_until=None,
            attempts=Delivery.attempts + (1 if retry_in >= 0 else 0),
            retry_at=now().timestamp() + max(retry_in, 0),
        )
    )


def revive(session: Session) -> int:
    """Messages that a dead sender left half sent go again under the same Message-ID; how many."""
    stale = sa.and_(Delivery.state == "sending", Delivery.lease_until < now().timestamp())
    done = session.execute(sa.update(Delivery).where(stale).values(state="queued", lease=None, lease_until=None))
    return int(getattr(done, "rowcount", 0))


def release(session: Session, token: str) -> None:
    """Give back what a sender took and did not begin."""
    mine = sa.and_(Delivery.lease == token, Delivery.state == "leased")
    session.execute(sa.update(Delivery).where(mine).values(state="queued", lease=None, lease_until=None))


def by_ids(session: Session, ids: Sequence[int]) -> Sequence[Delivery]:
    """These messages, in the order of their ids."""
    return session.scalars(sa.select(Delivery).where(Delivery.id.in_(ids)).order_by(Delivery.id)).all()


def cancel_for_request(session: Session, request_id: int) -> None:
    """Reminders of a question that is answered are stale: they do not go."""
    waiting = sa.and_(Delivery.request_id == request_id, Delivery.state == "queued")
    session.execute(sa.update(Delivery).where(waiting).values(state="cancelled"))


def counts(session: Session, programme_id: int | None = None) -> dict[str, Counter[str]]:
    """How many messages stand in each state, by template."""
    query = sa.select(Delivery.template, Delivery.state, sa.func.count()).group_by(Delivery.template, Delivery.state)
    if programme_id is not None:
        query = query.where(Delivery.programme_id == programme_id)
    found: dict[str, Counter[str]] = {}
    for template, state, number in session.execute(query.order_by(Delivery.template, Delivery.state)):
        found.setdefault(template, Counter())[state] = number
    return found


def waits(session: Session, today: date) -> bool:
    """Whether anything in the outbox may go on `today`."""
    open_ = (Delivery.state.in_(OPEN), Delivery.due_on <= today)
    return session.scalars(sa.select(Delivery.id).where(*open_).limit(1)).first() is not None


def next_due(session: Session, programme_id: int, after: date) -> date | None:
    """The next day on which a message waits to go."""
    waiting = (Delivery.programme_id == programme_id, Delivery.state.in_(OPEN), Delivery.due_on > after)
    return session.scalar(sa.select(sa.func.min(Delivery.due_on)).where(*waiting))


def cancel_for_person(session: Session, person_id: int) -> None:
    """Who has left gets no more mail."""
    waiting = sa.and_(Delivery.person_id == person_id, Delivery.state.in_(("queued", "held")))
    session.execute(sa.update(Delivery).where(waiting).values(state="cancelled"))


def requeue(session: Session, programme_id: int) -> int:
    """Messages that were given up, or are unsure, wait to go again; how many."""
    gone = sa.and_(Delivery.programme_id == programme_id, Delivery.state.in_(("dead", "unsure")))
    done = session.execute(sa.update(Delivery).where(gone).values(state="queued", attempts=0, retry_at=None))
    return int(getattr(done, "rowcount", 0))
