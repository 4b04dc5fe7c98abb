"""The scores of all pairs at once, the same to the last digit as `criteria.py` gives them one by one (CAP-104).

A mentee meets the rules and most factors only as one of a kind: so many years, these languages, that site. Each kind
has a row of points over all mentors, worked out once, and a mentee's scores are the sum of some rows. What is shared
between two sets of words (goals, interests) is counted from rows of zeros and ones and looked up. Pairs that are out
because of who the two are stand in a short list. Whole numbers everywhere: thousandths inside, ten basis points each
outside, so that the engine compares exactly what people read.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from framework.matching.criteria import (
    FULL,
    HALF,
    SERVES,
    Candidate,
    ambitions,
    broken_rules,
    factors,
    is_available,
    meet_alike,
    meet_online,
    points,
    preference,
    window,
)
from framework.matching.excluded import apart_before, in_line, unavailable
from framework.matching.settings import Matching, Rule
from framework.matching.tables import Factor, Kinds, Named, Points, Shared, shared

Ints = NDArray[np.int64]
Rows = slice | Ints
SCALE = 10
"""Basis points in a thousandth."""
OUT = -2_000
"""Forbidden, in thousandths: -20,000 basis points."""
BAD = np.int16(-4_000)
"""A broken rule in one table. Four tables and a full score stay within int16, and one of these is always below 0."""


class Scorer:
    """Scores, rules and reasons of these people, by position. Nobody's answer is made up: what is unknown counts 0."""

    def __init__(
        self,
        mentees: Sequence[Candidate],
        mentors: Sequence[Candidate],
        settings: Matching,
        managers: Mapping[int, int | None],
        apart: Iterable[tuple[int, int]] = (),
    ) -> None:
        self.mentees, self.mentors, self.settings = tuple(mentees), tuple(mentors), settings
        self.managers, self.apart = managers, frozenset(apart)
        self.places = np.array([max(0, one.places) for one in mentors], dtype=np.int64)
        both = self.mentees, self.mentors, settings
        self.tables: list[Kinds | Shared | Named] = []
        if mentees and mentors:
            self.tables += [*_kinds(*both), *_shares(*both), *_named(*both)]
        self._start, self._out = self._excluded()

    def rows(self, rows: Rows) -> Points:
        """Basis points, 0 to 10,000, of these mentees with every mentor; -20,000 where a hard rule forbids the pair."""
        wanted = np.arange(len(self.mentees))[rows] if isinstance(rows, slice) else np.asarray(rows, dtype=np.int64)
        block = np.zeros((len(wanted), len(self.mentors)), dtype=np.int16)
        for row, mentee in zip(block, wanted.tolist(), strict=True):
            for table in self.tables:
                table.add(mentee, row)
            row[self._out[self._start[mentee] : self._start[mentee + 1]]] = OUT
            np.maximum(row, OUT, out=row)
            np.multiply(row, SCALE, out=row)
        return block

    def factors(self, mentee: int, mentor: int) -> dict[str, int]:
        """What each factor gives this pair, in basis points; they add up to its score."""
        return {name: SCALE * given for name, given in self.points(mentee, mentor).items()}

    def points(self, mentee: int, mentor: int) -> dict[str, int]:
        """The same in thousandths, as people read it."""
        return points(factors(self.mentors[mentor], self.mentees[mentee], self.settings), self.settings.weights)

    def broken(self, mentee: int, mentor: int) -> list[Rule]:
        """The hard rules that forbid this pair, those that always hold first."""
        one, other = self.mentors[mentor], self.mentees[mentee]
        out = (one.id, other.id) in self.apart or not is_available(one, other)
        listed = [rule for rule in dict.fromkeys(self.settings.rules) if rule is not Rule.UNAVAILABLE]
        return [Rule.UNAVAILABLE] * out + broken_rules(one, other, listed, self.managers)

    def _excluded(self) -> tuple[Ints, Ints]:
        """Pairs that are out because of who the two are: where each mentee's begin, and the mentors."""
        pairs = unavailable(self.mentees, self.mentors) | apart_before(self.mentees, self.mentors, self.apart)
        if Rule.REPORTING_LINE in self.settings.rules:
            pairs |= in_line(self.mentees, self.mentors, self.managers)
        keys = np.array(list(pairs), dtype=np.int64).reshape(-1, 2)
        keys = keys[np.lexsort((keys[:, 1], keys[:, 0]))]
        return np.searchsorted(keys[:, 0], np.arange(len(self.mentees) + 1)), keys[:, 1]


def _kinds(mentees: Sequence[Candidate], mentors: Sequence[Candidate], settings: Matching) -> list[Kinds]:
    """The rules and factors that depend on a kind: years, languages, place and channel, department and country."""
    rules, weights = frozenset(settings.rules), settings.weights
    years = np.array([one.person.years for one in mentors])
    was_mentee = np.array([one.was_mentee for one in mentors])
    language, department, country, site = (
        _coded(getattr(one.person, name) for one in mentors) for name in ("language", "department", "country", "site")
    )
    spoken = _spoken(mentors)
    ways = {one.channel for one in mentors}
    channel = _coded(one.channel for one in mentors)

    def of_years(at: int) -> Points:
        gaps = years - mentees[at].person.years
        kinds, place = np.unique(gaps, return_inverse=True)
        worth = [
            window(-gap if settings.reverse else gap, settings.window) * weights.experience // FULL
            for gap in kinds.tolist()
        ]
        bad = (gaps <= 0) & (Rule.MORE_EXPERIENCED in rules) | ~was_mentee & (Rule.WAS_MENTEE in rules)
        return _row(np.array(worth)[place], bad)

    def of_languages(at: int) -> Points:
        worth = np.where(language(mentees[at].person.language), FULL, HALF) * weights.language // FULL
        known = [spoken[one] for one in mentees[at].languages if one in spoken]
        common = np.logical_or.reduce(known) if known else np.zeros(len(mentors), dtype=bool)
        return _row(worth, ~common & (Rule.COMMON_LANGUAGE in rules))

    def of_place(at: int) -> Points:
        own = mentees[at].channel
        online, alike = (
            np.logical_or.reduce(
                [channel(way) for way in ways if fits(way, own)] or [np.zeros(len(mentors), dtype=bool)]
            )
            for fits in (meet_online, meet_alike)
        )
        near = site(mentees[at].person.site) | online
        return _row(near * weights.site + alike * weights.channel, ~near & (Rule.SAME_SITE in rules))

    def of_home(at: int) -> Points:
        one = mentees[at].person
        bad = np.zeros(len(mentors), dtype=bool)
        for rule, same in (
            (Rule.SAME_DEPARTMENT, ~department(one.department)),
            (Rule.OTHER_DEPARTMENT, department(one.department)),
            (Rule.SAME_COUNTRY, ~country(one.country)),
            (Rule.OTHER_COUNTRY, country(one.country)),
        ):
            bad |= same & (rule in rules)
        return _row(np.zeros(len(mentors)), bad)

    return [
        Kinds((one.person.years for one in mentees), of_years),
        Kinds(((one.person.language, frozenset(one.languages)) for one in mentees), of_languages),
        Kinds(((one.person.site, one.channel) for one in mentees), of_place),
        Kinds(((one.person.department, one.person.country) for one in mentees), of_home),
    ]


def _row(worth: NDArray[np.generic], bad: NDArray[np.bool_]) -> Points:
    return np.where(bad, BAD, worth).astype(np.int16)


def _coded(values: Iterable[str]) -> Callable[[str], NDArray[np.bool_]]:
    """A column that can be asked who has a value."""
    column = np.array(list(values), dtype=object)
    number = {value: place for place, value in enumerate(dict.fromkeys(column.tolist()))}
    codes = np.array([number[value] for value in column.tolist()], dtype=np.int64)
    return lambda value: codes == number.get(value, -1)


def _spoken(mentors: Sequence[Candidate]) -> dict[str, NDArray[np.bool_]]:
    """Which mentors speak each language."""
    found: dict[str, NDArray[np.bool_]] = {}
    for place, one in enumerate(mentors):
        for language in one.languages:
            found.setdefault(language, np.zeros(len(mentors), dtype=bool))[place] = True
    return found


def _shares(mentees: Sequence[Candidate], mentors: Sequence[Candidate], settings: Matching) -> list[Shared]:
    """The factors that count what two people share, where they weigh something."""
    weights, offers = settings.weights, [one.offers for one in mentors]
    found = []
    if weights.goal:
        found.append(Factor([one.wants for one in mentees], offers, weights.goal, either=False))
    if weights.ambitions:
        served = [[hope for hope, by in SERVES.items() if not by.isdisjoint(offer)] for offer in offers]
        found.append(Factor([ambitions(one) for one in mentees], served, weights.ambitions, either=False))
    if weights.interests:
        mine, theirs = ([one.person.interests for one in side] for side in (mentees, mentors))
        found.append(Factor(mine, theirs, weights.interests, either=True))
    if weights.availability:
        times = [one.times for one in mentees], [one.times for one in mentors]
        found.append(Factor(*times, weights.availability, either=False))
    if weights.style:
        styles = [one.style for one in mentees], [one.style for one in mentors]
        found.append(Factor(*styles, weights.style, either=True))
    return shared(found)


def _named(mentees: Sequence[Candidate], mentors: Sequence[Candidate], settings: Matching) -> list[Named]:
    """Who asked for whom, where that weighs something: the few pairs of whom at least one did."""
    if not settings.weights.preference:
        return []
    rows, columns = _places(mentees), _places(mentors)
    asked = {(row, at) for row, one in enumerate(mentees) for who in one.prefers for at in columns.get(who, ())}
    asked |= {(at, column) for column, one in enumerate(mentors) for who in one.prefers for at in rows.get(who, ())}
    worth = {
        (row, at): preference(mentors[at], mentees[row]) * settings.weights.preference // FULL for row, at in asked
    }
    return [Named(worth, len(mentees))]


def _places(side: Sequence[Candidate]) -> dict[int, list[int]]:
    """Where each person stands, by the id of the person."""
    found: dict[int, list[int]] = {}
    for place, one in enumerate(side):
        found.setdefault(one.person.id, []).append(place)
    return found
