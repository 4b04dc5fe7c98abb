"""The two masters: OR-Tools' flow; and scipy alone, where that is missing, and as a second opinion in the tests."""

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from framework.matching.certificate import BrokenInvariantError, Ints
from framework.matching.duals import Candidates, Places
from framework.matching.turns import FLOAT_RANGE


def by_scipy(pairs: Candidates, mentees: int, places: Places) -> Ints:
    """Each mentee's mentor (-1 = nobody), best over these pairs: one column a place, and one of nobody a mentee.

    What all pairs of a mentee have in common decides nothing about how many are matched, and so a person has to weigh
    more than the differences alone. Raises OverflowError where float64 could not hold every sum.
    """
    dearest, most = int(places.cost.max(initial=0)), int(pairs.score.max(initial=0))
    least = np.full(mentees, FLOAT_RANGE, dtype=np.int64)
    np.minimum.at(least, pairs.mentee, pairs.score)
    person = mentees * (int((pairs.score - least[pairs.mentee]).max(initial=0)) + dearest) + 1
    if mentees * (2 * (person + most) + dearest) >= FLOAT_RANGE:
        raise OverflowError("costs beyond what float64 holds exactly")
    column_of = np.repeat(np.arange(len(places.count)), places.count)
    copies = places.count[pairs.mentor]
    nth = np.arange(copies.sum()) - np.repeat(np.cumsum(copies) - copies, copies)
    column = np.repeat(places.start[pairs.mentor], copies) + nth
    weight = places.cost[column] - np.repeat(pairs.score, copies) - person
    every = np.arange(mentees)
    matrix = csr_matrix(
        (
            np.concatenate((weight, np.ones(mentees))).astype(np.float64),
            (
                np.concatenate((np.repeat(pairs.mentee, copies), every)),
                np.concatenate((column, len(column_of) + every)),
            ),
        ),
        shape=(mentees, len(column_of) + mentees),
    )
    row, taken = min_weight_full_bipartite_matching(matrix)
    real = taken < len(column_of)
    return mates_of(row[real].astype(np.int64), column_of[taken[real]], mentees)


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


def mates_of(mentee: Ints, mentor: Ints, mentees: int) -> Ints:
    """Each mentee's mentor from the pairs of a solver. Raises BrokenInvariantError where one has two."""
    if len(np.unique(mentee)) != len(mentee):
        raise BrokenInvariantError("the solver matched somebody twice")
    mates = np.full(mentees, -1, dtype=np.int64)
    mates[mentee] = mentor
    return mates
