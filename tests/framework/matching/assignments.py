"""Random matching problems of every odd kind, and ways to solve them that share nothing with the engine."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from types import FrameType

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from benchmarks.career import Career
from framework.matching.assignment import Assignment, by_flow, by_scipy, solve, verify

SENTINEL = -20_000
SECONDS = 5  # a case
HAS_FLOW = find_spec("ortools") is not None
MASTERS = [by_scipy, *([by_flow] if HAS_FLOW else [])]
needs_flow = pytest.mark.skipif(not HAS_FLOW, reason="OR-Tools is not installed")


@dataclass(frozen=True)
class Problem:
    """A score matrix (negative = forbidden), places, and perhaps what each place costs."""

    scores: NDArray[np.int16]
    places: NDArray[np.int64]
    slots: NDArray[np.int64] | None

    def rows(self, rows: slice | NDArray[np.int64]) -> NDArray[np.int16]:
        return self.scores[rows]

    def solve(self, **options) -> Assignment:
        n, m = self.scores.shape
        return solve(self.rows, self.places, mentees=n, mentors=m, slots=self.slots, **options)

    def verify(self, found: Assignment) -> list[str]:
        return verify(found.certificate, found, self.rows, self.places, self.slots)

    def costs(self) -> list[list[int]]:
        """What the first, second, ... mentee of each mentor costs."""
        ends = np.cumsum(self.places)
        slots = np.zeros(int(self.places.sum()), dtype=np.int64) if self.slots is None else self.slots
        return [slots[end - size : end].tolist() for end, size in zip(ends, self.places, strict=True)]


def random_problem(dice: np.random.Generator, most: tuple[int, int]) -> Problem:
    """Ties, thin and full matrices, empty rows and columns, mentors without a place, costs that rise."""
    n, m = int(dice.integers(0, most[0] + 1)), int(dice.integers(0, most[1] + 1))
    levels = int(dice.choice([1, 2, 5, 50, 10_001]))
    scores = (dice.integers(0, levels, (n, m)) * (10_000 // max(levels - 1, 1))).astype(np.int16)
    scores[dice.random((n, m)) >= dice.choice([0.05, 0.2, 0.6, 1.0])] = dice.choice([-1, SENTINEL])
    scores[dice.random(n) < dice.choice([0, 0.2])] = SENTINEL
    scores[:, dice.random(m) < dice.choice([0, 0.2])] = SENTINEL
    places = dice.integers(0, int(dice.choice([2, 4, 9])), m)
    slots = None
    if dice.random() < 0.5:
        high = int(dice.choice([2, 300, 20_000]))
        slots = np.concatenate([np.zeros(0, np.int64), *(np.sort(dice.integers(0, high, size)) for size in places)])
    return Problem(scores, places.astype(np.int64), slots)


def odd_options(dice: np.random.Generator) -> dict[str, int]:
    """Shelves far too small, no price passes: many rounds."""
    return {
        "shelf": int(dice.choice([1, 2, 5, 200])),
        "per_mentee": int(dice.choice([1, 2, 20])),
        "passes": int(dice.choice([0, 0, 3, 10])),
        "keep": bool(dice.integers(2)),
    }


def by_brute_force(problem: Problem) -> tuple[int, int]:
    """Every way to pair these people: the greatest (people, basis points less costs)."""
    costs = problem.costs()

    @cache
    def best(mentee: int, held: tuple[int, ...]) -> tuple[int, int]:
        if mentee == len(problem.scores):
            return 0, 0
        found = [best(mentee + 1, held)]
        for j, score in enumerate(problem.scores[mentee].tolist()):
            if score >= 0 and held[j] < len(costs[j]):
                count, total = best(mentee + 1, (*held[:j], held[j] + 1, *held[j + 1 :]))
                found.append((count + 1, total + score - costs[j][held[j]]))
        return max(found)

    return best(0, (0,) * len(costs))


def by_dense(problem: Problem) -> tuple[int, int]:
    """scipy's dense assignment over all pairs, a column for each place."""
    n, m = problem.scores.shape
    costs = [costs[:n] for costs in problem.costs()]
    mentor_of = np.repeat(np.arange(m), [len(of) for of in costs])
    cost = np.array([one for of in costs for one in of], dtype=np.int64)
    scores = problem.scores[:, mentor_of].astype(np.int64)
    person = n * (10_000 + int(cost.max(initial=0))) + 1
    assert n * (person + 10_000) < 2**53
    worth = np.where(scores >= 0, person + scores - cost, 0)
    rows, columns = linear_sum_assignment(worth.astype(np.float64), maximize=True)
    real = scores[rows, columns] >= 0
    return int(real.sum()), int((scores - cost)[rows, columns][real].sum())


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise TimeoutError when the block takes longer: an engine without end is a fault too."""

    def late(_: int, __: FrameType | None) -> None:
        raise TimeoutError(f"more than {seconds} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def career(mentees: int, seed: int = 7) -> Problem:
    company = Career(mentees, seed).ready()
    return Problem(company.rows(slice(0, mentees)), company.places, None)
