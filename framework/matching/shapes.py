"""Shapes other than one to one, from people to pairs: groups, two mentors for two languages, peers (CAP-092, CAP-103).

Peers are scored both ways, each teaching the other. The lead in years says nothing between equals: its weight is shared
out over the other factors in proportion (largest remainder), so that the points of each way still come to 1000. A
pair's score is half of both ways together.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from framework.matching.criteria import FULL, Candidate
from framework.matching.groups import groups, peers, two_mentors
from framework.matching.large import large_groups, large_peers, large_two
from framework.matching.others import next_best, no_price
from framework.matching.proposal import Arrangement, Proposal, Step, worded
from framework.matching.record import Inputs
from framework.matching.scoring import OUT, SCALE, Ints, Rows, Scorer
from framework.matching.settings import Matching, Rule, Weights
from framework.matching.tables import Points

LEGS = 2
MOST = {"group": 12_000, "two_mentors": 6_000, "peers": 20_000}
"""Pairs of people up to which the exact way takes a few seconds; beyond, see `large.py`."""
ENGINE = "scipy milp"
PINS = frozenset({"one_to_one", "two_mentors"})
"""Shapes in which any mentor may be chosen for a mentee by hand: a group and a pair of peers hang together."""
UNEQUAL = (Rule.WAS_MENTEE, Rule.MORE_EXPERIENCED)
"""Rules that say how a mentor is ahead of a mentee: nothing between equals."""


def by_shape(inputs: Inputs, *, others: bool = True) -> Arrangement:
    """The pairs of a shape that is not one to one, perhaps with who comes next, by score.

    Raises ValueError for two mentors without two languages.
    """
    match inputs.settings.shape:
        case "group":
            return _groups(inputs, others=others)
        case "two_mentors":
            return _two_mentors(inputs, others=others)
        case _:
            return _peers(inputs)


def _groups(inputs: Inputs, *, others: bool) -> Arrangement:
    """A mentor leads one group, of the programme's size, whatever the places say; none where there are no places."""
    scorer = _scorer(inputs, inputs.settings)
    least, most = (size * (scorer.places > 0).astype(np.int64) for size in inputs.settings.group)
    crowd = {"mentees": len(scorer.mentees), "mentors": len(scorer.mentors)}
    make = large_groups if _is_large(scorer, "group") else groups
    found = make(scorer.rows, least, most, **crowd)
    mates: Ints = np.full(len(scorer.mentees), -1)
    mates[found.pairs[:, 0]] = found.pairs[:, 1]
    leads = np.bincount(found.pairs[:, 1], minlength=len(least)) > 0
    pairs = worded(scorer, mates.tolist())
    if others:
        next_ = next_best(scorer, mates, no_price, most * leads)
        ids = {one.id: at for at, one in enumerate(scorer.mentees)}
        pairs = [replace(one, others=next_[ids[one.mentee]]) for one in pairs]
    return _arrangement(pairs, found.count, proved=found.proved)


def _two_mentors(inputs: Inputs, *, others: bool) -> Arrangement:
    """One mentor for each of the first two languages; each speaks that language, whatever the mentee speaks."""
    languages = inputs.languages[:LEGS]
    if len(set(languages)) < LEGS:
        raise ValueError("two mentors need two languages")
    scorer = _scorer(inputs, without(inputs.settings, Rule.COMMON_LANGUAGE))
    legs = [_Leg(scorer, language) for language in languages]
    crowd = {"mentees": len(scorer.mentees), "mentors": len(scorer.mentors)}
    make = large_two if _is_large(scorer, "two_mentors") else two_mentors
    found, side = make(legs[0].rows, legs[1].rows, scorer.places, **crowd)
    mates: Ints = np.full((LEGS, len(scorer.mentees)), -1)
    mates[side, found.pairs[:, 0]] = found.pairs[:, 1]
    left = scorer.places - np.bincount(found.pairs[:, 1], minlength=len(scorer.places))
    pairs: list[Proposal] = []
    for leg, language in enumerate(languages):
        next_ = next_best(legs[leg], mates[leg], no_price, beside=mates[1 - leg], left=left) if others else {}
        for mentee in np.flatnonzero(mates[leg] >= 0).tolist():
            mentor = int(mates[leg, mentee])
            reasons = scorer.points(mentee, mentor)
            ids = scorer.mentors[mentor].id, scorer.mentees[mentee].id
            pairs.append(
                Proposal(*ids, sum(reasons.values()), reasons, language=language, others=next_.get(mentee, ()))
            )
    return _arrangement(pairs, found.count, proved=found.proved)


def _is_large(scorer: Scorer, shape: str) -> bool:
    return len(scorer.mentees) * len(scorer.mentors) > MOST[shape]


class _Leg:
    """The scores with those mentors who speak one language."""

    def __init__(self, scorer: Scorer, language: str) -> None:
        self.scorer, self.mentors, self.places, self.points = scorer, scorer.mentors, scorer.places, scorer.points
        self.silent = np.array([language not in one.languages for one in scorer.mentors], dtype=bool)

    def rows(self, rows: Rows) -> Points:
        """Basis points, as the scorer gives them; -20,000 with mentors who do not speak it."""
        block = self.scorer.rows(rows)
        block[:, self.silent] = OUT * SCALE
        return block


def _peers(inputs: Inputs) -> Arrangement:
    pool = _pool(inputs)
    settings = among_equals(inputs.settings)
    scorer = Scorer(pool, pool, settings, inputs.managers, inputs.apart | {(b, a) for a, b in inputs.apart})
    found = (large_peers if _is_large(scorer, "peers") else peers)(scorer.rows, people=len(pool))
    first = {one.id for one in inputs.mentors}
    pairs: list[Proposal] = []
    for one, other in found.pairs.tolist():
        both = both_ways(scorer, one, other)
        mentor, mentee = sorted((pool[one].id, pool[other].id), key=lambda who: (who not in first, who))
        pairs.append(Proposal(mentor, mentee, sum(both.values()), both))
    return _arrangement(pairs, found.count, proved=found.proved)


def _pool(inputs: Inputs) -> list[Candidate]:
    """Everybody who has a place, each person once, by id."""
    able = [one for one in (*inputs.mentees, *inputs.mentors) if one.places > 0]
    people = {one.person.id: one for one in sorted(able, key=lambda one: one.id, reverse=True)}
    return sorted(people.values(), key=lambda one: one.id)


def both_ways(scorer: Scorer, one: int, other: int) -> dict[str, int]:
    """The points of a pair of peers: half of what both ways give. Of two odd halves, one is a point."""
    there, back = scorer.points(one, other), scorer.points(other, one)
    sums = {name: there[name] + back[name] for name in there}
    odd = [name for name, total in sums.items() if total % 2]
    whole = set(odd[: len(odd) // 2])
    return {name: total // 2 + (name in whole) for name, total in sums.items()}


def among_equals(settings: Matching) -> Matching:
    """The settings for equals: no rule on who is ahead, and the weight of the lead shared out over the others."""
    given = settings.weights.model_dump()
    given.pop("experience")
    total = sum(given.values())
    if not total:
        given, total = {"goal": FULL}, FULL
    shares = {name: divmod(FULL * weight, total) for name, weight in given.items()}
    left = FULL - sum(whole for whole, _ in shares.values())
    first = sorted(shares, key=lambda name: -shares[name][1])[:left]
    weights = {name: whole + (name in first) for name, (whole, _) in shares.items()}
    changed = {"weights": Weights(**{**dict.fromkeys(Weights.model_fields, 0), **weights})}
    return without(settings, *UNEQUAL).model_copy(update=changed)


def without(settings: Matching, *rules: Rule) -> Matching:
    """The same settings without these rules."""
    kept = tuple(rule for rule in settings.rules if rule not in rules)
    return Matching.model_validate(settings.model_dump() | {"rules": kept, "relax": ()})


def _scorer(inputs: Inputs, settings: Matching) -> Scorer:
    """Everybody in the order of the ids."""
    mentees, mentors = (sorted(side, key=lambda one: one.id) for side in (inputs.mentees, inputs.mentors))
    return Scorer(mentees, mentors, settings, inputs.managers, inputs.apart)


def _arrangement(pairs: Sequence[Proposal], matched: int, *, proved: bool) -> Arrangement:
    ordered = sorted(pairs, key=lambda one: (one.mentee, one.mentor))
    return Arrangement(ordered, ENGINE, None, proved, (Step(None, matched),))
