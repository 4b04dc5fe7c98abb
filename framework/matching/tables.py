"""Points of many pairs at once: rows for each kind of mentee, and counts of the words that two people share.

What is shared is counted in one number a pair. Each factor has its own digit of that number: how many words the two
have in common and, where it matters, how many the mentor has in all. One look into a table turns it into points.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framework.matching.criteria import FULL, share

Points = NDArray[np.int16]
Numbers = NDArray[np.unsignedinteger[Any]]
LARGEST = 65_536
"""Entries of one table; factors that would need more have tables of their own."""


class Kinds:
    """Mentees by kind: the row of points over all mentors of each kind."""

    def __init__(self, kinds: Iterable[Hashable], row: Callable[[int], Points]) -> None:
        number: dict[Hashable, int] = {}
        self.of = [number.setdefault(kind, len(number)) for kind in kinds]
        self.table = [row(at) for at in np.unique(self.of, return_index=True)[1].tolist()]

    def add(self, mentee: int, row: Points) -> None:
        """Add the points of this mentee with every mentor to a row."""
        row += self.table[self.of[mentee]]


@dataclass(frozen=True)
class Factor:
    """What counts shared words: each mentee's, each mentor's, and what it weighs in thousandths.

    With `either`, the share is of all words that one of the two has; otherwise of the mentee's own.
    """

    mine: Sequence[Iterable[str]]
    theirs: Sequence[Iterable[str]]
    weight: int
    either: bool

    @cached_property
    def most(self) -> int:
        """How many words a mentor has at most, where that matters."""
        return max((len(set(words)) for words in self.theirs), default=0) if self.either else 0

    @cached_property
    def digits(self) -> int:
        """How many numbers this factor's digit takes: `shared * (most + 1) + words of the mentor`."""
        return (max((len(set(words)) for words in self.mine), default=0) + 1) * (self.most + 1)

    def worth(self, own: int) -> Points:
        """The points at each digit of someone with so many words."""
        wide = self.most + 1
        found = [
            share(min(shared, has), own + has - min(shared, has)) if self.either else share(shared, own)
            for shared in range(min(own, self.digits // wide - 1) + 1)
            for has in range(wide)
        ]
        points = np.zeros(self.digits, dtype=np.int16)
        points[: len(found)] = [value * self.weight // FULL for value in found]
        return points


class Shared:
    """The points of some factors for all pairs."""

    def __init__(self, factors: Sequence[Factor]) -> None:
        self.factors = factors
        known: dict[tuple[int, str], int] = {}
        self.words: list[int] = []
        self.start, self.own = [0], [[len(set(words)) for words in one.mine] for one in factors]
        for mine in zip(*(one.mine for one in factors), strict=True):
            for digit, words in enumerate(mine):
                self.words += (known.setdefault((digit, word), len(known)) for word in set(words))
            self.start.append(len(self.words))
        self.has, self.base = self._counted(known)
        self.worth: dict[tuple[int, ...], Points] = {}

    def add(self, mentee: int, row: Points) -> None:
        """Add the points of this mentee with every mentor to a row."""
        found = self.base.copy()
        for word in self.words[self.start[mentee] : self.start[mentee + 1]]:
            found += self.has[word]
        row += self._worth(tuple(own[mentee] for own in self.own)).take(found)

    def _counted(self, known: dict[tuple[int, str], int]) -> tuple[list[Numbers], Numbers]:
        """What each word adds to the number of each mentor who has it, and what the number is without any."""
        step, mentors = 1, len(self.factors[0].theirs)
        wide = np.min_scalar_type(int(np.prod([one.digits for one in self.factors])))
        has, base = np.zeros((len(known), mentors), dtype=wide), np.zeros(mentors, dtype=wide)
        for digit, one in enumerate(self.factors):
            cells: tuple[list[int], list[int]] = ([], [])
            for column, words in enumerate(one.theirs):
                own = set(words)
                at = [known[digit, word] for word in own if (digit, word) in known]
                cells[0].extend(at)
                cells[1].extend([column] * len(at))
                base[column] += step * len(own) if one.either else 0
            has[cells] = step * (one.most + 1)
            step *= one.digits
        return list(has), base

    def _worth(self, own: tuple[int, ...]) -> Points:
        """For someone with so many words of each factor: the points at each number."""
        if own not in self.worth:
            whole = np.zeros(1, dtype=np.int16)
            for one, many in zip(reversed(self.factors), reversed(own), strict=True):
                whole = np.add.outer(whole, one.worth(many)).ravel()
            self.worth[own] = whole
        return self.worth[own]


class Named:
    """The points of those few pairs of whom one asked for the other: for each mentee the places, and the points."""

    def __init__(self, pairs: Mapping[tuple[int, int], int], mentees: int) -> None:
        found: list[tuple[list[int], list[int]]] = [([], []) for _ in range(mentees)]
        for (mentee, mentor), given in pairs.items():
            found[mentee][0].append(mentor)
            found[mentee][1].append(given)
        self.of = [(np.array(at, dtype=np.int64), np.array(given, dtype=np.int16)) for at, given in found]

    def add(self, mentee: int, row: Points) -> None:
        """Add the points of this mentee with every mentor to a row."""
        at, given = self.of[mentee]
        row[at] += given


def shared(factors: Iterable[Factor]) -> list[Shared]:
    """These factors in as few tables as stay small."""
    groups: list[list[Factor]] = []
    size = LARGEST + 1
    for one in factors:
        size *= one.digits
        if size > LARGEST:
            groups.append([])
            size = one.digits
        groups[-1].append(one)
    return [Shared(group) for group in groups]
