"""What was shown for approval outside the desk: the trail remembers it, so that a yes holds for that and nothing else.

One run of the approval shows once and ends once; both are lines of the trail about `run:<id of the run>`.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import event
from models.event import Event

SHOWN, ENDED, DOOR = "shown", "answered", "prefect-ui"
BROKEN_OFF = "Broken-Off"


@dataclass(frozen=True, slots=True)
class Shown:
    """A list as it was shown: whose round, its digest, the day (ISO), how many were open, how many a yes reaches."""

    run: str
    programme: int
    phase: str
    round: int
    digest: str
    on: str
    open: int
    reach: int

    @property
    def since(self) -> date:
        """The programme's day on which it was shown."""
        return date.fromisoformat(self.on)


def keep(session: Session, shown: Shown) -> Shown:
    """Remember what a run shows; what it showed first counts."""
    if before := of_run(session, shown.run):
        return before
    detail = asdict(shown)
    event.record(session, DOOR, SHOWN, f"run:{detail.pop('run')}", **detail)
    return shown


def end(session: Session, run: str, word: str, **numbers: int) -> str:
    """Remember how a run ended; the word that was first."""
    if before := ending(session, run)[0]:
        return before
    event.record(session, DOOR, ENDED, f"run:{run}", word=word, **numbers)
    return word


def of_run(session: Session, run: str) -> Shown | None:
    """What that run showed."""
    found = _first(session, run, SHOWN)
    return _read(found) if found else None


def ending(session: Session, run: str) -> tuple[str, dict[str, int]]:
    """The word in which that run ended, and its counts; an empty word while it waits."""
    found = _first(session, run, ENDED)
    detail = dict(found.detail) if found else {}
    return str(detail.get("word", "")), {name: int(number) for name, number in detail.items() if name != "word"}


def waiting(session: Session, programme_id: int) -> Sequence[Shown]:
    """What was shown of a programme and has no end yet, the oldest first."""
    over = sa.select(Event.about).where(Event.action == ENDED, Event.actor == DOOR)
    return _of(session, programme_id, Event.about.not_in(over))


def broken_off(session: Session, programme_id: int, phase: str, digest: str) -> int:
    """How many runs showed that list and broke off before anybody answered."""
    ended = sa.select(Event.about, Event.detail).where(Event.action == ENDED, Event.actor == DOOR)
    broke = {about for about, detail in session.execute(ended) if detail.get("word") == BROKEN_OFF}
    same = [one for one in _of(session, programme_id, Event.about.in_(broke)) if one.phase == phase]
    return sum(one.digest == digest for one in same)


def _of(session: Session, programme_id: int, which: sa.ColumnElement[bool]) -> list[Shown]:
    """What was shown of a programme, the oldest first, once a run."""
    lines = sa.select(Event).where(Event.action == SHOWN, Event.actor == DOOR, which).order_by(Event.id)
    every = {one.run: one for one in map(_read, session.scalars(lines))}
    return [one for one in every.values() if one.programme == programme_id]


def _first(session: Session, run: str, action: str) -> Event | None:
    lines = sa.select(Event).where(Event.about == f"run:{run}", Event.action == action, Event.actor == DOOR)
    return session.scalars(lines.order_by(Event.id)).first()


def _read(line: Event) -> Shown:
    return Shown(run=line.about.removeprefix("run:"), **line.detail)
