"""What a matching began with and what came out, so that it can be held again with the same result (CAP-104).

`people` holds what the engine looked at, without a name or an address; `digest` binds settings, people and result.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base


class MatchingRun(Base):
    """One solving in one round; `number` counts within the round. `counts` are figures for people to read.

    A `trial` is somebody's what-if: nothing was proposed from it unless a decision adopts its settings.
    """

    __tablename__ = "matching_run"
    __table_args__ = (sa.UniqueConstraint("programme_id", "round", "number"),)

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    round: Mapped[int]
    number: Mapped[int]
    made_on: Mapped[date]
    trial: Mapped[bool] = mapped_column(default=False)
    engine: Mapped[str] = mapped_column(sa.String(60), default="")
    digest: Mapped[str] = mapped_column(sa.String(64))
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    people: Mapped[dict[str, Any]] = mapped_column(default=dict)
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)


def of_programme(session: Session, programme_id: int) -> Sequence[MatchingRun]:
    """The runs, in the order made."""
    wanted = MatchingRun.programme_id == programme_id
    return session.scalars(sa.select(MatchingRun).where(wanted).order_by(MatchingRun.id)).all()


def last(session: Session, programme_id: int, number: int) -> MatchingRun | None:
    """The newest run of that round that is no trial."""
    wanted = (MatchingRun.programme_id == programme_id, MatchingRun.round == number, MatchingRun.trial.is_(False))
    return session.scalars(sa.select(MatchingRun).where(*wanted).order_by(MatchingRun.number.desc())).first()


def of_round(session: Session, programme_id: int, number: int) -> Sequence[MatchingRun]:
    """The runs of a round, trials too, in the order of their numbers."""
    wanted = (MatchingRun.programme_id == programme_id, MatchingRun.round == number)
    return session.scalars(sa.select(MatchingRun).where(*wanted).order_by(MatchingRun.number)).all()


def at(session: Session, programme_id: int, number: int, within: int) -> MatchingRun | None:
    """Run `within` of round `number`, if there is one."""
    wanted = (MatchingRun.programme_id == programme_id, MatchingRun.round == number, MatchingRun.number == within)
    return session.scalars(sa.select(MatchingRun).where(*wanted)).first()


def next_number(session: Session, programme_id: int, number: int) -> int:
    """The number that the next run of that round bears; trials are counted too."""
    wanted = (MatchingRun.programme_id == programme_id, MatchingRun.round == number)
    return (session.scalar(sa.select(sa.func.max(MatchingRun.number)).where(*wanted)) or 0) + 1
