"""The master with scipy alone: where OR-Tools is missing, and as a second opinion in the tests."""

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from framework.matching.certificate import BrokenInvariantError, Ints
from framework.matching.duals import Candidates, Places

EXACT = 2**53  # up to here float64 holds every whole number


def by_scipy(pairs: Candidates, mentees: int, places: Places) -> Ints:
    """Each mentee's mentor (-1 = nobody), best over these pairs: one column a place, and one of nobody a mentee.

    Raises OverflowError where float64 could not hold every sum.
    """
    dearest = int(places.cost.max(initial=0))
    person = mentees * (int(pairs.score.max(initial=0)) + dearest) + 1
    if mentees * (2 * person + dearest) >= EXACT:
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


def mates_of(mentee: Ints, mentor: Ints, mentees: int) -> Ints:
    """Each mentee's mentor from the pairs of a solver. Raises BrokenInvariantError where one has two."""
    if len(np.unique(mentee)) != len(mentee):
        raise BrokenInvariantError("the solver matched somebody twice")
    mates = np.full(mentees, -1, dtype=np.int64)
    mates[mentee] = mentor
    return mates
