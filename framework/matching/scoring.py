"""The scores of all pairs at once, the same to the last digit as `criteria.py` gives them one by one (CAP-104).

A mentee meets the rules and most factors only as one of a kind: so many years, these languages, that site. Each kind
has a row of points over all mentors, worked out once, and a mentee's scores are the sum of some rows. What is shared
between two sets of words (goals, interests) is counted from rows of zeros and ones and looked up. Pairs that are out
because of who the two are stand in a short list. Whole numbers everywhere: thousandths inside, ten basis points each
outside, so that the engine compares exactly what people read.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

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
    share,
    window,
)
from framework.matching.excluded import apart_before, in_line, unavailable
from framework.matching.settings import Matching, Rule

Ints = NDArray[np.int64]
Rows = slice | Ints
Points = NDArray[np.int16]
SCALE = 10
"""Basis points in a thousandth."""
OUT = -2_000
"""Forbidden, in thousandths: -20,000 basis points."""
BAD = np.int16(-4_000)
"""A broken rule in one table. Four tables and a full score stay within int16, and one of these is always below 0."""


class _Kinds:
    """Mentees by kind: the row of points over all mentors of each kind."""

    def __init__(self, kinds: Sequence[Hashable], row: Callable[[int], Points]) -> None:
        number = {kind: place for place, kind in enumerate(dict.fromkeys(kinds))}
        self.of = np.array([number[kind] for kind in kinds], dtype=np.int64)
        first = {kind: place for place, kind in reversed(list(enumerate(kinds)))}
        self.table = np.stack([row(first[kind]) for kind in number])

    def rows(self, rows: Ints) -> Points:
        """The points of these mentees with every mentor."""
        return self.table[self.of[rows]]


class _Shared:
    """How many words of each mentee's are among each mentor's, and the points of it.

    With `either`, the share is of all words that one of the two has; otherwise of the mentee's own.
    """

    def __init__(
        self, mine: Sequence[frozenset[str]], theirs: Sequence[frozenset[str]], weight: int, *, either: bool
    ) -> None:
        known = {word: place for place, word in enumerate(sorted(frozenset[str]().union(*mine)))}
        self.words = [np.array([known[word] for word in words], dtype=np.intp) for words in mine]
        sizes = np.array([len(words) for words in theirs], dtype=np.int64)
        self.most, self.weight, self.either = (int(sizes.max(initial=0)) if either else 0), weight, either
        longest = max((len(words) for words in mine), default=0)
        kind = np.min_scalar_type(longest * (self.most + 1) + self.most)
        self.has = np.zeros((len(known), len(theirs)), dtype=kind)
        for column, words in enumerate(theirs):
            self.has[[known[word] for word in words if word in known], column] = self.most + 1
        self.base = (sizes if either else np.zeros_like(sizes)).astype(kind)
        self.worth: dict[int, Points] = {}

    def add(self, rows: Ints, block: Points) -> None:
        """Add the points of these mentees to their rows of the block."""
        for row, mentee in enumerate(rows.tolist()):
            words = self.words[mentee]
            if len(words):
                found = np.add.reduce(self.has[words], axis=0, dtype=self.has.dtype)
                if self.either:
                    found += self.base
                block[row] += self._worth(len(words)).take(found)

    def _worth(self, own: int) -> Points:
        """For someone with so many words: the points at each place `shared * (most + 1) + words of the mentor`."""
        if own not in self.worth:
            values = [
                share(min(shared, has), own + has - min(shared, has)) if self.either else share(shared, own)
                for shared in range(own + 1)
                for has in range(self.most + 1)
            ]
            self.worth[own] = np.array([value * self.weight // FULL for value in values], dtype=np.int16)
        return self.worth[own]


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
        self._kinds = _tables(self.mentees, self.mentors, settings) if mentees and mentors else []
        self._shared = _shares(self.mentees, self.mentors, settings)
        self._start, self._out = self._excluded()

    def rows(self, rows: Rows) -> Points:
        """Basis points, 0 to 10,000, of these mentees with every mentor; -20,000 where a hard rule forbids the pair."""
        wanted = np.arange(len(self.mentees))[rows] if isinstance(rows, slice) else np.asarray(rows, dtype=np.int64)
        block = np.zeros((len(wanted), len(self.mentors)), dtype=np.int16)
        for kinds in self._kinds:
            block += kinds.rows(wanted)
        for shared in self._shared:
            shared.add(wanted, block)
        for row, (start, end) in enumerate(zip(self._start[wanted], self._start[wanted + 1], strict=True)):
            if start < end:
                block[row, self._out[start:end]] = OUT
        np.maximum(block, OUT, out=block)
        block *= SCALE
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
        keys = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
        return np.searchsorted(keys[:, 0], np.arange(len(self.mentees) + 1)), keys[:, 1]


def _tables(mentees: Sequence[Candidate], mentors: Sequence[Candidate], settings: Matching) -> list[_Kinds]:
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
        worth = [window(gap, settings.window) * weights.experience // FULL for gap in kinds.tolist()]
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
        _Kinds([one.person.years for one in mentees], of_years),
        _Kinds([(one.person.language, frozenset(one.languages)) for one in mentees], of_languages),
        _Kinds([(one.person.site, one.channel) for one in mentees], of_place),
        _Kinds([(one.person.department, one.person.country) for one in mentees], of_home),
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


def _shares(mentees: Sequence[Candidate], mentors: Sequence[Candidate], settings: Matching) -> list[_Shared]:
    """The factors that count what two people share, where they weigh something."""
    weights = settings.weights
    offers = [frozenset(one.offers) for one in mentors]
    served = [frozenset(hope for hope, by in SERVES.items() if by & offer) for offer in offers]
    interests = [frozenset(one.person.interests) for one in mentors]
    every = (
        ([frozenset(one.wants) for one in mentees], offers, weights.goal, False),
        ([ambitions(one) for one in mentees], served, weights.ambitions, False),
        ([frozenset(one.person.interests) for one in mentees], interests, weights.interests, True),
    )
    return [_Shared(mine, theirs, weight, either=either) for mine, theirs, weight, either in every if weight]
