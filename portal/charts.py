"""What the desk draws: answers as they come in, the ways in as funnels, meetings by month, and how content people are.

Counts and averages only, each with its numbers in a table beside the drawing (`templates/charts.html`). An average of
fewer than five people is not told, nor anything from which one could be worked out (LEG-28).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_skeleton
from babel.numbers import format_decimal
from sqlalchemy.orm import Session

from framework.content import FORMS
from framework.matching.disclosure import LEAST
from framework.people import Role
from framework.visibility import Whose, counted, readable
from models import extract, programme, tally
from models.programme import Milestone
from notifications.dates import WRITTEN_AS
from portal import words
from portal.page import Page
from portal.visit import DeskVisit

WIDTH, HEIGHT = 600, 160  # units of a drawing
MOST_MONTHS = 18
IN = ("applied", "selected", "confirmed", "waiting", "completed", "later", "not_selected", "withdrawn")
CHOSEN = ("selected", "confirmed", "waiting", "completed", "withdrawn")
MOST_SEALED = 2000
ROLES = (Role.MENTOR, Role.MENTEE)
REVIEWS = ("check_in", "pair_review", "new_hire_review", "early_check")


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a funnel: what, how many, and its length of 100."""

    name: str
    number: int
    long: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """From those who were asked to those who came to the end."""

    name: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """Answers as they came in: the days with the sum so far, the line to draw, and how many were asked."""

    name: str
    asked: int
    days: tuple[tuple[date, int], ...]
    points: str
    ends: tuple[date, date]


@dataclass(frozen=True, slots=True)
class Month:
    """The meetings planned for a month; `x` and the heights place its bar, of `WIDTH` and `HEIGHT`."""

    name: str
    held: int
    missed: int
    unconfirmed: int
    x: int
    wide: int
    heights: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Mark:
    """How content people of one role were: the average as written, its length of 100, and how many told.

    All of it is empty where fewer than five did.
    """

    whom: str
    average: str
    long: int
    number: int


@dataclass(frozen=True, slots=True)
class Content:
    """How content people were in one round, one to five, by role."""

    name: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Charts:
    """All drawings of one programme; each is empty where there is nothing to draw yet."""

    line: Line | None
    funnels: tuple[Funnel, ...]
    months: tuple[Month, ...]
    content: tuple[Content, ...]

    @property
    def any(self) -> bool:
        """Whether there is anything to look at."""
        return bool(self.line or self.funnels or self.months or self.content)


def charts(session: Session, visit: DeskVisit) -> Charts:
    """The drawings of a programme, today."""
    rows = programme.milestones(session, visit.link.programme_id)
    return Charts(
        line=_line(session, visit, rows),
        funnels=(*_funnels(session, visit), *_kept_away(session, visit)),
        months=_months(visit.page, extract.meeting_days(session, visit.link.programme_id, visit.today)),
        content=_content(session, visit, [one for one in rows if one.phase == "review" and one.opened_on]),
    )


def _line(session: Session, visit: DeskVisit, rows: Sequence[Milestone]) -> Line | None:
    """The newest open round to which answers come in; meetings are asked about all the time, and are no round."""
    found = []
    for one in rows:
        if one.opened_on and not one.finished_on and one.phase != "meetings":
            asked, days = extract.answer_days(session, visit.link.programme_id, one.phase, one.round)
            if asked:
                name = words.milestone(visit.page.say, one.phase, one.kind)
                line = drawn(name, asked, days, (one.opened_on, visit.today))
                found.append((bool(days), one.opened_on, one.id, line))
    return max(found, key=lambda row: row[:3])[-1] if found else None


def drawn(name: str, asked: int, days: list[tuple[date, int]], ends: tuple[date, date]) -> Line:
    """The sums day by day, and the stair that shows them; what came before the first day counts on it."""
    first, last = ends[0], max([ends[1], *(day for day, _ in days)])
    whole, total, sums = max(1, (last - first).days), 0, list[tuple[date, int]]()
    points = [(0, HEIGHT)]
    for day, number in days:
        x = WIDTH * max(0, (day - first).days) // whole
        points += [(x, _high(total, asked)), (x, _high(total + number, asked))]
        total += number
        sums.append((max(day, first), total))
    points.append((WIDTH, _high(total, asked)))
    return Line(name, asked, tuple(sums), " ".join(f"{x},{y}" for x, y in points), (first, last))


def _high(number: int, whole: int) -> int:
    return HEIGHT - HEIGHT * min(number, whole) // max(1, whole)


def _kept_away(session: Session, visit: DeskVisit) -> tuple[Funnel, ...]:
    """What keeps people from taking part, in numbers alone and once ten have said so (LEG-28)."""
    form, question = FORMS["mentor_application"], "decline_reason"
    asked = next(one for one in form.questions if one.id == question)
    given = tally.given(session, visit.link.programme_id, form.id)[-MOST_SEALED:]
    own = (readable(form, one, form.by, visit.programme.track, Whose.OWN).get(question) for one in given)
    told = counted(filter(None, own), Role.COORDINATOR, asked.reads, visit.programme.track)
    most, labels = max(told.values(), default=1), {option.id: option.label for option in asked.options}
    rows = sorted(told.items(), key=lambda row: (-row[1], row[0]))
    bars = tuple(Bar(visit.page.say(labels.get(one, one)), number, 100 * number // most) for one, number in rows)
    return (Funnel(visit.page.say("What keeps people from taking part"), bars),) if bars else ()


def _funnels(session: Session, visit: DeskVisit) -> tuple[Funnel, ...]:
    own, say = visit.link.programme_id, visit.page.say
    stands, pairs = extract.statuses(session, own), extract.pair_states(session, own)
    found = []
    for role, name in ((Role.MENTOR, "%(mentors)s"), (Role.MENTEE, "%(mentees)s")):
        here = stands.get(role, Counter())
        steps = (
            (say("asked"), here.total()),
            (say("applied"), sum(here[status] for status in IN)),
            (say("selected"), sum(here[status] for status in CHOSEN)),
            (say("took part to the end"), here["completed"]),
        )
        found.append(funnel(say(name), steps))
    ways = (
        (say("proposed"), pairs.total()),
        (say("together"), _how_many(pairs, "accepted", "active", "closed")),
        (say("with an agreement"), _how_many(pairs, "active") + pairs["closed", "completed"]),
        (say("completed"), pairs["closed", "completed"]),
    )
    owed = extract.enrolment_states(session, own)
    course = (
        (say("asked"), owed.total()),
        (say("enrolled"), owed["enrolled"] + owed["attended"] + owed["absent"]),
        (say("was there"), owed["attended"]),
    )
    found += [funnel(say("Pairs"), ways), funnel(say("Training"), course)]
    return tuple(one for one in found if one.bars[0].number)


def _how_many(pairs: Counter[tuple[str, str]], *statuses: str) -> int:
    return sum(number for (status, _), number in pairs.items() if status in statuses)


def funnel(name: str, steps: tuple[tuple[str, int], ...]) -> Funnel:
    """Each step beside the first."""
    whole = max(1, steps[0][1])
    return Funnel(name, tuple(Bar(said, number, min(100, round(100 * number / whole))) for said, number in steps))


def _months(page: Page, days: list[tuple[date, str, int]]) -> tuple[Month, ...]:
    found: dict[date, Counter[str]] = {}
    for on, status, number in days:
        if status in {"held", "missed", "unconfirmed"}:
            found.setdefault(on.replace(day=1), Counter())[status] += number
    if not found:
        return ()
    every = _between(min(found), max(found))[-MOST_MONTHS:]
    most = max(1, *(found[month].total() for month in every if month in found))
    step = WIDTH // max(6, len(every))
    made = []
    for place, month in enumerate(every):
        here = found.get(month, Counter())
        held, missed, unknown = here["held"], here["missed"], here["unconfirmed"]
        heights = (HEIGHT * held // most, HEIGHT * missed // most, HEIGHT * unknown // most)
        said = format_skeleton("yMMM", month, locale=WRITTEN_AS.get(page.language, page.language))
        made.append(Month(said, held, missed, unknown, place * step, max(4, step - 8), heights))
    return tuple(made)


def _between(first: date, last: date) -> list[date]:
    months = [first]
    while months[-1] < last:
        months.append((months[-1] + timedelta(days=32)).replace(day=1))
    return months


def _content(session: Session, visit: DeskVisit, rounds: Sequence[Milestone]) -> tuple[Content, ...]:
    """The answers to `satisfied`, round by round, as far as the table of readers and the size of a group allow.

    Each answer has to be unsealed, so the newest rounds are drawn that together hold at most `MOST_SEALED` answers.
    """
    own, found = visit.link.programme_id, dict[tuple[int, Role], list[int]]()
    names = [name for kind in REVIEWS for role in ROLES if (name := f"{kind}_{role}") in FORMS]
    rounds = _affordable(rounds, extract.answer_counts(session, own, names))
    wanted = {one.round for one in rounds}
    for name in names if wanted else ():
        for number, given in tally.by_round(session, own, name):
            if number in wanted:
                told = readable(FORMS[name], given, Role.COORDINATOR, visit.programme.track)
                if isinstance(mark := told.get("satisfied"), int):
                    found.setdefault((number, FORMS[name].by), []).append(mark)
    shown = []
    for one in rounds:
        marks = tuple(
            _mark(visit.page, visit.page.say(words.ASKED[role]), found.get((one.round, role), [])) for role in ROLES
        )
        if any(mark.number for mark in marks):
            shown.append(Content(words.milestone(visit.page.say, one.phase, one.kind), marks))
    return tuple(shown)


def _affordable(rounds: Sequence[Milestone], many: Mapping[int, int]) -> list[Milestone]:
    left, kept = MOST_SEALED, list[Milestone]()
    for one in reversed(rounds):
        left -= many.get(one.round, 0)
        if left < 0:
            break
        if many.get(one.round):
            kept.insert(0, one)
    return kept


def _mark(page: Page, whom: str, marks: list[int]) -> Mark:
    mean = average(marks)
    if mean is None:
        return Mark(whom, "", 0, 0)
    written = format_decimal(mean, format="0.0", locale=WRITTEN_AS.get(page.language, page.language))
    return Mark(whom, written, round(20 * mean), len(marks))


def average(marks: list[int]) -> float | None:
    """The average to one decimal; None where fewer than five gave a mark.

    No whole over both roles is told, so nothing can be taken away from it.
    """
    return round(sum(marks) / len(marks), 1) if len(marks) >= LEAST else None
