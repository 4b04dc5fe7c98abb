"""Who has waited comes first where places are short (CAP-101): days of waiting as points that no score can outweigh.

Those who can be matched together form a matroid: to give the place to the one who waited longer never costs anybody
else a mentor, and the set that is best for whoever waited longest is also the best for every later one. So the order of
waiting is enough, not how much longer, and numbers stay small.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from framework.matching.criteria import Candidate

Ints = NDArray[np.int64]
FULL_RANGE = 32_767  # the most that an int16 score can be
COST_RANGE = 2**60  # the flow multiplies costs by nodes in int64; the rest of its range is kept for the prices
FLOAT_RANGE = 2**53  # up to here float64 holds every whole number: the range of the solver that scipy has
CLASSES = 64  # different waits that count, however many people there are


@dataclass(frozen=True, slots=True)
class Order:
    """What decides where people alone do not: days waited, who rested (0 or 1), and the ids that a lot is drawn from.

    Nothing given: nobody waited, nobody rested, and the positions are the ids.
    """

    waited: ArrayLike | None = None
    rested: ArrayLike | None = None
    mentee_keys: ArrayLike | None = None
    mentor_keys: ArrayLike | None = None

    def rest(self, mentors: int) -> NDArray[np.bool_]:
        """Which mentors rested. Raises ValueError where it is not one number for each."""
        rested = np.zeros(mentors, dtype=bool) if self.rested is None else np.asarray(self.rested, dtype=bool)
        if rested.shape != (mentors,):
            raise ValueError("there is one word on rest for each mentor")
        return rested

    def keys(self, mentees: int, mentors: int) -> tuple[Ints, Ints]:
        """The ids of both sides. Raises ValueError where it is not one for each."""
        sides = ((self.mentee_keys, mentees), (self.mentor_keys, mentors))
        first, second = (np.arange(n) if keys is None else np.asarray(keys, dtype=np.int64) for keys, n in sides)
        if first.shape != (mentees,) or second.shape != (mentors,):
            raise ValueError("there is one id for each person")
        return first, second


def order_of(mentees: Sequence[Candidate], mentors: Sequence[Candidate]) -> Order:
    """What people themselves say about it."""
    return Order(
        waited=[one.waited for one in mentees],
        rested=[one.rested for one in mentors],
        mentee_keys=[one.id for one in mentees],
        mentor_keys=[one.id for one in mentors],
    )


def unit(mentees: int, mentors: int, dearest: int = 0) -> int:
    """Basis points of one step in the order of waiting: more than twice what scores and slots can come to in a price.

    A price comes from a chain of pairs in which each mentor, and each mentee, stands once at most.
    """
    return 6 * (min(mentees, mentors) + 2) * (FULL_RANGE + dearest)


def turns(waited: ArrayLike | None, mentees: int, mentors: int, dearest: int = 0) -> Ints:
    """What each mentee's pair counts for besides its score, in basis points: 0 for who waited least.

    `waited` are days; `dearest` is the cost of the dearest slot. Beyond a hundred or more different waits (it depends
    on the number of people) neighbours share one step. Raises ValueError where it is not one number for each mentee.
    """
    if waited is None:
        return np.zeros(mentees, dtype=np.int64)
    days = np.asarray(waited, dtype=np.int64)
    if days.shape != (mentees,):
        raise ValueError("there is one wait for each mentee")
    kinds, place = np.unique(days, return_inverse=True)
    step = unit(mentees, mentors, dearest)
    most = max(CLASSES, FLOAT_RANGE // (2 * (mentees + 1) * step) - 2)
    most = max(1, min(most, COST_RANGE // (step * (mentees + mentors + 2)) - 2))
    if len(kinds) - 1 > most:
        place = place * most // (len(kinds) - 1)
    return place.astype(np.int64) * step
