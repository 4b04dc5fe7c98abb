"""What runs by itself, remembered: when each round was held and by whom, what is wrong and since when.

Codes, counts and instants only. Instants are UTC.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from framework.mail import DeliveryStatus
from framework.watch import News, Sighting, is_over
from models.base import Base, insert_once
from models.delivery import Delivery
from models.pace import Pace

S = DeliveryStatus


class Beat(Base):
    """A kind of round (`watch`, `mail`, `roster`): when the last one ended well, and who holds one now, until when."""

    __tablename__ = "beat"

    name: Mapped[str] = mapped_column(sa.String(20), unique=True)
    at: Mapped[datetime | None]
    holder: Mapped[str] = mapped_column(sa.String(40), default="")
    until: Mapped[datetime | None]


class Seen(Base):
    """A finding that is there, or was until a moment ago; `told_at` is when the operator last got a mail of it."""

    __tablename__ = "finding"

    code: Mapped[str] = mapped_column(sa.String(30), unique=True)
    number: Mapped[int] = mapped_column(default=0)
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]
    told_at: Mapped[datetime | None]

    def value(self) -> Sighting:
        """As the rules take it."""
        return Sighting(self.code, self.number, self.first_seen, self.last_seen, self.told_at)


def claim(session: Session, name: str, holder: str, *, seconds: float, now: datetime) -> bool:
    """Take the next round of this kind, unless somebody holds one; a holder that dies loses it after `seconds`."""
    insert_once(session, Beat, name=name, holder="")
    free = sa.or_(Beat.until.is_(None), Beat.until <= now)
    mine = sa.update(Beat).where(Beat.name == name, free).values(holder=holder, until=now + timedelta(seconds=seconds))
    return session.scalar(mine.returning(Beat.id)) is not None


def holds(session: Session, name: str, holder: str, *, now: datetime) -> bool:
    """Whether this holder still has the round; with what is kept in the same transaction, nobody else can take it."""
    mine = (Beat.name == name, Beat.holder == holder, Beat.until > now)
    return session.scalar(sa.update(Beat).where(*mine).values(holder=holder).returning(Beat.id)) is not None


def end(session: Session, name: str, holder: str, *, now: datetime, well: bool = True) -> None:
    """Give the round back; one that ended `well` counts as held at this instant."""
    done = {"holder": "", "until": None} | ({"at": now} if well else {})
    session.execute(sa.update(Beat).where(Beat.name == name, Beat.holder == holder).values(**done))


def beat(session: Session, name: str, *, now: datetime) -> None:
    """A round of this kind ended well."""
    insert_once(session, Beat, name=name, holder="")
    session.execute(sa.update(Beat).where(Beat.name == name).values(at=now))


def last_rounds(session: Session) -> dict[str, datetime]:
    """When the last round of each kind ended well."""
    return {one.name: one.at for one in session.scalars(sa.select(Beat)) if one.at is not None}


def remember(session: Session, found: Mapping[str, int], *, now: datetime) -> None:
    """Write down what is there now: code and number. What is over and was never told is forgotten."""
    for code, number in found.items():
        if not insert_once(session, Seen, code=code, number=number, first_seen=now, last_seen=now):
            row = session.scalars(sa.select(Seen).where(Seen.code == code)).one()
            if is_over(row.value(), now) and row.told_at is None:
                row.first_seen = now
            row.number, row.last_seen = number, now
    session.flush()
    for row in session.scalars(sa.select(Seen).where(Seen.told_at.is_(None))).all():
        if is_over(row.value(), now):
            session.delete(row)


def sightings(session: Session) -> tuple[Sighting, ...]:
    """All that is remembered, by code."""
    rows: Sequence[Seen] = session.scalars(sa.select(Seen).order_by(Seen.code)).all()
    return tuple(row.value() for row in rows)


def told(session: Session, news: News, *, now: datetime) -> None:
    """The operator has it: what is there counts as told now, what is over is forgotten."""
    there = [one.code for one in (*news.new, *news.still)]
    session.execute(sa.update(Seen).where(Seen.code.in_(there)).values(told_at=now))
    for one in news.over:
        session.execute(sa.delete(Seen).where(Seen.code == one.code, Seen.last_seen == one.last_seen))


def stuck(session: Session, before: float) -> int:
    """How many messages a sender holds whose lease ended before that instant (seconds since 1970)."""
    held = (Delivery.state.in_((S.LEASED, S.SENDING)), Delivery.lease_until < before)
    return session.scalar(sa.select(sa.func.count(Delivery.id)).where(*held)) or 0


def last_posted(session: Session) -> float:
    """When the posting of a message last began, in seconds since 1970; 0 for never."""
    return session.scalar(sa.select(sa.func.max(Delivery.began_at))) or 0.0


def could_have_gone(session: Session, today: date, places: Collection[tuple[int, str]], since: float) -> int:
    """How many messages of these programmes and places wait, and need not have waited since that instant."""
    ready = (
        Delivery.state == S.QUEUED,
        Delivery.due_on <= today,
        sa.or_(Delivery.retry_at.is_(None), Delivery.retry_at < since),
        sa.tuple_(Delivery.programme_id, Delivery.place).in_(list(places)),
    )
    return (session.scalar(sa.select(sa.func.count(Delivery.id)).where(*ready)) or 0) if places else 0


def relay_failures(session: Session, key: str) -> int:
    """How often in a row the relay of that name was not there; 0 while all is well."""
    return session.scalar(sa.select(Pace.failures).where(Pace.key == key)) or 0
