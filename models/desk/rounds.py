"""The round of a phase that is open, and a person as the desk shows one."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from framework.programme import Programme
from models import programme
from models.person import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """The round of a phase that is open, on the desk's day."""

    session: Session
    programme_id: int
    rules: Programme
    milestone: programme.Milestone
    today: date


def open_round(session: Session, programme_id: int, phase: str) -> programme.Milestone | None:
    """The latest round of that phase that has opened and is not finished."""
    rounds = programme.milestones(session, programme_id, phase)
    return next((m for m in reversed(rounds) if m.opened_on and not m.finished_on), None)


def who(person: Person) -> dict[str, object]:
    """What the desk tells of a person."""
    return {
        "name": person.value().name,
        "title": person.job_title,
        "department": person.department,
        "site": person.site,
        "years": person.years,
        "language": person.language,
    }
