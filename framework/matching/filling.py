"""Flows on the pairs of a face: everybody who must be in is in, at the least cost (see `face.py`).

With OR-Tools the bounds are part of the flow; with scipy alone a place that must be filled outweighs all costs.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from framework.matching.certificate import BrokenInvariantError, Ints
from framework.matching.turns import FLOAT_RANGE

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Face:
    """All best sets at once: the pairs that some of them have, and how often each person is in.

    Pairs come by mentor, then mentee, each once. `sure`: mentees who are in all sets; the others may be out. A mentor
    has from `least` to `most` of these mentees, besides `held` who are settled.
    """

    mentee: Ints
    mentor: Ints
    sure: Bools
    least: Ints
    most: Ints
    held: Ints

    def slots(self) -> tuple[Ints, Ints]:
        """The places that may be filled or not: whose each is, and which it is for this mentor, from 0 on."""
        count = self.most - self.least
        whose = np.repeat(np.arange(len(count)), count)
        within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        return whose, (self.held + self.least)[whose] + within


def fill_by_flow(face: Face, cost: Ints, slot_cost: Ints) -> Ints:
    """Each mentee's mentor (-1 = nobody) at the least cost of pairs and slots. Raises BrokenInvariantError."""
    from ortools.graph.python import min_cost_flow  # type: ignore[import-untyped, import-not-found, unused-ignore]

    mentees, mentors = len(face.sure), len(face.least)
    hub, whose = mentees + mentors, face.slots()[0]
    maybe = np.flatnonzero(~face.sure)
    flow = min_cost_flow.SimpleMinCostFlow()
    tails = (face.mentee, mentees + whose, np.full(len(maybe), hub))
    heads = (mentees + face.mentor, np.full(len(whose), hub), maybe)
    costs = np.concatenate((cost, slot_cost, np.zeros(len(maybe), dtype=np.int64)))
    flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate(tails).astype(np.int32),
        np.concatenate(heads).astype(np.int32),
        np.ones(len(costs), dtype=np.int64),
        costs,
    )
    flow.set_nodes_supplies(np.arange(mentees, dtype=np.int32), face.sure.astype(np.int64))
    flow.set_nodes_supplies(np.arange(mentees, hub, dtype=np.int32), -face.least)
    flow.set_node_supply(hub, int(face.least.sum() - face.sure.sum()))
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise BrokenInvariantError(f"the flow among equals ended as {status}")
    used = flow.flows(np.arange(len(cost), dtype=np.int32)) > 0
    return _mates(face.mentee[used], face.mentor[used], mentees)


def fill_by_scipy(face: Face, cost: Ints, slot_cost: Ints) -> Ints:
    """The same with scipy: a column for each place, and one of nobody for who may be out. Raises OverflowError."""
    mentees = len(face.sure)
    must = mentees * (int(cost.max(initial=0)) + int(slot_cost.max(initial=0))) + 1
    if mentees * 3 * must >= FLOAT_RANGE:
        raise OverflowError("costs beyond what float64 holds exactly")
    start = np.cumsum(face.most) - face.most
    column_of = np.repeat(np.arange(len(face.most)), face.most)
    nth = np.arange(len(column_of)) - start[column_of]
    worth = np.full(len(column_of), -must, dtype=np.int64)
    worth[nth >= face.least[column_of]] = slot_cost
    copies = face.most[face.mentor]
    within = np.arange(copies.sum()) - np.repeat(np.cumsum(copies) - copies, copies)
    column = np.repeat(start[face.mentor], copies) + within
    maybe = np.flatnonzero(~face.sure)
    matrix = csr_matrix(
        (
            np.concatenate((np.repeat(cost, copies) + worth[column], np.zeros(len(maybe)))) + must + 1.0,
            (
                np.concatenate((np.repeat(face.mentee, copies), maybe)),
                np.concatenate((column, len(column_of) + np.arange(len(maybe)))),
            ),
        ),
        shape=(mentees, len(column_of) + len(maybe)),
    )
    try:
        row, taken = min_weight_full_bipartite_matching(matrix)
    except ValueError as error:
        raise BrokenInvariantError("the equals of a best set do not hold its pairs") from error
    real = taken < len(column_of)
    return _mates(row[real].astype(np.int64), column_of[taken[real]], mentees)


def _mates(mentee: Ints, mentor: Ints, mentees: int) -> Ints:
    mates = np.full(mentees, -1, dtype=np.int64)
    mates[mentee] = mentor
    return mates
