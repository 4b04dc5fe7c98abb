"""Who has a phase in hand: one row a programme and phase while a run of it goes on, for a while that it renews.

The row is there for calm, not for safety: two runs at once come to the same end without it (house idea 2). A run that
was killed leaves its row behind; once `until` has passed, the next run takes it over. The clock is that of the machine
that asks, so a lease has to be longer than clocks differ.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql
from sqlalchemy.dialects.sqlite import insert as sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base
from models.installation import now


class PhaseLock(Base):
    """One phase of one programme that runs. `holder` names the run; `until` is the instant (UTC) at which it lapses."""

    __tablename__ = "phase_lock"
    __table_args__ = (sa.UniqueConstraint("programme_id", "phase"),)

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id", ondelete="CASCADE"))
    phase: Mapped[str] = mapped_column(sa.String(20))
    holder: Mapped[str] = mapped_column(sa.String(80))
    until: Mapped[datetime]


def hold(session: Session, programme_id: int, phase: str, holder: str, seconds: float) -> bool:
    """Take the phase for so many seconds, in one statement: where it is free, has lapsed, or is this holder's already.

    True for who has it now.
    """
    at = now()
    insert = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    wanted = insert(PhaseLock).values(
        programme_id=programme_id, phase=phase, holder=holder, until=at + timedelta(seconds=seconds)
    )
    taken = wanted.on_conflict_do_update(
        index_elements=[PhaseLock.programme_id, PhaseLock.phase],
        set_={"holder": wanted.excluded.holder, "until": wanted.excluded.until},
        where=sa.or_(PhaseLock.until < at, PhaseLock.holder == holder),
    )
    return session.scalars(taken.returning(PhaseLock.id)).first() is not None


def renew(session: Session, programme_id: int, phase: str, holder: str, seconds: float) -> bool:
    """Keep what one holds for so many seconds from now; False for who holds it no longer."""
    kept = sa.update(PhaseLock).where(*_own(programme_id, phase, holder))
    done = session.execute(kept.values(until=now() + timedelta(seconds=seconds)))
    return bool(getattr(done, "rowcount", 0) == 1)


def release(session: Session, programme_id: int, phase: str, holder: str) -> None:
    """Let go of it; what somebody else holds by now stays so."""
    session.execute(sa.delete(PhaseLock).where(*_own(programme_id, phase, holder)))


def held(session: Session, programme_id: int, phases: Collection[str]) -> list[str]:
    """Which of these phases somebody has in hand at this instant."""
    wanted = (PhaseLock.programme_id == programme_id, PhaseLock.phase.in_(phases), PhaseLock.until >= now())
    return list(session.scalars(sa.select(PhaseLock.phase).where(*wanted).order_by(PhaseLock.phase)))


def _own(programme_id: int, phase: str, holder: str) -> tuple[sa.ColumnElement[bool], ...]:
    return PhaseLock.programme_id == programme_id, PhaseLock.phase == phase, PhaseLock.holder == holder
