"""Groups, two mentors and peers for crowds beyond what an integer programme holds: exact flows, one after the other.

Each step is a best set, but nobody proves that the steps together are one: so the answer says that it is not proved
(peers in circles of even length are: see there). Rules, places and sizes hold as always, and nobody keeps half a pair.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from framework.matching.assignment import solve
from framework.matching.certificate import Ints, Rows, ScoreRows
from framework.matching.groups import Shape, peers
from framework.matching.tables import Points

Bools = NDArray[np.bool_]
FORBIDDEN = np.int16(-20_000)
LAST = 8  # one in so many of the groups that are too small is given up in one go
ROUNDS = 8  # of handing on places that were let go
BOTH = 10_000  # basis points that it costs to use up a mentor who speaks both languages for the first of the two
AT_ONCE = 120  # people whom the exact way still pairs in a moment


def large_groups(score_rows: ScoreRows, least: Ints, most: Ints, *, mentees: int, mentors: int) -> Shape:
    """As many in groups as full groups can hold; then the smallest of the groups that are too small are given up."""
    room = np.minimum(most, mentees)
    while True:
        mates = _best(score_rows, room, mentees, mentors)
        load = np.bincount(mates[mates >= 0], minlength=mentors)
        small = np.flatnonzero((load < least) & (room > 0))
        if not len(small[load[small] > 0]):
            return _shape(score_rows, mates)
        order = small[np.lexsort((small, load[small]))]
        empty = int((load[small] == 0).sum())
        room[order[: max(empty, 1) + (len(order) - empty) // LAST]] = 0


def large_two(
    first: ScoreRows, second: ScoreRows, places: ArrayLike, *, mentees: int, mentors: int
) -> tuple[Shape, Ints]:
    """A mentor for one language, then one for the other; who has only one lets go of it, in turns.

    Both orders of the languages are tried. Of those who speak both, the second language gets a fair part.
    """
    room, legs = np.asarray(places, dtype=np.int64), (first, second)
    speaks = [_speaks(rows, mentees, mentors) for rows in legs]
    found = [_in_turns(legs, room, (speaks[start], speaks[1 - start]), start, mentees) for start in (0, 1)]
    made = [_both(legs, mates) for mates in found]
    return max(made, key=lambda one: (one[0].count, one[0].total))


def _in_turns(
    legs: tuple[ScoreRows, ScoreRows], room: Ints, speaks: tuple[Bools, Bools], start: int, mentees: int
) -> Ints:
    """Each mentee's mentor for each language, beginning with one of the two; both or none."""
    mentors, mates = len(room), np.full((2, mentees), -1, dtype=np.int64)
    dear, aside = np.where(speaks[0] & speaks[1], BOTH, 0), np.zeros(mentees, dtype=bool)
    for number in range(ROUNDS):
        open_ = mates[0] < 0
        todo, left = np.flatnonzero(open_ & ~aside if (open_ & ~aside).any() else open_), room - _load(mates, mentors)
        mine = left if number % 2 else _fair(left, speaks, len(todo))
        mates[start, todo] = _some(legs[start], todo, mine, mates[1 - start], np.repeat(dear, mine))
        left = room - _load(mates, mentors)
        mates[1 - start, todo] = _some(legs[1 - start], todo, left, mates[start], None)
        aside = (mates < 0).sum(axis=0) == 1  # who had one language only lets others try first
        mates[:, (mates < 0).any(axis=0)] = -1
    whole = np.flatnonzero(mates[0] >= 0)
    for leg in (start, 1 - start):  # the same people once more, now for the best of each language
        mates[leg, whole] = -1
        mates[leg, whole] = _some(legs[leg], whole, room - _load(mates, mentors), mates[1 - leg], None)
    return mates


def _fair(left: Ints, speaks: tuple[Bools, Bools], people: int) -> Ints:
    """The places for the first language: of those who speak both, so many that the second one has as many mentors."""
    both = speaks[0] & speaks[1]
    first, second, shared = (int(left[of].sum()) for of in (speaks[0] & ~both, speaks[1] & ~both, both))
    pairs = min(people, (first + second + shared) // 2, first + shared, second + shared)
    given = np.cumsum(np.where(both, left, 0)) * max(0, pairs - first) // max(shared, 1)
    return np.where(both, np.diff(given, prepend=0), np.where(speaks[0], left, 0))


def large_peers(score_rows: ScoreRows, *, people: int) -> Shape:
    """Pairs out of one pool. Everybody is matched as both a mentor and a mentee; what comes out are circles.

    A circle of even length falls into pairs, and so does a chain, and neither loses anything against the best there
    could be: if no circle is odd, the answer is proved. The people of odd circles are paired anew.
    """
    both = score_rows(slice(0, people)).astype(np.int32)
    half = np.where((both < 0) | (both.T < 0), FORBIDDEN, (both + both.T) // 2).astype(np.int16)
    np.fill_diagonal(half, FORBIDDEN)
    mates = _best(lambda rows: half[rows], np.ones(people, dtype=np.int64), people, people)
    pairs, odd = _circles(mates, half)
    for first in range(0, len(odd), AT_ONCE):
        some = np.sort(odd[first : first + AT_ONCE])
        part = half[np.ix_(some, some)]
        pairs += some[peers(lambda rows, part=part: part[rows], people=len(some)).pairs].tolist()  # type: ignore[misc]
    made = np.array(sorted(sorted(pair) for pair in pairs), dtype=np.int64).reshape(-1, 2)
    total = int(both[made[:, 0], made[:, 1]].sum() + both[made[:, 1], made[:, 0]].sum())
    return Shape(made, 2 * len(made), total, not len(odd))


def _circles(mates: Ints, half: Points) -> tuple[list[list[int]], Ints]:
    """The pairs of the even circles and paths, the better of the two ways each; and the people of the odd ones."""
    pairs: list[list[int]] = []
    odd: list[int] = []
    seen = np.zeros(len(mates), dtype=bool)
    starts = np.setdiff1d(np.arange(len(mates)), mates)  # who is nobody's mentor begins a path
    for start in [*starts.tolist(), *range(len(mates))]:
        ring: list[int] = []
        at = start if not seen[start] else -1
        while at >= 0 and not seen[at]:
            seen[at] = True
            ring.append(at)
            at = int(mates[at])
        if len(ring) % 2 and at >= 0:
            odd += ring
            continue
        turn = ring[:1] if at >= 0 else []
        ways = [list(zip(ring[shift::2], [*ring[shift + 1 :: 2], *turn[:shift]], strict=False)) for shift in (0, 1)]
        best = max(ways, key=lambda way: sum(int(half[pair]) for pair in way))
        pairs += [list(pair) for pair in best]
    return pairs, np.array(odd, dtype=np.int64)


def _best(score_rows: ScoreRows, room: Ints, mentees: int, mentors: int) -> Ints:
    return solve(score_rows, room, mentees=mentees, mentors=mentors).mentor_of.astype(np.int64)


def _some(rows: ScoreRows, todo: Ints, left: Ints, other: Ints, dear: Ints | None) -> Ints:
    """The best set of these mentees, none with the mentor whom the mentee has for the other language."""
    taken = other[todo]

    def without(wanted: Rows) -> Points:
        block = np.array(rows(todo[wanted]))
        has = np.flatnonzero(taken[wanted] >= 0)
        block[has, taken[wanted][has]] = FORBIDDEN
        return block

    return solve(without, left, mentees=len(todo), mentors=len(left), slots=dear).mentor_of.astype(np.int64)


def _speaks(rows: ScoreRows, mentees: int, mentors: int) -> Bools:
    found = np.zeros(mentors, dtype=bool)
    for first in range(0, mentees, 128):
        found |= (rows(slice(first, min(first + 128, mentees))) >= 0).any(axis=0)
    return found


def _load(mates: Ints, mentors: int) -> Ints:
    return np.bincount(mates[mates >= 0], minlength=mentors)


def _scores(score_rows: ScoreRows, mates: Ints) -> int:
    """The total of these pairs."""
    whole = np.flatnonzero(mates >= 0)
    parts = [whole[first : first + 128] for first in range(0, len(whole), 128)]
    return sum(int(score_rows(part)[np.arange(len(part)), mates[part]].sum(dtype=np.int64)) for part in parts)


def _shape(score_rows: ScoreRows, mates: Ints) -> Shape:
    whole = np.flatnonzero(mates >= 0)
    return Shape(np.stack((whole, mates[whole]), 1), len(whole), _scores(score_rows, mates), proved=False)


def _both(legs: tuple[ScoreRows, ScoreRows], mates: Ints) -> tuple[Shape, Ints]:
    leg, mentee = np.nonzero(mates >= 0)
    pairs = np.stack((mentee, mates[leg, mentee]), 1)
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    total = sum(_scores(rows, mates[side]) for side, rows in enumerate(legs))
    return Shape(pairs[order], len(pairs) // 2, total, proved=False), leg[order]
