"""Matching: from selected people to the best set of pairs under hard rules (MAT; CAP-086 to CAP-104).

The score of a pair is 0 to 1000. Hard rules are hard: a forbidden pair is not a pair with a low score, it is no pair.
The set is the best one: most mentees matched first, then those who waited longest, then the highest total, proved over
all pairs; and of equal sets the one that spreads the load, with mentors who rested first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from numpy.typing import ArrayLike

from framework.matching.assignment import Assignment, solve
from framework.matching.certificate import Ints, ScoreRows
from framework.matching.criteria import FULL, Candidate, broken_rules, factors, points, reporting_line, window
from framework.matching.relaxing import bent, bent_least
from framework.matching.scoring import Scorer
from framework.matching.settings import Matching, Rule
from framework.matching.turns import order_of, turns, unit

__all__ = [
    "FULL",
    "Arrangement",
    "Candidate",
    "Market",
    "Other",
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
class Other:
    """A mentor who could take the place of the proposed one, with the score and the points of that pair.

    `cost` is what the whole loses at least, in points of 1000, rounded up; `free`: has a place that nobody took.
    """

    mentor: int
    score: int
    reasons: Mapping[str, int]
    cost: int
    free: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposed pair: its score of 1000, the points of each factor, which add up to it, and the rules it bends.

    `language` is the one for which this mentor of two is there (CAP-092). `others` are the mentors who come next for
    this mentee, the best first.
    """

    mentor: int
    mentee: int
    score: int
    reasons: Mapping[str, int]
    relaxed: tuple[Rule, ...] = ()
    language: str = ""
    others: tuple[Other, ...] = ()


@dataclass(frozen=True, slots=True)
class Market:
    """Everybody, what each pair is worth, and the best set with its prices: what every answer to why rests on."""

    scorer: Scorer
    assignment: Assignment

    @property
    def bonus(self) -> Ints:
        """What each mentee's pair counts for besides its score, in basis points, because of the wait."""
        return turns([one.waited for one in self.scorer.mentees], len(self.scorer.mentees), len(self.scorer.mentors))

    @property
    def step(self) -> int:
        """What one step in the order of waiting counts for: a cost of half of it or more is somebody's turn."""
        return unit(len(self.scorer.mentees), len(self.scorer.mentors))

    def proposals(self) -> list[Proposal]:
        """The pairs, in the order of the mentees."""
        return worded(self.scorer, self.assignment.mentor_of.tolist())


@dataclass(frozen=True, slots=True)
class Step:
    """How many found a mentor once this rule was bent too; no rule is the first step, with all of them kept."""

    rule: Rule | None
    matched: int


@dataclass(frozen=True, slots=True)
class Relaxation:
    """What bending rules came to: the pairs, those that bend a rule marked with it, and the gain of each step.

    `proved` is False in a crowd where fewest bent rules and points could only be weighed against each other.
    """

    proposals: list[Proposal]
    steps: tuple[Step, ...]
    proved: bool = True


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What a programme's mode and shape came to.

    `market` is what a reason rests on; none where the pairs are no best set with prices. `proved`: nothing better
    exists (a draw is as good as any). `steps` say what bending rules gained, the first one with all rules kept.
    """

    proposals: list[Proposal]
    engine: str
    market: Market | None
    proved: bool
    steps: tuple[Step, ...]


def market(
    mentors: Sequence[Candidate],
    mentees: Sequence[Candidate],
    settings: Matching,
    managers: Mapping[int, int | None],
    apart: Iterable[tuple[int, int]] = (),
) -> Market:
    """Score everybody and find the best set; the order in which people come changes nothing.

    Most mentees first, then those who waited longest, then the highest total, then the load spread, those mentors first
    who rested, and last a fixed lot drawn from the ids.
    """
    scorer = Scorer(
        sorted(mentees, key=lambda one: one.id), sorted(mentors, key=lambda one: one.id), settings, managers, apart
    )
    return Market(scorer, best_set(scorer))


def best_set(
    scorer: Scorer, *, rows: ScoreRows | None = None, places: ArrayLike | None = None, some: Ints | None = None
) -> Assignment:
    """The best set of these people; perhaps with other scores or places, or of `some` mentees only, by position."""
    chosen = scorer.mentees if some is None else tuple(scorer.mentees[at] for at in some.tolist())
    score_rows = rows or scorer.rows
    return solve(
        score_rows if some is None else lambda wanted: score_rows(some[wanted]),
        scorer.places if places is None else places,
        mentees=len(chosen),
        mentors=len(scorer.mentors),
        order=order_of(chosen, scorer.mentors),
    )


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

    Of the sets that match as many, the one that bends the later rules least often, then the earlier ones, is taken; of
    these the one in which who waited longest comes first, and then the one with the highest total. A pair that bends a
    rule says which; a person has to approve it.
    """
    strict = market(mentors, mentees, settings, managers, apart)
    scorer, mates = strict.scorer, strict.assignment.mentor_of.astype("int64")
    steps = [Step(None, strict.assignment.count)]
    most, proved = min(len(mentees), int(scorer.places.sum())), True
    for number, rule in enumerate(settings.relax, 1):
        if steps[-1].matched >= most:
            break
        found, exact = bent_least([bent(scorer, settings.relax[:several]) for several in range(number + 1)])
        matched = int((found >= 0).sum())
        if matched > steps[-1].matched:
            mates, proved = found, exact
        steps.append(Step(rule, matched))
    return Relaxation(worded(scorer, mates.tolist()), tuple(steps), proved)


def worded(scorer: Scorer, mates: Sequence[int]) -> list[Proposal]:
    """The pairs from each mentee's mentor by position, -1 = nobody; in the order of the mentees."""
    found = []
    for mentee, mentor in enumerate(mates):
        if mentor >= 0:
            reasons, broken = scorer.points(mentee, mentor), tuple(scorer.broken(mentee, mentor))
            pair = scorer.mentors[mentor].id, scorer.mentees[mentee].id
            found.append(Proposal(*pair, sum(reasons.values()), reasons, broken))
    return sorted(found, key=lambda one: (one.mentee, one.mentor))
