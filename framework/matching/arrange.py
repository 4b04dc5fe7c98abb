"""A programme's mode and shape, and the pairs that follow (CAP-086): the door to the engine.

The best set serves the modes `appointed` and `proposed`, and whoever is left in `mutual` and `mentee_picks`; `by_lot`
draws. Groups, two mentors and peers are shapes of the best set. An open pool makes no pairs.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from framework.matching.others import Costs, by_price, next_best, no_price
from framework.matching.proposal import Arrangement, Proposal, Step, market, worded
from framework.matching.proposal import propose_relaxed as relaxed
from framework.matching.record import Inputs
from framework.matching.regimes import by_lot
from framework.matching.scoring import Ints, Scorer
from framework.matching.shapes import by_shape

__all__ = ["Arrangement", "Inputs", "arrange"]

OTHERS = 5_000  # mentees, up to whom it is told unasked who comes next


def arrange(inputs: Inputs, *, others: bool | None = None) -> Arrangement:
    """The pairs that the settings ask for; the order in which people come changes nothing.

    With `others` each pair says who comes next; unless told, up to OTHERS mentees. Raises ValueError for a mode that
    makes no pairs, and for two mentors without two languages.
    """
    settings = inputs.settings
    if settings.mode == "open_pool":
        raise ValueError("an open pool makes no pairs")
    wanted = len(inputs.mentees) <= OTHERS if others is None else others
    if settings.shape != "one_to_one":
        return by_shape(inputs, others=wanted)
    return _drawn(inputs, wanted) if settings.mode == "by_lot" else _best(inputs, wanted)


def _best(inputs: Inputs, others: bool) -> Arrangement:
    people = (inputs.mentors, inputs.mentees, inputs.settings, inputs.managers, inputs.apart)
    strict = market(*people)
    steps: tuple[Step, ...] = (Step(None, strict.assignment.count),)
    proposals, costs, proved = strict.proposals(), by_price(strict), True
    if inputs.settings.relax:
        bent = relaxed(*people)
        costs = costs if len(bent.proposals) == len(proposals) else no_price
        proposals, steps, proved = bent.proposals, bent.steps, bent.proved
    if others:
        proposals = _with_others(strict.scorer, proposals, costs)
    return Arrangement(proposals, strict.assignment.engine, strict, proved, steps)


def _with_others(scorer: Scorer, proposals: Sequence[Proposal], costs: Costs) -> list[Proposal]:
    at = {one.id: place for place, one in enumerate(scorer.mentees)}
    by = {one.id: place for place, one in enumerate(scorer.mentors)}
    mates: Ints = np.full(len(scorer.mentees), -1)
    for one in proposals:
        mates[at[one.mentee]] = by[one.mentor]
    found = next_best(scorer, mates, costs)
    return [replace(one, others=found[at[one.mentee]]) for one in proposals]


def _drawn(inputs: Inputs, others: bool) -> Arrangement:
    scorer = Scorer(
        sorted(inputs.mentees, key=lambda one: one.id),
        sorted(inputs.mentors, key=lambda one: one.id),
        inputs.settings,
        inputs.managers,
        inputs.apart,
    )
    sizes = {"mentees": len(scorer.mentees), "mentors": len(scorer.mentors)}
    mates: Sequence[int] = by_lot(scorer.rows, scorer.places, **sizes, seed=inputs.seed).tolist()
    proposals = worded(scorer, mates)
    if others:
        proposals = _with_others(scorer, proposals, no_price)
    return Arrangement(proposals, "draw", None, True, (Step(None, len(proposals)),))
