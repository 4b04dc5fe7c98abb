"""The best set of pairs: most people first, then the highest total, proved over all pairs (CAP-098, CAP-104).

All pairs are scored once; a shelf keeps the good ones of each mentee, a small flow problem (the master) pairs people
on a part of it, exact prices follow from its answer, and every other pair is held against those prices. What beats
them enters the master; when nothing does, the prices are the proof. Scores are basis points; nothing here knows people.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
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
from framework.matching.face import settle
from framework.matching.filling import fill_by_flow, fill_by_scipy
from framework.matching.master import by_flow, by_scipy
from framework.matching.shelf import Found, better_off, better_on, first_pairs, guess_prices, stock, worth_just
from framework.matching.turns import Order, turns

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

EQUALS, FEWEST_EQUALS = 1_000_000, 50  # pairs of equal sets that are looked at, and for one mentee
SPREAD = 10  # pairs that one mentee may add in one round, as a multiple of `per_mentee`


def solve(  # noqa: PLR0913 - each is one thing to know, and named where it is given
    score_rows: ScoreRows,
    places: ArrayLike,
    *,
    mentees: int,
    mentors: int,
    slots: ArrayLike | None = None,
    order: Order | None = None,
    keep: bool = False,
    shelf: int = 200,
    passes: int = 10,
    per_mentee: int = 8,
    master: Master | None = None,
) -> Assignment:
    """The best set of pairs and its certificate.

    `slots` are the costs in basis points of each mentor's first, second, ... mentee, one mentor after the other,
    one for each place, rising within a mentor: they spread the load. `order` says who comes first where places are
    short, and which of equal sets is taken; so the same set comes out whichever solver is used. `keep` keeps all scores
    in memory (2 bytes a pair) where scoring twice is dear. The rest makes it quicker or slower, never better or worse.
    Raises ValueError for input that is not as described, OverflowError for costs beyond the solver's range, and
    BrokenInvariantError where the solver or the scores contradict themselves.
    """
    room = Places.of(places, mentees, mentors, slots)
    if min(shelf, per_mentee) < 1 or passes < 0:
        raise ValueError("the shelf and the pairs of a mentee are at least 1, the passes at least 0")
    order = order or Order()  # where all may find a mentor, waiting is heard of those alone who turn out to compete
    turn = turns(order.waited, mentees, mentors, 0 if slots is None else int(np.max(slots, initial=0)))
    bonus = turn if room.count.sum() < mentees else np.zeros_like(turn)
    rows = _kept(score_rows, mentees) if keep else score_rows
    pick = master or (by_flow if _flow_version() else by_scipy)
    stocked = stock(rows, mentees, mentors, shelf)
    found = first_pairs(stocked, guess_prices(stocked, room.count, passes), per_mentee * mentees)
    pairs = _joined(None, found, bonus)
    for rounds in range(1, mentees * mentors + 3):
        mates = pick(pairs, mentees, room)
        earned = _earned(pairs, mates, mentees)
        proof = prove(pairs, mates, earned, room)
        bare = replace(proof, mentee_price=proof.mentee_price - bonus)
        found = better_on(stocked, bare, SPREAD * per_mentee)
        if not found.better:
            found = better_off(rows, stocked, bare, SPREAD * per_mentee)
        if not found.better:
            late = np.where(proof.mentee_cover == 0, turn - bonus, 0)
            if not late.any():
                equals = worth_just(rows, stocked, bare, mates, max(FEWEST_EQUALS, EQUALS // max(mentees, 1)))
                fill = fill_by_scipy if pick is by_scipy or not _flow_version() else fill_by_flow
                chosen = settle(equals, mates, proof, room, order, fill)
                matched = mates >= 0
                total = int((earned - bonus)[matched].sum()) - room.spent(
                    np.bincount(mates[matched], minlength=mentors)
                )
                proof = replace(proof, mentee_price=proof.mentee_price + turn - bonus)
                return Assignment(chosen.astype(np.int32), int(matched.sum()), total, proof, rounds, _name(pick))
            bonus = bonus + late
            pairs = replace(pairs, score=pairs.score + late[pairs.mentee])
        else:
            pairs = _joined(pairs, found, bonus)
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


def _joined(pairs: Candidates | None, found: Found, bonus: Ints) -> Candidates:
    """The candidates with what was found. Raises BrokenInvariantError where what beats the prices is in already."""
    mentees, score = len(bonus), found.score + bonus[found.mentee]
    key = found.mentor * max(mentees, 1) + found.mentee
    if pairs is None:
        return Candidates.of(key, score, mentees)
    joined = Candidates.of(np.concatenate((pairs.key, key)), np.concatenate((pairs.score, score)), mentees)
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
