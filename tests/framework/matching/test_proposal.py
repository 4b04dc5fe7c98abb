"""Matching: hard rules are hard, the set is the best one, and nobody can tell the order people came in."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.matching.assignment import verify
from framework.matching.proposal import (
    FULL,
    Candidate,
    broken_rules,
    factors,
    market,
    points,
    propose,
    propose_relaxed,
    reporting_line,
    window,
)
from framework.matching.settings import Matching, Rule, Weights
from framework.people import Person
from tests.framework.matching.crowds import crowd as wild

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
    Rule.SAME_COUNTRY: ({"country": "BE"}, {"country": "FR"}, {"country": "BE"}),
    Rule.UNAVAILABLE: ({"conflicts": (2,)}, {}, {}),
    Rule.WAS_MENTEE: ({}, {}, {}),
    Rule.OTHER_COUNTRY: ({"country": "BE"}, {"country": "BE"}, {"country": "FR"}),
    Rule.MORE_EXPERIENCED: ({"years": 5}, {"years": 5}, {"years": 4}),
    Rule.REPORTING_LINE: ({}, {"manager": 1}, {"manager": 3}),
}


@pytest.mark.parametrize("rule", list(Rule))
def test_each_rule_forbids_and_allows(rule: Rule) -> None:
    mentor, bad, good = PAIRS[rule]
    managers = {1: None, 2: None, 3: None}
    assert broken_rules(someone(1, **mentor), someone(2, **bad), [rule], managers) == [rule]
    better = {Rule.UNAVAILABLE: {"conflicts": ()}, Rule.WAS_MENTEE: {"was_mentee": True}}.get(rule, mentor)
    assert broken_rules(someone(1, **better), someone(2, **good), [rule], managers) == []


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


def test_whoever_asks_not_to_meet_somebody_is_heard_on_either_side() -> None:
    mentor, mentee = someone(1, given_name="Jan", family_name="Maes"), someone(2, given_name="An", family_name="Claes")
    assert propose([replace(mentor, avoid="an claes")], [mentee], plan(), {}) == []
    assert propose([replace(mentor, conflicts=(2,))], [mentee], plan(), {}) == []
    assert propose([mentor], [replace(mentee, conflicts=(1,))], plan(), {}) == []


@pytest.mark.parametrize("relax", [("same_site",), ("unavailable",), ("reporting_line", "reporting_line")])
def test_only_rules_of_the_programme_are_relaxed_once_and_never_privacy(relax: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="relaxed"):
        plan(rules=("reporting_line", "unavailable"), relax=relax)


# The score


def test_reasons_add_up_to_the_score_and_the_best_is_a_thousand() -> None:
    one = someone(1, years=10, interests=("sea",), language="nl", site="Gent", offers=("x", "y"))
    other = someone(2, years=3, interests=("sea",), language="nl", site="Gent", wants=("x", "y"))
    found = propose([one], [other], plan(), {})[0]
    assert found.score == sum(found.reasons.values()) == FULL
    assert found.reasons == {name: weight for name, weight in Weights().model_dump().items() if weight}


def test_worst_pair_still_has_a_score_and_is_proposed() -> None:
    found = propose(
        [someone(1, site="A", language="nl")], [someone(2, site="B", language="fr", wants=("x",))], plan(), {}
    )
    assert found[0].reasons == {"goal": 0, "experience": 0, "interests": 0, "language": 50, "site": 0}


def test_who_meets_online_meets_from_anywhere() -> None:
    one, other = someone(1, site="A", channel="online"), someone(2, site="B")
    assert factors(one, other, plan())["site"] == FULL


@given(st.fixed_dictionaries({name: st.integers(0, FULL) for name in Weights.model_fields}))
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


# Bending rules


def value(
    one: Candidate,
    other: Candidate,
    rules: Matching,
    managers: dict[int, int | None],
    apart: frozenset[tuple[int, int]],
) -> tuple[int, int] | None:
    """The tier of a pair and its score; None where it may never be."""
    broken = broken_rules(one, other, [Rule.UNAVAILABLE, *rules.rules], managers)
    if (one.id, other.id) in apart or not set(broken) <= set(rules.relax):
        return None
    tier = max((rules.relax.index(rule) + 1 for rule in broken), default=0)
    return tier, sum(points(factors(one, other, rules), rules.weights).values())


def best_bent(
    mentors: list[Candidate], mentees: list[Candidate], rules: Matching, worth: dict[tuple[int, int], tuple[int, int]]
) -> tuple[int, ...]:
    """By trying everything: most people, fewest pairs of the last tier, ..., the longest waits, the highest total."""
    waits = sorted({one.waited for one in mentees}, reverse=True)
    nothing = (0,) * (len(waits) + len(rules.relax) + 2)

    def rest(place: int, free: dict[int, int]) -> tuple[int, ...]:
        if place == len(mentees):
            return nothing
        top = rest(place + 1, free)
        for mentor, left in free.items():
            if left > 0 and (found := worth.get((mentor, mentees[place].id))):
                below = list(rest(place + 1, free | {mentor: left - 1}))
                below[0] += 1
                below[1 + len(rules.relax) + waits.index(mentees[place].waited)] += 1
                below[-1] += found[1]
                if found[0]:
                    below[1 + len(rules.relax) - found[0]] -= 1
                top = max(top, tuple(below))
        return top

    return rest(0, {m.id: m.places for m in mentors})


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6))
def test_rules_are_bent_for_most_people_and_least_often(seed: int) -> None:
    mentors, mentees, rules, managers, apart = wild(seed, mentees=5, mentors=4)
    pairs = [(m, n, value(m, n, rules, managers, apart)) for m in mentors for n in mentees]
    worth = {(m.id, n.id): found for m, n, found in pairs if found}
    done = propose_relaxed(mentors, mentees, rules, managers, apart)
    tiers = [worth[p.mentor, p.mentee][0] for p in done.proposals]
    used = [-tiers.count(tier) for tier in range(len(rules.relax), 0, -1)]
    by_id = {c.id: c for c in [*mentors, *mentees]}
    heard = [by_id[p.mentee].waited for p in done.proposals]
    waits = [heard.count(days) for days in sorted({one.waited for one in mentees}, reverse=True)]
    made = (len(tiers), *used, *waits, sum(p.score for p in done.proposals))
    assert made == best_bent(mentors, mentees, rules, worth)
    for one in done.proposals:
        assert set(one.relaxed) <= set(rules.relax)
        assert set(one.relaxed) == set(broken_rules(by_id[one.mentor], by_id[one.mentee], rules.rules, managers))
        assert one.score == sum(one.reasons.values())


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_steps_bend_one_rule_more_and_only_while_somebody_has_nobody(seed: int) -> None:
    mentors, mentees, rules, managers, apart = wild(seed)
    strict = propose(mentors, mentees, rules, managers, apart)
    done = propose_relaxed(mentors, mentees, rules, managers, apart)
    assert [step.rule for step in done.steps] == [None, *rules.relax][: len(done.steps)]
    matched = [step.matched for step in done.steps]
    assert matched == sorted(matched)
    assert (matched[0], matched[-1]) == (len(strict), len(done.proposals))
    most = min(len(mentees), sum(max(0, m.places) for m in mentors))
    assert all(one < most for one in matched[:-1])
    if len(strict) == len(done.proposals):
        assert done.proposals == strict
        assert not any(one.relaxed for one in done.proposals)


def test_rule_is_bent_for_who_has_nobody_and_marked() -> None:
    rules = plan(rules=(Rule.OTHER_DEPARTMENT, Rule.SAME_SITE), relax=(Rule.OTHER_DEPARTMENT,))
    mentors = [someone(1, department="A", site="Gent"), someone(2, department="B", site="Gent")]
    mentees = [someone(11, department="B", site="Gent"), someone(12, department="B", site="Gent")]
    done = propose_relaxed(mentors, mentees, rules, {})
    assert [(p.mentor, p.relaxed) for p in done.proposals] in (
        [(1, ()), (2, (Rule.OTHER_DEPARTMENT,))],
        [(2, (Rule.OTHER_DEPARTMENT,)), (1, ())],
    )
    assert [(step.rule, step.matched) for step in done.steps] == [(None, 1), (Rule.OTHER_DEPARTMENT, 2)]
    assert len(propose_relaxed(mentors, mentees, plan(rules=rules.rules), {}).proposals) == 1


def test_beyond_what_is_held_at_once_the_same_people_find_a_mentor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Levels that cannot be kept apart are dear instead: as many people, and here as few rules bent."""
    for seed in range(40):
        people = wild(seed)
        exact = propose_relaxed(*people)
        with monkeypatch.context() as patch:
            patch.setattr("framework.matching.relaxing.CELLS", 0)
            dear = propose_relaxed(*people)
        assert [step.matched for step in dear.steps] == [step.matched for step in exact.steps]
        assert exact.proved
        assert dear.proved is (dear.steps[0].matched == dear.steps[-1].matched)
        assert sum(bool(p.relaxed) for p in dear.proposals) >= sum(bool(p.relaxed) for p in exact.proposals)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_set_is_proved_over_all_pairs(seed: int) -> None:
    found = market(*wild(seed))
    proof = found.assignment.certificate
    assert verify(proof, found.assignment, found.scorer.rows, found.scorer.places, bonus=found.bonus) == []
    made = found.proposals()
    assert (len(made), 10 * sum(one.score for one in made)) == (found.assignment.count, found.assignment.total)
