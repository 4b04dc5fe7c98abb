"""An invented company of any size, the same for the same seed: skewed departments, three languages, a tree of ranks."""

from dataclasses import dataclass
from random import Random
from typing import TypeVar

from framework.content.skills import SKILLS
from framework.matching import Candidate
from framework.people import Person

DEPARTMENTS = {
    "Production": 30,
    "Logistics": 20,
    "Design": 15,
    "Sales": 12,
    "Planning": 9,
    "Finance": 7,
    "People": 5,
    "IT": 2,
}
SITES = {"Gent": 50, "Liège": 30, "Antwerpen": 20}
LANGUAGES = {"nl": 55, "fr": 35, "en": 10}
INTERESTS = [f"interest-{number}" for number in range(1, 41)]
TOPICS = [option.id for option in SKILLS]
MENTORS_FOR_EACH_MENTEE = 0.6
T = TypeVar("T")
SPAN = 7  # people that report to one manager


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
    return Population(
        mentors=[
            Candidate(
                id=person.id,
                person=person,
                places=_one(dice, {1: 45, 2: 35, 3: 20}),
                offers=_some(dice, TOPICS, 3, 8),
                languages=_spoken(dice, person.language),
            )
            for person in people[:mentors]
        ],
        mentees=[
            Candidate(
                id=person.id,
                person=person,
                wants=_some(dice, TOPICS, 1, 4),
                languages=_spoken(dice, person.language),
                channel=_one(dice, {"both": 70, "in_person": 20, "online": 10}),
            )
            for person in people[mentors:]
        ],
        managers={person.id: person.manager for person in people},
    )


def _person(dice: Random, number: int, *, senior: bool) -> Person:
    return Person(
        id=number,
        given_name=f"Given{number}",
        family_name=f"Family{number}",
        language=_one(dice, LANGUAGES),
        manager=number // SPAN or None,
        department=_one(dice, DEPARTMENTS),
        site=_one(dice, SITES),
        country="BE",
        years=dice.randint(8, 35) if senior else dice.randint(0, 15),
        level=dice.randint(4, 8) if senior else dice.randint(1, 5),
        interests=_some(dice, INTERESTS, 2, 6),
    )


def _one(dice: Random, shares: dict[T, int]) -> T:
    return dice.choices(list(shares), weights=list(shares.values()))[0]


def _some(dice: Random, of: list[str], least: int, most: int) -> tuple[str, ...]:
    return tuple(dice.sample(of, dice.randint(least, min(most, len(of)))))


def _spoken(dice: Random, first: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((first, *(code for code in LANGUAGES if dice.random() < 0.35))))  # noqa: PLR2004 - a guess
