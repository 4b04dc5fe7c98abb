"""A set of pairs with its proof, and a check of that proof which shares nothing with the engine (CAP-104).

The proof is a price list. Mentee i has (cover, price) = (alpha_i, u_i), mentor j has (alpha_j, v_j); prices are in
basis points. For every pair that may be, alpha_i + alpha_j is 2, or it is 1 and u_i + v_j is at least the score: so
no set of pairs can be worth more than all prices together, people first and basis points second. A set that is worth
just that is the best one, over all pairs and not only over those that the engine looked at.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Rows = slice | Ints
ScoreRows = Callable[[Rows], NDArray[np.int16]]
"""Scores of these mentees with every mentor, in basis points; negative = forbidden. Pure: the same rows, the same."""

BLOCK = 128


class BrokenInvariantError(RuntimeError):
    """The engine, its solver or the scores did what they never may; the result is not to be used."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """The price list: who is covered (0 or 1), and prices in basis points. A mentor's is the price of one place."""

    mentee_cover: Ints
    mentee_price: Ints
    mentor_cover: Ints
    mentor_price: Ints


@dataclass(frozen=True, slots=True)
class Assignment:
    """The best set of pairs: each mentee's mentor by position (-1 = nobody).

    `count` people matched; `total` basis points of their scores, less what the slots cost; `rounds` of the engine;
    `engine` names the solver and its version, since another one may choose another set that is just as good.
    """

    mentor_of: NDArray[np.int32]
    count: int
    total: int
    certificate: Certificate
    rounds: int
    engine: str = ""


def verify(
    certificate: Certificate,
    assignment: Assignment,
    score_rows: ScoreRows,
    places: Ints,
    slots: Ints | None = None,
    bonus: Ints | None = None,
) -> list[str]:
    """What is wrong with the pairs or with their proof, over ALL pairs; an empty list means proved to be the best.

    `bonus` is what each mentee's pair counts for besides its score, where some have waited (see `turns.py`).
    """
    places = np.asarray(places, dtype=np.int64)
    mates = np.asarray(assignment.mentor_of, dtype=np.int64)
    faults = _shape(certificate, mates, places, slots)
    if faults:
        return faults
    alpha_i, u = certificate.mentee_cover.astype(np.int64), certificate.mentee_price.astype(np.int64)
    alpha_j, v = certificate.mentor_cover.astype(np.int64), certificate.mentor_price.astype(np.int64)
    extra = np.zeros(len(mates), dtype=np.int64) if bonus is None else np.asarray(bonus, dtype=np.int64)
    earned = -int(extra[mates >= 0].sum())
    for first in range(0, len(mates), BLOCK):
        rows = np.arange(first, min(first + BLOCK, len(mates)))
        scores = np.asarray(score_rows(rows)).astype(np.int64)
        if scores.shape != (len(rows), len(places)):
            return [f"scores of mentees {rows[0]} to {rows[-1]} have the shape {scores.shape}"]
        cover = alpha_i[rows, None] + alpha_j[None, :]
        scores = np.where(scores < 0, scores, scores + extra[rows, None])
        short = scores - u[rows, None] - v[None, :]
        bad = (scores >= 0) & ((cover == 0) | ((cover == 1) & (short > 0)))
        faults += [f"the prices of mentee {rows[a]} and mentor {b} do not cover their pair" for a, b in _some(bad)]
        matched = np.flatnonzero(mates[rows] >= 0)
        own = (matched, mates[rows][matched])
        earned += int(scores[own].sum())
        faults += [f"mentee {rows[a]} has a mentor who is forbidden" for a in matched[scores[own] < 0][:3]]
        loose = matched[(cover[own] != 1) | (short[own] != 0)][:3]
        faults += [f"the pair of mentee {rows[a]} is not worth its prices" for a in loose]
    return faults + _books(certificate, assignment, places, slots, earned, int(extra[mates >= 0].sum()))


def _shape(certificate: Certificate, mates: Ints, places: Ints, slots: Ints | None) -> list[str]:
    sizes = {"mentee_cover": len(mates), "mentee_price": len(mates), "mentor_cover": len(places)}
    faults = [
        f"{name} is not one whole number for each of {size}"
        for name, size in (sizes | {"mentor_price": len(places)}).items()
        if (of := getattr(certificate, name)).shape != (size,) or not np.issubdtype(of.dtype, np.integer)
    ]
    faults += [] if not len(mates) or -1 <= mates.min() <= mates.max() < len(places) else ["a mentor who is not there"]
    if slots is not None and len(slots) != int(places.sum()):
        faults.append("not one cost for each place")
    return faults


def _some(bad: NDArray[np.bool_]) -> list[list[int]]:
    found: list[list[int]] = np.argwhere(bad)[:3].tolist() if bad.any() else []
    return found


def _books(
    certificate: Certificate, assignment: Assignment, places: Ints, slots: Ints | None, earned: int, extra: int
) -> list[str]:
    """Places, signs, slack and the two sums; in Python's own whole numbers, which know no overflow."""
    mates = assignment.mentor_of.tolist()
    mentees = list(zip(certificate.mentee_cover.tolist(), certificate.mentee_price.tolist(), strict=True))
    mentors = zip(certificate.mentor_cover.tolist(), certificate.mentor_price.tolist(), places.tolist(), strict=True)
    faults = [f"mentee {i} {fault}" for i, own in enumerate(mentees) for fault in _mentee(*own, alone=mates[i] < 0)]
    held = [0] * len(places)
    for mate in mates:
        if mate >= 0:
            held[mate] += 1
    bound_count, bound = sum(cover for cover, _ in mentees), sum(price for _, price in mentees)
    spent = first = 0
    for j, (cover, price, size) in enumerate(mentors):
        costs = [0] * size if slots is None else slots[first : first + size].tolist()
        first += size
        faults += [f"mentor {j} {fault}" for fault in _mentor(cover, price, held[j], costs)]
        spent += sum(costs[: held[j]])
        bound_count += size * cover
        bound += sum(price - cost if cover else max(0, price - cost) for cost in costs)
    made = (sum(held), earned - spent)
    if made != (assignment.count, assignment.total):
        faults.append(f"the pairs are worth {made}, not {(assignment.count, assignment.total)}")
    if made != (bound_count, bound - extra):
        faults.append(f"the pairs are worth {made}, the prices {(bound_count, bound - extra)}")
    return faults


def _mentee(cover: int, price: int, *, alone: bool) -> Iterator[str]:
    if cover not in (0, 1) or (cover == 0 and price < 0):
        yield f"has the cover {cover} at the price {price}"
    if alone and (cover, price) != (0, 0):
        yield "has nobody, and a price"


def _mentor(cover: int, price: int, held: int, costs: list[int]) -> Iterator[str]:
    if costs != sorted(costs) or (costs and costs[0] < 0):
        yield "has costs that do not rise from 0"
    if held > len(costs):
        yield f"has {held} mentees and {len(costs)} places"
    if cover not in (0, 1) or (cover == 0 and price < 0):
        yield f"has the cover {cover} at the price {price}"
    if held < len(costs) and (cover or price > costs[held]):
        yield "has a place left, and a price for it"
