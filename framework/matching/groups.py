"""Shapes other than one mentor for one mentee: groups, two mentors for two languages, pairs of peers.

Groups are CAP-103, two mentors CAP-092, peers PRG-10. Each is a small integer programme over every pair that the hard
rules allow, solved level by level: first as many people as can be, and only then the highest total. A pair that
`score_rows` forbids (a negative score) is not in the programme at all. Groups and two mentors are hard problems in
general: the solver works in floating point, so an answer is checked in integers, and `proved` says whether the search
was finished; it is no certificate. Made for programmes of some hundreds of people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import coo_array, csr_array, diags_array, hstack
from scipy.sparse.csgraph import connected_components

from framework.matching.mutual import Ints, ScoreRows

NODES = 20_000  # of the search tree, for each level: a count and not a clock, so that the answer never depends on haste
_Row = tuple[Any, Any, Any]  # a matrix, the least and the most of each of its sums
FOUND = (0, 1)  # solved, or stopped with an answer in hand
CLOSE, HALF = 1e-6, 0.5


class Unsolved(RuntimeError):
    """The solver gave no answer, or one that does not hold in integers."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What was found: pairs (row, column) in rising order, people helped, total of the scores, and if it is proved."""

    pairs: Ints
    count: int
    total: int
    proved: bool


@dataclass(frozen=True, slots=True)
class _Edges:
    """The allowed pairs as three columns."""

    row: Ints
    column: Ints
    score: Ints


def groups(
    score_rows: ScoreRows, least: ArrayLike, most: ArrayLike, *, mentees: int, mentors: int, nodes: int = NODES
) -> Shape:
    """Each mentor leads a group of at least `least` and at most `most` mentees, or none (CAP-103).

    Only whether a mentor leads is a yes or no for the solver: once that is settled the rest is a flow, which is whole
    of itself. Raises ValueError for sizes that make no sense, Unsolved as the class says.
    """
    low, high = (np.broadcast_to(np.asarray(size, np.int64), mentors) for size in (least, most))
    if (low < 0).any() or (high < low).any():
        raise ValueError("the least of a group must lie between 0 and its most")
    edges = _edges(score_rows, mentees, mentors)
    own, seats = _sums(edges.row, mentees), _sums(edges.column, mentors)
    rows = [
        (hstack([own, csr_array((mentees, mentors))]), 0, 1),
        (hstack([seats, diags_array(-high, dtype=np.float64)]), -np.inf, 0),
        (hstack([seats, diags_array(-low, dtype=np.float64)]), 0, np.inf),
    ]
    leads = np.zeros(mentors, np.int64)
    levels = [np.append(level, leads) for level in (np.ones_like(edges.row), edges.score)]
    chosen, proved = _climb(levels, rows, np.append(np.zeros_like(edges.row), leads + 1), nodes)
    return _shape(edges, chosen[: len(edges.row)], proved)


def two_mentors(
    first: ScoreRows, second: ScoreRows, places: ArrayLike, *, mentees: int, mentors: int, nodes: int = NODES
) -> tuple[Shape, Ints]:
    """Two mentors for each mentee, one for each of two languages, out of the same places (CAP-092).

    `first` and `second` score the same people, each forbidding the mentors who lack its language. The two are different
    people, and it is both or none: half a pair is no proposal. With the shape, whose `count` is of mentees, comes the
    leg of each of its pairs: 0 for the first language, 1 for the second. Raises Unsolved as the class says.
    """
    legs = [_edges(score_rows, mentees, mentors) for score_rows in (first, second)]
    leg = np.repeat((0, 1), [len(one.row) for one in legs])
    edges = _Edges(*(np.concatenate([getattr(one, name) for one in legs]) for name in ("row", "column", "score")))
    own, again = (_sums(edges.row, mentees) * np.where(leg == side, 1, 0) for side in (0, 1))
    pair = np.unique(edges.row * mentors + edges.column, return_inverse=True)[1]
    rows = [
        (csr_array(own), 0, 1),
        (csr_array(own - again), 0, 0),
        (_sums(pair, int(pair.max(initial=-1)) + 1), 0, 1),
        (_sums(edges.column, mentors), 0, np.asarray(places)),
    ]
    chosen, proved = _climb([np.where(leg == 0, 1, 0), edges.score], rows, np.ones_like(leg), nodes)
    found = _shape(edges, chosen, proved)
    side = leg[chosen > 0][np.lexsort((edges.column[chosen > 0], edges.row[chosen > 0]))]
    return Shape(found.pairs, found.count // 2, found.total, proved), side


def peers(score_rows: ScoreRows, *, people: int, nodes: int = NODES) -> Shape:
    """Pairs out of one pool, each person in one pair at most (PRG-10).

    A pair counts when each may be matched with the other, for what both scores come to together. Of the shape, `count`
    is of people, and each pair stands once, its lower number first. Raises Unsolved as the class says.
    """
    both = score_rows(slice(0, people)).reshape(people, people).astype(np.int64)
    row, column = np.nonzero(np.triu((both >= 0) & (both.T >= 0), 1))
    edges = _Edges(row, column, both[row, column] + both[column, row])
    worth = edges.score + people * int(edges.score.max(initial=0)) + 1  # one pair more outweighs any score
    rows: list[_Row] = [(csr_array(_sums(row, people) + _sums(column, people)), 0, 1)]
    while len(row):
        part = _solve(worth, rows, np.zeros_like(row), nodes).x
        if not (cuts := _odd_circles(edges, part, people)):
            break
        rows += cuts
    chosen, proved = _climb([worth], rows, np.ones_like(row), nodes)
    found = _shape(edges, chosen, proved)
    return Shape(found.pairs, 2 * found.count, found.total, proved)


def _odd_circles(edges: _Edges, part: NDArray[np.float64], people: int) -> list[_Row]:
    """Where an odd number of people share each other by halves: of 2k + 1 people there are k pairs at most."""
    split = (part > CLOSE) & (part < 1 - CLOSE)
    ends = edges.row[split], edges.column[split]
    circle = connected_components(coo_array((np.ones(split.sum()), ends), shape=(people, people)), directed=False)[1]
    size = np.bincount(circle)
    inside = circle[edges.row] == circle[edges.column]
    pairs = np.bincount(circle[edges.row[inside]], part[inside], minlength=len(size))
    odd = np.flatnonzero((size % 2 == 1) & (pairs > size // 2 + CLOSE))
    return [(csr_array((inside & (circle[edges.row] == one))[None, :] * 1.0), 0, size[one] // 2) for one in odd]


def _edges(score_rows: ScoreRows, mentees: int, mentors: int) -> _Edges:
    scores = score_rows(slice(0, mentees)).reshape(mentees, mentors)
    row, column = np.nonzero(scores >= 0)
    return _Edges(row, column, scores[row, column].astype(np.int64))


def _sums(index: Ints, size: int) -> csr_array:
    """The matrix that adds up the variables with the same index."""
    here = np.arange(len(index))
    return csr_array(coo_array((np.ones(len(index)), (index, here)), shape=(size, len(index))))


def _climb(levels: Sequence[Ints], rows: Sequence[_Row], whole: Ints, nodes: int) -> tuple[Ints, bool]:
    """The 0s and 1s with the greatest first level, of these the greatest second, and so on; and if it is proved."""
    chosen, proved = np.zeros(len(whole), np.int64), True
    if not levels[0].any():
        return chosen, proved
    held = list(rows)
    for level in levels:
        answer = _solve(level, held, whole, nodes)
        if np.abs(answer.x - np.rint(answer.x)).max() > CLOSE:
            answer = _solve(level, held, np.ones_like(whole), nodes)
        chosen = np.rint(answer.x).astype(np.int64)
        value = int(level @ chosen)
        proved &= answer.mip_dual_bound is None or -answer.mip_dual_bound < value + HALF
        held.append((csr_array(level[None, :].astype(np.float64)), value, np.inf))
    for matrix, low, high in held:
        sums = matrix @ chosen
        if (sums < low).any() or (sums > high).any():
            raise Unsolved("the answer does not hold in integers")
    return chosen, proved


def _solve(level: Ints, rows: Sequence[_Row], whole: Ints, nodes: int) -> OptimizeResult:
    answer = milp(
        -level.astype(np.float64),
        integrality=whole,
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(*row) for row in rows],
        options={"mip_rel_gap": 0, "node_limit": nodes},
    )
    if answer.status not in FOUND or answer.x is None:
        raise Unsolved(f"status {answer.status} after {nodes} nodes")
    return answer


def _shape(edges: _Edges, chosen: Ints, proved: bool) -> Shape:
    here = np.flatnonzero(chosen)
    here = here[np.lexsort((edges.column[here], edges.row[here]))]
    return Shape(np.stack((edges.row[here], edges.column[here]), 1), len(here), int(edges.score[here].sum()), proved)
