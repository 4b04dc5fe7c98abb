"""Exact prices that go with a set of pairs: who is covered, what a place costs, and which pairs would do better.

Everything is in int64, with room: no sum here comes near 2 ** 63 (the engine refuses costs that could).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from framework.matching.certificate import BrokenInvariantError, Certificate, Ints
from framework.matching.turns import COST_RANGE, FULL_RANGE

FAR = 2**61
"""More than any price: where a pair always, or never, counts as better."""

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Places:
    """How many mentees each mentor takes, and what the first, second, ... costs in basis points (all 0: no cost)."""

    count: Ints
    start: Ints
    cost: Ints
    """Rising within a mentor; mentor j's are those from `start[j]` on, `count[j]` of them."""

    @classmethod
    def of(cls, places: ArrayLike, mentees: int, mentors: int, slots: ArrayLike | None = None) -> "Places":
        """Places and what they cost, as far as there are mentees for them. Raises ValueError or OverflowError."""
        count = np.asarray(places, dtype=np.int64)
        if min(mentees, mentors) < 0 or count.shape != (mentors,) or (count < 0).any():
            raise ValueError("there is one number of places, 0 or more, for each mentor")
        kept = np.minimum(count, mentees)
        within = np.arange(kept.sum()) - np.repeat(np.cumsum(kept) - kept, kept)
        cost = np.zeros(len(within), dtype=np.int64)
        if slots is not None:
            given = np.asarray(slots, dtype=np.int64)
            if given.shape != (count.sum(),) or (given < 0).any():
                raise ValueError("there is one cost, 0 or more, for each place")
            cost = given[np.repeat(np.cumsum(count) - count, kept) + within]
            if (np.diff(cost)[within[1:] > 0] < 0).any():
                raise ValueError("the costs of a mentor's places must rise")
        if max(int(cost.max(initial=0)), FULL_RANGE) * (mentees + mentors + 2) >= COST_RANGE:
            raise OverflowError("costs beyond what the solver holds")
        return cls(kept, np.cumsum(kept) - kept, cost)

    def at(self, nth: Ints, *, beyond: int) -> Ints:
        """The cost of each mentor's n-th place, from 0 on; `beyond` where there is none."""
        there = (nth >= 0) & (nth < self.count)
        found = np.full(len(self.count), beyond, dtype=np.int64)
        found[there] = self.cost[self.start[there] + nth[there]]
        return found

    def spent(self, load: Ints) -> int:
        """What so many mentees for each mentor cost in all."""
        sums = np.concatenate(([0], np.cumsum(self.cost)))
        return int((sums[self.start + load] - sums[self.start]).sum())


@dataclass(frozen=True, slots=True)
class Candidates:
    """The pairs that the master looks at: by mentor, then by mentee, each once."""

    key: Ints
    """mentor * mentees + mentee, rising."""
    mentee: Ints
    mentor: Ints
    score: Ints

    @classmethod
    def of(cls, key: Ints, score: Ints, mentees: int) -> "Candidates":
        """From keys, in any order and perhaps twice, and their scores."""
        order = np.argsort(key, kind="stable")
        key = key[order]
        fresh = np.ones(len(key), dtype=bool)
        fresh[1:] = key[1:] != key[:-1]
        key = key[fresh]
        mentor, mentee = np.divmod(key, max(mentees, 1))
        return cls(key, mentee, mentor, score[order][fresh])

    def has(self, key: Ints) -> Bools:
        """Which of these are in already."""
        if not len(self.key):
            return np.zeros(len(key), dtype=bool)
        at = np.minimum(np.searchsorted(self.key, key), len(self.key) - 1)
        same: Bools = self.key[at] == key
        return same


def prove(pairs: Candidates, mates: Ints, earned: Ints, places: Places) -> Certificate:
    """The certificate of a best set over these pairs. `earned` is each mentee's score with its mentor.

    Raises BrokenInvariantError where the set is not the best one.
    """
    load = np.bincount(mates[mates >= 0], minlength=len(places.count))
    if (load > places.count).any():
        raise BrokenInvariantError(f"mentor {int(np.argmax(load > places.count))} has too many mentees")
    open_rows, closed = _cover(pairs, mates, len(places.count))
    if (closed & (load < places.count)).any():
        raise BrokenInvariantError(f"mentor {int(np.argmax(closed & (load < places.count)))} could take one more")
    v = _least_prices(pairs, mates, earned, (open_rows, closed), places.at(load - 1, beyond=0))
    if (~closed & (v > places.at(load, beyond=FAR))).any():
        raise BrokenInvariantError("a mentor with a place left has a price for it")
    u = np.where(mates >= 0, earned - v[mates] if len(v) else 0, 0)
    if (u[open_rows] < 0).any():
        raise BrokenInvariantError(f"mentee {int(np.argmax(open_rows & (u < 0)))} would be better off alone")
    return Certificate((~open_rows).astype(np.int64), u, closed.astype(np.int64), v)


def _cover(pairs: Candidates, mates: Ints, mentors: int) -> tuple[Bools, Bools]:
    """Koenig: mentees from whom somebody without a mentor can be reached along pairs, and the mentors on the way."""
    alone, matched = mates < 0, np.flatnonzero(mates >= 0)
    rows, closed = alone.copy(), np.zeros(mentors, dtype=bool)
    new = alone
    while new.any():
        closed[pairs.mentor[new[pairs.mentee]]] = True
        wider = rows.copy()
        wider[matched] = closed[mates[matched]]
        new, rows = wider & ~rows, wider | rows
    return rows, closed


def _least_prices(pairs: Candidates, mates: Ints, earned: Ints, cover: tuple[Bools, Bools], floor: Ints) -> Ints:
    """Bellman-Ford from below, over the pairs that bind, to the least price of each mentor."""
    rows, closed = cover
    v = np.where(closed, -(2**60), floor)
    binding = rows[pairs.mentee] == closed[pairs.mentor]
    i, j, s = pairs.mentee[binding], pairs.mentor[binding], pairs.score[binding]
    if not len(i):
        return v
    starts = np.flatnonzero(np.concatenate(([True], j[1:] != j[:-1])))
    at = j[starts]
    matched = np.flatnonzero(mates >= 0)
    mate, own = mates[matched], earned[matched]
    u = np.zeros(len(mates), dtype=np.int64)
    for _ in range(len(mates) + len(v) + 2):
        u[matched] = own - v[mate]
        asked = np.maximum.reduceat(s - u[i], starts)
        if (asked <= v[at]).all():
            return v
        v[at] = np.maximum(v[at], asked)
    raise BrokenInvariantError("the pairs are not the best ones: their prices rise without end")


def price_table(proof: Certificate) -> tuple[Ints, Ints]:
    """What a place with each mentor costs an open mentee (cover 0), and a covered one (cover 1)."""
    closed = proof.mentor_cover == 1
    return np.where(closed, proof.mentor_price, -FAR), np.where(closed, FAR, proof.mentor_price)


def fewest(rows: Ints, gain: Ints, turn: Ints, most: int) -> Ints:
    """Which entries to keep so that no row keeps more than `most`: those that gain most, then by `turn`.

    `rows` must rise. What is kept comes in the order of the entries.
    """
    _, first, count = np.unique(rows, return_index=True, return_counts=True)
    if not len(rows) or count.max() <= most:
        return np.arange(len(rows))
    order = np.lexsort((turn, -gain, rows))
    place = np.arange(len(rows)) - np.repeat(first, count)
    return np.sort(order[place < most])
