"""Matching: from selected people to the best set of pairs under hard rules (MAT; CAP-086 to CAP-104).

The score of a pair is 0 to 1000. Hard rules are hard: a forbidden pair is not a pair with a low score, it is no pair.
The set is optimal: most mentees matched first, then the highest total (linear assignment over mentors' places).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from framework.people import Person
from framework.programme import Matching, Rule, Weights

FULL = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A participant as the matcher sees one. `wants` are a mentee's competences, `offers` a mentor's topics."""

    id: int
    person: Person
    places: int = 1
    wants: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    channel: str = "both"
    avoid: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposed pair: its score of 1000, and the points of each factor, which add up to it."""

    mentor: int
    mentee: int
    score: int
    reasons: Mapping[str, int]


def reporting_line(person: Person, managers: Mapping[int, int | None]) -> set[int]:
    """Everybody above a person, to the top; a circle of managers is walked once (LEG-06)."""
    above: set[int] = set()
    manager = person.manager
    while manager is not None and manager not in above:
        above.add(manager)
        manager = managers.get(manager)
    return above


def broken_rules(
    mentor: Candidate, mentee: Candidate, rules: Iterable[Rule], managers: Mapping[int, int | None]
) -> list[Rule]:
    """The hard rules that this pair breaks; an empty list means that it may be proposed."""
    return [rule for rule in rules if not _holds(rule, mentor, mentee, managers)]


def _holds(rule: Rule, mentor: Candidate, mentee: Candidate, managers: Mapping[int, int | None]) -> bool:
    one, other = mentor.person, mentee.person
    match rule:
        case Rule.REPORTING_LINE:
            return one.id not in reporting_line(other, managers) and other.id not in reporting_line(one, managers)
        case Rule.OTHER_DEPARTMENT:
            return one.department != other.department
        case Rule.SAME_DEPARTMENT:
            return one.department == other.department
        case Rule.COMMON_LANGUAGE:
            return bool(set(mentor.languages) & set(mentee.languages))
        case Rule.SAME_SITE:
            return one.site == other.site
        case Rule.OTHER_COUNTRY:
            return one.country != other.country
        case Rule.MORE_EXPERIENCED:
            return one.years > other.years


def window(gap: int, ages: tuple[int, int, int, int]) -> int:
    """How right a gap in years is, 0 to 1000: too small has nothing to tell, too big is not relevant (MAT-01)."""
    low, right, until, high = ages
    if gap <= low or gap >= high:
        return FULL if right <= gap <= until else 0
    if gap < right:
        return FULL * (gap - low) // (right - low)
    return FULL if gap <= until else FULL * (high - gap) // (high - until)


def factors(mentor: Candidate, mentee: Candidate, settings: Matching) -> dict[str, int]:
    """Each factor's value, 0 to 1000."""
    shared = set(mentor.person.interests) & set(mentee.person.interests)
    either = set(mentor.person.interests) | set(mentee.person.interests)
    return {
        "goal": FULL * len(set(mentee.wants) & set(mentor.offers)) // max(1, len(set(mentee.wants))),
        "experience": window(mentor.person.years - mentee.person.years, settings.window),
        "interests": FULL * len(shared) // max(1, len(either)),
        "language": FULL if mentor.person.language == mentee.person.language else FULL // 2,
        "site": FULL if mentor.person.site == mentee.person.site or "online" in {mentor.channel, mentee.channel} else 0,
    }


def points(values: Mapping[str, int], weights: Weights) -> dict[str, int]:
    """What each factor adds to the score; the sum is the score."""
    return {name: value * getattr(weights, name) // FULL for name, value in values.items()}


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
    mentors, mentees = sorted(mentors, key=lambda c: c.id), sorted(mentees, key=lambda c: c.id)
    places = [mentor for mentor in mentors for _ in range(min(mentor.places, len(mentees)))]
    if not places or not mentees:
        return []
    allowed: dict[tuple[int, int], dict[str, int]] = {}
    for mentor in mentors:
        for mentee in mentees:
            if _may_pair(mentor, mentee, settings, managers, apart):
                allowed[mentor.id, mentee.id] = points(factors(mentor, mentee, settings), settings.weights)
    bonus = (FULL + 1) * len(mentees)  # one more mentee matched outweighs any score
    worth = np.zeros((len(mentees), len(places)), dtype=np.int64)
    for row, mentee in enumerate(mentees):
        for column, mentor in enumerate(places):
            if reasons := allowed.get((mentor.id, mentee.id)):
                worth[row, column] = bonus + sum(reasons.values())
    rows, columns = linear_sum_assignment(worth, maximize=True)
    found = []
    for row, column in zip(rows, columns, strict=True):
        pair = (places[column].id, mentees[row].id)
        if pair in allowed:
            found.append(Proposal(*pair, sum(allowed[pair].values()), allowed[pair]))
    return sorted(found, key=lambda p: (p.mentee, p.mentor))


def _may_pair(
    mentor: Candidate,
    mentee: Candidate,
    settings: Matching,
    managers: Mapping[int, int | None],
    apart: frozenset[tuple[int, int]],
) -> bool:
    if mentor.person.id == mentee.person.id or (mentor.id, mentee.id) in apart:
        return False
    avoided = mentee.avoid.casefold().strip()
    if avoided and avoided in {mentor.person.name.casefold(), mentor.person.family_name.casefold()}:
        return False
    return not broken_rules(mentor, mentee, settings.rules, managers)
