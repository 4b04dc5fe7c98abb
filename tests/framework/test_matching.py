"""Matching: hard rules are hard, the set is the best one, and nobody can tell the order people came in."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.matching import FULL, Candidate, broken_rules, factors, points, propose, reporting_line, window
from framework.people import Person
from framework.programme import Matching, Rule, Weights

AGES = (1, 4, 15, 30)


def someone(number: int, **values: object) -> Candidate:
    about = {k: values.pop(k) for k in list(values) if k in Person.__dataclass_fields__}
    given_ = {"id": number, "given_name": f"N{number}", "family_name": f"F{number}"} | about
    return Candidate(id=number, person=Person(**given_), **values)  # type: ignore[arg-type]


def plan(**changes: object) -> Matching:
    return Matching.model_validate({"rules": ()} | changes)


# The window


@pytest.mark.parametrize(
    ("gap", "worth"),
    [
        (-5, 0),
        (0, 0),
        (1, 0),
        (2, 333),
        (3, 666),
        (4, 1000),
        (10, 1000),
        (15, 1000),
        (16, 933),
        (29, 66),
        (30, 0),
        (45, 0),
    ],
)
def test_window_has_two_sides(gap: int, worth: int) -> None:
    assert window(gap, AGES) == worth


def test_window_is_not_monotone() -> None:
    worths = [window(gap, AGES) for gap in range(40)]
    assert worths != sorted(worths)
    assert worths != sorted(worths, reverse=True)
    assert max(worths) == FULL


@given(st.lists(st.integers(-5, 45), min_size=4, max_size=4).map(sorted), st.integers(-60, 60))
def test_window_stays_within_its_bounds_whatever_the_ages(ages: list[int], gap: int) -> None:
    low, right, until, high = ages
    worth = window(gap, (low, right, until, high))
    assert 0 <= worth <= FULL
    assert worth == FULL or not right <= gap <= until


# Hard rules

PAIRS = {
    Rule.OTHER_DEPARTMENT: ({"department": "A"}, {"department": "A"}, {"department": "B"}),
    Rule.SAME_DEPARTMENT: ({"department": "A"}, {"department": "B"}, {"department": "A"}),
    Rule.COMMON_LANGUAGE: ({"languages": ("nl", "fr")}, {"languages": ("en",)}, {"languages": ("fr",)}),
    Rule.SAME_SITE: ({"site": "Gent"}, {"site": "Lille"}, {"site": "Gent"}),
    Rule.OTHER_COUNTRY: ({"country": "BE"}, {"country": "BE"}, {"country": "FR"}),
    Rule.MORE_EXPERIENCED: ({"years": 5}, {"years": 5}, {"years": 4}),
    Rule.REPORTING_LINE: ({}, {"manager": 1}, {"manager": 3}),
}


@pytest.mark.parametrize("rule", list(Rule))
def test_each_rule_forbids_and_allows(rule: Rule) -> None:
    mentor, bad, good = PAIRS[rule]
    managers = {1: None, 2: None, 3: None}
    assert broken_rules(someone(1, **mentor), someone(2, **bad), [rule], managers) == [rule]
    assert broken_rules(someone(1, **mentor), someone(2, **good), [rule], managers) == []


def test_reporting_line_reaches_to_the_top_and_down() -> None:
    managers = {4: 3, 3: 2, 2: 1, 1: None}
    assert reporting_line(Person(id=4, given_name="", family_name="", manager=3), managers) == {1, 2, 3}
    top, bottom = someone(1), someone(4, manager=3)
    assert broken_rules(top, bottom, [Rule.REPORTING_LINE], managers)
    assert broken_rules(bottom, top, [Rule.REPORTING_LINE], managers)


def test_circle_of_managers_is_walked_once() -> None:
    assert reporting_line(Person(id=1, given_name="", family_name="", manager=2), {1: 2, 2: 3, 3: 1}) == {1, 2, 3}
    assert reporting_line(Person(id=1, given_name="", family_name="", manager=1), {1: 1}) == {1}


def test_forbidden_pair_is_no_pair_even_when_both_stay_alone() -> None:
    settings_ = plan(rules=(Rule.OTHER_DEPARTMENT,))
    assert propose([someone(1, department="A")], [someone(2, department="A")], settings_, {}) == []


def test_nobody_is_paired_with_oneself_nor_with_whom_one_avoids_nor_again() -> None:
    mentor = someone(1, given_name="Jan", family_name="Maes")
    assert propose([mentor], [replace(mentor, id=9)], plan(), {}) == []
    assert propose([mentor], [someone(2, avoid=" jan MAES ")], plan(), {}) == []
    assert propose([mentor], [someone(2, avoid="maes")], plan(), {}) == []
    assert propose([mentor], [someone(2)], plan(), {}, frozenset({(1, 2)})) == []
    assert len(propose([mentor], [someone(2, avoid="Peeters")], plan(), {})) == 1


# The score


def test_reasons_add_up_to_the_score_and_the_best_is_a_thousand() -> None:
    one = someone(1, years=10, interests=("sea",), language="nl", site="Gent", offers=("x", "y"))
    other = someone(2, years=3, interests=("sea",), language="nl", site="Gent", wants=("x", "y"))
    found = propose([one], [other], plan(), {})[0]
    assert found.score == sum(found.reasons.values()) == FULL
    assert found.reasons == Weights().model_dump()


def test_worst_pair_still_has_a_score_and_is_proposed() -> None:
    found = propose(
        [someone(1, site="A", language="nl")], [someone(2, site="B", language="fr", wants=("x",))], plan(), {}
    )
    assert found[0].reasons == {"goal": 0, "experience": 0, "interests": 0, "language": 50, "site": 0}


def test_who_meets_online_meets_from_anywhere() -> None:
    one, other = someone(1, site="A", channel="online"), someone(2, site="B")
    assert factors(one, other, plan())["site"] == FULL


@given(st.dictionaries(st.sampled_from(list(Weights.model_fields)), st.integers(0, FULL), min_size=5, max_size=5))
def test_points_never_exceed_their_weight(values: dict[str, int]) -> None:
    found = points(values, Weights())
    assert all(0 <= found[name] <= getattr(Weights(), name) for name in found)
    assert sum(found.values()) <= FULL


# The best set


def best(
    mentors: list[Candidate],
    mentees: list[Candidate],
    settings_: Matching,
    managers: dict[int, int | None],
    apart: frozenset[tuple[int, int]],
) -> tuple[int, int]:
    """By trying everything: the most mentees matched, and then the highest total."""
    worth = {
        (m.id, n.id): found[0].score
        for m in mentors
        for n in mentees
        if (found := propose([m], [n], settings_, managers, apart))
    }

    def rest(place: int, free: dict[int, int]) -> tuple[int, int]:
        if place == len(mentees):
            return (0, 0)
        top = rest(place + 1, free)
        for mentor, left in free.items():
            if left and (mentor, mentees[place].id) in worth:
                count, total = rest(place + 1, free | {mentor: left - 1})
                top = max(top, (count + 1, total + worth[mentor, mentees[place].id]))
        return top

    return rest(0, {m.id: m.places for m in mentors})


def crowd(
    seed: int,
) -> tuple[list[Candidate], list[Candidate], Matching, dict[int, int | None], frozenset[tuple[int, int]]]:
    dice = Random(seed)
    words, places = ("a", "b", "c"), ("Gent", "Lille")

    def one(number: int, **values: object) -> Candidate:
        return someone(
            number,
            department=dice.choice("XY"),
            site=dice.choice(places),
            language=dice.choice(("nl", "fr")),
            languages=tuple(dice.sample(("nl", "fr", "en"), 2)),
            years=dice.randrange(35),
            interests=tuple(dice.sample(words, dice.randrange(3))),
            manager=dice.choice((None, 1, 2)),
            **values,
        )

    mentors = [
        one(n, places=dice.randrange(1, 3), offers=tuple(dice.sample(words, 2))) for n in range(1, dice.randrange(2, 4))
    ]
    mentees = [one(n, wants=tuple(dice.sample(words, dice.randrange(3)))) for n in range(11, dice.randrange(12, 17))]
    rules = tuple(dice.sample(list(Rule), dice.randrange(3)))
    apart = frozenset((m.id, n.id) for m in mentors for n in mentees if dice.random() < 0.2)
    managers = {c.person.id: c.person.manager for c in [*mentors, *mentees]}
    return mentors, mentees, plan(rules=rules), managers, apart


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_set_is_the_best_there_is_and_breaks_nothing(seed: int) -> None:
    mentors, mentees, settings_, managers, apart = crowd(seed)
    found = propose(mentors, mentees, settings_, managers, apart)
    assert (len(found), sum(p.score for p in found)) == best(mentors, mentees, settings_, managers, apart)
    by_id = {c.id: c for c in [*mentors, *mentees]}
    for one in found:
        assert (one.mentor, one.mentee) not in apart
        assert broken_rules(by_id[one.mentor], by_id[one.mentee], settings_.rules, managers) == []
        assert one.score == sum(one.reasons.values())
    assert len({p.mentee for p in found}) == len(found)
    assert all(sum(p.mentor == m.id for p in found) <= m.places for m in mentors)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_order_in_which_people_come_makes_no_difference(seed: int, dice: Random) -> None:
    mentors, mentees, settings_, managers, apart = crowd(seed)
    found = propose(mentors, mentees, settings_, managers, apart)
    dice.shuffle(mentors)
    dice.shuffle(mentees)
    assert propose(mentors, mentees, settings_, managers, apart) == found


def test_one_more_matched_outweighs_any_score() -> None:
    """The best single pair would leave the other mentee alone."""
    star = {"years": 10, "offers": ("x",), "language": "nl", "site": "Gent"}
    mentors = [someone(1, department="A", **star), someone(2, department="B")]
    mentees = [someone(11, department="B", wants=("x",), language="nl", site="Gent"), someone(12, department="B")]
    found = propose(mentors, mentees, plan(rules=(Rule.OTHER_DEPARTMENT,)), {})
    assert len(found) == 1
    relaxed = propose(mentors, [mentees[0], someone(12, department="A")], plan(rules=(Rule.OTHER_DEPARTMENT,)), {})
    assert [(p.mentor, p.mentee) for p in relaxed] == [(1, 11), (2, 12)]
    forced = propose(
        mentors,
        [someone(11, department="C", wants=("x",)), someone(12, department="B", wants=("x",))],
        plan(rules=(Rule.OTHER_DEPARTMENT,)),
        {},
    )
    assert [(p.mentor, p.mentee) for p in forced] == [(2, 11), (1, 12)]


def test_capacity_is_respected_and_used() -> None:
    mentors, mentees = [someone(1, places=2)], [someone(n) for n in (11, 12, 13)]
    assert len(propose(mentors, mentees, plan(), {})) == 2


def test_nobody_makes_no_pairs() -> None:
    assert propose([], [someone(1)], plan(), {}) == propose([someone(1)], [], plan(), {}) == []


def test_two_hundred_people_are_matched_at_once() -> None:
    dice = Random(1)
    mentors = [someone(n, years=dice.randrange(10, 40), department=dice.choice("ABCD"), places=2) for n in range(80)]
    mentees = [someone(1000 + n, years=dice.randrange(10), department=dice.choice("ABCD")) for n in range(120)]
    assert len(propose(mentors, mentees, plan(rules=(Rule.OTHER_DEPARTMENT, Rule.REPORTING_LINE)), {})) == 120
