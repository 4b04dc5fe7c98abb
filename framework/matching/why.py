"""Why this mentee has nobody, and why not that mentor: neutral values, worked out from the prices and solved again.

A reason never tells what somebody asked in private: `unavailable` is one word for all of that (CAP-104, CAP-107).
Prices are in basis points and belong on the coordinator's desk.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from framework.matching.changes import Change, Kind, listed, reach, row_of, smallest
from framework.matching.proposal import Market, best_set
from framework.matching.scoring import Ints, Scorer
from framework.matching.settings import Rule
from framework.matching.tables import Points

__all__ = ["Change", "Kind", "Move", "Reason", "Unmatched", "WhyNot", "reason", "why_not", "why_unmatched"]


class Reason(StrEnum):
    """Why somebody has no mentor; there is no other reason, since people come before points."""

    NO_MENTORS = "no_mentors"
    NOBODY_ALLOWED = "nobody_allowed"
    PLACES_TAKEN = "places_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmatched:
    """Why a mentee has nobody.

    `rule` is the one that leaves nobody; `left` is how many mentors are left after each rule in turn, `without` how
    many if that rule alone were dropped. Where places are taken: `rivals` (this mentee, and those who hold the places)
    have only `mentors` to go to, whose `places` are fewer than the rivals; `longer` of the rivals have waited longer
    than this mentee, and so come first. `changes`: the smallest first.
    """

    mentee: int
    reason: Reason
    rule: Rule | None = None
    left: tuple[tuple[Rule, int], ...] = ()
    without: tuple[tuple[Rule, int], ...] = ()
    rivals: tuple[int, ...] = ()
    mentors: tuple[int, ...] = ()
    places: int = 0
    longer: int = 0
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """What becomes of a mentee: the mentor before and after, if any."""

    mentee: int
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNot:
    """Why a mentee has not that mentor: the rules against it, or what it would cost the others.

    `least` is what the prices tell at once: the programme would lose at least so many basis points, or, with
    `costs_person`, somebody would be left without a mentor, or, with `costs_turn`, who waited longer would give way to
    who waited less. Solved again with the pair fixed: `people` fewer have a mentor; `turn`: as many have one, and
    somebody lost a turn; the total is `points` lower (or higher, where it costs a person or a turn); and `moves` says
    who would be displaced. None of it where a rule forbids it.
    """

    mentee: int
    mentor: int
    chosen: bool = False
    rules: tuple[Rule, ...] = ()
    has_places: bool = True
    least: int = 0
    costs_person: bool = False
    costs_turn: bool = False
    people: int = 0
    turn: bool = False
    points: int = 0
    moves: tuple[Move, ...] = ()


def reason(scorer: Scorer, at: int) -> Reason:
    """Why the mentee at that position has nobody, once the best set left him or her out; nothing is solved for it."""
    if not len(scorer.mentors):
        return Reason.NO_MENTORS
    return Reason.PLACES_TAKEN if (row_of(scorer, at) >= 0).any() else Reason.NOBODY_ALLOWED


def why_unmatched(market: Market, mentee: int) -> Unmatched:
    """The reason, and the smallest changes that help. Raises KeyError for the unknown, ValueError for the matched."""
    at = _at([one.id for one in market.scorer.mentees], mentee)
    if market.assignment.mentor_of[at] >= 0:
        raise ValueError("this mentee has a mentor")
    scorer = market.scorer
    found = reason(scorer, at)
    if found is Reason.NO_MENTORS:
        return Unmatched(mentee=mentee, reason=found)
    if found is Reason.NOBODY_ALLOWED:
        left, without = _funnel(scorer, at)
        rule = next((one for one, count in _alone(scorer, at) if not count), None)
        rule = rule or next(one for one, count in left if not count)
        changes = smallest(market, at, (Kind.RULE, Kind.LANGUAGE))
        return Unmatched(mentee=mentee, reason=found, rule=rule, left=left, without=without, changes=changes)
    rivals, mentors, _ = reach(market, at, row_of(scorer, at))
    return Unmatched(
        mentee=mentee,
        reason=found,
        rivals=tuple(scorer.mentees[i].id for i in np.flatnonzero(rivals)),
        mentors=tuple(scorer.mentors[j].id for j in np.flatnonzero(mentors)),
        places=int(scorer.places[mentors].sum()),
        longer=sum(scorer.mentees[i].waited > scorer.mentees[at].waited for i in np.flatnonzero(rivals)),
        changes=smallest(market, at, (Kind.PLACE, Kind.RULE, Kind.LANGUAGE)),
    )


def why_not(market: Market, mentee: int, mentor: int) -> WhyNot:
    """Why this mentee has not that mentor, and who would be displaced. Raises KeyError for people who are unknown."""
    scorer, was = market.scorer, market.assignment
    at, by = _at([one.id for one in scorer.mentees], mentee), _at([one.id for one in scorer.mentors], mentor)
    if rules := scorer.broken(at, by):
        return WhyNot(mentee=mentee, mentor=mentor, rules=tuple(rules))
    if was.mentor_of[at] == by:
        return WhyNot(mentee=mentee, mentor=mentor, chosen=True)
    if not scorer.places[by]:
        return WhyNot(mentee=mentee, mentor=mentor, has_places=False)
    score, proof, bonus = int(row_of(scorer, at)[by]), was.certificate, market.bonus
    gap = int(proof.mentee_price[at] + proof.mentor_price[by] - bonus[at]) - score
    person = int(proof.mentee_cover[at] + proof.mentor_cover[by]) > 1
    mates, count, total = _fixed(scorer, at, by)
    people = was.count - count - 1
    return WhyNot(
        mentee=mentee,
        mentor=mentor,
        least=0 if person or 2 * gap > market.step else gap,
        costs_person=person,
        costs_turn=not person and 2 * gap > market.step,
        people=people,
        turn=not people and int(bonus[mates >= 0].sum()) < int(bonus[was.mentor_of >= 0].sum()),
        points=was.total - total - score,
        moves=_moves(scorer, was.mentor_of.astype(np.int64), mates, at),
    )


def _at(ids: list[int], wanted: int) -> int:
    if wanted not in ids:
        raise KeyError(wanted)
    return ids.index(wanted)


def _count(row: Points) -> int:
    return int((row >= 0).sum())


def _funnel(scorer: Scorer, at: int) -> tuple[tuple[tuple[Rule, int], ...], tuple[tuple[Rule, int], ...]]:
    """Mentors left after each rule in turn, and if each alone were dropped."""
    rules = tuple(rule for rule in dict.fromkeys(scorer.settings.rules) if rule is not Rule.UNAVAILABLE)
    left = [(Rule.UNAVAILABLE, _count(row_of(scorer, at, ())))]
    left += [(rule, _count(row_of(scorer, at, rules[: number + 1]))) for number, rule in enumerate(rules)]
    without = [(rule, _count(row_of(scorer, at, tuple(one for one in rules if one is not rule)))) for rule in rules]
    return tuple(left), tuple(without)


def _alone(scorer: Scorer, at: int) -> list[tuple[Rule, int]]:
    """How many mentors each rule would leave if it were the only one."""
    every = [(Rule.UNAVAILABLE, _count(row_of(scorer, at, ())))]
    return every + [(rule, _count(row_of(scorer, at, (rule,)))) for rule in listed(scorer)]


def _fixed(scorer: Scorer, at: int, by: int) -> tuple[Ints, int, int]:
    """The best set with this pair in it: each mentee's mentor, and count and total of the others."""
    others = np.delete(np.arange(len(scorer.mentees)), at)
    places = scorer.places.copy()
    places[by] -= 1
    rest = best_set(scorer, places=places, some=others)
    return np.insert(rest.mentor_of.astype(np.int64), at, by), rest.count, rest.total


def _moves(scorer: Scorer, before: Ints, after: Ints, at: int) -> tuple[Move, ...]:
    """Who is displaced by the fixed pair. Changes that do not hang together with it are just another set as good."""
    touched = {int(before[at]), int(after[at])} - {-1}
    moved, open_ = {at}, set(np.flatnonzero(before != after).tolist()) - {at}
    while near := {one for one in open_ if {int(before[one]), int(after[one])} & touched}:
        moved, open_ = moved | near, open_ - near
        touched |= {mentor for one in near for mentor in (int(before[one]), int(after[one]))} - {-1}
    ids = [one.id for one in scorer.mentors]
    return tuple(
        Move(scorer.mentees[one].id, *(ids[by] if by >= 0 else None for by in (int(before[one]), int(after[one]))))
        for one in sorted(moved)
    )
