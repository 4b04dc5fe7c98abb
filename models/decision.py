"""What the coordinator decided on the desk: once a subject, bound to a digest of what was shown."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, insert_once


class Decision(Base):
    """One choice on one subject (`readiness`, `participant:3`, `pairing:7`, `enrolment:5`) in one round."""

    __tablename__ = "decision"
    __table_args__ = (sa.UniqueConstraint("programme_id", "phase", "round", "subject"),)

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id", ondelete="CASCADE"))
    phase: Mapped[str] = mapped_column(sa.String(20))
    round: Mapped[int]
    subject: Mapped[str] = mapped_column(sa.String(60))
    choice: Mapped[str] = mapped_column(sa.String(30))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    digest: Mapped[str] = mapped_column(sa.String(64))
    decided_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    decided_on: Mapped[date]
    applied: Mapped[bool] = mapped_column(default=False)


def decide(session: Session, **values: object) -> bool:
    """Record a decision; False when somebody was first."""
    return insert_once(session, Decision, **{"reason": "", "applied": False, **values})


def of_round(
    session: Session, programme_id: int, phase: str, number: int, *, applied: bool | None = None
) -> Sequence[Decision]:
    """The decisions of a round, in the order taken."""
    query = sa.select(Decision).where(
        Decision.programme_id == programme_id, Decision.phase == phase, Decision.round == number
    )
    if applied is not None:
        query = query.where(Decision.applied.is_(applied))
    return session.scalars(query.order_by(Decision.id)).all()
