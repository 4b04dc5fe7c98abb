"""A mentor and a mentee, from proposal to close."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from framework.moves import move
from framework.pairing import MOVES, CloseReason, PairingStatus
from models.base import Base
from models.participant import Participant


class Pairing(Base):
    """One proposal and what became of it. `score` is 0 to 1000; `reasons` holds the points of each factor.

    `number` is that of the matching run within the round. `origin` says how the pair was made: `best` (of the best
    set), `mutual`, `pick`, `lot`, or `chosen` by the coordinator. `relaxed` are the hard rules that it bends (MAT-08);
    `language` is the one that this mentor of two speaks (CAP-092). `others` are the mentors who come next for this
    mentee: what the coordinator may choose instead.
    """

    __tablename__ = "pairing"
    __table_args__ = (sa.UniqueConstraint("programme_id", "mentor_id", "mentee_id", "round", "number"),)

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    round: Mapped[int]
    number: Mapped[int] = mapped_column(default=1)
    mentor_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    mentee_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    status: Mapped[PairingStatus] = mapped_column(sa.String(12), default=PairingStatus.PROPOSED)
    score: Mapped[int]
    reasons: Mapped[dict[str, Any]] = mapped_column(default=dict)
    origin: Mapped[str] = mapped_column(sa.String(12), default="best")
    relaxed: Mapped[list[str]] = mapped_column(default=list)
    language: Mapped[str] = mapped_column(sa.String(5), default="")
    others: Mapped[list[Any]] = mapped_column(default=list)
    mentor_accepted_on: Mapped[date | None]
    mentee_accepted_on: Mapped[date | None]
    accepted_on: Mapped[date | None]
    active_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    close_reason: Mapped[CloseReason | None] = mapped_column(sa.String(20))

    mentor: Mapped[Participant] = relationship(foreign_keys=[mentor_id], lazy="joined")
    mentee: Mapped[Participant] = relationship(foreign_keys=[mentee_id], lazy="joined")

    def move(self, to: PairingStatus) -> PairingStatus:
        """Move on, if the table of moves allows it; the new status. Raises IllegalMove."""
        self.status = now = move(MOVES, PairingStatus(self.status), to)
        return now

    def close(self, reason: CloseReason, today: date) -> None:
        """End the relation; the reason is a class, never a story."""
        self.move(PairingStatus.CLOSED)
        self.close_reason, self.closed_on = reason, today


@dataclass(frozen=True, slots=True)
class Outline:
    """A pair in a few values: the ids of the two participants, and where it stands."""

    mentor_id: int
    mentee_id: int
    status: PairingStatus
    close_reason: CloseReason | None
    language: str


def of_programme(
    session: Session, programme_id: int, *statuses: PairingStatus, number: int | None = None
) -> Sequence[Pairing]:
    """The pairings, in the order proposed; all statuses and rounds unless named."""
    query = sa.select(Pairing).where(Pairing.programme_id == programme_id)
    if statuses:
        query = query.where(Pairing.status.in_(statuses))
    if number is not None:
        query = query.where(Pairing.round == number)
    return session.scalars(query.order_by(Pairing.id)).all()


def by_ids(session: Session, ids: Sequence[int], *statuses: PairingStatus) -> Sequence[Pairing]:
    """These pairings, in the order proposed, as far as they are in one of the statuses."""
    wanted = (Pairing.id.in_(ids), Pairing.status.in_(statuses))
    return session.scalars(sa.select(Pairing).where(*wanted).order_by(Pairing.id)).all()


def between(session: Session, mentor_id: int, mentee_id: int, number: int, within: int) -> Pairing | None:
    """The pair of these two that run `within` of round `number` made, if there is one."""
    two = (Pairing.mentor_id == mentor_id, Pairing.mentee_id == mentee_id)
    wanted = (Pairing.round == number, Pairing.number == within)
    return session.scalars(sa.select(Pairing).where(*two, *wanted)).first()


def outline(session: Session, programme_id: int) -> list[Outline]:
    """Every pair of the programme in a few values each, in the order proposed: quick where there are thousands."""
    columns = (Pairing.mentor_id, Pairing.mentee_id, Pairing.status, Pairing.close_reason, Pairing.language)
    rows = session.execute(sa.select(*columns).where(Pairing.programme_id == programme_id).order_by(Pairing.id))
    return [
        Outline(mentor, mentee, PairingStatus(status), CloseReason(reason) if reason else None, language)
        for mentor, mentee, status, reason, language in rows
    ]


def ids(session: Session, programme_id: int, *statuses: PairingStatus) -> list[int]:
    """The numbers of the pairs in these statuses, in the order proposed: quick where there are thousands."""
    wanted = (Pairing.programme_id == programme_id, Pairing.status.in_(statuses))
    return list(session.scalars(sa.select(Pairing.id).where(*wanted).order_by(Pairing.id)))


def begun(session: Session, programme_id: int) -> set[int]:
    """The participants who have had a partner in that programme."""
    rows = sa.select(Pairing.mentor_id, Pairing.mentee_id)
    rows = rows.where(Pairing.programme_id == programme_id, Pairing.active_on.is_not(None))
    return {side for both in session.execute(rows) for side in both}


def mentored(session: Session, programme_id: int) -> set[int]:
    """The people who guided somebody in that programme."""
    came_about = (Pairing.programme_id == programme_id, Pairing.accepted_on.is_not(None))
    mentors = sa.select(Participant.person_id).join(Pairing, Pairing.mentor_id == Participant.id)
    return set(session.scalars(mentors.where(*came_about)))


def of_mentor(session: Session, programme_id: int, mentor_id: int, *statuses: PairingStatus) -> Sequence[Pairing]:
    """One mentor's pairs in these statuses, in the order proposed."""
    wanted = (Pairing.programme_id == programme_id, Pairing.mentor_id == mentor_id, Pairing.status.in_(statuses))
    return session.scalars(sa.select(Pairing).where(*wanted).order_by(Pairing.id)).all()


def picked(session: Session, programme_id: int, number: int) -> dict[tuple[int, int], Pairing]:
    """The pairs of a round that came from a mentee's own list, by (mentor, mentee)."""
    wanted = (Pairing.programme_id == programme_id, Pairing.round == number, Pairing.origin == "pick")
    found = session.scalars(sa.select(Pairing).where(*wanted).order_by(Pairing.id))
    return {(one.mentor_id, one.mentee_id): one for one in found}
