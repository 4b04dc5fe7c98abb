"""The best set of pairs: most people first, then the highest total, proved over all pairs (CAP-098, CAP-104).

All pairs are scored once; a shelf keeps the good ones of each mentee, a small flow problem (the master) pairs people
on a part of it, exact prices follow from its answer, and every other pair is held against those prices. What beats
them enters the master; when nothing does, the prices are the proof. Scores are basis points; nothing here knows people.
"""

from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from framework.matching.certificate import (
    Assignment,
    BrokenInvariantError,
    Certificate,
    Ints,
    Rows,
    ScoreRows,
    verify,
)
from framework.matching.duals import Candidates, Places, prove
from framework.matching.master import by_scipy, mates_of
from framework.matching.shelf import Found, better_off, better_on, first_pairs, guess_prices, stock

__all__ = [
    "Assignment",
    "BrokenInvariantError",
    "Certificate",
    "by_flow",
    "by_scipy",
    "solve",
    "solve_by_key",
    "verify",
]

Master = Callable[[Candidates, int, Places], Ints]
"""From candidates, the number of mentees and places to each mentee's mentor (-1 = nobody), best over those pairs."""

SPREAD = 10  # pairs that one mentee may add in one round, as a multiple of `per_mentee`


def solve(
    score_rows: ScoreRows,
    places: ArrayLike,
    *,
    mentees: int,
    mentors: int,
    slots: ArrayLike | None = None,
    keep: bool = False,
    shelf: int = 200,
    passes: int = 10,
    per_mentee: int = 8,
    master: Master | None = None,
) -> Assignment:
    """The best set of pairs and its certificate.

    `slots` are the costs in basis points of each mentor's first, second, ... mentee, one mentor after the other,
    one for each place, rising within a mentor: they spread the load. `keep` keeps all scores in memory (2 bytes a
    pair) where scoring twice is dear. The rest makes it quicker or slower, never better or worse.
    Raises ValueError for input that is not as described, OverflowError for costs beyond the solver's range, and
    BrokenInvariantError where the solver or the scores contradict themselves.
    """
    room = Places.of(places, mentees, mentors, slots)
    if min(shelf, per_mentee) < 1 or passes < 0:
        raise ValueError("the shelf and the pairs of a mentee are at least 1, the passes at least 0")
    rows = _kept(score_rows, mentees) if keep else score_rows
    pick = master or (by_flow if _flow_version() else by_scipy)
    stocked = stock(rows, mentees, mentors, shelf)
    found = first_pairs(stocked, guess_prices(stocked, room.count, passes), per_mentee * mentees)
    pairs = _joined(None, found, mentees)
    for rounds in range(1, mentees * mentors + 2):
        mates = pick(pairs, mentees, room)
        earned = _earned(pairs, mates, mentees)
        proof = prove(pairs, mates, earned, room)
        found = better_on(stocked, proof, SPREAD * per_mentee)
        if not found.better:
            found = better_off(rows, stocked, proof, SPREAD * per_mentee)
        if not found.better:
            load = np.bincount(mates[mates >= 0], minlength=mentors)
            total = int(earned.sum()) - room.spent(load)
            return Assignment(mates.astype(np.int32), int((mates >= 0).sum()), total, proof, rounds, _name(pick))
        pairs = _joined(pairs, found, mentees)
    raise BrokenInvariantError("more rounds than there are pairs")


def solve_by_key(
    score_rows: ScoreRows,
    places: Sequence[int] | Ints,
    *,
    mentee_keys: Sequence[int] | Sequence[str],
    mentor_keys: Sequence[int] | Sequence[str],
    slots: ArrayLike | None = None,
    **options: Any,
) -> Assignment:
    """As `solve`, with people taken in the order of their keys: whoever comes first in the input changes nothing.

    Positions in the answer are those of the input. Raises ValueError where two people have one key.
    """
    by_mentee, by_mentor = _order(mentee_keys), _order(mentor_keys)
    count = np.asarray(places, dtype=np.int64)
    if slots is not None:
        starts = np.cumsum(count) - count
        costs = np.asarray(slots, dtype=np.int64)
        slots = np.concatenate([costs[:0], *(costs[starts[j] : starts[j] + count[j]] for j in by_mentor)])

    def rows_in_order(rows: Rows) -> NDArray[np.int16]:
        return score_rows(by_mentee[rows])[:, by_mentor]

    found = solve(
        rows_in_order, count[by_mentor], mentees=len(by_mentee), mentors=len(by_mentor), slots=slots, **options
    )
    back, of = np.argsort(by_mentee), np.argsort(by_mentor)
    mates = np.append(by_mentor, -1)[found.mentor_of[back]].astype(np.int32)
    was = found.certificate
    proof = Certificate(was.mentee_cover[back], was.mentee_price[back], was.mentor_cover[of], was.mentor_price[of])
    return Assignment(mates, found.count, found.total, proof, found.rounds, found.engine)


def by_flow(pairs: Candidates, mentees: int, places: Places) -> Ints:
    """The master with OR-Tools: a maximum flow, and the cheapest of those; people come first without any big number."""
    from ortools.graph.python import min_cost_flow  # type: ignore[import-untyped, import-not-found, unused-ignore]

    mentors, sink = len(places.count), mentees + len(places.count)
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(
        pairs.mentee.astype(np.int32),
        (pairs.mentor + mentees).astype(np.int32),
        np.ones(len(pairs.key), dtype=np.int64),
        -pairs.score,
    )
    each = np.repeat(np.arange(mentors), places.count) if places.cost.any() else np.arange(mentors)
    many, cost = (np.ones_like(each), places.cost) if places.cost.any() else (places.count, np.zeros_like(each))
    flow.add_arcs_with_capacity_and_unit_cost(
        (each + mentees).astype(np.int32), np.full(len(each), sink, dtype=np.int32), many, cost
    )
    flow.set_nodes_supplies(np.arange(mentees, dtype=np.int32), np.ones(mentees, dtype=np.int64))
    flow.set_node_supply(sink, -mentees)
    status = flow.solve_max_flow_with_min_cost()
    if status != flow.OPTIMAL:
        raise BrokenInvariantError(f"the flow ended as {status}")
    used = flow.flows(np.arange(len(pairs.key), dtype=np.int32)) > 0
    return mates_of(pairs.mentee[used], pairs.mentor[used], mentees)


def _joined(pairs: Candidates | None, found: Found, mentees: int) -> Candidates:
    """The candidates with what was found. Raises BrokenInvariantError where what beats the prices is in already."""
    key = found.mentor * max(mentees, 1) + found.mentee
    if pairs is None:
        return Candidates.of(key, found.score, mentees)
    joined = Candidates.of(np.concatenate((pairs.key, key)), np.concatenate((pairs.score, found.score)), mentees)
    if len(joined.key) < len(pairs.key) + found.better:
        at = int(np.argmax(pairs.has(key)))
        pair = f"mentee {found.mentee[at]} and mentor {found.mentor[at]}"
        raise BrokenInvariantError(f"{pair}: better than their prices, and looked at before")
    return joined


def _earned(pairs: Candidates, mates: Ints, mentees: int) -> Ints:
    """Each mentee's score with its mentor, 0 with nobody. Raises BrokenInvariantError for a pair that is none."""
    matched = np.flatnonzero(mates >= 0)
    key = mates[matched] * mentees + matched
    if not pairs.has(key).all():
        raise BrokenInvariantError("the solver made a pair that was not there")
    earned = np.zeros(mentees, dtype=np.int64)
    earned[matched] = pairs.score[np.searchsorted(pairs.key, key)]
    return earned


def _kept(score_rows: ScoreRows, mentees: int) -> ScoreRows:
    whole = np.asarray(score_rows(slice(0, mentees)))
    return lambda rows: whole[rows]


def _order(keys: Sequence[int] | Sequence[str]) -> Ints:
    order = np.argsort(np.asarray(keys), kind="stable") if len(keys) else np.zeros(0, dtype=np.int64)
    if len(set(keys)) != len(keys):
        raise ValueError("two people have the same key")
    return order


def _name(master: Master) -> str:
    if master is by_scipy:
        return f"scipy {scipy.__version__}"
    return f"ortools {_flow_version()}" if master is by_flow else "another"


def _flow_version() -> str:
    """The version of OR-Tools, or nothing where it is not installed."""
    try:
        return version("ortools")
    except PackageNotFoundError:
        return ""
