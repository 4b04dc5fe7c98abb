"""The meetings of a pair: when planned, and how it went. What was said stays in the answers, for the pair alone."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from framework.meetings import MOVES, MeetingStatus
from framework.moves import move
from models.base import Base
from models.pairing import Pairing


class Meeting(Base):
    """One planned meeting. `minutes` is its length when held."""

    __tablename__ = "meeting"
    __table_args__ = (sa.UniqueConstraint("pairing_id", "number"),)

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    pairing_id: Mapped[int] = mapped_column(sa.ForeignKey("pairing.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    planned_on: Mapped[date] = mapped_column(index=True)
    status: Mapped[MeetingStatus] = mapped_column(sa.String(12), default=MeetingStatus.PLANNED)
    held_on: Mapped[date | None]
    minutes: Mapped[int | None]
    prepared: Mapped[bool] = mapped_column(default=False)
    asked: Mapped[bool] = mapped_column(default=False)

    pairing: Mapped[Pairing] = relationship(lazy="joined")

    def move(self, to: MeetingStatus) -> None:
        """Move on, if the table of moves allows it. Raises IllegalMove."""
        self.status = move(MOVES, MeetingStatus(self.status), to)


def of_programme(session: Session, programme_id: int, *statuses: MeetingStatus) -> Sequence[Meeting]:
    """The meetings, by planned date; all statuses unless named."""
    query = sa.select(Meeting).where(Meeting.programme_id == programme_id)
    if statuses:
        query = query.where(Meeting.status.in_(statuses))
    return session.scalars(query.order_by(Meeting.planned_on, Meeting.id)).all()


def of_pairing(session: Session, pairing_id: int) -> Sequence[Meeting]:
    """The meetings of one pair, in order."""
    return session.scalars(sa.select(Meeting).where(Meeting.pairing_id == pairing_id).order_by(Meeting.number)).all()
