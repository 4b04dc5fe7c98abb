"""Certificates given at the closure (CEL-06)."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base
from models.participant import Participant


class Certificate(Base):
    """One participant's certificate; `number` is what a third party may ask about."""

    __tablename__ = "certificate"

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id", ondelete="CASCADE"), unique=True)
    number: Mapped[str] = mapped_column(sa.String(40), unique=True)
    issued_on: Mapped[date]

    participant: Mapped[Participant] = relationship(lazy="joined")


def of_programme(session: Session, programme_id: int) -> Sequence[Certificate]:
    """The certificates, in the order issued."""
    return session.scalars(
        sa.select(Certificate).where(Certificate.programme_id == programme_id).order_by(Certificate.id)
    ).all()
