"""Risk signals: findings kept for a person to look at (CAP-174)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, insert_once


class Signal(Base):
    """One finding, `code` as in the framework (RSK-09); `about` names the pairing or participant; numbers only."""

    __tablename__ = "signal"
    __table_args__ = (sa.UniqueConstraint("programme_id", "code", "about", "round"),)

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(sa.String(10))
    about: Mapped[str] = mapped_column(sa.String(60))
    round: Mapped[int]
    raised_on: Mapped[date]
    numbers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    settled_on: Mapped[date | None]


def raise_signal(
    session: Session, programme_id: int, code: str, about: str, number: int, today: date, **numbers: int
) -> bool:
    """Keep a finding, once a round; True when it is new."""
    return insert_once(
        session,
        Signal,
        programme_id=programme_id,
        code=code,
        about=about,
        round=number,
        raised_on=today,
        numbers=numbers,
    )


def of_programme(session: Session, programme_id: int, *, number: int | None = None) -> Sequence[Signal]:
    """The findings, in the order raised."""
    query = sa.select(Signal).where(Signal.programme_id == programme_id)
    if number is not None:
        query = query.where(Signal.round == number)
    return session.scalars(query.order_by(Signal.id)).all()
