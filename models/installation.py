"""The installation: whether it is a rehearsal, and then which day it is."""

from datetime import UTC, date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base


class FutureDate(ValueError):
    """A real programme was asked to live in the future."""


class Installation(Base):
    """One row. A rehearsal has its own date, which `advance` moves and the portal follows (house idea 3)."""

    __tablename__ = "installation"
    held_by_session: ClassVar[bool] = True

    rehearsal: Mapped[bool] = mapped_column(default=False)
    today: Mapped[date | None]


def mark_as_rehearsal(session: Session, today: date) -> None:
    """Make this database a rehearsal that begins on `today`."""
    row = session.get(Installation, 1) or Installation(id=1)
    row.rehearsal, row.today = True, today
    session.add(row)


def is_rehearsal(session: Session) -> bool:
    """Whether this database is a rehearsal."""
    row = session.get(Installation, 1)
    return bool(row and row.rehearsal)


def today(session: Session, zone: str = "Europe/Brussels") -> date:
    """The rehearsal's own date, or the calendar's in the programme's time zone."""
    row = session.get(Installation, 1)
    return row.today if row and row.rehearsal and row.today else datetime.now(ZoneInfo(zone)).date()


def move_to(session: Session, day: date, zone: str = "Europe/Brussels") -> date:
    """Make it `day` and return it. A rehearsal never goes back; raises FutureDate for a real database."""
    if is_rehearsal(session):
        session.execute(
            sa.update(Installation)
            .where(sa.or_(Installation.today < day, Installation.today.is_(None)))
            .values(today=day)
        )
    elif day > today(session, zone):
        msg = f"{day} is in the future; only a database marked as a rehearsal can be moved there"
        raise FutureDate(msg)
    return day


def now() -> datetime:
    """The instant, in UTC; for leases and audit, never for a rule."""
    return datetime.now(UTC)
