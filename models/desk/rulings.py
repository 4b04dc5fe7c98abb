"""The word on a subject, whoever gives it and through whichever door: it counts once, for exactly what was shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from framework.desk import Verdict
from framework.programme import Programme
from models import decision, event, person
from models.person import Person
from models.programme import Milestone


@dataclass(frozen=True, slots=True)
class Door:
    """Who decides, through which door (`person:3`, `prefect-ui`), on which day of the programme."""

    person: int
    actor: str
    on: date


def carriers(session: Session, rules: Programme, today: date) -> list[Person]:
    """Who carries the programme and is still here: its coordinator, and the deputy (CAP-018)."""
    those = person.by_keys(session, [key for key in (rules.coordinator, rules.deputy) if key])
    return [one for one in those if one.value().is_here(today)]


def record(session: Session, milestone: Milestone, verdicts: Iterable[Verdict], door: Door) -> int:
    """Write the verdicts of one round down, each with its line in the trail; how many were new.

    The unique key of the table says who was first, whichever door the others came through.
    """
    new = 0
    for verdict in verdicts:
        first = decision.decide(
            session,
            programme_id=milestone.programme_id,
            phase=milestone.phase,
            round=milestone.round,
            subject=verdict.subject,
            choice=verdict.choice,
            reason=verdict.reason,
            digest=verdict.digest,
            decided_by=door.person,
            decided_on=door.on,
        )
        if first:
            new += 1
            detail: dict[str, str | int | bool] = {"phase": milestone.phase, "round": milestone.round}
            if door.actor != f"person:{door.person}":
                detail["by"] = door.person
            event.record(session, door.actor, "decided", verdict.subject, **detail)
    return new
