"""Mutual choice beside the package made for it: `python -m benchmarks.mutual [--json] [--sizes 100x10 10000x10]`.

A size is the number of mentees and the length of their lists; six mentors for every ten mentees, with 1 to 3 places.
Mentees rank the mentors that suit them best, and some mentors suit nearly everybody; mentors rank who ranked them.

Both begin with the same lists in plain Python, and both are timed twice, in CPU seconds:

- whole: from the lists to the matching. baken: `framework.matching.mutual`, the median of the rounds; matching: the
  package of that name, its players, its checks of them, and its solving, once.
- solve: the deferred acceptance alone, with everything made ready.

`ratio_matching` is the package's whole over baken's, `ratio_solve` the same of the solving: more is better. The two
differ much, since nearly all of the package's time goes into making and checking its players. `ratio_matching_10k` and
`ratio_solve_10k` are those of 10000x10. `blocking` counts pairs who would rather have each other, and `different` the
mentees whose mentor is not the one that the package finds: anything but 0 is a fault. Where the package is not
installed, the figures of baken stand alone.
"""

import argparse
import json
import os
import re
import statistics
import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: one thread, so that CPU compares with CPU

import numpy as np

from framework.matching.mutual import NOBODY, Ints, Wishes, blocking_pairs, mutual, ranking, stable

SIZES = ("100x10", "1000x10")
LARGE = "10000x10"
DEEP = 10_000_000  # the package copies its players by recursion, and fails from 1,000 mentees on without this
STACK = 512 * 2**20


class Lists:
    """Who ranks whom, dearest first: the lists of the mentees, those of the mentors, and the places."""

    def __init__(self, mentees: int, length: int, seed: int = 7) -> None:
        dice = np.random.default_rng(seed)
        self.mentees, self.mentors = mentees, max(round(0.6 * mentees), 1)
        self.length = min(length, self.mentors)
        liked, field = dice.normal(0, 0.4, self.mentors), dice.integers(0, 14, self.mentors)
        whom = np.empty((mentees, self.length), np.int64)
        for mentee in range(mentees):
            view = liked + (field == dice.integers(14)) + dice.normal(0, 0.6, self.mentors)
            best = np.argpartition(-view, self.length - 1)[: self.length]
            whom[mentee] = best[np.argsort(-view[best])]
        order = np.lexsort((dice.random(whom.size), whom.ravel()))
        who, bounds = order // self.length, np.searchsorted(whom.ravel()[order], np.arange(1, self.mentors))
        self.ours: list[list[int]] = whom.tolist()
        self.theirs: list[list[int]] = [row.tolist() for row in np.split(who, bounds)]
        self.places = dice.choice((1, 2, 3), self.mentors, p=(0.45, 0.35, 0.2))


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds, and what came out."""
    start = time.process_time_ns()
    found = work()
    return (time.process_time_ns() - start) / 1e9, found


def by_baken(lists: Lists) -> tuple[float, float, Wishes, Ints]:
    """CPU seconds of the whole and of the solving, the wishes, and the mentor of each mentee."""
    keys = np.arange(lists.mentees), np.arange(lists.mentors)
    before, wishes = timed(
        lambda: mutual(ranking(lists.ours), ranking(lists.theirs), mentee_key=keys[0], mentor_key=keys[1])
    )
    solving, found = timed(lambda: stable(wishes, lists.places))
    return before + solving, solving, wishes, found


def by_package(lists: Lists) -> tuple[float, float, Ints]:
    """CPU seconds of the whole and of the solving, and the mentor of each mentee."""
    create = import_module("matching.games").HospitalResident.create_from_dictionaries
    ours = dict(enumerate(lists.ours))
    theirs = {mentor: row for mentor, row in enumerate(lists.theirs) if row}  # the package refuses an empty list
    before, game = timed(lambda: create(ours, theirs, {mentor: int(lists.places[mentor]) for mentor in theirs}))
    solving, solved = timed(lambda: game.solve(optimal="resident"))
    found = np.full(lists.mentees, NOBODY)
    for mentor, held in solved.items():
        found[[mentee.name for mentee in held]] = mentor.name
    return before + solving, solving, found


def size_of(text: str) -> str:
    """A size as it is typed. Raises ArgumentTypeError for another shape, in words."""
    if re.fullmatch(r"[1-9]\d*x[1-9]\d*", text) is None:
        msg = f"{text!r} is not a size; write mentees x length of their lists, such as 1000x10"
        raise argparse.ArgumentTypeError(msg)
    return text


def measure(size: str, rounds: int = 5) -> dict[str, float]:
    """The figures for a size such as 100x10."""
    lists = Lists(*map(int, size.split("x")))
    turns = [by_baken(lists) for _ in range(rounds)]
    whole, solve = statistics.median(turn[0] for turn in turns), statistics.median(turn[1] for turn in turns)
    _, _, wishes, found = turns[0]
    figures: dict[str, float] = {
        "mentees": lists.mentees,
        "mentors": lists.mentors,
        "length": lists.length,
        "cpu_baken": round(whole, 5),
        "cpu_baken_solve": round(solve, 5),
        "matched": int((found != NOBODY).sum()),
        "blocking": len(blocking_pairs(wishes, lists.places, found)),
    }
    if find_spec("matching") is not None:
        peer, peer_solve, other = by_package(lists)
        figures |= {
            "cpu_matching": round(peer, 4),
            "cpu_matching_solve": round(peer_solve, 4),
            "ratio_matching": round(peer / max(whole, 1e-6), 1),
            "ratio_solve": round(peer_solve / max(solve, 1e-6), 1),
            "different": int((found != other).sum()),
        }
    return figures


def run(sizes: list[str], rounds: int) -> dict[str, Any]:
    """All figures; in a thread with a deep stack, which the package needs."""
    figures: dict[str, Any] = {"unit": "CPU seconds", "sizes": {}}

    def work() -> None:
        for size in sizes:
            figures["sizes"][size] = measure(size, rounds)

    limit, stack = sys.getrecursionlimit(), threading.stack_size(STACK)
    sys.setrecursionlimit(DEEP)
    try:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    finally:
        sys.setrecursionlimit(limit)
        threading.stack_size(stack)
    if set(figures["sizes"]) != set(sizes):
        raise RuntimeError("the measuring stopped before its end")
    large = figures["sizes"].get(LARGE, {})
    figures |= {f"{name}_10k": large[name] for name in ("ratio_matching", "ratio_solve") if name in large}
    return figures


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutual")
    parser.add_argument("--json", action="store_true", help="figures for machines, one object")
    parser.add_argument(
        "--sizes", nargs="+", type=size_of, default=SIZES, help="mentees x length of their lists: 1000x10"
    )
    parser.add_argument("--rounds", type=int, default=5, help="how often baken is timed")
    given = parser.parse_args(arguments)
    figures = run(list(given.sizes), given.rounds)
    if given.json:
        print(json.dumps(figures, indent=2))
        return
    for size, row in figures["sizes"].items():
        beside = (
            f"{row['cpu_matching']} s, {row['ratio_matching']} x, solve {row['ratio_solve']} x"
            if "cpu_matching" in row
            else "not installed"
        )
        print(
            f"{size}: baken {row['cpu_baken']} s, {row['matched']} matched, {row['blocking']} blocking; peer {beside}"
        )


if __name__ == "__main__":
    main()
