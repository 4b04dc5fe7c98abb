"""Who comes next for a mentee: the mentors whom a person at the desk could choose instead (CAP-104, MAT-D1).

Where the set has prices, these are the mentors whose pair costs the whole least: for every pair, the prices of the two
less the score is what all lose at least. A choice that would leave somebody else without a mentor, or take somebody's
turn, is none. Where there are no prices, they are those with the highest score.
"""

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from framework.matching.criteria import FULL, Candidate
from framework.matching.proposal import Market, Other
from framework.matching.scoring import SCALE, Ints, Rows
from framework.matching.tables import Points

MOST = 3
BLOCK = 256
NEVER = 2**48  # more than any cost, with room to be multiplied
Costs = Callable[[Ints, Points], Ints]
"""From mentees, by position, and their scores to the cost of each pair in basis points; NEVER = no choice."""


def by_price(market: Market) -> Costs:
    """What each pair costs the whole at least, beside the best set."""
    proof, bonus, step = market.assignment.certificate, market.bonus, market.step
    price = proof.mentee_price - bonus

    def costs(rows: Ints, scores: Points) -> Ints:
        gap = price[rows, None] + proof.mentor_price[None, :] - scores
        cover = proof.mentee_cover[rows, None] + proof.mentor_cover[None, :]
        return np.where((cover > 1) | (2 * gap > step), NEVER, gap)

    return costs


def no_price(_: Ints, scores: Points) -> Ints:
    """Nothing is known to be lost; the score decides."""
    return np.zeros(scores.shape, dtype=np.int64)


class Scores(Protocol):
    """What is asked of a scorer, or of a part of one."""

    mentors: tuple[Candidate, ...]
    places: Ints

    def rows(self, rows: Rows) -> Points:
        """Basis points of these mentees with every mentor; negative = forbidden."""

    def points(self, mentee: int, mentor: int) -> dict[str, int]:
        """What each factor gives this pair, in thousandths."""


def next_best(
    scorer: Scores,
    mates: Ints,
    costs: Costs,
    room: Ints | None = None,
    *,
    beside: Ints | None = None,
    left: Ints | None = None,
) -> dict[int, tuple[Other, ...]]:
    """For each mentee with a mentor, by position: the others who come next, the least costly first, then by score.

    `room` are the places of each mentor (as they offer them, if not given); who has none is nobody's choice. `beside`
    is each mentee's second mentor, who is no choice either, and `left` then the places that are free.
    """
    places = scorer.places if room is None else room
    free = (places - np.bincount(mates[mates >= 0], minlength=len(places)) if left is None else left) > 0
    matched = np.flatnonzero(mates >= 0)
    found: dict[int, tuple[Other, ...]] = {}
    for first in range(0, len(matched), BLOCK):
        rows = matched[first : first + BLOCK]
        scores = scorer.rows(rows)
        lost = costs(rows, scores)
        lost[(scores < 0) | (places == 0)] = NEVER
        for taken in (mates, mates if beside is None else beside):
            lost[np.arange(len(rows)), taken[rows]] = NEVER
        for row, mentee in enumerate(rows.tolist()):
            found[mentee] = _others(scorer, mentee, lost[row], scores[row], free)
    return found


def _others(scorer: Scores, mentee: int, lost: Ints, scores: Points, free: NDArray[np.bool_]) -> tuple[Other, ...]:
    count = min(MOST, len(lost))
    rank = lost * (FULL * SCALE + 1) - scores
    near = np.flatnonzero(rank <= np.partition(rank, count - 1)[count - 1])
    order = near[np.lexsort((near, rank[near]))][:count]
    return tuple(_other(scorer, mentee, by, int(lost[by]), bool(free[by])) for by in order.tolist() if lost[by] < NEVER)


def _other(scorer: Scores, mentee: int, by: int, lost: int, free: bool) -> Other:
    reasons = scorer.points(mentee, by)
    return Other(scorer.mentors[by].id, sum(reasons.values()), reasons, -(-lost // SCALE), free)
