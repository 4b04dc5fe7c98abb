"""Which run in Prefect stands for which moment of a programme's timeline, and on what day it was last placed.

A row outlives its run: a moment that leaves the plan keeps its row without a day, so that its revision only rises and
no key is ever used for two days.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from framework.timeline import KEY_LENGTH
from models.base import Base, insert_many


class Placement(Base):
    """A moment of a programme on the calendar of Prefect.

    `run_id` is empty until it is placed. `deployment_id` tells the Prefect database in which it was: a lost one comes
    back with other deployments. `removed` says that a person took the run away there.
    """

    __tablename__ = "placement"
    __table_args__ = (sa.UniqueConstraint("programme_id", "key"),)

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(sa.String(KEY_LENGTH))
    falls_on: Mapped[date | None]
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    run_id: Mapped[str] = mapped_column(sa.String(36), default="", server_default="")
    deployment_id: Mapped[str] = mapped_column(sa.String(36), default="", server_default="")
    removed: Mapped[bool] = mapped_column(default=False, server_default=sa.false())


def of_programme(session: Session, programme_id: int) -> Sequence[Placement]:
    """Every row of a programme, by key."""
    query = sa.select(Placement).where(Placement.programme_id == programme_id).order_by(Placement.key)
    return session.scalars(query).all()


def compare(session: Session, programme_id: int, plan: Mapping[str, date], today: date) -> Sequence[Placement]:
    """Bring the rows in line with the plan's moments from today on, and give those that stand on it.

    What has moved gets its new day and the next revision. What left the plan loses its day, unless that has come:
    what was planned for today or earlier stays as it is, for its run has begun or is about to.
    """
    insert_many(
        session,
        Placement,
        [{"programme_id": programme_id, "key": key, "falls_on": day} for key, day in sorted(plan.items())],
    )
    for row in of_programme(session, programme_id):
        day = plan.get(row.key)
        if day != row.falls_on and (day is not None or (row.falls_on is not None and row.falls_on > today)):
            move(session, row, day)
    session.expire_all()
    return [row for row in of_programme(session, programme_id) if row.falls_on is not None]


def move(session: Session, row: Placement, day: date | None) -> bool:
    """Give a moment another day, or none, under the next revision; True unless somebody else just did."""
    changed = session.scalars(
        sa.update(Placement)
        .where(Placement.id == row.id, Placement.revision == row.revision)
        .values(falls_on=day, revision=row.revision + 1, run_id="", deployment_id="", removed=False)
        .returning(Placement.id)
        .execution_options(synchronize_session=False)
    )
    return changed.first() is not None


def note(session: Session, number: int, revision: int, *, run_id: str, deployment_id: str, removed: bool) -> None:
    """Write down which run stands for a moment, if its revision is still the one that was placed."""
    session.execute(
        sa.update(Placement)
        .where(Placement.id == number, Placement.revision == revision)
        .values(run_id=run_id, deployment_id=deployment_id, removed=removed)
    )


def forget_runs(session: Session, programme_id: int | None = None, *, removed: bool = False) -> int:
    """Forget the runs, so that the calendar is placed anew: all of them, or those alone that a person took away."""
    query = sa.update(Placement).values(run_id="", deployment_id="", removed=False)
    if programme_id is not None:
        query = query.where(Placement.programme_id == programme_id)
    if removed:
        query = query.where(Placement.removed)
    return len(session.scalars(query.returning(Placement.id)).all())


def counts(session: Session, programme_id: int, today: date) -> tuple[int, int]:
    """How many moments from today on have a run in Prefect, and how many had one that a person took away."""
    wanted = (Placement.programme_id == programme_id, Placement.falls_on >= today, Placement.run_id != "")
    query = sa.select(Placement.removed, sa.func.count()).where(*wanted).group_by(Placement.removed)
    found = dict(session.execute(query).tuples().all())
    return found.get(False, 0), found.get(True, 0)
