"""One engine on one company, in a process of its own: `python -m benchmarks.engines ENGINE SIZE KIND FOLDER`.

Prints its CPU seconds, its peak of memory and what it found, as JSON. `prepare` writes the ready scores into the
folder; the others read them there, but for `attributes`, which makes the company and scores it as it goes.
"""

import gc
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: one thread, so that CPU compares with CPU

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from benchmarks.career import Career
from benchmarks.population import population
from framework.matching.assignment import Assignment, by_flow, by_scipy, solve, verify
from framework.matching.certificate import Ints, Rows
from framework.matching.duals import Candidates, Places
from framework.matching.scoring import Scorer
from framework.matching.settings import Matching

Scores = NDArray[np.int16]
Mates = Ints
MEGABYTE = 1_024  # of the kilobytes that the system counts in
ROWS = 128
LARGEST = 20_000  # mentees, for any engine that reads ready scores


class Company(Protocol):
    """What an engine needs to know."""

    places: Ints

    def rows(self, rows: Rows) -> Scores:
        """Basis points of these mentees with every mentor; negative = forbidden."""


def company(kind: str, size: int) -> tuple[Callable[[], Company], int, int]:
    """A way to make its scorer, which is timed, from people, who are not; and how many mentees and mentors."""
    if kind == "career":
        career = Career(size)
        return career.ready, career.mentees, career.mentors
    people = population(size)
    make = lambda: Scorer(people.mentees, people.mentors, Matching(), people.managers)  # noqa: E731 - two of a kind
    return make, len(people.mentees), len(people.mentors)


def prepare(kind: str, size: int, folder: Path) -> dict[str, Any]:
    """Write scores and places down; what they are like."""
    make, mentees, mentors = company(kind, size)
    scorer = make()
    looked = mentees if mentees <= LARGEST else ROWS * 10  # beyond, no engine reads the scores: a few rows tell enough
    scores = np.lib.format.open_memmap(folder / "scores.npy", "w+", np.int16, (looked, mentors))
    for first in range(0, looked, ROWS):
        scores[first : first + ROWS] = scorer.rows(slice(first, min(first + ROWS, looked)))
    np.save(folder / "places.npy", scorer.places)
    eligible = sum(int((scores[first : first + ROWS] >= 0).sum()) for first in range(0, looked, ROWS))
    about = {"mentees": mentees, "mentors": mentors, "places": int(scorer.places.sum())}
    return about | {"eligible": eligible / max(1, looked * mentors)}


def attributes(kind: str, size: int) -> dict[str, Any]:
    """Ours, from people to the certified set; the proof is checked afterwards, and that is not timed."""
    make, mentees, mentors = company(kind, size)
    _warm()
    start = time.process_time(), time.perf_counter()
    scorer = make()
    found = solve(scorer.rows, scorer.places, mentees=mentees, mentors=mentors)
    spent = {"cpu": time.process_time() - start[0], "wall": time.perf_counter() - start[1], "mb": _peak()}
    return spent | _about(found, verify(found.certificate, found, scorer.rows, scorer.places))


def baken(scores: Scores, places: Ints) -> dict[str, Any]:
    """Ours, from ready scores; the proof is checked afterwards, and that is not timed."""
    _warm()
    start = time.process_time()
    found = solve(lambda rows: scores[rows], places, mentees=scores.shape[0], mentors=scores.shape[1])
    spent = {"cpu": time.process_time() - start, "mb": _peak()}
    return spent | _about(found, verify(found.certificate, found, lambda rows: scores[rows], places))


def baken_scipy(scores: Scores, places: Ints) -> dict[str, Any]:
    """Ours from ready scores, as it is where OR-Tools is missing."""
    start = time.process_time()
    sizes = {"mentees": scores.shape[0], "mentors": scores.shape[1]}
    found = solve(lambda rows: scores[rows], places, master=by_scipy, **sizes)
    spent = {"cpu": time.process_time() - start, "mb": _peak()}
    return spent | _about(found, verify(found.certificate, found, lambda rows: scores[rows], places))


def scipy(scores: Scores, places: Ints) -> dict[str, Any]:
    """The dense assignment alone, on a matrix that stands ready with a column for each place."""
    person = (int(scores.max(initial=0)) + 1) * len(scores)
    mentor_of = np.repeat(np.arange(len(places)), places)
    worth = np.empty((len(scores), len(mentor_of)))
    for first in range(0, len(scores), ROWS):
        block = scores[first : first + ROWS][:, mentor_of]
        worth[first : first + ROWS] = np.where(block >= 0, -(block + float(person)), 0)
    start = time.process_time()
    rows, columns = linear_sum_assignment(worth)
    cpu = time.process_time() - start
    mates = np.full(len(scores), -1)
    mates[rows] = mentor_of[columns]
    mates[rows[worth[rows, columns] == 0]] = -1
    return {"cpu": cpu, "mb": _peak()} | _worth(scores, places, mates)


def flow(scores: Scores, places: Ints) -> dict[str, Any]:
    """OR-Tools on all pairs at once."""
    mentors, mentees = np.nonzero(scores.T >= 0)
    key = mentors * len(scores) + mentees
    pairs = Candidates(key, mentees, mentors, scores[mentees, mentors].astype(np.int64))
    room = Places.of(places, *scores.shape)
    _warm()
    start = time.process_time()
    mates = by_flow(pairs, len(scores), room)
    cpu = time.process_time() - start
    return {"cpu": cpu, "mb": _peak()} | _worth(scores, places, mates)


def greedy(scores: Scores, places: Ints) -> dict[str, Any]:
    """The best pair first, then the best of what is left."""
    start = time.process_time()
    flat = np.flatnonzero(scores.ravel() >= 0)
    order = flat[np.argsort(-scores.ravel()[flat].astype(np.int32), kind="stable")]
    left, mates = places.tolist(), [-1] * len(scores)
    for pair in order:
        mentee, mentor = divmod(int(pair), len(left))
        if mates[mentee] < 0 and left[mentor]:
            mates[mentee], left[mentor] = mentor, left[mentor] - 1
    cpu = time.process_time() - start
    return {"cpu": cpu, "mb": _peak()} | _worth(scores, places, np.array(mates, dtype=np.int64))


def _worth(scores: Scores, places: Ints, mates: Mates) -> dict[str, Any]:
    """People and points. Raises AssertionError for a pair that the rules forbid, or for a mentor with too many."""
    matched = np.flatnonzero(mates >= 0)
    given = scores[matched, mates[matched]].astype(np.int64)
    if (given < 0).any():
        raise AssertionError("a pair that the rules forbid")
    if (np.bincount(mates[matched], minlength=len(places)) > places).any():
        raise AssertionError("a mentor has more mentees than there is room")
    return {"matched": len(matched), "total": int(given.sum())}


def _about(found: Assignment, faults: list[str]) -> dict[str, Any]:
    if faults:
        raise AssertionError(f"the proof does not hold: {faults[0]}")
    return {"matched": found.count, "total": found.total, "rounds": found.rounds, "engine": found.engine}


def _warm() -> None:
    """Load what is loaded once, before the clock starts; the people that the benchmark made are no garbage to sift."""
    gc.freeze()
    solve(lambda rows: np.zeros((1, 1), dtype=np.int16)[rows], [1], mentees=1, mentors=1)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE


READY: dict[str, Callable[[Scores, Ints], dict[str, Any]]] = {
    one.__name__: one for one in (baken, baken_scipy, scipy, flow, greedy)
}


def main(arguments: list[str]) -> None:
    """Run one and print it."""
    engine, size, kind, place = arguments
    folder = Path(place)
    if engine == "prepare":
        found = prepare(kind, int(size), folder)
    elif engine == "attributes":
        found = attributes(kind, int(size))
    else:
        found = READY[engine](np.load(folder / "scores.npy"), np.load(folder / "places.npy"))
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
