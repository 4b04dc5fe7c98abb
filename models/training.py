"""Training sessions, and who comes to which."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from framework.moves import move
from framework.training import MOVES, EnrolmentStatus
from models.base import Base
from models.participant import Participant


class TrainingSession(Base):
    """One date of the course. `starts_at` is an instant; `minutes` its length."""

    __tablename__ = "training_session"
    __table_args__ = (sa.UniqueConstraint("programme_id", "round", "number"),)

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id", ondelete="CASCADE"))
    round: Mapped[int]
    number: Mapped[int]
    on: Mapped[date]
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(sa.String(120), default="")


class Enrolment(Base):
    """One participant and the training that he or she owes; the session once it is chosen."""

    __tablename__ = "enrolment"
    __table_args__ = (sa.UniqueConstraint("programme_id", "participant_id"),)

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[int | None] = mapped_column(sa.ForeignKey("training_session.id", ondelete="SET NULL"))
    status: Mapped[EnrolmentStatus] = mapped_column(sa.String(12), default=EnrolmentStatus.INVITED)
    rebooked: Mapped[int] = mapped_column(default=0)

    participant: Mapped[Participant] = relationship(lazy="joined")
    session: Mapped[TrainingSession | None] = relationship(lazy="joined")

    def move(self, to: EnrolmentStatus) -> EnrolmentStatus:
        """Move on, if the table of moves allows it; the new status. Raises IllegalMove."""
        self.status = now = move(MOVES, EnrolmentStatus(self.status), to)
        return now


def sessions_of(session: Session, programme_id: int, number: int) -> Sequence[TrainingSession]:
    """The dates of that round, in order."""
    wanted = (TrainingSession.programme_id == programme_id, TrainingSession.round == number)
    return session.scalars(sa.select(TrainingSession).where(*wanted).order_by(TrainingSession.number)).all()


def enrolments(session: Session, programme_id: int, *statuses: EnrolmentStatus) -> Sequence[Enrolment]:
    """Who is enrolled, in the order invited; all statuses unless named."""
    query = sa.select(Enrolment).where(Enrolment.programme_id == programme_id)
    if statuses:
        query = query.where(Enrolment.status.in_(statuses))
    return session.scalars(query.order_by(Enrolment.id)).all()
