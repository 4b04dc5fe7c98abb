"""Matching beside its peers: `python -m benchmarks.matching [--json] [--sizes 1000 2000 10000] [--kind people|career]`.

Each engine pairs the same people in a process of its own, in turn, and is measured in CPU seconds and peak megabytes:

- attributes: ours, from people to the certified set; the scores are never all in memory.
- baken: ours, from ready scores. baken_scipy: the same without OR-Tools.
- scipy: its dense assignment alone, on a matrix with a column for each place that stands ready. The floor to beat.
- flow: OR-Tools on all pairs. greedy: the best pair that is left, again and again.
- mentor_match: the package of that name, with `--mentor-match PYTHON`, a Python where it is installed.

`--kind people` scores people with the product's own rules; `career` is a harder, synthetic score of its own.
`ratio_X_10k` is X's CPU time over ours from attributes at 10,000 mentees: how many times quicker we are, though X gets
its scores for nothing; `ratio_ready_scipy_10k` has ready scores on both sides. `peak_mb_10k` is our peak from
attributes; `gap_10k` how far we stay below the best exact engine, in people and then basis points: anything but 0 is a
fault. `left_out` says what was not run, and why. `power_X` is p in cost = c * size ** p, as it fits X best.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import chart
from benchmarks.engines import LARGEST
from benchmarks.population import Population
from framework.matching.criteria import broken_rules, factors, points
from framework.matching.proposal import propose
from framework.matching.settings import Matching

HOUSE = Path(__file__).parents[1]
SIZES = (1_000, 2_000, 5_000, 10_000)
EXACT = ("baken", "baken_scipy", "scipy", "flow")
MOST = {"scipy": 10_000, "flow": 5_000, "greedy": 5_000, "mentor_match": 2_000, "baken": LARGEST, "baken_scipy": 10_000}
"""Beyond this many mentees an engine wants more gigabytes, or hours, than a benchmark may take."""
PERSON = 100_000_000  # in a gap: one person less weighs more than any score
SETTINGS = Matching()
Pairs = dict[tuple[int, int], int]
Figures = dict[str, Any]


def measure(size: int, kind: str = "people", rounds: int = 1, mentor_match: str = "") -> Figures:
    """Every engine that can, on so many mentees; the median of the rounds counts. Raises AssertionError for a fault."""
    with tempfile.TemporaryDirectory() as folder:
        about = _run("prepare", size, kind, folder)
        engines: dict[str, Figures] = {}
        left_out: dict[str, str] = {}
        for name in ("attributes", *EXACT, "greedy", "mentor_match"):
            if size > MOST.get(name, size):
                left_out[name] = f"too much for it: measured up to {MOST[name]} mentees"
            elif name == "mentor_match" and not mentor_match:
                left_out[name] = "not asked for: --mentor-match PYTHON"
            else:
                asked = mentor_match if name == "mentor_match" else ""
                runs = [_run(name, size, kind, folder, asked) for _ in range(rounds)]
                engines[name] = sorted(runs, key=lambda run: run["cpu"])[len(runs) // 2]
    return about | {"engines": engines, "left_out": left_out} | _beside(engines)


def _run(engine: str, size: int, kind: str, folder: str, python: str = "") -> Figures:
    peer = [python, "-P", "benchmarks/mentor_match.py", f"{folder}/scores.npy", f"{folder}/places.npy"]
    ours = [sys.executable, "-m", "benchmarks.engines", engine, str(size), kind, folder]
    ran = subprocess.run(peer if python else ours, cwd=HOUSE, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise AssertionError(f"{engine} at {size}: {ran.stderr.strip().splitlines()[-1:]}")
    figures: Figures = json.loads(ran.stdout)
    return figures


def _beside(engines: dict[str, Figures]) -> Figures:
    """Ratios and gaps. Raises AssertionError where two exact engines differ."""
    ours = engines["attributes"]
    best = max((run["matched"], run["total"]) for name, run in engines.items() if name in (*EXACT, "attributes"))
    for name, run in engines.items():
        run["gap_people"], run["gap_total"] = best[0] - run["matched"], best[1] - run["total"]
        if name in EXACT and (run["gap_people"] or run["gap_total"]):
            raise AssertionError(f"{name} is exact, and short of {best}: {run}")
    found: Figures = {"peak_mb": round(ours["mb"], 1)}
    found["gap_people"], found["gap_total"] = ours["gap_people"], ours["gap_total"]
    found["gap"] = ours["gap_people"] * PERSON + ours["gap_total"]
    for name, run in engines.items():
        if name != "attributes":
            found[f"ratio_{name}"] = round(run["cpu"] / max(ours["cpu"], 1e-6), 4)
            found[f"ratio_mb_{name}"] = round(run["mb"] / ours["mb"], 2)
    if {"baken", "scipy"} <= set(engines):
        found["ratio_ready_scipy"] = round(engines["scipy"]["cpu"] / max(engines["baken"]["cpu"], 1e-6), 2)
    if "greedy" in engines:
        found["matched_more"] = ours["matched"] - engines["greedy"]["matched"]
    return found


def allowed(people: Population) -> Pairs:
    """The score of every (mentor, mentee) that breaks no hard rule, in thousandths."""
    return {
        (mentor.id, mentee.id): sum(points(factors(mentor, mentee, SETTINGS), SETTINGS.weights).values())
        for mentor in people.mentors
        for mentee in people.mentees
        if not broken_rules(mentor, mentee, SETTINGS.rules, people.managers)
    }


def by_baken(people: Population) -> Pairs:
    """What the product proposes, all the way through."""
    found = propose(people.mentors, people.mentees, SETTINGS, people.managers)
    return {(proposal.mentor, proposal.mentee): proposal.score for proposal in found}


def verify(people: Population, pairs: Pairs) -> None:
    """Raise AssertionError unless each pair is allowed, each mentee has one mentor, and no mentor too many mentees."""
    scores = allowed(people)
    held = {mentor.id: sum(1 for pair in pairs if pair[0] == mentor.id) for mentor in people.mentors}
    if any(scores.get(pair) != score for pair, score in pairs.items()):
        raise AssertionError("a pair that the rules forbid, or a score that is not its own")
    if len({mentee for _, mentee in pairs}) != len(pairs) or any(held[m.id] > m.places for m in people.mentors):
        raise AssertionError("somebody was matched more often than there is room")


def _short(size: int) -> str:
    return f"{size // 1_000}k" if size % 1_000 == 0 else str(size)


def _flat(figures: dict[str, Figures]) -> Figures:
    """The figures that one looks for, at the top: `ratio_scipy_10k`, `peak_mb_10k`, `gap_10k`."""
    wanted = ("ratio_", "peak_mb", "gap")
    return {
        f"{name}_{_short(int(size))}": value
        for size, row in figures.items()
        for name, value in row.items()
        if name.startswith(wanted)
    }


def _curves(figures: dict[str, Figures]) -> dict[str, list[tuple[float, float]]]:
    """Each engine's CPU seconds by size, smallest first."""
    found: dict[str, list[tuple[float, float]]] = {}
    for size, row in sorted(figures.items(), key=lambda one: int(one[0])):
        for name, run in row["engines"].items():
            found.setdefault(name, []).append((float(size), run["cpu"]))
    return found


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matching")
    parser.add_argument("--json", action="store_true", help="figures for machines, one object")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="how many mentees")
    parser.add_argument("--kind", choices=("people", "career"), default="people", help="whose scores")
    parser.add_argument("--rounds", type=int, default=1, help="how often each is timed")
    parser.add_argument("--mentor-match", default="", metavar="PYTHON", help="a Python that has mentor-match")
    parser.add_argument("--chart", type=Path, metavar="FILE", help="draw the growth of the cost here, as SVG")
    given = parser.parse_args(arguments)
    figures = {str(size): measure(size, given.kind, given.rounds, given.mentor_match) for size in given.sizes}
    curves = _curves(figures)
    growth = {f"power_{name}": fits for name, points in curves.items() if (fits := chart.power(points)) is not None}
    if given.chart:
        given.chart.write_text(chart.picture(curves), encoding="utf-8")
    if given.json:
        about = {"unit": "CPU seconds, megabytes", "kind": given.kind, **_flat(figures), **growth}
        print(json.dumps(about | {"sizes": figures}, indent=2))
        return
    for size, row in figures.items():
        print(f"{size} mentees, {row['mentors']} mentors with {row['places']} places; {row['eligible']:.0%} eligible")
        for name, run in row["engines"].items():
            short = f"short by {run['gap_people']} people, {run['gap_total']} bp" if run["gap_total"] else ""
            found = f"{run['matched']:>6} matched  total {run['total']:>10}"
            print(f"  {name:<12} {run['cpu']:9.3f} s {run['mb']:8.1f} MB  {found}  {short}")
        against = [f"{name} {row[name]} x" for name in ("ratio_scipy", "ratio_ready_scipy") if name in row]
        against += [f"{row['engines']['attributes']['wall']:.0f} s on the clock"]
        print("  " + "; ".join([*against, f"peak {row['peak_mb']} MB, gap {row['gap']}"]))
        for name, why in row["left_out"].items():
            print(f"  {name:<12} left out: {why}")
    print("  ".join(f"{name} {fits}" for name, fits in growth.items()))


if __name__ == "__main__":
    main()
