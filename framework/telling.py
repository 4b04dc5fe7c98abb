"""How a programme stands, put into words for the operator: markdown in plain tables, dates and counts only.

Values in, text out. No name, address or answer can come in here: a programme's title is the one text that somebody
typed, and it is made harmless (CAP-200). How late a thing is stands there in words.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import quote

from framework import states
from framework.people import Role
from framework.programme import NEEDS
from framework.saying import COUNTS, ago, capital, day, days, harmless, in_numbers, short_day
from framework.timeline import Moment

WHOM = {
    Role.MENTOR: "mentors",
    Role.MENTEE: "mentees",
    Role.LINE_MANAGER: "line managers",
    Role.COORDINATOR: "the coordinator",
    Role.SPONSOR: "the sponsor",
    Role.TEAM: "the project team",
    Role.OPERATOR: "the operator",
}
AHEAD = 6
NOTHING = "Nothing."


@dataclass(frozen=True, slots=True)
class Waiting:
    """Questions of one round that wait for people of one role: how many, since when, and the first of the last days."""

    whom: Role
    number: int
    since: date
    due: date
    to_decide: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One round as it stands. `last_day` counts from the day on which it really opened."""

    name: str
    phase: str
    opens_on: date
    closes_on: date
    last_day: date
    opened_on: date | None = None
    finished_on: date | None = None
    state: str = "Planned"
    outcome: str = ""
    wake_on: date | None = None
    counts: Mapping[str, object] = field(default_factory=dict)
    waits: tuple[Waiting, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What was done in a round, by its name: today, and since it opened."""

    what: str
    today: int
    so_far: int


def state(line: Line) -> str:
    """How a round stands, in words."""
    if line.finished_on and line.outcome:
        return f"{states.short(line.state)}: {line.outcome.replace('_', ' ')}"
    return states.short(line.state)


def share(lines: Sequence[Line]) -> float:
    """How much of the programme is finished, in percent of its milestones."""
    return round(100 * sum(line.finished_on is not None for line in lines) / len(lines), 1) if lines else 0.0


def says(line: Line) -> str:
    """How a round stands, as the end of a sentence: `waits for signatures`, `is under way`."""
    said = state(line)
    return said if said.startswith("waits") else f"is {said}"


def late(lines: Sequence[Line], today: date, broken: Iterable[str] = ()) -> list[str]:
    """What is late, each in a sentence: runs that broke, rounds beyond their days, and work that nobody did.

    Of phases that wait for one another only the first is named, for the others follow it.
    """
    first: dict[str, Line] = {}
    for line in lines:
        first.setdefault(line.phase, line)
    found = [f"The last run of {phase} broke; its own page says where to look." for phase in broken]
    for line in lines:
        if line.finished_on is None:
            found += _begun_late(line, first.get(NEEDS.get(line.phase, "")), today)
            found += _still_going(line, today)
    return found


def _begun_late(line: Line, need: Line | None, today: date) -> Iterator[str]:
    if line.opened_on is not None or line.opens_on >= today or (need is not None and need.opened_on is None):
        return
    why = f" It waits for a good end of {need.name}, which {says(need)}." if need else ""
    yield f"{capital(line.name)} should have begun on {day(line.opens_on)}, {ago(line.opens_on, today)}.{why}"


def _still_going(line: Line, today: date) -> Iterator[str]:
    name = capital(line.name)
    if line.opened_on is None:
        return
    if line.last_day < today:
        yield f"{name} should have ended on {day(line.last_day)}, {ago(line.last_day, today)}; it {says(line)}."
    if line.wake_on is not None and line.wake_on < today:
        yield f"{name} was to be run again on {day(line.wake_on)}, and was not."


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join([*lines, *(f"| {' | '.join(map(str, row))} |" for row in rows)])


def _waits(lines: Iterable[Line], today: date) -> str:
    rows = [_wait(line.name, one, today) for line in lines for one in line.waits]
    head = ("What", "Waits for", "How many", "Since", "Last day")
    return _table(head, rows) if rows else "Nobody is asked anything just now."


def _wait(name: str, one: Waiting, today: date) -> tuple[str, ...]:
    many = "1 decision" if one.number == 1 else f"{one.number} decisions"
    if not one.to_decide:
        many = "1 answer" if one.number == 1 else f"{one.number} answers"
    whom = f"{WHOM[one.whom]}, on the desk" if one.to_decide else WHOM[one.whom]
    since = f"{day(one.since)} ({days((today - one.since).days)})" if one.since < today else day(one.since)
    over = f", {days((today - one.due).days)} over" if one.due < today else ""
    return name, whom, many, since, day(one.due) + over


def _section(title: str, body: str) -> str:
    return f"## {title}\n\n{body}"


def _items(found: Sequence[str], none: str) -> str:
    return "\n".join(f"- {one}" for one in found) or none


def coming(ahead: Sequence[Moment]) -> str:
    """What comes next, in one line."""
    return f"on {day(ahead[0].on)}: {ahead[0].name}" if ahead else "nothing"


def at_a_glance(lines: Sequence[Line], ahead: Sequence[Moment], late: Sequence[str], today: date) -> str:
    """The programme in a breath: what is late, what is under way, what comes next."""
    said = f"{len(late) or 'Nothing'} late on {day(today)}"
    going = [f"{line.name} {says(line)}" for line in lines if line.opened_on and not line.finished_on]
    return ". ".join([said, *map(capital, going), f"Next, {coming(ahead)}."])


def links(ui: str, slug: str, runs: str) -> str:
    """The ways to a programme's other pages in Prefect; nothing where no UI is known. `runs` is its bookmark."""
    base = ui.rstrip("/").removesuffix("/v2").rstrip("/")
    if not base:
        return ""
    others = {f"timeline-{slug}": "Timeline", f"progress-{slug}": "Progress", f"mail-{slug}": "Mail"}
    ways = [f"[All runs, on the calendar]({runs})"]
    ways += [f"[{name}]({base}/v2/artifacts/key/{quote(key)})" for key, name in others.items()]
    return " \N{MIDDLE DOT} ".join(ways)


def timeline(
    *, title: str, slug: str, today: date, lines: Sequence[Line], ahead: Sequence[Moment], late: Sequence[str], way: str
) -> str:
    """The programme as one page: what is late, what waits for whom, what comes next, and every milestone."""
    done = sum(line.finished_on is not None for line in lines)
    head = ("Milestone", "Planned", "Opened", "Finished", "State", "In numbers")
    desk = f"Decisions are taken on the coordinator's desk; `baken desk {slug}` gives its address."
    parts = [
        f"# {harmless(title)}",
        f"{today:%A} {day(today)}. {done} of {len(lines)} milestones are finished." + (f"\n\n{way}" if way else ""),
        _section("What is late", _items(late, NOTHING)),
        _section("What waits for whom", f"{_waits(lines, today)}\n\n{desk}"),
        _section("What comes next", _next(ahead)),
        _section("Every milestone", _table(head, map(_row, lines))),
    ]
    return "\n\n".join(parts)


def _row(line: Line) -> tuple[str, ...]:
    planned = f"{short_day(line.opens_on)} to {short_day(line.closes_on)}"
    went = (short_day(line.opened_on), short_day(line.finished_on))
    return line.name, planned, *went, state(line), in_numbers(line.counts)


def _next(ahead: Sequence[Moment]) -> str:
    rows = [(day(one.on), one.name) for one in ahead[:AHEAD]]
    return _table(("On", "What"), rows) if rows else "Nothing: every milestone is behind us."


def phase_page(*, title: str, today: date, line: Line, done: Sequence[Done], ahead: Sequence[Moment], way: str) -> str:
    """What a run of a phase did, in numbers; what waits, until when, and what comes next."""
    told = [(one.what, one.today, one.so_far) for one in done if one.so_far or one.today]
    numbers = [(capital(COUNTS[k]), n) for k, n in line.counts.items() if k in COUNTS and isinstance(n, int)]
    again = f"Looked at again on {day(line.wake_on)}, and within the hour of an answer or a decision."
    over = f"was {day(line.last_day)}, {ago(line.last_day, today)}" if line.last_day < today else ""
    after = [] if line.finished_on else [again, f"Its last day {over or f'is {day(line.last_day)}'}."]
    after += [f"Next in the whole programme, {coming(ahead)}."] if ahead else []
    parts = [
        f"# {capital(line.name)}\n\n{harmless(title)}, {day(today)}. It {says(line)}. {states.means(line.state)}",
        _section("What was done", _table(("What", "Today", "So far"), told) if told else NOTHING),
        _section("Where it stands", _table(("What", "How many"), numbers) if numbers else NOTHING),
        _section("What waits for whom", _waits([line], today)),
        _section("What comes next", _items(after, NOTHING)),
    ]
    return "\n\n".join([*parts, way] if way else parts)
