"""The bars and tiles of the report, measured in percent of their width, with what each counts in plain words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from deployments.report_time import LEAST
from deployments.report_words import ASKED, MAIL_STATES, PEOPLE
from framework.content import FORMS
from framework.programme import PHASES
from portal import words

TOP_MAILS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One line of a chart: what, how many, how long (`wide`, percent) and where it begins (`left`)."""

    name: str
    number: int
    wide: float
    left: float = 0.0
    colour: str = "main"
    note: str = ""


def percent(part: float, whole: float) -> int:
    """A whole percentage, 0 for nothing of nothing."""
    return round(100 * part / whole) if whole else 0


def _wide(part: float, whole: float) -> float:
    return max(LEAST, round(100 * part / whole, 2)) if part and whole else 0.0


def _together(pairs: Mapping[str, int]) -> int:
    return sum(pairs.get(name, 0) for name in ("accepted", "active", "closed"))


def _counted(calendar: Iterable[Mapping[str, Any]], phase: str, role: str) -> int | None:
    """How many in that role the first round of that phase has counted; None where it has not come so far."""
    for one in calendar:
        if one["phase"] == phase and one["round"] == 1:
            number = one["counts"].get(f"{role}s")
            return number if isinstance(number, int) else None
    return None


def tiles(figures: Mapping[str, Any]) -> list[tuple[str, str, str]]:
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
    looked, useful = (figures.get("training", {}).get(name) or 0 for name in ("evaluations", "usefulness"))
    shown = (
        (asked, "people asked", "whether they wanted to take part"),
        (applied, "applied", f"{percent(applied, asked)}% of those asked" if asked else ""),
        (made, "pairs came together", f"{completed} completed so far" if made else ""),
        (met.get("held", 0), "meetings held", f"of {due:,} that were due" if due else ""),
        (given, "answers", f"{percent(given, open_)}% of {open_:,} questions put" if open_ else ""),
        (sent, "mails sent", f"of {mails:,} written" if mails else ""),
        (reached, "goals reached", f"of {told:,} that mentees told of" if told else "nobody has told yet"),
        (figures.get("certificates", 0), "certificates", "for mentors and mentees alike"),
        (looked, "looked back on the training", f"useful: {useful} of 5" if useful else "no mean below five people"),
        (figures.get("feedback", 0), "messages about the programme", "counted here, read at the desk"),
    )
    return [(f"{number:,}", what, note) for number, what, note in shown]


def funnel(role: str, found: Mapping[str, int], calendar: list[Mapping[str, Any]]) -> dict[str, Any]:
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
            Bar(name=name, number=number, wide=_wide(number, asked), note=f"{percent(number, asked)}%")
            for name, number in steps
            if number is not None
        ],
        "now": [(found[status], PEOPLE[status]) for status in now],
    }


def outcomes(figures: Mapping[str, Any]) -> dict[str, int]:
    """The proposals by what became of them: closed ones by their reason."""
    closed = dict(figures.get("closed", {}))
    found = {name: number for name, number in figures.get("pairings", {}).items() if name != "closed"}
    rest = figures.get("pairings", {}).get("closed", 0) - sum(closed.values())
    return found | closed | ({"closed": rest} if rest > 0 else {})


def stack(found: Mapping[str, int], known: Mapping[str, tuple[str, str]]) -> list[Bar]:
    """One bar of several parts, in the order of `known`."""
    whole, bars, left = sum(found.values()), list[Bar](), 0.0
    for code, (name, colour) in known.items():
        if number := found.get(code, 0):
            wide = 100 * number / whole
            share = f"{percent(number, whole)}%"
            bars.append(
                Bar(name=name, number=number, left=round(left, 2), wide=round(wide, 2), colour=colour, note=share)
            )
            left += wide
    return bars


def mails(found: Mapping[str, int]) -> list[Bar]:
    """The most frequent e-mails, and all the others as one."""
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    top, rest = ordered[:TOP_MAILS], ordered[TOP_MAILS:]
    most = max((number for _, number in ordered), default=0)
    bars = [Bar(name=words.plain(name), number=number, wide=_wide(number, most)) for name, number in top]
    if rest:
        others = sum(number for _, number in rest)
        bars.append(Bar(name=f"{len(rest)} other e-mails", number=others, wide=0.0))  # no bar: it is not of one kind
    return bars


def mail_states(found: Mapping[str, int]) -> list[tuple[int, str]]:
    """How many mails stand where, in words, the most first."""
    said: dict[str, int] = {}
    for state, number in found.items():
        text = MAIL_STATES.get(state, words.plain(state))
        said[text] = said.get(text, 0) + number
    return [(number, text) for text, number in sorted(said.items(), key=lambda item: -item[1])]


def answers(figures: Mapping[str, Any], say: words.Say) -> list[tuple[str, list[Bar]]]:
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


def signals(found: Mapping[str, int], say: words.Say) -> list[tuple[int, str]]:
    """How often each risk was seen, in words, the most frequent first."""
    said = [(number, words.signal(say, code)) for code, number in found.items()]
    return sorted(said, key=lambda one: (-one[0], one[1]))
