"""Programmes, and the milestones of their calendar: what is planned, how it stands, when it wants to be run again."""

import json
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from framework import programme as rules
from models.base import Base, insert_once


class UnknownProgramme(LookupError):
    """No programme has that slug."""


class Programme(Base):
    """A programme and its settings, as its file said when it was last read."""

    __tablename__ = "programme"
    held_by_session: ClassVar[bool] = True

    slug: Mapped[str] = mapped_column(sa.String(60), unique=True)
    settings: Mapped[dict[str, Any]]

    @property
    def rules(self) -> rules.Programme:
        """The settings, validated."""
        seen: tuple[object, rules.Programme] | None = self.__dict__.get("_seen")
        if seen is None or seen[0] is not self.settings:
            seen = self.__dict__["_seen"] = (self.settings, _validated(json.dumps(self.settings, sort_keys=True)))
        return seen[1]


@lru_cache(maxsize=64)
def _validated(settings: str) -> rules.Programme:
    return rules.Programme.model_validate_json(settings)


class Milestone(Base):
    """One phase, or one round of it. `state` is the name of the state that its last run ended in.

    `wake_on` is the next day on which a run may find something to do; empty once it is finished.
    """

    __tablename__ = "milestone"
    __table_args__ = (sa.UniqueConstraint("programme_id", "phase", "round"),)

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id", ondelete="CASCADE"))
    phase: Mapped[str] = mapped_column(sa.String(20))
    round: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(30))
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    opened_on: Mapped[date | None]
    finished_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(sa.String(40), default="Planned")
    outcome: Mapped[str] = mapped_column(sa.String(40), default="")
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    wake_on: Mapped[date | None] = mapped_column(index=True)


def by_slug(session: Session, slug: str) -> Programme:
    """The programme with that slug. Raises UnknownProgramme."""
    found = session.scalars(sa.select(Programme).where(Programme.slug == slug)).first()
    if found is None:
        msg = f"there is no programme {slug!r}; `baken programme list` shows those that there are"
        raise UnknownProgramme(msg)
    return found


def all_programmes(session: Session) -> Sequence[Programme]:
    """Every programme, by slug."""
    return session.scalars(sa.select(Programme).order_by(Programme.slug)).all()


def keep(session: Session, programme: rules.Programme) -> Programme:
    """Write a programme's settings and its calendar. What has opened keeps its dates; what is not planned now goes.

    Where the file says of a round what it said before, dates that were given by hand stay; a new word of the file wins.
    """
    session.flush()
    values = programme.model_dump(mode="json")
    insert_once(session, Programme, slug=programme.slug, settings=values)
    row = by_slug(session, programme.slug)
    before = _said_before(row)
    row.settings = values
    calendar = rules.calendar(programme)
    for gone in milestones(session, row.id):
        if (
            gone.opened_on is None
            and gone.kind != "again"
            and gone.round <= rules.BY_DAY
            and (gone.phase, gone.round) not in {(m.phase, m.round) for m in calendar}
        ):
            session.delete(gone)
    for planned in calendar:
        milestone = plan(session, row.id, planned)
        if milestone.opened_on is None and before.get((planned.phase, planned.round)) != planned:
            milestone.kind, milestone.opens_on, milestone.closes_on, milestone.wake_on = (
                planned.kind,
                planned.opens_on,
                planned.closes_on,
                planned.opens_on,
            )
    return row


def _said_before(row: Programme) -> dict[tuple[str, int], rules.Milestone]:
    """The calendar of the file as it was read last; empty where this version cannot read those settings any more."""
    try:
        return {(m.phase, m.round): m for m in rules.calendar(row.rules)}
    except ValueError:
        return {}


def begins_on(session: Session, programme_id: int) -> date:
    """The day by which the agreements stand and the meetings begin, as the calendar has it now."""
    return milestone_of(session, programme_id, "meetings", 1).opens_on


def plan(session: Session, programme_id: int, planned: rules.Milestone) -> Milestone:
    """Put a milestone on the calendar; planning it again changes nothing."""
    insert_once(
        session,
        Milestone,
        programme_id=programme_id,
        phase=planned.phase,
        round=planned.round,
        kind=planned.kind,
        opens_on=planned.opens_on,
        closes_on=planned.closes_on,
        wake_on=planned.opens_on,
        state="Planned",
        outcome="",
        counts={},
    )
    return milestone_of(session, programme_id, planned.phase, planned.round)


def milestone_of(session: Session, programme_id: int, phase: str, number: int) -> Milestone:
    """That round of that phase."""
    wanted = (Milestone.programme_id == programme_id, Milestone.phase == phase, Milestone.round == number)
    return session.scalars(sa.select(Milestone).where(*wanted)).one()


def milestones(session: Session, programme_id: int, phase: str | None = None) -> Sequence[Milestone]:
    """The calendar, in the order of opening."""
    query = sa.select(Milestone).where(Milestone.programme_id == programme_id)
    if phase:
        query = query.where(Milestone.phase == phase)
    return session.scalars(query.order_by(Milestone.opens_on, Milestone.id)).all()


def is_over(session: Session, programme_id: int) -> bool:
    """Whether every round of every phase is finished: nothing is asked or answered any more."""
    ends = session.scalars(sa.select(Milestone.finished_on).where(Milestone.programme_id == programme_id)).all()
    return bool(ends) and all(ends)
