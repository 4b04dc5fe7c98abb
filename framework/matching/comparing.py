"""Two ways to match the same people, side by side: what a coordinator weighs before choosing settings (CAP-095)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Pair = tuple[int, int, int]
"""The mentor's id, the mentee's, the score of 1000."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a set of pairs comes to. `average` and `lowest` are scores of 1000, 0 where there is no pair.

    `load` says how many mentors have 0, 1, 2, ... mentees. Of two mentors, a mentee counts once as matched.
    """

    matched: int
    unmatched: int
    average: int
    lowest: int
    load: tuple[int, ...]
    bent: int

    def plain(self) -> dict[str, object]:
        """As JSON holds it."""
        return {
            "matched": self.matched,
            "unmatched": self.unmatched,
            "average": self.average,
            "lowest": self.lowest,
            "load": list(self.load),
            "bent": self.bent,
        }


@dataclass(frozen=True, slots=True)
class Changed:
    """A mentee whose mentors differ; empty where there is none."""

    mentee: int
    before: tuple[int, ...]
    after: tuple[int, ...]


def figures(pairs: Iterable[Pair], *, mentors: int, mentees: int, bent: int = 0) -> Figures:
    """The figures of these pairs among so many people."""
    every = list(pairs)
    scores = [score for _, _, score in every]
    load = Counter(Counter(mentor for mentor, _, _ in every).values())
    matched = len({mentee for _, mentee, _ in every})
    idle = max(0, mentors - sum(load.values()))
    return Figures(
        matched=matched,
        unmatched=max(0, mentees - matched),
        average=sum(scores) // max(1, len(scores)),
        lowest=min(scores, default=0),
        load=(idle, *(load[number] for number in range(1, max(load, default=0) + 1))),
        bent=bent,
    )


def changed(before: Iterable[Pair], after: Iterable[Pair]) -> list[Changed]:
    """The mentees whose mentors are others, by id."""
    was, now = _by_mentee(before), _by_mentee(after)
    every = sorted(was.keys() | now.keys())
    found = [Changed(one, was.get(one, ()), now.get(one, ())) for one in every]
    return [one for one in found if one.before != one.after]


def _by_mentee(pairs: Iterable[Pair]) -> Mapping[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    for mentor, mentee, _ in sorted(pairs):
        found[mentee] = (*found.get(mentee, ()), mentor)
    return found
