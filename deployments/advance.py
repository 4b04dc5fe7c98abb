"""Advancing programmes, and telling what was done: the same code for the command, the schedule and the rehearsal."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from deployments import quiet  # noqa: F401 - before Prefect
from models import delivery, installation, programme
from models.base import transaction
from models.programme import Milestone

Snapshot = dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Advanced:
    """What one advance did: the phases that moved, mails by state, and when something is due next."""

    programme: str
    today: str
    moved: dict[str, str]
    mails: dict[str, int]
    next: str

    def as_dict(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)


def label(milestone: Milestone) -> str:
    """A round's name: the phase, and its number after the first."""
    return milestone.phase if milestone.round == 1 else f"{milestone.phase} {milestone.round}"


def _snapshot(slug: str) -> tuple[Snapshot, dict[str, int]]:
    with transaction() as session:
        row = programme.by_slug(session, slug)
        phases = {label(m): (m.state, str(m.counts)) for m in programme.milestones(session, row.id)}
        mails: dict[str, int] = {}
        for states in delivery.counts(session, row.id).values():
            for state, number in states.items():
                mails[state] = mails.get(state, 0) + number
        return phases, mails


def without_heartbeats() -> AbstractContextManager[Any]:
    """Sub-flows without their heartbeat thread, which costs a second each; for rehearsals and tests."""
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    if PREFECT_FLOWS_HEARTBEAT_FREQUENCY.value() is None:
        return nullcontext()  # to settle it takes Prefect a tenth of a second: a long rehearsal does so once
    return temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None})


def advance(slug: str, today: date | None) -> Advanced:
    """Do all that is due for one programme up to `today`. Raises UnknownProgramme, FutureDate."""
    from flows.programme import programme as flow
    from tasks.programme import next_day

    with transaction() as session:
        row = programme.by_slug(session, slug)
        zone = row.rules.time_zone
        day = installation.move_to(session, today or installation.today(session, zone), zone)
        rehearsal = installation.is_rehearsal(session)
    before, had = _snapshot(slug)
    with without_heartbeats() if rehearsal else nullcontext():
        flow(slug, day)
    after, has = _snapshot(slug)
    return Advanced(
        programme=slug,
        today=day.isoformat(),
        moved={name: state for name, (state, _) in after.items() if before.get(name) != after[name]},
        mails={state: has[state] - had.get(state, 0) for state in has if has[state] != had.get(state, 0)},
        next=next_day.fn(slug, day),
    )
