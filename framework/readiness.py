"""Readiness: what the project team's answers add up to (RDY-05, RDY-06, RDY-D1 to D5)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum

from framework.questions import Answers

POINTS = {1: 3, 2: 2, 3: 1}
"""A first priority weighs three, a third one."""


class Verdict(StrEnum):
    """The outcome is more than go or no-go (CAP-052)."""

    GO = "go"
    NOT_NEEDED = "not_needed"
    INFORM_FIRST = "inform_first"
    OTHER_FIRST = "other_first"
    OUTSIDE_HELP = "outside_help"


def rank_needs(answers: Iterable[Answers]) -> list[tuple[str, int]]:
    """The ticked needs of Checklist 1, the weightiest first; equal weights in the order of the checklist's ids."""
    points: Counter[str] = Counter()
    for one in answers:
        for question, value in one.items():
            if question.startswith("c1_") and isinstance(value, Mapping):
                for need, priority in value.items():
                    if not str(need).startswith("own:"):
                        points[str(need)] += POINTS[int(priority)]
    return sorted(points.items(), key=lambda item: (-item[1], item[0]))


def tally(answers: Iterable[Answers], question: str) -> dict[str, int]:
    """How often each choice was made."""
    return dict(sorted(Counter(str(one[question]) for one in answers if question in one).items()))


def suggest(recommended: Mapping[str, int], understood: Mapping[str, int]) -> Verdict:
    """What the team's answers point to; the coordinator decides. Unknown concept first, then the most named."""
    if understood.get("no", 0) * 2 > sum(understood.values()):
        return Verdict.INFORM_FIRST
    if not recommended:
        return Verdict.OTHER_FIRST
    order = list(Verdict)
    return max((Verdict(code) for code in recommended), key=lambda v: (recommended[v], -order.index(v)))
