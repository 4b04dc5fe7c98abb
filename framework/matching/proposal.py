"""Matching: from selected people to the best set of pairs under hard rules (MAT; CAP-086 to CAP-104).

The score of a pair is 0 to 1000. Hard rules are hard: a forbidden pair is not a pair with a low score, it is no pair.
The set is the best one: most mentees matched first, then the highest total, proved over all pairs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from framework.matching.assignment import Assignment, solve
from framework.matching.criteria import FULL, Candidate, broken_rules, factors, points, reporting_line, window
from framework.matching.relaxing import bent, bent_least
from framework.matching.scoring import Scorer
from framework.matching.settings import Matching, Rule

__all__ = [
    "FULL",
    "Candidate",
    "Market",
    "Proposal",
    "Relaxation",
    "Step",
    "broken_rules",
    "factors",
    "market",
    "points",
    "propose",
    "propose_relaxed",
    "reporting_line",
    "window",
]


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposed pair: its score of 1000, the points of each factor, which add up to it, and the rules it bends."""

    mentor: int
    mentee: int
    score: int
    reasons: Mapping[str, int]
    relaxed: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Market:
    """Everybody, what each pair is worth, and the best set with its prices: what every answer to why rests on."""

    scorer: Scorer
    assignment: Assignment

    def proposals(self) -> list[Proposal]:
        """The pairs, in the order of the mentees."""
        return _worded(self.scorer, self.assignment.mentor_of.tolist())


@dataclass(frozen=True, slots=True)
class Step:
    """How many found a mentor once this rule was bent too; no rule is the first step, with all of them kept."""

    rule: Rule | None
    matched: int


@dataclass(frozen=True, slots=True)
class Relaxation:
    """What bending rules came to: the pairs, those that bend a rule marked with it, and the gain of each step."""

    proposals: list[Proposal]
    steps: tuple[Step, ...]


def market(
    mentors: Sequence[Candidate],
    mentees: Sequence[Candidate],
    settings: Matching,
    managers: Mapping[int, int | None],
    apart: Iterable[tuple[int, int]] = (),
) -> Market:
    """Score everybody and find the best set; the order in which people come changes nothing."""
    scorer = Scorer(
        sorted(mentees, key=lambda one: one.id), sorted(mentors, key=lambda one: one.id), settings, managers, apart
    )
    return Market(scorer, solve(scorer.rows, scorer.places, mentees=len(mentees), mentors=len(mentors)))


def propose(
    mentors: Sequence[Candidate],
    mentees: Sequence[Candidate],
    settings: Matching,
    managers: Mapping[int, int | None],
    apart: frozenset[tuple[int, int]] = frozenset(),
) -> list[Proposal]:
    """The best set of pairs. `apart` are (mentor, mentee) that were together, or said no, before.

    Shuffled input gives the same result: people are taken in the order of their ids.
    """
    return market(mentors, mentees, settings, managers, apart).proposals()


def propose_relaxed(
    mentors: Sequence[Candidate],
    mentees: Sequence[Candidate],
    settings: Matching,
    managers: Mapping[int, int | None],
    apart: frozenset[tuple[int, int]] = frozenset(),
) -> Relaxation:
    """As `propose`, but bending the rules of `settings.relax`, one more at a time, while somebody has nobody (MAT-08).

    Of the sets that match as many, the one that bends the later rules least often, then the earlier ones, is taken,
    and of these the one with the highest total. A pair that bends a rule says which; a person has to approve it.
    """
    strict = market(mentors, mentees, settings, managers, apart)
    scorer, mates = strict.scorer, strict.assignment.mentor_of.astype("int64")
    steps = [Step(None, strict.assignment.count)]
    most = min(len(mentees), int(scorer.places.sum()))
    for number, rule in enumerate(settings.relax, 1):
        if steps[-1].matched >= most:
            break
        found = bent_least([bent(scorer, settings.relax[:several]) for several in range(number + 1)])
        matched = int((found >= 0).sum())
        if matched > steps[-1].matched:
            mates = found
        steps.append(Step(rule, matched))
    return Relaxation(_worded(scorer, mates.tolist()), tuple(steps))


def _worded(scorer: Scorer, mates: Sequence[int]) -> list[Proposal]:
    found = []
    for mentee, mentor in enumerate(mates):
        if mentor >= 0:
            reasons, broken = scorer.points(mentee, mentor), tuple(scorer.broken(mentee, mentor))
            pair = scorer.mentors[mentor].id, scorer.mentees[mentee].id
            found.append(Proposal(*pair, sum(reasons.values()), reasons, broken))
    return sorted(found, key=lambda one: (one.mentee, one.mentor))
