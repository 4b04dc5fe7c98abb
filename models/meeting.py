"""The meetings of a pair: when planned, and how it went. What was said stays in the answers, for the pair alone."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from framework.meetings import MOVES, MeetingStatus
from framework.moves import move
from framework.pairing import PairingStatus
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


def counts(session: Session, programme_id: int) -> dict[str, int]:
    """How many meetings stand in each status."""
    query = sa.select(Meeting.status, sa.func.count()).where(Meeting.programme_id == programme_id)
    return {str(status): number for status, number in session.execute(query.group_by(Meeting.status))}


def held(session: Session, programme_id: int) -> dict[int, int]:
    """How many meetings took place, by the pair's number."""
    query = sa.select(Meeting.pairing_id, sa.func.count()).group_by(Meeting.pairing_id)
    wanted = (Meeting.programme_id == programme_id, Meeting.status == MeetingStatus.HELD)
    return {pair: number for pair, number in session.execute(query.where(*wanted))}  # noqa: C416 - rows


def ids(session: Session, programme_id: int, *statuses: MeetingStatus) -> set[int]:
    """The numbers of the meetings in one of these statuses."""
    wanted = (Meeting.programme_id == programme_id, Meeting.status.in_(statuses))
    return set(session.scalars(sa.select(Meeting.id).where(*wanted)))


def to_ask_about(session: Session, programme_id: int, until: date, today: date) -> Sequence[int]:
    """The numbers of planned meetings up to that day that want something: not prepared, not asked after, or no pair."""
    ahead = sa.and_(Meeting.planned_on >= today, Meeting.prepared.is_(False))
    behind = sa.and_(Meeting.planned_on < today, Meeting.asked.is_(False))
    query = sa.select(Meeting.id).join(Pairing, Meeting.pairing_id == Pairing.id)
    wanted = (
        Meeting.programme_id == programme_id,
        Meeting.status == MeetingStatus.PLANNED,
        Meeting.planned_on <= until,
    )
    query = query.where(*wanted, sa.or_(ahead, behind, Pairing.status != PairingStatus.ACTIVE))
    return session.scalars(query.order_by(Meeting.planned_on, Meeting.id)).all()


def by_ids(session: Session, numbers: Sequence[int]) -> Sequence[Meeting]:
    """These meetings, by planned date."""
    query = sa.select(Meeting).where(Meeting.id.in_(numbers)).order_by(Meeting.planned_on, Meeting.id)
    return session.scalars(query).all()


def without_meetings(session: Session, programme_id: int) -> Sequence[Pairing]:
    """The active pairs for which nothing was ever planned, in the order proposed."""
    planned = sa.exists().where(Meeting.pairing_id == Pairing.id)
    wanted = (Pairing.programme_id == programme_id, Pairing.status == PairingStatus.ACTIVE, ~planned)
    return session.scalars(sa.select(Pairing).where(*wanted).order_by(Pairing.id)).all()


def next_planned(
    session: Session, programme_id: int, after: date, missing: Literal["prepared", "asked"]
) -> date | None:
    """The first day after that one with a planned meeting that is not prepared, or not asked about."""
    wanted = (Meeting.programme_id == programme_id, Meeting.status == MeetingStatus.PLANNED, Meeting.planned_on > after)
    lacks = getattr(Meeting, missing).is_(False)
    return session.scalar(sa.select(sa.func.min(Meeting.planned_on)).where(*wanted, lacks))


def of_pairing(session: Session, pairing_id: int) -> Sequence[Meeting]:
    """The meetings of one pair, in order."""
    return session.scalars(sa.select(Meeting).where(Meeting.pairing_id == pairing_id).order_by(Meeting.number)).all()
