"""Approval outside the desk: what is shown for one yes to all, and what that yes does.

The subjects, their digest and the reading of the answer are the desk's own (`models/desk/`, `framework/desk.py`): the
same yes has the same effect through both doors, and whoever is second changes nothing. The person is not proved here:
the trail names the door `prefect-ui` and the person whose staff number was typed (house idea 8).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from framework import desk
from framework.desk import Ruling, Subject
from models import decision, installation, programme
from models.base import reading, transaction
from models.desk import rulings, shown
from models.desk.rounds import Round, open_round
from models.desk.rulings import Door
from models.desk.shown import DOOR, Shown
from models.desk.subjects import seats, subjects
from models.person import Person
from models.programme import UnknownProgramme
from models.settings import settings
from tasks.step import step

LAPSES_AFTER = 14  # days of the programme
WAITS = "Awaiting-Coordinator"
ASKED_AGAIN = frozenset({"Changed-Meanwhile", "Unknown-Number"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an approval ended: the name of its state, and counts."""

    word: str
    numbers: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """What lies on the desk in the open round of a phase, and what was decided of it."""

    now: Round
    subjects: Sequence[Subject]
    made: dict[str, str]

    @property
    def open(self) -> int:
        """How many subjects wait."""
        return sum(one.id not in self.made for one in self.subjects)

    @property
    def digest(self) -> str:
        """The digest of the list as it lies there."""
        return desk.list_digest(self.subjects)

    def yes(self, digest: str) -> Ruling:
        """One yes to all that was shown with that digest, read as the desk reads it."""
        phase = self.now.milestone.phase
        typed = desk.together(phase, self.subjects, digest)
        return desk.read(phase, self.subjects, typed, self.made, seats(self.now))

    def reach(self) -> int:
        """How many open subjects a yes would decide; the others need a reason, or find no place."""
        return sum(one.subject not in self.made for one in self.yes(self.digest).verdicts)


@step
def lay_out(slug: str, phase: str, run: str) -> Shown | Outcome:
    """Show what waits in a phase, once a run: shown again it is what was shown first. An outcome says why it is not."""
    with transaction() as session:
        word, numbers = shown.ending(session, run)
        if word:
            return Outcome(word, numbers)
        if before := shown.of_run(session, run):
            return before
        try:
            row = programme.by_slug(session, slug)
        except UnknownProgramme:
            return Outcome("Unknown-Programme")
        found = _to_show(session, row, phase)
        return found if isinstance(found, Outcome) else shown.keep(session, _shown(found, run))


def _to_show(session: Session, row: programme.Programme, phase: str) -> Table | Outcome:
    if phase not in settings().approved_in_ui:
        return Outcome("Desk-Only")
    found = laid(session, row, phase)
    if found is None or not found.open:
        return Outcome("Nothing-To-Decide")
    if found.now.milestone.state != WAITS:
        return Outcome("Not-Yet")
    return found if found.reach() else Outcome("Needs-Reasons")


def _shown(found: Table, run: str) -> Shown:
    on, milestone = found.now.today.isoformat(), found.now.milestone
    return Shown(
        run=run,
        programme=milestone.programme_id,
        phase=milestone.phase,
        round=milestone.round,
        digest=found.digest,
        on=on,
        open=found.open,
        reach=found.reach(),
    )


def laid(session: Session, row: programme.Programme, phase: str) -> Table | None:
    """What lies on the desk in that phase; None where no round of it is open."""
    milestone = open_round(session, row.id, phase)
    if milestone is None:
        return None
    rules = row.rules
    today = installation.today(session, rules.time_zone)
    now = Round(session=session, programme_id=row.id, rules=rules, milestone=milestone, today=today)
    made = {one.subject: one.choice for one in decision.of_round(session, row.id, phase, milestone.round)}
    return Table(now, subjects(now), made)


@step
def take_word(given: Shown, *, yes: bool, staff_number: str) -> Outcome:
    """Act on what was typed, once: told again it says what it did the first time."""
    with transaction() as session:
        before, numbers = shown.ending(session, given.run)
        if before:
            return Outcome(before, numbers)
        found = _take(session, given, yes=yes, staff_number=staff_number)
        return Outcome(shown.end(session, given.run, found.word, **found.numbers), found.numbers)


def _take(session: Session, given: Shown, *, yes: bool, staff_number: str) -> Outcome:
    row = session.get_one(programme.Programme, given.programme)
    if word := _passed(session, row, given):
        return Outcome(word)
    found = laid(session, row, given.phase)
    who = _meant(session, row, staff_number)
    if found is None:
        return Outcome("Decided-Elsewhere")
    if who is None:
        return Outcome("Unknown-Number")
    if not yes:
        return Outcome("Left-To-The-Desk", {"left": found.open})
    ruling = found.yes(given.digest)
    if ruling.stale or ruling.problems:
        return Outcome("Changed-Meanwhile")
    new = rulings.record(session, found.now.milestone, ruling.verdicts, Door(who.id, DOOR, found.now.today))
    numbers = {"approved": new, "left": found.open - new}
    return Outcome("Approved" if new else "Decided-Elsewhere", numbers if new else {})


def _meant(session: Session, row: programme.Programme, staff_number: str) -> Person | None:
    """Who carries the programme and has that number."""
    today = installation.today(session, row.rules.time_zone)
    wanted = staff_number.strip().casefold()
    here = rulings.carriers(session, row.rules, today)
    return next((one for one in here if wanted and (one.employee_number or "").casefold() == wanted), None)


def _passed(session: Session, row: programme.Programme, given: Shown) -> str:
    """Why what was shown can be approved no more; empty while it can."""
    found = laid(session, row, given.phase)
    if found is None or found.now.milestone.round != given.round or not found.open:
        return "Decided-Elsewhere"
    if given.phase not in settings().approved_in_ui:
        return "Desk-Only"
    return "" if found.digest == given.digest else "Changed-Meanwhile"


@step
def passed_approvals(slug: str, today: date) -> dict[str, str]:
    """The runs that wait for a word which counts no more, each with the word in which it ends."""
    with reading() as session:
        row = programme.by_slug(session, slug)
        found = {}
        for one in shown.waiting(session, row.id):
            late = "Lapsed" if (today - one.since).days >= LAPSES_AFTER else ""
            if word := _passed(session, row, one) or late:
                found[one.run] = word
        return found


@step
def waiting_approvals(slug: str) -> Sequence[Shown]:
    """What runs have shown and nobody has answered yet."""
    with reading() as session:
        return shown.waiting(session, programme.by_slug(session, slug).id)


@step
def wanted_approvals(slug: str) -> dict[str, str]:
    """The phases that wait for one yes and may get it outside the desk, each with a key for what lies there now."""
    with reading() as session:
        row = programme.by_slug(session, slug)
        there = {(one.phase, one.digest) for one in shown.waiting(session, row.id)}
        found = {}
        for phase in sorted(settings().approved_in_ui):
            on = laid(session, row, phase)
            if on and on.now.milestone.state == WAITS and (phase, on.digest) not in there and on.reach():
                asked = shown.broken_off(session, row.id, phase, on.digest)
                found[phase] = f"approval:{slug}:{phase}:{on.now.milestone.round}:{on.digest[:16]}:{asked}"
        return found


@step
def settle_approval(run: str, word: str) -> str:
    """Note how a run ended that nobody answered; the word that was first."""
    with transaction() as session:
        return shown.end(session, run, word)
