"""People drawn by lot for the tests of matching: few of everything, so that each rule and each tie occurs."""

from dataclasses import replace
from random import Random

from framework.content.recruitment import STYLES, TIMES
from framework.content.skills import SKILLS
from framework.matching.criteria import SERVES, Candidate
from framework.matching.settings import Matching, Rule, Weights
from framework.people import Person

TOPICS = [*[option.id for option in SKILLS][:8], "career_planning", "coaching"]
LANGUAGES = ("nl", "fr", "en", "de")
INTERESTS = [f"interest-{number}" for number in range(9)]
LATER = ("availability", "style", "preference")
NAMES = ("Maes", "Peeters", "MAES", "Łukasz")


def someone(dice: Random, number: int, **values: object) -> Candidate:
    """One person, with a bit of everything."""
    person = Person(
        id=number if dice.random() > 0.05 else number + 1,
        given_name=dice.choice(("Jan", "An")),
        family_name=dice.choice(NAMES),
        language=dice.choice(LANGUAGES),
        manager=dice.choice((None, None, *range(1, 9), 101, 102, 999)),
        department=dice.choice("XYZ"),
        site=dice.choice(("Gent", "Lille", "")),
        country=dice.choice(("BE", "FR")),
        years=dice.randrange(35),
        interests=some(dice, INTERESTS, 6) * dice.choice((1, 1, 2)),
    )
    return Candidate(
        id=number,
        person=person,
        languages=some(dice, LANGUAGES, 3),
        channel=dice.choice(("both", "online", "in_person")),
        avoid=dice.choice(("", "", "", " jan MAES ", "peeters", "nobody")),
        conflicts=tuple(dice.sample(range(1, 120), dice.randrange(3))),
        was_mentee=dice.random() < 0.5,
        **values,  # type: ignore[arg-type]
    )


def some(dice: Random, of: object, most: int) -> tuple[str, ...]:
    """A few words of a list, perhaps none."""
    words = list(of)  # type: ignore[call-overload]
    return tuple(dice.sample(words, dice.randrange(min(most, len(words)) + 1)))


def weights(dice: Random) -> Weights:
    """Any weights of the older factors that add up, some of them nothing."""
    names = [name for name in Weights.model_fields if name not in LATER]
    cuts = sorted(dice.choice((0, 1000, dice.randrange(1001))) for _ in range(len(names) - 1))
    parts = [b - a for a, b in zip([0, *cuts], [*cuts, 1000], strict=True)]
    return Weights(**dict(zip(names, parts, strict=True)))


def later(dice: Random, given: Weights) -> Weights:
    """The same, and perhaps a part of each weight for one of the factors that came later."""
    whole = given.model_dump()
    for name in LATER:
        giver = dice.choice([one for one in whole if one not in LATER]) if dice.random() < 0.6 else name
        part = dice.choice((whole[giver], whole[giver] // 3)) if giver != name else 0
        whole[giver] -= part
        whole[name] += part
    return Weights(**whole)


def told_later(dice: Random, one: Candidate, others: range) -> Candidate:
    """Times, ways of working and names, of which somebody may leave out each."""
    return replace(
        one,
        times=some(dice, [option.id for option in TIMES], 5),
        style=some(dice, [option.id for option in STYLES], 5) * dice.choice((1, 2)),
        prefers=tuple(dice.sample(others, min(len(others), dice.randrange(4)))),
    )


def crowd(
    seed: int, mentees: int = 12, mentors: int = 8
) -> tuple[list[Candidate], list[Candidate], Matching, dict[int, int | None], frozenset[tuple[int, int]]]:
    """Mentors from 1 on, mentees from 101 on, settings, managers (circles too), and who is kept apart."""
    dice = Random(seed)
    left = [
        someone(dice, n, places=dice.randrange(-1, 4), offers=some(dice, TOPICS, 6))
        for n in range(1, dice.randrange(mentors) + 1)
    ]
    right = [
        someone(dice, 100 + n, wants=some(dice, TOPICS, 4), motives=some(dice, [*sorted(SERVES), "DEF-Q09"], 3))
        for n in range(1, dice.randrange(mentees) + 1)
    ]
    rules = tuple(dice.sample(list(Rule), dice.randrange(4)))
    low, right_from, until, high = sorted(dice.randrange(-3, 40) for _ in range(4))
    settings = Matching(
        rules=rules,
        relax=tuple(rule for rule in rules if rule is not Rule.UNAVAILABLE and dice.random() < 0.6),
        window=(low, right_from, until, high),
        weights=weights(dice),
    )
    other = Random(seed + 10**9)  # a lot of its own: what came later draws nothing away from the rest
    right = [replace(one, waited=other.choice((0, 0, 30, 90))) for one in right]
    left = [replace(one, rested=other.randrange(2)) for one in left]
    reverse = Rule.MORE_EXPERIENCED not in rules and other.random() < 0.3
    settings = settings.model_copy(update={"reverse": reverse})
    settings = settings.model_copy(update={"weights": later(other, settings.weights)})
    left = [told_later(other, one, range(101, 102 + mentees)) for one in left]
    right = [told_later(other, one, range(1, 2 + mentors)) for one in right]
    managers = {number: dice.choice((None, 1, 2, 3, 101)) for number in [*range(1, 9), *range(101, 113)]}
    apart = frozenset((m.id, n.id) for m in left for n in right if dice.random() < 0.1)
    return left, right, settings, managers, apart
