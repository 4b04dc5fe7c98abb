"""The desk at a glance: the calendar, what waits for whom, the mails and the signals, counted for one programme."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from framework.content import FORMS
from framework.desk import PHASES, READINESS
from framework.requests import RequestStatus
from models import programme, request, signal
from portal import outbox, words
from portal.decisions import bench
from portal.visit import DeskVisit

WIDTH = 1000  # units of the timeline's bars


@dataclass(frozen=True, slots=True)
class Step:
    """One milestone on the timeline. `mark` is done, now or later; `left` and `wide` place its bar, of 1000."""

    name: str
    mark: str
    opens_on: date
    closes_on: date
    state: str
    counts: tuple[tuple[int, str], ...]
    left: int
    wide: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Open questions of one form: how many of those asked, since when, until when."""

    form: str
    whom: str
    open: int
    asked: int
    since: date
    due: date
    late: bool


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
        today_at=_at(visit.today, start, end),
        waiting=_waiting(session, visit, [m for m in rows if m.opened_on]),
        cards=_cards(session, visit, found.mailings),
        mails=outbox.tally(session, visit),
        attention=found.counts,
        signals=_signals(session, visit),
    )


def _at(on: date, start: date, end: date) -> int:
    return max(0, min(WIDTH, WIDTH * (on - start).days // max(1, (end - start).days)))


def _step(visit: DeskVisit, milestone: programme.Milestone, start: date, end: date) -> Step:
    left = _at(milestone.opens_on, start, end)
    known = [(n, words.COUNTS[k]) for k, n in milestone.counts.items() if k in words.COUNTS]
    return Step(
        name=words.milestone(visit.page.say, milestone.phase, milestone.kind),
        mark="done" if milestone.finished_on else "now" if milestone.opened_on else "later",
        opens_on=milestone.opens_on,
        closes_on=milestone.closes_on,
        state=_state(visit, milestone),
        counts=tuple((n, visit.page.say(label)) for n, label in known if isinstance(n, int) and n),
        left=left,
        wide=max(12, _at(milestone.closes_on, start, end) - left),
    )


def _state(visit: DeskVisit, milestone: programme.Milestone) -> str:
    decided = {choice.id: choice.label for choice in READINESS if choice.id == milestone.outcome}
    if milestone.finished_on:
        return visit.page.say(decided.get(milestone.outcome, words.STATES.get(milestone.state, "Done")))
    return visit.page.say(words.STATES.get(milestone.state, words.plain(milestone.state)))


def _waiting(session: Session, visit: DeskVisit, rows: list[programme.Milestone]) -> list[Waiting]:
    found: dict[str, list[request.Request]] = {}
    for milestone in rows:
        for one in request.of_round(session, visit.link.programme_id, milestone.phase, milestone.round):
            if one.status != RequestStatus.CANCELLED and one.form in FORMS and FORMS[one.form].sections:
                found.setdefault(one.form, []).append(one)
    waiting = [_group(visit, name, asked) for name, asked in found.items()]
    return sorted((w for w in waiting if w.open), key=lambda w: (w.due, w.form))


def _group(visit: DeskVisit, name: str, asked: list[request.Request]) -> Waiting:
    open_ = [one for one in asked if one.status == RequestStatus.OPEN]
    current = [one for one in asked if open_ and one.opened_on >= min(o.opened_on for o in open_)]
    due = min((one.due_on for one in open_), default=visit.today)
    return Waiting(
        form=visit.page.say(FORMS[name].title),
        whom=visit.page.say(words.ASKED[FORMS[name].by]),
        open=len(open_),
        asked=len(current),
        since=min((one.opened_on for one in open_), default=visit.today),
        due=due,
        late=due < visit.today,
    )


def _cards(session: Session, visit: DeskVisit, mailings: int) -> list[Card]:
    cards = []
    for phase in PHASES:
        if number := len(bench(session, visit, phase).open):
            address = visit.page.link(f"/desk/{visit.token}/{phase}")
            cards.append(Card(phase, visit.page.say(words.PHASES[phase]), number, address))
    if mailings:
        cards.append(Card("mails", visit.page.say("E-mails"), mailings, visit.page.link(f"/desk/{visit.token}/mails")))
    return cards


def _signals(session: Session, visit: DeskVisit) -> list[tuple[str, int]]:
    said: Counter[str] = Counter()
    for one in signal.of_programme(session, visit.link.programme_id):
        if one.settled_on is None:
            said[visit.page.say(words.RISKS.get(one.code, one.code))] += 1
    return said.most_common()
