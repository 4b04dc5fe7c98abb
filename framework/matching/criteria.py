"""What makes two people a pair, said for one pair at a time: the hard rules, and what each factor is worth (MAT-01).

This is the meaning; `scoring.py` counts the same for everybody at once, and a test holds the two to each other.
A factor is 0 to 1000; its points are whole thousandths of the score; the score is the sum of the points. So nothing
is rounded twice, reasons add up to the score, and what people read is what was compared.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from framework.matching.settings import Matching, Rule, Weights
from framework.people import Person

FULL = 1000
HALF = 500
SERVES: Mapping[str, frozenset[str]] = {
    "DEF-Q01": frozenset({"networking", "technical_depth"}),
    "DEF-Q02": frozenset({"innovation", "coaching"}),
    "DEF-Q03": frozenset({"giving_feedback", "coaching"}),
    "DEF-Q04": frozenset({"career_planning", "coaching"}),
    "DEF-Q05": frozenset({"career_planning"}),
    "DEF-Q06": frozenset({"change", "multilingual_teams", "networking"}),
    "DEF-Q07": frozenset({"influencing", "networking"}),
    "DEF-Q08": frozenset({"people_leadership", "strategy"}),
    "DEF-Q10": frozenset({"work_life_balance"}),
}
"""Which topics of a mentor answer a mentee's reason to take part. Whose example one follows (DEF-Q09) no form tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A participant as the matcher sees one. `wants` are a mentee's competences, `offers` a mentor's topics.

    `motives` are a mentee's reasons to take part (DEF-Q01 to Q10). `times` are parts of the day, `style` are ways of
    working together. `avoid` is a name, `conflicts` and `prefers` are ids of people; either side may give them.
    `was_mentee`: has been one in an earlier programme. `waited` are the days that a mentee has waited: who waited comes
    first where places are short (CAP-101). `rested` is 1 for a mentor who had nobody last time, who goes first among
    equals (MAT-19).
    """

    id: int
    person: Person
    places: int = 1
    wants: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    channel: str = "both"
    avoid: str = ""
    motives: tuple[str, ...] = ()
    conflicts: tuple[int, ...] = ()
    times: tuple[str, ...] = ()
    style: tuple[str, ...] = ()
    prefers: tuple[int, ...] = ()
    was_mentee: bool = False
    waited: int = 0
    rested: int = 0


def reporting_line(person: Person, managers: Mapping[int, int | None]) -> set[int]:
    """Everybody above a person, to the top; a circle of managers is walked once (LEG-06)."""
    above: set[int] = set()
    manager = person.manager
    while manager is not None and manager not in above:
        above.add(manager)
        manager = managers.get(manager)
    return above


def avoids(one: Candidate, other: Candidate) -> bool:
    """Whether the first would rather not be paired with the second: by full name or family name (CAP-107)."""
    avoided = one.avoid.casefold().strip()
    return bool(avoided) and avoided in {other.person.name.casefold(), other.person.family_name.casefold()}


def is_available(mentor: Candidate, mentee: Candidate) -> bool:
    """Two people, without a conflict of interest, neither of whom asked not to meet the other (CAP-105, CAP-107)."""
    if mentor.person.id == mentee.person.id:
        return False
    if mentor.person.id in mentee.conflicts or mentee.person.id in mentor.conflicts:
        return False
    return not avoids(mentor, mentee) and not avoids(mentee, mentor)


def meet_online(one: str, other: str) -> bool:
    """Whether two channels come to e-mentoring: one side asks for it, and the other does not ask for a room."""
    return "online" in {one, other} and "in_person" not in {one, other}


def is_near(mentor: Candidate, mentee: Candidate) -> bool:
    """The same site, or explicitly e-mentoring (CAP-106)."""
    return mentor.person.site == mentee.person.site or meet_online(mentor.channel, mentee.channel)


def meet_alike(one: str, other: str) -> bool:
    """Whether two people would meet in a way that both like."""
    return one == other or "both" in {one, other}


def broken_rules(
    mentor: Candidate, mentee: Candidate, rules: Iterable[Rule], managers: Mapping[int, int | None]
) -> list[Rule]:
    """The hard rules that this pair breaks; an empty list means that it may be proposed."""
    return [rule for rule in rules if not _holds(rule, mentor, mentee, managers)]


def _holds(rule: Rule, mentor: Candidate, mentee: Candidate, managers: Mapping[int, int | None]) -> bool:
    one, other = mentor.person, mentee.person
    match rule:
        case Rule.UNAVAILABLE:
            return is_available(mentor, mentee)
        case Rule.REPORTING_LINE:
            return one.id not in reporting_line(other, managers) and other.id not in reporting_line(one, managers)
        case Rule.OTHER_DEPARTMENT | Rule.SAME_DEPARTMENT:
            return (one.department == other.department) is (rule is Rule.SAME_DEPARTMENT)
        case Rule.OTHER_COUNTRY | Rule.SAME_COUNTRY:
            return (one.country == other.country) is (rule is Rule.SAME_COUNTRY)
        case Rule.COMMON_LANGUAGE:
            return not set(mentor.languages).isdisjoint(mentee.languages)
        case Rule.SAME_SITE:
            return is_near(mentor, mentee)
        case Rule.WAS_MENTEE | Rule.MORE_EXPERIENCED:
            return mentor.was_mentee if rule is Rule.WAS_MENTEE else one.years > other.years


def window(gap: int, ages: tuple[int, int, int, int]) -> int:
    """How right a gap in years is, 0 to 1000: too small has nothing to tell, too big is not relevant (MAT-01)."""
    low, right, until, high = ages
    if gap <= low or gap >= high:
        return FULL if right <= gap <= until else 0
    if gap < right:
        return FULL * (gap - low) // (right - low)
    return FULL if gap <= until else FULL * (high - gap) // (high - until)


def lead(mentor: int, mentee: int, settings: Matching) -> int:
    """By how many years the mentor is ahead; in reverse mentoring, by how many the mentee is (PRG-08)."""
    return mentee - mentor if settings.reverse else mentor - mentee


def share(part: int, whole: int) -> int:
    """A part of a whole in thousandths, 0 where there is no whole."""
    return FULL * part // max(1, whole)


def ambitions(candidate: Candidate) -> frozenset[str]:
    """A mentee's reasons to take part that topics can answer."""
    return frozenset(candidate.motives) & SERVES.keys()


def both(one: Collection[str], other: Collection[str]) -> int:
    """What two have in common of all that either has, in thousandths."""
    if not one or not other:
        return 0
    mine, theirs = set(one), set(other)
    return share(len(mine & theirs), len(mine | theirs))


def preference(mentor: Candidate, mentee: Candidate) -> int:
    """1000 where two asked for each other, 500 where one of them did, else 0 (MAT-Q14)."""
    return HALF * ((mentee.person.id in mentor.prefers) + (mentor.person.id in mentee.prefers))


def factors(mentor: Candidate, mentee: Candidate, settings: Matching) -> dict[str, int]:
    """Each factor's value, 0 to 1000. What nobody told counts as 0 for everybody, and so decides nothing."""
    one, other = mentor.person, mentee.person
    wants, hopes, offers = set(mentee.wants), ambitions(mentee), set(mentor.offers)
    return {
        "goal": share(len(wants & offers), len(wants)),
        "ambitions": share(sum(not SERVES[hope].isdisjoint(offers) for hope in hopes), len(hopes)),
        "experience": window(lead(one.years, other.years, settings), settings.window),
        "interests": both(one.interests, other.interests),
        "language": FULL if one.language == other.language else HALF,
        "site": FULL if is_near(mentor, mentee) else 0,
        "channel": FULL if meet_alike(mentor.channel, mentee.channel) else 0,
        "availability": share(len(set(mentee.times) & set(mentor.times)), len(set(mentee.times)))
        if mentee.times
        else 0,
        "style": both(mentor.style, mentee.style),
        "preference": preference(mentor, mentee),
    }


def points(values: Mapping[str, int], weights: Weights) -> dict[str, int]:
    """What each factor that weighs something adds to the score; the sum is the score."""
    return {name: value * weight // FULL for name, value in values.items() if (weight := getattr(weights, name))}
