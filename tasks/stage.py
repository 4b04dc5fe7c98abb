"""A phase's place on the calendar: opening it, resting until something comes, finishing it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from prefect.client.schemas.objects import State
from prefect.states import Completed
from sqlalchemy.orm import Session

from framework import programme as rules
from framework import requests as clock
from framework.content import FORMS
from framework.requests import RequestStatus, next_on
from models import decision, event, installation, programme, request
from models.base import transaction
from models.programme import Milestone
from tasks.step import step

GRACE_DAYS = clock.GRACE_DAYS
PASSING = frozenset({"open", "undecided", "to_mark", "owing", "proposed"})  # counts of what waits, gone at the end
GOOD_END = {"readiness": "go"}


@dataclass(frozen=True, slots=True)
class Stage:
    """One round of one phase of one programme, and the day on which it runs. Ids and dates only."""

    milestone: int
    programme: int
    slug: str
    phase: str
    round: int
    kind: str
    today: date
    opens_on: date
    closes_on: date

    @property
    def is_over(self) -> bool:
        """Whether the planned last day has passed."""
        return self.today > self.closes_on


@step
def open_stage(slug: str, phase: str, today: date | None, number: int | None = None) -> Stage | str:
    """Open the round that is due, or find it open. A word instead says why there is nothing to run."""
    with transaction() as session:
        row = programme.by_slug(session, slug)
        day = installation.move_to(
            session, today or installation.today(session, row.rules.time_zone), row.rules.time_zone
        )
        found = _due_round(session, row.id, phase, number, day)
        if isinstance(found, str):
            return found
        if found.opened_on is None:
            found.opened_on, found.state = day, "Opened"
            event.record(session, "flow", "opened", f"milestone:{found.id}")
        return Stage(
            found.id,
            row.id,
            slug,
            phase,
            found.round,
            found.kind,
            day,
            found.opened_on,
            max(found.closes_on, _length(found, day)),
        )


def _length(milestone: Milestone, day: date) -> date:
    """A phase that opens late keeps its length."""
    return (milestone.opened_on or day) + (milestone.closes_on - milestone.opens_on)


def _due_round(session: Session, programme_id: int, phase: str, number: int | None, day: date) -> Milestone | str:
    rounds = [m for m in programme.milestones(session, programme_id, phase) if number in {None, m.round}]
    waiting = [m for m in rounds if m.finished_on is None]
    if not waiting:
        return "Completed" if rounds else "Not-Planned"
    due = [m for m in waiting if m.opens_on <= day and may_open(session, m)]
    return due[0] if due else "Not-Due"


def may_open(session: Session, milestone: Milestone) -> bool:
    """Whether the phase that this one needs has come to a good end."""
    need = rules.NEEDS.get(milestone.phase)
    if milestone.opened_on is not None or need is None or milestone.kind == "again":
        return True
    before = programme.milestone_of(session, milestone.programme_id, need, 1)
    return before.finished_on is not None and before.outcome == GOOD_END.get(need, before.outcome)


def rest(stage: Stage, state: str, counts: Mapping[str, int], *, wake_on: date | None = None) -> State[None]:
    """End this run in a state named for whom it waits; the calendar or an answer runs the phase again."""
    _settle(stage, state, dict(counts), wake_on=wake_on)
    return Completed(name=state, message=_in_words(counts))


def finish(stage: Stage, outcome: str, counts: Mapping[str, int]) -> State[None]:
    """The phase, or this round of it, is done; `outcome` is a word where it could have ended otherwise."""
    _finish(stage, outcome, dict(counts))
    return Completed(name="Completed", message=outcome or _in_words(counts))


def _in_words(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {number}" for name, number in counts.items())


def nothing(why: str) -> State[None]:
    """There was nothing to run: not planned, not due, or completed before."""
    return Completed(name=why)


@step
def _settle(stage: Stage, state: str, counts: dict[str, int], *, wake_on: date | None) -> None:
    with transaction() as session:
        milestone = session.get_one(Milestone, stage.milestone)
        milestone.state, milestone.counts = state, {**milestone.counts, **counts}
        open_ = request.of_round(session, stage.programme, stage.phase, stage.round, RequestStatus.OPEN)
        open_ = [r for r in open_ if FORMS[r.form].ladder.wakes]
        struck = [next_on(FORMS[r.form].ladder, r.opened_on, r.due_on, today=stage.today) for r in open_]
        days = [day for day in [*struck, wake_on] if day and day > stage.today]
        milestone.wake_on = min(days) if days else max(stage.closes_on, stage.today) + timedelta(days=1)


@step
def _finish(stage: Stage, outcome: str, counts: dict[str, int]) -> None:
    with transaction() as session:
        milestone = session.get_one(Milestone, stage.milestone)
        if milestone.finished_on is None:
            milestone.finished_on, milestone.state, milestone.wake_on = stage.today, "Completed", None
            event.record(session, "flow", "finished", f"milestone:{milestone.id}", outcome=outcome)
        kept = {name: value for name, value in {**milestone.counts, **counts}.items() if name not in PASSING}
        milestone.outcome, milestone.counts = outcome, kept
        for one in request.of_round(session, stage.programme, stage.phase, stage.round, RequestStatus.ANSWERED):
            request.change_status(session, one.id, RequestStatus.ANSWERED, RequestStatus.SETTLED)


def has_news(session: Session, milestone: Milestone) -> bool:
    """Whether an answer or a decision waits for this round to act on it."""
    where = (milestone.programme_id, milestone.phase, milestone.round)
    return bool(
        request.of_round(session, *where, RequestStatus.ANSWERED) or decision.of_round(session, *where, applied=False)
    )


def again(session: Session, stage: Stage, phase: str, *, days: int) -> None:
    """Plan another round of a phase from today: new pairs to match, to train, to agree."""
    next_round(session, stage.programme, phase, stage.today, days=days)


def next_round(session: Session, programme_id: int, phase: str, today: date, *, days: int) -> None:
    """Plan another round of a phase for so many days, unless one is planned already."""
    rounds = programme.milestones(session, programme_id, phase)
    if any(m.opened_on is None and m.kind == "again" for m in rounds):
        return
    planned = rules.Milestone(phase, max(m.round for m in rounds) + 1, "again", today, today + timedelta(days=days))
    programme.plan(session, programme_id, planned)
