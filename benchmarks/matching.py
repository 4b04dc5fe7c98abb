"""Matching beside a greedy matcher and scipy alone: `python -m benchmarks.matching [--json] [--sizes 50 200 500]`.

Three ways to pair the same people, timed in turn, in CPU seconds, medians of the rounds:

- baken: `framework.matching.propose`, from people to proposals with their reasons.
- greedy: the same rules and scores, then the best pair that is left, again and again.
- scipy: the assignment alone, on a matrix that is ready; no rules are read and no score is counted. It is the floor.

`ratio_scipy` is baken's CPU time over scipy's, `ratio_greedy` over greedy's: 1 is level, less is quicker.
`matched_more` and `total_more` are people matched, and the score of all, that baken finds beyond greedy.
`gap` is how far baken stays below scipy's optimum, in people and in score: anything but 0 is a fault.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: one thread, so that CPU compares with CPU

import numpy as np
from scipy.optimize import linear_sum_assignment

from benchmarks.population import Population, population
from framework.matching import FULL, broken_rules, factors, points, propose
from framework.programme import Matching

SIZES = (50, 200, 500)
Pairs = dict[tuple[int, int], int]
SETTINGS = Matching()


def allowed(people: Population) -> Pairs:
    """The score of every pair that breaks no hard rule."""
    return {
        (mentor.id, mentee.id): sum(points(factors(mentor, mentee, SETTINGS), SETTINGS.weights).values())
        for mentor in people.mentors
        for mentee in people.mentees
        if not broken_rules(mentor, mentee, SETTINGS.rules, people.managers)
    }


def by_baken(people: Population) -> Pairs:
    """What the product proposes."""
    found = propose(people.mentors, people.mentees, SETTINGS, people.managers)
    return {(proposal.mentor, proposal.mentee): proposal.score for proposal in found}


def by_greed(people: Population) -> Pairs:
    """The best pair first, then the best of what is left."""
    places = {mentor.id: mentor.places for mentor in people.mentors}
    taken: set[int] = set()
    found: Pairs = {}
    for (mentor, mentee), score in sorted(allowed(people).items(), key=lambda pair: (-pair[1], pair[0])):
        if places[mentor] and mentee not in taken:
            places[mentor] -= 1
            taken.add(mentee)
            found[mentor, mentee] = score
    return found


def by_scipy(people: Population) -> Callable[[Population], Pairs]:
    """A matcher with its matrix ready, so that only the assignment is timed."""
    scores = allowed(people)
    places = [mentor.id for mentor in people.mentors for _ in range(mentor.places)]
    mentees = [mentee.id for mentee in people.mentees]
    bonus = (FULL + 1) * len(mentees)
    worth = np.array(
        [[bonus + scores[m, e] if (m, e) in scores else 0 for m in places] for e in mentees], dtype=np.int64
    )

    def solve(_: Population) -> Pairs:
        rows, columns = linear_sum_assignment(worth, maximize=True)
        pairs = [(places[column], mentees[row]) for row, column in zip(rows, columns, strict=True)]
        return {pair: scores[pair] for pair in pairs if pair in scores}

    return solve


def measure(size: int, rounds: int = 3) -> dict[str, float]:
    """The figures for so many mentees. Raises AssertionError for a pair that breaks a rule or overfills a mentor."""
    people = population(size)
    ways = {"baken": by_baken, "greedy": by_greed, "scipy": by_scipy(people)}
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    found: dict[str, Pairs] = {}
    for _ in range(rounds):
        for name, way in ways.items():
            start = time.process_time_ns()
            found[name] = way(people)
            seconds[name].append((time.process_time_ns() - start) / 1e9)
    for pairs in found.values():
        verify(people, pairs)
    return _figures(people, found, {name: statistics.median(taken) for name, taken in seconds.items()})


def verify(people: Population, pairs: Pairs) -> None:
    """Raise AssertionError unless each pair is allowed, each mentee has one mentor, and no mentor too many mentees."""
    scores = allowed(people)
    held = {mentor.id: sum(1 for pair in pairs if pair[0] == mentor.id) for mentor in people.mentors}
    if any(scores.get(pair) != score for pair, score in pairs.items()):
        raise AssertionError("a pair that the rules forbid, or a score that is not its own")
    if len({mentee for _, mentee in pairs}) != len(pairs) or any(held[m.id] > m.places for m in people.mentors):
        raise AssertionError("somebody was matched more often than there is room")


def _figures(people: Population, found: dict[str, Pairs], cpu: dict[str, float]) -> dict[str, float]:
    matched = {name: len(pairs) for name, pairs in found.items()}
    total = {name: sum(pairs.values()) for name, pairs in found.items()}
    floor = max(cpu["scipy"], 1e-6)
    return {
        "mentees": len(people.mentees),
        "mentors": len(people.mentors),
        "places": sum(mentor.places for mentor in people.mentors),
        **{f"cpu_{name}": round(taken, 5) for name, taken in cpu.items()},
        **{f"matched_{name}": number for name, number in matched.items()},
        **{f"total_{name}": number for name, number in total.items()},
        "ratio_scipy": round(cpu["baken"] / floor, 2),
        "ratio_greedy": round(cpu["baken"] / max(cpu["greedy"], 1e-6), 3),
        "ratio_total_greedy": round(total["baken"] / max(total["greedy"], 1), 4),
        "matched_more": matched["baken"] - matched["greedy"],
        "total_more": total["baken"] - total["greedy"],
        "gap_people": matched["scipy"] - matched["baken"],
        "gap_total": total["scipy"] - total["baken"],
    }


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matching")
    parser.add_argument("--json", action="store_true", help="figures for machines, one object")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="how many mentees")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is timed")
    given = parser.parse_args(arguments)
    figures = {str(size): measure(size, given.rounds) for size in given.sizes}
    if given.json:
        print(json.dumps({"unit": "CPU seconds", "sizes": figures}, indent=2))
        return
    for size, row in figures.items():
        print(f"{size} mentees, {row['mentors']} mentors with {row['places']} places")
        for name in ("baken", "greedy", "scipy"):
            cpu, matched, total = (row[f"{figure}_{name}"] for figure in ("cpu", "matched", "total"))
            print(f"  {name:<7} {cpu:9.4f} s  {matched:>5} matched  total {total:>7}")
        print(f"  baken / scipy {row['ratio_scipy']} x, baken / greedy {row['ratio_greedy']} x; gap {row['gap_total']}")


if __name__ == "__main__":
    main()
