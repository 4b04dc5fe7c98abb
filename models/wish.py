"""Whom somebody would like to be paired with, in order, and how a mentor answered (MAT-04, MAT-14)."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base

PASSED = "passed"


class Wish(Base):
    """One name on somebody's list in one round: `rank` 1 is the dearest.

    `answer` is a `framework.matching.regimes.Answer` where a mentee picks and this mentor was asked, PASSED where no
    place was left or a rule stood in the way; else empty.
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


def lists(session: Session, programme_id: int, number: int) -> dict[int, list[Wish]]:
    """The wishes of a round by participant, each list in its order."""
    found: dict[int, list[Wish]] = {}
    for one in of_round(session, programme_id, number):
        found.setdefault(one.participant_id, []).append(one)
    return found


def keep(session: Session, programme_id: int, number: int, participant_id: int, others: Sequence[int]) -> bool:
    """Write a list down in the place of an earlier one; False where somebody on the earlier one was asked already."""
    mine = (Wish.programme_id == programme_id, Wish.round == number, Wish.participant_id == participant_id)
    if session.scalars(sa.select(Wish.id).where(*mine, Wish.answer != "")).first():
        return False
    session.execute(sa.delete(Wish).where(*mine))
    for rank, other in enumerate(others, 1):
        session.add(
            Wish(
                programme_id=programme_id,
                round=number,
                participant_id=participant_id,
                other_id=other,
                rank=rank,
                answer="",
            )
        )
    session.flush()
    return True
