"""What would help a mentee who has nobody: one change at a time, made, and solved again.

A place with a mentor whom this mentee could have, a rule that is not asked of this mentee, or one more language.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from framework.matching.assignment import Assignment
from framework.matching.proposal import Market, best_set
from framework.matching.scoring import Rows, Scorer
from framework.matching.settings import Matching, Rule
from framework.matching.tables import Points

TRIED = 3  # changes of one kind that help, of which the one for this mentee is looked for
BLOCK = 128
Bools = NDArray[np.bool_]


class Kind(StrEnum):
    """What could be changed."""

    PLACE = "place"
    RULE = "rule"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change after which one more mentee has a mentor; solved again, it is true.

    `mentor` is the one who gives the place, or whom this mentee would get. `for_this` is False where the best set then
    gives the new place to another of those who compete for it.
    """

    kind: Kind
    rule: Rule | None = None
    language: str = ""
    mentor: int | None = None
    for_this: bool = True


def row_of(scorer: Scorer, at: int, rules: tuple[Rule, ...] | None = None, *languages: str) -> Points:
    """One mentee's scores, perhaps under other rules or with more languages."""
    if rules is None and not languages:
        alone: Points = scorer.rows(np.array([at]))[0]
        return alone
    one, was = scorer.mentees[at], scorer.settings
    kept = was.rules if rules is None else rules
    settings = Matching.model_validate(was.model_dump() | {"rules": kept, "relax": ()})
    changed = replace(one, languages=(*one.languages, *languages))
    row: Points = Scorer([changed], scorer.mentors, settings, scorer.managers, scorer.apart).rows(slice(0, 1))[0]
    return row


def listed(scorer: Scorer) -> tuple[Rule, ...]:
    """The programme's rules: those that may be bent first, and without the one that always holds."""
    rules = (*scorer.settings.relax, *scorer.settings.rules)
    return tuple(rule for rule in dict.fromkeys(rules) if rule is not Rule.UNAVAILABLE)


def reach(market: Market, at: int, row: Points) -> tuple[Bools, Bools, bool]:
    """Everybody whom this mentee competes with: mentees and mentors along pairs that may be; and if a place is free."""
    scorer, mates = market.scorer, market.assignment.mentor_of
    free = np.bincount(mates[mates >= 0], minlength=len(scorer.mentors)) < scorer.places
    rivals, mentors = np.zeros(len(scorer.mentees), dtype=bool), row >= 0
    rivals[at] = True
    while not (mentors & free).any():
        new = np.flatnonzero(~rivals & (mates >= 0) & mentors[mates])
        if not len(new):
            return rivals, mentors, False
        rivals[new] = True
        for first in range(0, len(new), BLOCK):
            mentors |= (scorer.rows(new[first : first + BLOCK]) >= 0).any(axis=0)
    return rivals, mentors, True


def smallest(market: Market, at: int, kinds: tuple[Kind, ...]) -> tuple[Change, ...]:
    """Of each kind the first change that helps this mentee, or else the first that helps one of the rivals."""
    found = []
    for kind in kinds:
        best: Change | None = None
        for tried, change in enumerate(helpful(market, at, kind), 1):
            best = change if change.for_this or best is None else best
            if best.for_this or tried == TRIED:
                break
        found += [best] if best else []
    return tuple(found)


def helpful(market: Market, at: int, kind: Kind) -> Iterator[Change]:
    """Changes of this kind that help, each solved again when it is asked for."""
    if kind is Kind.PLACE:
        return _places(market, at)
    return _rules(market, at) if kind is Kind.RULE else _languages(market, at)


def _places(market: Market, at: int) -> Iterator[Change]:
    """One more place with each mentor whom this mentee could have, the best ones first."""
    scorer = market.scorer
    row = row_of(scorer, at)
    for by in sorted(np.flatnonzero(row >= 0).tolist(), key=lambda one: (-int(row[one]), one)):
        places = scorer.places.copy()
        places[by] += 1
        now = best_set(scorer, places=places)
        if now.count > market.assignment.count:
            yield Change(kind=Kind.PLACE, mentor=scorer.mentors[by].id, for_this=bool(now.mentor_of[at] >= 0))


def _rules(market: Market, at: int) -> Iterator[Change]:
    """Each rule not asked of this mentee, in the order in which the programme would bend them."""
    scorer = market.scorer
    for rule in listed(scorer):
        kept = tuple(one for one in scorer.settings.rules if one is not rule)
        now = _again(market, at, row_of(scorer, at, kept))
        if now is not None:
            by = _mentor(scorer, now, at)
            yield Change(kind=Kind.RULE, rule=rule, mentor=by, for_this=by is not None)


def _languages(market: Market, at: int) -> Iterator[Change]:
    """Each language that mentors speak and this mentee does not, the most spoken first."""
    scorer = market.scorer
    if Rule.COMMON_LANGUAGE not in scorer.settings.rules:
        return
    spoken = [language for one in scorer.mentors for language in set(one.languages)]
    others = set(spoken) - set(scorer.mentees[at].languages)
    for language in sorted(others, key=lambda one: (-spoken.count(one), one)):
        now = _again(market, at, row_of(scorer, at, None, language))
        if now is not None:
            by = _mentor(scorer, now, at)
            yield Change(kind=Kind.LANGUAGE, language=language, mentor=by, for_this=by is not None)


def _mentor(scorer: Scorer, now: Assignment, at: int) -> int | None:
    by = int(now.mentor_of[at])
    return scorer.mentors[by].id if by >= 0 else None


def _again(market: Market, at: int, row: Points) -> Assignment | None:
    """The best set with this row for this mentee, where one more has a mentor by it."""
    scorer = market.scorer
    if not reach(market, at, row)[2]:
        return None

    def rows(wanted: Rows) -> Points:
        block = scorer.rows(wanted)
        block[np.arange(len(scorer.mentees))[wanted] == at] = row
        return block

    now = best_set(scorer, rows=rows)
    return now if now.count > market.assignment.count else None
