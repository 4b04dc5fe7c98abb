"""A programme's figures as one page to read, print or send on: counts only, no script, nothing from elsewhere.

The template draws; this module decides what is drawn, in plain words. Bars are measured in percent of their width.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from deployments.report_words import ASKED, MAIL_STATES, MEETINGS, PAIRS, PEOPLE, REHEARSAL, STATES
from framework.content import FORMS
from framework.desk import READINESS
from framework.programme import PHASES, Words
from portal import words
from portal.page import PLACEHOLDER, environment

TEMPLATE = Path(__file__).parent / "templates" / "report.html"
TOP_MAILS, LEAST = 20, 0.6  # LEAST: a bar that is not nothing stays visible, in percent
ROOM = 1.08  # the drawing ends a little after the last day, so that its last name has room
FEW_DAYS = 7  # later than planned by no more than this is not worth a word


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One line of a chart: what, how many, how long (`wide`, percent) and where it begins (`left`)."""

    name: str
    number: int
    wide: float
    left: float = 0.0
    colour: str = "main"
    note: str = ""


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


def write_page(figures: Mapping[str, Any], path: Path) -> None:
    """Write the figures of `deployments.report.figures` as one HTML page; those of a rehearsal add a footer."""
    known = {"company": figures.get("company", ""), **Words().model_dump()}
    say = partial(_say, known)
    template = environment().from_string(TEMPLATE.read_text(encoding="utf-8"))
    page = template.render(_content(figures, say))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")


def _say(known: Mapping[str, object], text: str, **values: object) -> str:
    return PLACEHOLDER.sub(lambda found: str({**known, **values}.get(found[1], found[0])), text)


def _content(figures: Mapping[str, Any], say: words.Say) -> dict[str, Any]:
    calendar = list(figures.get("calendar", ()))
    start, end, last = _span(calendar)
    people = figures.get("participants", {})
    return {
        "title": figures.get("title", ""),
        "company": figures.get("company", ""),
        "rehearsal": "seed" in figures,
        "span": f"{_day(start)} to {_day(end)}" if calendar else "",
        "last": _day(last) if last else "",
        "tiles": _tiles(figures),
        "ticks": _ticks(start, end) if calendar else [],
        "rounds": [_round(one, start, end, last, say) for one in calendar],
        "funnels": [_funnel(role, people[role], calendar) for role in ("mentor", "mentee") if role in people],
        "pairs": _stack(_outcomes(figures), PAIRS),
        "meetings": _stack(figures.get("meetings", {}), MEETINGS),
        "mails": _mails(figures.get("mails", {})),
        "mail_states": _mail_states(figures.get("mail_states", {})),
        "answers": _answers(figures, say),
        "lapsed": figures.get("lapsed", 0),
        "signals": _signals(figures.get("signals", {}), say),
        "reviews": [_named(one, say) for one in calendar if one["phase"] == "review" and one["opened_on"]],
        "final": next((one["counts"] for one in calendar if one["kind"] == "final" and one["opened_on"]), {}),
        "waves": [_named(one, say) for one in calendar if one["kind"].startswith("follow_up") and one["opened_on"]],
        "percent": _percent,
        "footer": [shown.format(figures[name]) for name, shown in REHEARSAL.items() if name in figures],
    }


def _percent(part: float, whole: float) -> int:
    return round(100 * part / whole) if whole else 0


def _wide(part: float, whole: float) -> float:
    return max(LEAST, round(100 * part / whole, 2)) if part and whole else 0.0


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _period(begins: date, ends: date | None) -> str:
    """From a day to another, the year once where it is the same; without an end, since that day."""
    if ends is None:
        return f"since {_day(begins)}"
    first = _day(begins) if begins.year != ends.year else f"{begins.day} {begins:%b}"
    return f"{first} \N{EN DASH} {_day(ends)}"


def _dates(one: Mapping[str, Any], *names: str) -> list[date]:
    return [date.fromisoformat(one[name]) for name in names if one.get(name)]


def _span(calendar: Iterable[Mapping[str, Any]]) -> tuple[date, date, date | None]:
    """The first day, the last, and the last on which something is known to have moved."""
    rows = list(calendar)
    planned = [day for one in rows for day in _dates(one, "opens_on", "closes_on")]
    moved = [day for one in rows for day in _dates(one, "opened_on", "finished_on")]
    every = [*planned, *moved] or [date.min]
    return min(every), max(every), max(moved, default=None)


def _place(begins: date, ends: date, start: date, end: date) -> tuple[float, float]:
    whole = max(1, (end - start).days) * ROOM
    left = 100 * (begins - start).days / whole
    return round(left, 2), max(LEAST, round(100 * (ends - begins).days / whole, 2))


def _ticks(start: date, end: date) -> list[tuple[float, str]]:
    """Where the quarters begin, with a name; the year stands at its first quarter, and at the very first tick."""
    months = [date(year, month, 1) for year in range(start.year, end.year + 1) for month in (1, 4, 7, 10)]
    quarters = [month for month in months if start <= month <= end] or [start]
    named = [(one, f"{one:%b %Y}" if one.month == 1 or one == quarters[0] else f"{one:%b}") for one in quarters]
    return [(_place(one, one, start, end)[0], name) for one, name in named]


def _name(one: Mapping[str, Any], say: words.Say) -> str:
    name = words.milestone(say, one["phase"], one["kind"])
    return f"{name}, once more" if one["kind"] == "again" else name


def _named(one: Mapping[str, Any], say: words.Say) -> dict[str, Any]:
    """A round with its name, its date, and its counts, 0 where one is not known."""
    counts = dict.fromkeys(("asked", "answered", "pairs", "below_minimum", "signals", "still_using", "promoted"), 0)
    return {"name": _name(one, say), "on": _day(*_dates(one, "opened_on")), **counts, **one["counts"]}


def _round(one: Mapping[str, Any], start: date, end: date, last: date | None, say: words.Say) -> Round:
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
        plan=_place(opens, closes, start, end),
        real=_place(opened, until, start, end) if opened else None,
        late=f"opened {late} days later" if late > FEW_DAYS else "",
    )


def _tiles(figures: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Each with its number, what it counts, and what to set beside it."""
    asked = sum(sum(found.values()) for found in figures.get("participants", {}).values())
    calendar = figures.get("calendar", ())
    applied = sum(_counted(calendar, "recruitment", role) or 0 for role in ("mentor", "mentee"))
    met, pairs = figures.get("meetings", {}), figures.get("pairings", {})
    due = sum(met.get(name, 0) for name in ("held", "missed", "unconfirmed"))
    given, open_ = sum(figures.get("answers", {}).values()), sum(figures.get("asked", {}).values())
    made, completed = _together(pairs), figures.get("closed", {}).get("completed", 0)
    sent, mails = figures.get("mail_states", {}).get("sent", 0), sum(figures.get("mails", {}).values())
    told, reached = figures.get("goals_told", 0), figures.get("goals_reached", 0)
    shown = (
        (asked, "people asked", "whether they wanted to take part"),
        (applied, "applied", f"{_percent(applied, asked)}% of those asked" if asked else ""),
        (made, "pairs came together", f"{completed} completed so far" if made else ""),
        (met.get("held", 0), "meetings held", f"of {due:,} that were due" if due else ""),
        (given, "answers", f"{_percent(given, open_)}% of {open_:,} questions put" if open_ else ""),
        (sent, "mails sent", f"of {mails:,} written" if mails else ""),
        (reached, "goals reached", f"of {told:,} that mentees told of" if told else "nobody has told yet"),
        (figures.get("certificates", 0), "certificates", "for mentors and mentees alike"),
    )
    return [(f"{number:,}", what, note) for number, what, note in shown]


def _together(pairs: Mapping[str, int]) -> int:
    return sum(pairs.get(name, 0) for name in ("accepted", "active", "closed"))


def _counted(calendar: Iterable[Mapping[str, Any]], phase: str, role: str) -> int | None:
    """How many in that role the first round of that phase has counted; None where it has not come so far."""
    for one in calendar:
        if one["phase"] == phase and one["round"] == 1:
            number = one["counts"].get(f"{role}s")
            return number if isinstance(number, int) else None
    return None


def _funnel(role: str, found: Mapping[str, int], calendar: list[Mapping[str, Any]]) -> dict[str, Any]:
    """One role's way in: asked, applied, taking part, to the end; and where everybody stands now."""
    asked = sum(found.values())
    steps = (
        ("Asked", asked),
        ("Applied", _counted(calendar, "recruitment", role)),
        ("Takes part", _counted(calendar, "selection", role)),
        ("To the end", found.get("completed")),
    )
    now = sorted(found, key=list(PEOPLE).index)
    return {
        "name": f"{role}s".capitalize(),
        "bars": [
            Bar(name=name, number=number, wide=_wide(number, asked), note=f"{_percent(number, asked)}%")
            for name, number in steps
            if number is not None
        ],
        "now": [(found[status], PEOPLE[status]) for status in now],
    }


def _outcomes(figures: Mapping[str, Any]) -> dict[str, int]:
    """The proposals by what became of them: closed ones by their reason."""
    closed = dict(figures.get("closed", {}))
    found = {name: number for name, number in figures.get("pairings", {}).items() if name != "closed"}
    rest = figures.get("pairings", {}).get("closed", 0) - sum(closed.values())
    return found | closed | ({"closed": rest} if rest > 0 else {})


def _stack(found: Mapping[str, int], known: Mapping[str, tuple[str, str]]) -> list[Bar]:
    """One bar of several parts, in the order of `known`."""
    whole, bars, left = sum(found.values()), list[Bar](), 0.0
    for code, (name, colour) in known.items():
        if number := found.get(code, 0):
            wide = 100 * number / whole
            share = f"{_percent(number, whole)}%"
            bars.append(
                Bar(name=name, number=number, left=round(left, 2), wide=round(wide, 2), colour=colour, note=share)
            )
            left += wide
    return bars


def _mails(found: Mapping[str, int]) -> list[Bar]:
    """The most frequent e-mails, and all the others as one."""
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    top, rest = ordered[:TOP_MAILS], ordered[TOP_MAILS:]
    most = max((number for _, number in ordered), default=0)
    bars = [Bar(name=words.plain(name), number=number, wide=_wide(number, most)) for name, number in top]
    if rest:
        others = sum(number for _, number in rest)
        bars.append(Bar(name=f"{len(rest)} other e-mails", number=others, wide=0.0))  # no bar: it is not of one kind
    return bars


def _mail_states(found: Mapping[str, int]) -> list[tuple[int, str]]:
    said: dict[str, int] = {}
    for state, number in found.items():
        text = MAIL_STATES.get(state, words.plain(state))
        said[text] = said.get(text, 0) + number
    return [(number, text) for text, number in sorted(said.items(), key=lambda item: -item[1])]


def _answers(figures: Mapping[str, Any], say: words.Say) -> list[tuple[str, list[Bar]]]:
    """Per phase: each form's answers of what was asked; forms of the same title are told apart by who answers."""
    asked, given = figures.get("asked", {}), figures.get("answers", {})
    groups: dict[str, list[Bar]] = {}
    for name, form in FORMS.items():
        if number := asked.get(name, 0):
            got = given.get(name, 0)
            bar = Bar(
                name=f"{say(form.title)} ({say(ASKED[form.by])})",
                number=got,
                wide=_wide(got, number),
                note=f"{got:,} of {number:,}",
            )
            groups.setdefault(form.phase, []).append(bar)
    order = [*PHASES, "programme"]
    titles = {**words.PHASES, "programme": "All phases"}
    return [(titles[phase], groups[phase]) for phase in order if phase in groups]


def _signals(found: Mapping[str, int], say: words.Say) -> list[tuple[int, str]]:
    said = [(number, words.signal(say, code)) for code, number in found.items()]
    return sorted(said, key=lambda one: (-one[0], one[1]))
