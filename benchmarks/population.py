"""An invented company of any size, the same for the same seed: skewed as companies are.

A few large departments and many small ones, eighteen countries with their languages, more juniors than seniors, one
tree of managers, favourite topics and interests. With even departments and languages the problem would be easy.
"""

from dataclasses import dataclass, replace
from itertools import accumulate
from random import Random
from typing import TypeVar

from framework.content.skills import SKILLS
from framework.matching.criteria import SERVES, Candidate
from framework.people import Person

DEPARTMENTS = {
    "Production": 22,
    "Logistics": 16,
    "Design": 12,
    "Sales": 10,
    "Planning": 8,
    "Finance": 7,
    "People": 6,
    "IT": 5,
    "Quality": 4,
    "Research": 3,
    "Service": 3,
    "Safety": 2,
    "Legal": 1,
    "Audit": 1,
}
# share in thousandths, the language there, and the chance in a hundred of working in English
COUNTRIES = {
    "GB": (200, "en", 100),
    "DE": (140, "de", 75),
    "FR": (110, "fr", 60),
    "NL": (80, "nl", 90),
    "BE": (60, "nl", 75),
    "ES": (70, "es", 55),
    "IT": (60, "it", 55),
    "PL": (70, "pl", 65),
    "SE": (30, "sv", 90),
    "CH": (30, "de", 80),
    "RO": (30, "ro", 70),
    "ZA": (30, "en", 100),
    "AE": (25, "ar", 85),
    "EG": (20, "ar", 55),
    "TR": (20, "tr", 50),
    "NG": (10, "en", 100),
    "IN": (25, "hi", 90),
    "PT": (15, "pt", 65),
}
LANGUAGES = sorted({language for _, language, _ in COUNTRIES.values()})
SITES = {"North": 50, "South": 30, "Harbour": 20}
JUNIOR = {1: 34, 2: 30, 3: 20, 4: 11, 5: 5}
SENIOR = {3: 20, 4: 30, 5: 25, 6: 15, 7: 7, 8: 3}
CHANNELS = {"both": 70, "in_person": 20, "online": 10}
INTERESTS = [f"interest-{number}" for number in range(1, 41)]
TOPICS = [option.id for option in SKILLS]
MENTORS_FOR_EACH_MENTEE = 0.6
SPAN = 7  # people that report to one manager
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Population:
    """The two sides, and who reports to whom."""

    mentors: list[Candidate]
    mentees: list[Candidate]
    managers: dict[int, int | None]


def population(mentees: int, seed: int = 7) -> Population:
    """So many mentees, six mentors for every ten of them, and 1 to 3 places with each mentor."""
    dice = Random(seed)
    mentors = round(mentees * MENTORS_FOR_EACH_MENTEE)
    people = [_person(dice, number, senior=number <= mentors) for number in range(1, mentors + mentees + 1)]
    managers = _tree(dice, people)
    people = [replace(person, manager=managers[person.id]) for person in people]
    return Population(
        mentors=[
            Candidate(
                id=person.id,
                person=person,
                places=_one(dice, {1: 45, 2: 35, 3: 20}),
                offers=_some(dice, TOPICS, 3, 8),
                languages=_spoken(dice, person),
                channel=_one(dice, CHANNELS),
            )
            for person in people[:mentors]
        ],
        mentees=[
            Candidate(
                id=person.id,
                person=person,
                wants=_some(dice, TOPICS, 1, 4),
                motives=_some(dice, list(SERVES), 1, 3),
                languages=_spoken(dice, person),
                channel=_one(dice, CHANNELS),
            )
            for person in people[mentors:]
        ],
        managers=managers,
    )


def _person(dice: Random, number: int, *, senior: bool) -> Person:
    country = _one(dice, {code: share for code, (share, _, _) in COUNTRIES.items()})
    level = _one(dice, SENIOR if senior else JUNIOR)
    return Person(
        id=number,
        given_name=f"Given{number}",
        family_name=f"Family{number}",
        language=COUNTRIES[country][1],
        department=_one(dice, DEPARTMENTS),
        site=f"{country} {_one(dice, SITES)}",
        country=country,
        years=min(44, round(3 * level - 2 + dice.gammavariate(2, 2))),
        level=level,
        interests=_some(dice, INTERESTS, 2, 6),
    )


def _tree(dice: Random, people: list[Person]) -> dict[int, int | None]:
    """One tree: by department and rank, a manager for about seven; heads of department report to the first of them."""
    ranked = sorted(people, key=lambda one: (-one.level, -one.years, one.id))
    managers: dict[int, int | None] = {}
    head = None
    for department in DEPARTMENTS:
        staff = [one.id for one in ranked if one.department == department]
        for at, one in enumerate(staff):
            managers[one] = staff[min(at - 1, max(0, (at - 1) // SPAN + dice.randint(-2, 2)))] if at else head
        head = head or (staff[0] if staff else None)
    return managers


def _one(dice: Random, shares: dict[T, int]) -> T:
    return dice.choices(list(shares), weights=list(shares.values()))[0]


def _some(dice: Random, of: list[str], least: int, most: int) -> tuple[str, ...]:
    """Some of these, the first ones far more often than the last."""
    weights = list(accumulate(1 / place**0.7 for place in range(1, len(of) + 1)))
    wanted = dice.randint(least, min(most, len(of)))
    found: dict[str, None] = {}
    while len(found) < wanted:
        found[dice.choices(of, cum_weights=weights)[0]] = None
    return tuple(found)


def _spoken(dice: Random, person: Person) -> tuple[str, ...]:
    """The languages that this person works in: their own, often English, sometimes one more."""
    english = ("en",) if dice.random() * 100 < COUNTRIES[person.country][2] else ()
    more = (dice.choice(LANGUAGES),) if dice.random() < 0.15 else ()  # noqa: PLR2004 - of 30 in 100, half work in it
    return tuple(dict.fromkeys((person.language, *english, *more)))
