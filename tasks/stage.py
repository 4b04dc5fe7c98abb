"""A phase's place on the calendar: opening it, resting until something comes, finishing it; one run at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from time import monotonic, sleep

from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from sqlalchemy.orm import Session

from framework import programme as rules
from framework import requests as clock
from framework import states
from framework.content import FORMS
from framework.requests import RequestStatus, next_on
from framework.saying import day, in_numbers
from models import decision, event, installation, phase_lock, programme, request
from models.base import reading, transaction
from models.programme import Milestone
from models.settings import settings
from tasks import turn
from tasks.step import step
from tasks.telling import tell_round

GRACE_DAYS = clock.GRACE_DAYS
PASSING = frozenset({"open", "undecided", "to_mark", "owing", "proposed"})  # counts of what waits, gone at the end
GOOD_END = {"readiness": "go"}
ALREADY_RUNNING = "Already-Running"
PATIENCE_SECONDS, LOOK_SECONDS = 30.0, 0.25  # so long an advance waits for another run's phase, looking so often
FINISHED_BEFORE = "It was finished before; nothing was done again."


@dataclass(frozen=True, slots=True)
class Stage:
    """One round of one phase of one programme, and the day on which it runs. Ids and dates only.

    `holder` is the name under which its run holds the phase; empty where nothing is held.
    """

    milestone: int
    programme: int
    slug: str
    phase: str
    round: int
    kind: str
    today: date
    opens_on: date
    closes_on: date
    holder: str = ""

    @property
    def is_over(self) -> bool:
        """Whether the planned last day has passed."""
        return self.today > self.closes_on


def day_of(session: Session, slug: str, today: date | None) -> date | str:
    """The day on which to act for a programme; a word instead says why that cannot be."""
    try:
        zone = programme.by_slug(session, slug).rules.time_zone
        return installation.move_to(session, today or installation.today(session, zone), zone)
    except programme.UnknownProgramme:
        return "Unknown-Programme"
    except installation.FutureDate:
        return "Future-Date"


@step
def open_stage(slug: str, phase: str, today: date | None, number: int | None = None) -> Stage | str:
    """Open the round that is due, or find it open, and hold the phase. A word instead says why nothing is to run."""
    with transaction() as session:
        day = day_of(session, slug, today)
        if isinstance(day, str):
            return day
        row = programme.by_slug(session, slug)
        holder = turn.take(session, row.id, phase)
        if holder is None:
            return ALREADY_RUNNING
        found = _due_round(session, row.id, phase, number, day)
        if isinstance(found, str):
            phase_lock.release(session, row.id, phase, holder)
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
            holder,
        )


def _length(milestone: Milestone, day: date) -> date:
    """A phase that opens late keeps its length."""
    return (milestone.opened_on or day) + (milestone.closes_on - milestone.opens_on)


def _due_round(session: Session, programme_id: int, phase: str, number: int | None, day: date) -> Milestone | str:
    rounds = [m for m in programme.milestones(session, programme_id, phase) if number in {None, m.round}]
    waiting = [m for m in rounds if m.finished_on is None]
    if not waiting:
        return "Completed" if rounds else "No-Such-Round" if number is not None else "Not-Planned"
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
    again = _settle(stage, state, dict(counts), wake_on=wake_on)
    told = f"{in_numbers(counts) or states.means(state)}; looked at again on {day(again)}"
    return Completed(name=state, message=_where(stage.phase, state, told))


def finish(stage: Stage, outcome: str, counts: Mapping[str, int]) -> State[None]:
    """The phase, or this round of it, is done; `outcome` is a word where it could have ended otherwise."""
    _finish(stage, outcome, dict(counts))
    return Completed(name="Completed", message=outcome.replace("_", " ") or in_numbers(counts))


def _where(phase: str, state: str, told: str) -> str:
    """With what waits for the coordinator, where to decide it."""
    if state != "Awaiting-Coordinator":
        return told
    here = f", or here: a run of the flow approval, for {phase}" if phase in settings().approved_in_ui else ""
    return f"{told}; decide it on the desk{here}"


def nothing(why: str) -> State[None]:
    """There was nothing to run: not planned, not due, completed before; or what was asked for cannot be, and failed."""
    if why in states.REFUSED:
        return Failed(name=why, message=states.means(why))
    return Completed(name=why, message=FINISHED_BEFORE if why == "Completed" else states.means(why))


@step
def await_turns(slug: str, phases: list[str]) -> list[str]:
    """Wait for other runs to come to the end of these phases, half a minute at most; those that still go on."""
    until = monotonic() + PATIENCE_SECONDS
    while True:
        with reading() as session:
            busy = phase_lock.held(session, programme.by_slug(session, slug).id, phases)
        if not busy or monotonic() > until:
            return busy
        sleep(LOOK_SECONDS)


@step
def _settle(stage: Stage, state: str, counts: dict[str, int], *, wake_on: date | None) -> date:
    """The day on which the round is looked at again."""
    with transaction() as session:
        milestone = session.get_one(Milestone, stage.milestone)
        before = (milestone.state, milestone.counts, milestone.wake_on)
        kept = {name: value for name, value in milestone.counts.items() if name not in PASSING}
        milestone.state, milestone.counts = state, {**kept, **counts}
        clocks = request.clocks(session, stage.programme, stage.phase, stage.round)
        ladders = [(FORMS[form].ladder, opened_on, due_on) for form, opened_on, due_on in clocks]
        struck = [next_on(*one, today=stage.today) for one in ladders if one[0].wakes]
        days = [day for day in [*struck, wake_on] if day and day > stage.today]
        again = milestone.wake_on = min(days) if days else max(stage.closes_on, stage.today) + timedelta(days=1)
        moved = before != (milestone.state, milestone.counts, again)
        turn.release(session, stage)
    tell_round(stage.milestone, stage.today, moved=moved)
    return again


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
        turn.release(session, stage)
    tell_round(stage.milestone, stage.today, moved=True)


def has_news(session: Session, milestone: Milestone) -> bool:
    """Whether an answer or a decision waits for this round to act on it."""
    where = (milestone.programme_id, milestone.phase, milestone.round)
    return bool(
        request.count(session, *where, RequestStatus.ANSWERED) or decision.of_round(session, *where, applied=False)
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
