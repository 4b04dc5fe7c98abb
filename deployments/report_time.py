"""The timeline of the report: every round as planned and as it went, in words and in percent of the whole time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from deployments.report_words import STATES
from framework.desk import READINESS
from portal import words

LEAST = 0.6  # a bar that is not nothing stays visible, in percent
ROOM = 1.08  # the drawing ends a little after the last day, so that its last name has room
FEW_DAYS = 7  # later than planned by no more than this is not worth a word


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One line of the timeline, as planned and as it went, in words and in percent of the whole time."""

    name: str
    state: str
    mark: str
    planned: str
    actual: str
    plan: tuple[float, float]
    real: tuple[float, float] | None
    late: str


def day(on: date) -> str:
    """A date as 5 Apr 2027."""
    return f"{on.day} {on:%b %Y}"


def _period(begins: date, ends: date | None) -> str:
    """From a day to another, the year once where it is the same; without an end, since that day."""
    if ends is None:
        return f"since {day(begins)}"
    first = day(begins) if begins.year != ends.year else f"{begins.day} {begins:%b}"
    return f"{first} \N{EN DASH} {day(ends)}"


def _dates(one: Mapping[str, Any], *names: str) -> list[date]:
    return [date.fromisoformat(one[name]) for name in names if one.get(name)]


def span(calendar: Iterable[Mapping[str, Any]]) -> tuple[date, date, date | None]:
    """The first day, the last, and the last on which something is known to have moved."""
    rows = list(calendar)
    planned = [day for one in rows for day in _dates(one, "opens_on", "closes_on")]
    moved = [day for one in rows for day in _dates(one, "opened_on", "finished_on")]
    every = [*planned, *moved] or [date.min]
    return min(every), max(every), max(moved, default=None)


def place(begins: date, ends: date, start: date, end: date) -> tuple[float, float]:
    """Where a bar begins and how long it is, in percent of the drawing."""
    whole = max(1, (end - start).days) * ROOM
    left = 100 * (begins - start).days / whole
    return round(left, 2), max(LEAST, round(100 * (ends - begins).days / whole, 2))


def ticks(start: date, end: date) -> list[tuple[float, str]]:
    """Where the quarters begin, with a name; the year stands at its first quarter, and at the very first tick."""
    months = [date(year, month, 1) for year in range(start.year, end.year + 1) for month in (1, 4, 7, 10)]
    quarters = [month for month in months if start <= month <= end] or [start]
    named = [(one, f"{one:%b %Y}" if one.month == 1 or one == quarters[0] else f"{one:%b}") for one in quarters]
    return [(place(one, one, start, end)[0], name) for one, name in named]


def _name(one: Mapping[str, Any], say: words.Say) -> str:
    name = words.milestone(say, one["phase"], one["kind"])
    return f"{name}, once more" if one["kind"] == "again" else name


def named(one: Mapping[str, Any], say: words.Say) -> dict[str, Any]:
    """A round with its name, its date, and its counts, 0 where one is not known."""
    counts: dict[str, int | None] = dict.fromkeys(("asked", "answered", "pairs", "below_minimum", "signals"), 0)
    counts |= dict.fromkeys(("still_using", "promoted"))  # not told where too few answered
    return {"name": _name(one, say), "on": day(*_dates(one, "opened_on")), **counts, **one["counts"]}


def round_of(one: Mapping[str, Any], start: date, end: date, last: date | None, say: words.Say) -> Round:
    """One round; `last` is the last day on which anything is known to have moved."""
    opens, closes = _dates(one, "opens_on", "closes_on")
    opened, finished = (next(iter(_dates(one, name)), None) for name in ("opened_on", "finished_on"))
    until = finished or max(last or start, opened or start)
    verdict = next((choice.label for choice in READINESS if choice.id == one["outcome"]), "")
    state = say(STATES.get(one["state"], words.STATES.get(one["state"], words.plain(one["state"]))))
    late = (opened - opens).days if opened else 0
    return Round(
        name=_name(one, say),
        state=f"{state}: {verdict[0].lower()}{verdict[1:]}" if verdict else state,
        mark="off" if finished and not opened else "done" if finished else "now" if opened else "later",
        planned=_period(opens, closes),
        actual=_period(opened, finished) if opened else "not opened",
        plan=place(opens, closes, start, end),
        real=place(opened, until, start, end) if opened else None,
        late=f"opened {late} days later" if late > FEW_DAYS else "",
    )
