"""Bending a rule for who would find nobody, and for nobody else (MAT-08, CAP-090).

Small companies work with who they have. Each rule that the programme allows to be bent adds the pairs that break it,
as a tier of its own; in the best set people come first, then the fewest pairs of the last tier, and so on, then who
waited longest, then scores; and of equal sets the one that `face.py` says. So no rule is bent for a turn alone.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from framework.matching.assignment import by_flow, by_scipy, solve
from framework.matching.criteria import FULL
from framework.matching.duals import Candidates, Places, prove
from framework.matching.face import settle
from framework.matching.filling import fill_by_flow, fill_by_scipy
from framework.matching.scoring import SCALE, Ints, Rows, Scorer
from framework.matching.settings import Matching, Rule
from framework.matching.tables import Points
from framework.matching.turns import COST_RANGE, Order, order_of, turns, unit

CELLS = 4_000_000  # pairs that are held at once
DEAREST = 30_000  # so much is one bent rule worth where the levels cannot be kept apart: thirty whole scores


def bent(scorer: Scorer, rules: Sequence[Rule]) -> Scorer:
    """The same people under all rules but these."""
    if not rules:
        return scorer
    was = scorer.settings
    kept = tuple(rule for rule in was.rules if rule not in rules)
    settings = Matching.model_validate(was.model_dump() | {"rules": kept, "relax": ()})
    return Scorer(scorer.mentees, scorer.mentors, settings, scorer.managers, scorer.apart)


def bent_least(tiers: Sequence[Scorer]) -> tuple[Ints, bool]:
    """Each mentee's mentor (-1 = nobody) in the best set, the first tier keeping all rules and each next one fewer.

    With it comes whether the levels were kept apart.

    The levels are kept apart exactly, and the result proved over all pairs, up to some thousand people. Beyond that a
    bent rule costs as much as many whole scores, and a set that bends one rule more has to gain that much by it, or
    somebody's turn.
    """
    first, mentees, mentors = tiers[0], len(tiers[0].mentees), len(tiers[0].mentors)
    last = len(tiers) - 1
    order = order_of(first.mentees, first.mentors)
    bonus = turns(order.waited, mentees, mentors) // unit(mentees, mentors) * (2 * FULL * (min(mentees, mentors) + 2))
    level = (FULL + int(bonus.max(initial=0))) * mentees + 1
    costs = [0] + [level * (mentees + 1) ** (tier - 1) for tier in range(1, last + 1)]
    if mentees * mentors <= CELLS and 2 * (costs[-1] + level) * (mentees + mentors + 2) < COST_RANGE:
        try:
            return _exactly(tiers, costs, bonus, order), True
        except OverflowError:  # beyond what scipy alone holds
            pass
    steps = [DEAREST * tier // last for tier in range(last + 1)]

    def rows(wanted: Rows) -> Points:
        worth = _worth(tiers, wanted, steps)
        return np.where(worth < 0, -FULL, worth).astype(np.int16)

    return solve(rows, first.places, mentees=mentees, mentors=mentors, order=order).mentor_of.astype(np.int64), False


def _worth(tiers: Sequence[Scorer], rows: Rows, costs: Sequence[int]) -> NDArray[np.int64]:
    """What each pair is worth in the first tier that allows it; never below 0 but where none does: -1."""
    worth = np.full((1, 1), -1, dtype=np.int64)
    for tier, cost in reversed(list(zip(tiers, costs, strict=True))):
        scores = tier.rows(rows).astype(np.int64)
        worth = np.where(scores >= 0, scores // SCALE + (costs[-1] - cost), worth)
    return worth


def _exactly(tiers: Sequence[Scorer], costs: Sequence[int], bonus: Ints, order: Order) -> Ints:
    """All pairs with whole levels between the tiers, and between equals as always. Raises OverflowError."""
    first, mentees = tiers[0], len(tiers[0].mentees)
    worth = _worth(tiers, slice(0, mentees), costs)
    mentee, mentor = np.nonzero(worth >= 0)
    worth = worth + bonus[:, None]
    pairs = Candidates.of(mentor * mentees + mentee, worth[mentee, mentor], mentees)
    count = np.minimum(first.places, mentees)
    places = Places(count, np.cumsum(count) - count, np.zeros(int(count.sum()), dtype=np.int64))
    try:
        mates, fill = by_flow(pairs, mentees, places), fill_by_flow
    except ModuleNotFoundError:
        mates, fill = by_scipy(pairs, mentees, places), fill_by_scipy
    earned = np.where(mates >= 0, worth[np.arange(mentees), mates], 0)
    proof = prove(pairs, mates, earned, places)
    prices = proof.mentee_price[pairs.mentee] + proof.mentor_price[pairs.mentor]
    cover = proof.mentee_cover[pairs.mentee] + proof.mentor_cover[pairs.mentor]
    just = (prices == pairs.score) & (cover == 1)
    return settle((pairs.mentee[just], pairs.mentor[just]), mates, proof, places, order, fill)
