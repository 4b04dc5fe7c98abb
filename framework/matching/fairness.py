"""Fairness: how the people of each group fared in one matching, counted so that nobody can be picked out (LEG-23).

Groups are the company's own: site, department, grade, country, language and, where its roster brings it, gender. They
are counted after the matching, from the records; the engine never sees gender (LEG-28). A group is marked only where
fewer of it were matched than chance would explain, and the mark says no more than that: not why.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from scipy.stats import hypergeom

from framework.matching.disclosure import LEAST, TWO, Group, publishable
from framework.people import Role

WAYS = ("site", "department", "level", "country", "language", "gender")
"""In what groups people are counted, in the order of the report. A group without a name: the records do not say."""
ALPHA = 0.01
"""How often, in a hundred reports on matchings by pure chance, one group or more would be marked: once at most."""


class Verdict(StrEnum):
    """What the number matched says of a group: fewer than chance explains, nothing, or too few people to say."""

    LOWER = "lower"
    WITHIN = "within"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Somebody whom the matching looked at.

    `groups` holds a group for each way. `score` is the pair's, 0 to 1000 (the mean, with several); None with nobody.
    `waited` is for how many days a mentee had waited.
    """

    role: Role
    groups: Mapping[str, str]
    score: int | None = None
    waited: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """One group in figures. `score` (of 1000) and `waited` (days) are means, None where they must or can not be told.

    `p` is the chance of so few matched or fewer if groups made no difference; None where nothing is tested.
    """

    group: str
    people: int
    matched: int
    score: int | None = None
    waited: int | None = None
    verdict: Verdict | None = None
    p: float | None = None

    @property
    def share(self) -> float:
        """Matched, of all."""
        return self.matched / self.people


@dataclass(frozen=True, slots=True)
class Table:
    """One way of grouping: the groups that may be shown, largest first; the hidden ones together, if there are any."""

    way: str
    counts: tuple[Count, ...]
    rest: Count | None


@dataclass(frozen=True, slots=True)
class Side:
    """Mentees, or mentors: all of them (None where they are too few to be counted), and table by table."""

    role: Role
    whole: Count | None
    tables: tuple[Table, ...]

    @property
    def lower(self) -> tuple[tuple[str, Count], ...]:
        """The groups that are marked, each with its way of grouping."""
        return tuple((table.way, one) for table in self.tables for one in table.counts if one.verdict is Verdict.LOWER)


def report(seats: Iterable[Seat]) -> tuple[Side, Side]:
    """How mentees fared, and mentors."""
    every = list(seats)
    mentees, mentors = ([one for one in every if one.role is role] for role in (Role.MENTEE, Role.MENTOR))
    return _side(Role.MENTEE, mentees), _side(Role.MENTOR, mentors)


def _side(role: Role, seats: Sequence[Seat]) -> Side:
    if len(seats) < LEAST:
        return Side(role, None, ())
    matched = [one for one in seats if one.score is not None]
    shown = publishable([one.groups for one in seats])
    scored = publishable([one.groups for one in matched], {g for g in _groups(seats) if g not in shown})
    whole = _count("", seats, tells=len(matched) >= LEAST)
    tables = [_table(way, seats, shown, scored) for way in WAYS]
    return Side(role, whole, _judged(whole, [table for table in tables if table]))


def _groups(seats: Sequence[Seat]) -> set[Group]:
    return {pair for one in seats for pair in one.groups.items()}


def _table(way: str, seats: Sequence[Seat], shown: Collection[Group], scored: Collection[Group]) -> Table | None:
    """The groups of one way; nothing where there is only one, or none may be shown."""
    by_group: dict[str, list[Seat]] = {}
    for one in seats:
        if way in one.groups:
            by_group.setdefault(one.groups[way], []).append(one)
    open_ = [group for group in by_group if (way, group) in shown]
    if len(by_group) < TWO or not open_:
        return None
    counts = [_count(group, by_group[group], tells=(way, group) in scored) for group in open_]
    rest = [one for group, members in by_group.items() if group not in open_ for one in members]
    ordered = sorted(counts, key=lambda one: (-one.people, one.group))
    return Table(way, tuple(ordered), _count("", rest, tells=False) if rest else None)


def _count(group: str, seats: Sequence[Seat], *, tells: bool) -> Count:
    scores = [one.score for one in seats if one.score is not None]
    return Count(
        group=group,
        people=len(seats),
        matched=len(scores),
        score=round(sum(scores) / len(scores)) if scores and tells else None,
        waited=round(sum(one.waited for one in seats) / len(seats)) if seats[0].role is Role.MENTEE else None,
    )


def _judged(whole: Count, tables: Sequence[Table]) -> tuple[Table, ...]:
    """The tables with a verdict on each group: Fisher's exact test, one-sided, with Holm's correction over all groups.

    A group of which nobody at all could be matched without a mark is too small for a verdict, and is not tested.
    """
    if whole.matched in {0, whole.people}:
        return tuple(tables)
    every = [one for table in tables for one in table.counts]
    fewest = {one.people: max(0, one.people + whole.matched - whole.people) for one in every}
    tested = [one for one in every if _chance(whole, one.people, fewest[one.people]) <= ALPHA]
    limit = _limit(sorted(_chance(whole, one.people, one.matched) for one in tested))

    def judge(one: Count) -> Count:
        p = _chance(whole, one.people, one.matched)
        if _chance(whole, one.people, fewest[one.people]) > ALPHA:
            return replace(one, verdict=Verdict.TOO_FEW)
        return replace(one, p=p, verdict=Verdict.LOWER if p <= limit else Verdict.WITHIN)

    return tuple(replace(table, counts=tuple(judge(one) for one in table.counts)) for table in tables)


def _chance(whole: Count, people: int, matched: int) -> float:
    """How likely a group of so many has so few matched or fewer, if the matched were drawn blindly from the whole."""
    return float(hypergeom.cdf(matched, whole.people, whole.matched, people))


def _limit(rising: Sequence[float]) -> float:
    """Holm's: the highest of these chances that still counts, -1 where none does."""
    limit = -1.0
    for at, p in enumerate(rising):
        if p > ALPHA / (len(rising) - at):
            break
        limit = p
    return limit
