"""Whom somebody would like to be paired with, in order, and how a mentor answered (MAT-04, MAT-14)."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base


class Wish(Base):
    """One name on somebody's list in one round: `rank` 1 is the dearest.

    `answer` is a `framework.matching.regimes.Answer` where a mentee picks and this mentor was asked; else empty.
    """

    __tablename__ = "wish"
    __table_args__ = (sa.UniqueConstraint("programme_id", "round", "participant_id", "other_id"),)

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    round: Mapped[int]
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    other_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    rank: Mapped[int]
    answer: Mapped[str] = mapped_column(sa.String(10), default="")
    asked_on: Mapped[date | None]


def of_round(session: Session, programme_id: int, number: int) -> Sequence[Wish]:
    """All wishes of a round, each person's in the order given."""
    wanted = (Wish.programme_id == programme_id, Wish.round == number)
    return session.scalars(sa.select(Wish).where(*wanted).order_by(Wish.participant_id, Wish.rank)).all()
