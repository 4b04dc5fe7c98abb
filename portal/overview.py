"""The desk at a glance: the calendar, what waits for whom, the mails and the signals, counted for one programme."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from framework.content import FORMS
from framework.desk import PHASES, READINESS
from framework.requests import RequestStatus
from models import glance, programme, request, signal
from portal import asked, outbox, runs, words
from portal.decisions import bench
from portal.visit import DeskVisit

WIDTH = 1000  # units of the timeline's bars


@dataclass(frozen=True, slots=True)
class Step:
    """One milestone on the timeline. `mark` is done, now or later; `left` and `wide` place its bar, of 1000.

    `runs` is the address of its runs in the Prefect UI, where one is known.
    """

    name: str
    mark: str
    opens_on: date
    closes_on: date
    state: str
    counts: tuple[tuple[int, str], ...]
    left: int
    wide: int
    runs: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Open questions of one form: how many of those asked, since when, until when; `path` leads to whose they are."""

    form: str
    whom: str
    open: int
    asked: int
    since: date
    due: date
    late: bool
    path: str


@dataclass(frozen=True, slots=True)
class Card:
    """A decision that waits."""

    phase: str
    name: str
    number: int
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All that the desk shows. `today_at` is today's place on the timeline, of 1000."""

    steps: list[Step]
    today_at: int
    waiting: list[Waiting]
    cards: list[Card]
    mails: list[tuple[str, str, int]]
    attention: list[tuple[int, str]]
    signals: list[tuple[str, int]]


def overview(session: Session, visit: DeskVisit) -> Overview:
    """The desk of a programme, today."""
    rows = programme.milestones(session, visit.link.programme_id)
    found = outbox.attention(session, visit)
    start, end = min(m.opens_on for m in rows), max(m.closes_on for m in rows)
    return Overview(
        steps=[_step(visit, m, start, end) for m in rows],
        today_at=at(visit.today, start, end),
        waiting=waiting(session, visit, [m for m in rows if m.opened_on]),
        cards=cards(session, visit, found.mailings),
        mails=outbox.tally(session, visit),
        attention=found.counts,
        signals=_signals(session, visit),
    )


def at(on: date, start: date, end: date) -> int:
    """Where a day stands on the timeline, of `WIDTH`."""
    return max(0, min(WIDTH, WIDTH * (on - start).days // max(1, (end - start).days)))


def _step(visit: DeskVisit, milestone: programme.Milestone, start: date, end: date) -> Step:
    left = at(milestone.opens_on, start, end)
    known = [(n, words.COUNTS[k]) for k, n in milestone.counts.items() if k in words.COUNTS]
    return Step(
        name=words.milestone(visit.page.say, milestone.phase, milestone.kind),
        mark="done" if milestone.finished_on else "now" if milestone.opened_on else "later",
        opens_on=milestone.opens_on,
        closes_on=milestone.closes_on,
        state=state_of(visit, milestone),
        counts=tuple((n, visit.page.say(label)) for n, label in known if isinstance(n, int) and n),
        left=left,
        wide=max(12, at(milestone.closes_on, start, end) - left),
        runs=runs.runs(visit.programme, milestone.phase) if milestone.opened_on else "",
    )


def state_of(visit: DeskVisit, milestone: programme.Milestone) -> str:
    """How a round stands, in words."""
    decided = {choice.id: choice.label for choice in READINESS if choice.id == milestone.outcome}
    if milestone.finished_on:
        return visit.page.say(decided.get(milestone.outcome, words.STATES.get(milestone.state, "Done")))
    return visit.page.say(words.STATES.get(milestone.state, words.plain(milestone.state)))


def waiting(session: Session, visit: DeskVisit, rows: Sequence[programme.Milestone]) -> list[Waiting]:
    """The open questions of these milestones, and those outside every round, by form."""
    rounds = {(one.phase, one.round) for one in rows}
    found: dict[str, list[glance.Tally]] = {}
    for one in glance.tallies(session, visit.link.programme_id):
        own = one.round == request.STANDING or (one.phase, one.round) in rounds
        if own and one.form in FORMS and FORMS[one.form].sections:
            found.setdefault(one.form, []).append(one)
    groups = [_group(visit, name, asked) for name, asked in found.items()]
    return sorted((w for w in groups if w.open), key=lambda w: (w.due, w.form))


def _group(visit: DeskVisit, name: str, asked: list[glance.Tally]) -> Waiting:
    open_ = [one for one in asked if one.status == RequestStatus.OPEN]
    since = min((one.opened_on for one in open_), default=visit.today)
    due = min((one.due_on for one in open_), default=visit.today)
    return Waiting(
        form=visit.page.say(FORMS[name].title),
        whom=visit.page.say(words.ASKED[FORMS[name].by]),
        open=sum(one.number for one in open_),
        asked=sum(one.number for one in asked if one.opened_on >= since),
        since=since,
        due=due,
        late=due < visit.today,
        path=f"/waiting/{name}",
    )


def cards(session: Session, visit: DeskVisit, mailings: int) -> list[Card]:
    """The decisions that wait, and the mailings."""
    made = []
    if number := asked.waiting(session, visit.link.programme_id):  # a person comes first
        address = visit.page.link(f"/desk/{visit.token}/asked")
        made.append(Card("asked", visit.page.say("Asked for help"), number, address))
    for phase in PHASES:
        if number := len(bench(session, visit, phase).open):
            address = visit.page.link(f"/desk/{visit.token}/{phase}")
            made.append(Card(phase, visit.page.say(words.PHASES[phase]), number, address))
    if mailings:
        made.append(Card("mails", visit.page.say("E-mails"), mailings, visit.page.link(f"/desk/{visit.token}/mails")))
    return made


def _signals(session: Session, visit: DeskVisit) -> list[tuple[str, int]]:
    said: Counter[str] = Counter()
    for one in signal.of_programme(session, visit.link.programme_id):
        if one.settled_on is None:
            said[visit.page.say(words.RISKS.get(one.code, one.code))] += 1
    return said.most_common()
