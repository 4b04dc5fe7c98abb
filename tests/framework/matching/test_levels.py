"""Below people: who waited, points, load, rest, and always the same set; each level as trying everything finds it."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from framework.matching import assignment
from framework.matching.assignment import Assignment, solve, verify
from framework.matching.certificate import BrokenInvariantError
from framework.matching.face import lot
from framework.matching.turns import COST_RANGE, Order, turns, unit
from tests.framework.matching.assignments import (
    HAS_FLOW,
    MASTERS,
    SECONDS,
    SENTINEL,
    Problem,
    career,
    needs_flow,
    odd_options,
    random_problem,
    within,
)

Key = tuple[object, ...]


def sets(problem: Problem) -> Iterator[tuple[int, ...]]:
    """Every way to pair these people."""
    places = problem.places.tolist()

    def more(mates: tuple[int, ...], held: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if len(mates) == len(problem.scores):
            yield mates
            return
        yield from more((*mates, -1), held)
        for j, score in enumerate(problem.scores[len(mates)].tolist()):
            if score >= 0 and held[j] < places[j]:
                yield from more((*mates, j), (*held[:j], held[j] + 1, *held[j + 1 :]))

    return more((), (0,) * len(places))


def value(problem: Problem, order: Order, mates: tuple[int, ...]) -> Key:
    """What a set is worth, level by level: the greatest is the best."""
    matched = [(i, j) for i, j in enumerate(mates) if j >= 0]
    held = [mates.count(j) for j in range(len(problem.places))]
    days = np.asarray(order.waited).tolist()
    heard = tuple(sum(days[i] == wait for i, _ in matched) for wait in sorted(set(days), reverse=True))
    spent = sum(sum(costs[:load]) for costs, load in zip(problem.costs(), held, strict=True))
    total = sum(int(problem.scores[pair]) for pair in matched) - spent
    spread = -sum(load * (load - 1) // 2 for load in held)
    fresh = sum(load > 0 and bool(rests) for load, rests in zip(held, np.asarray(order.rested), strict=True))
    return len(matched), heard, total, spread, fresh


def bonus(problem: Problem, order: Order) -> np.ndarray:
    dearest = 0 if problem.slots is None else int(problem.slots.max(initial=0))
    return turns(order.waited, *problem.scores.shape, dearest)


def faults(problem: Problem, order: Order, found: Assignment) -> list[str]:
    return verify(found.certificate, found, problem.rows, problem.places, problem.slots, bonus(problem, order))


def drawn_case(seed: int) -> tuple[Problem, Order, np.random.Generator]:
    dice = np.random.default_rng(seed)
    problem = random_problem(dice, (5, 4))
    if seed % 2:  # few kinds of scores: many equal sets
        problem = replace(problem, scores=np.where(problem.scores < 0, SENTINEL, problem.scores // 5_001 * 100))
        problem = replace(problem, scores=problem.scores.astype(np.int16), slots=None)
    n, m = problem.scores.shape
    return problem, Order(dice.integers(0, int(dice.choice([1, 2, 4])), n), dice.integers(0, 2, m)), dice


def check(seeds: range) -> tuple[int, int]:
    """Each case with each master against trying everything; in how many there were several best sets, or waits."""
    several = waits = 0
    for seed in seeds:
        problem, order, dice = drawn_case(seed)
        worth: dict[tuple[int, ...], Key] = {one: value(problem, order, one) for one in sets(problem)}
        top = max(worth.values())
        with within(SECONDS):
            found = [problem.solve(order=order, master=master, **odd_options(dice)) for master in MASTERS]
        for one in found:
            mates = tuple(one.mentor_of.tolist())
            assert worth[mates] == top, seed
            assert (one.count, one.total) == (top[0], top[2]), seed
            assert faults(problem, order, one) == [], seed
            assert mates == tuple(found[0].mentor_of.tolist()), seed
        several += list(worth.values()).count(top) > 1
        plain = max(value(problem, Order([0] * len(problem.scores), order.rested), one) for one in worth)
        waits += plain[2] != top[2]
    return several, waits


def test_each_level_is_what_trying_everything_finds() -> None:
    several, waits = check(range(600))
    assert several > 30  # the last level had something to decide
    assert waits > 5  # and so had the wait


@pytest.mark.slow
def test_each_level_on_thousands_more() -> None:
    check(range(10_000, 13_000))


# Who waited


def test_who_waited_longest_comes_first_where_places_are_short() -> None:
    problem = Problem(np.array([[9_000], [100], [9_000]], dtype=np.int16), np.array([1]), None)
    assert problem.solve().mentor_of.tolist() in ([0, -1, -1], [-1, -1, 0])
    found = problem.solve(order=Order(waited=[0, 200, 90]))
    assert (found.mentor_of.tolist(), found.count, found.total) == ([-1, 0, -1], 1, 100)


def test_the_wait_costs_nobody_a_mentor_and_changes_nothing_where_all_find_one() -> None:
    scores = np.array([[9_000, SENTINEL], [9_000, 100]], dtype=np.int16)
    found = Problem(scores, np.array([1, 1]), None).solve(order=Order(waited=[0, 365]))
    assert found.mentor_of.tolist() == [0, 1]


def test_a_proof_without_the_wait_is_no_proof() -> None:
    """The control: the best set by points alone is not taken for the one in which who waited comes first."""
    problem = Problem(np.array([[9_000], [100]], dtype=np.int16), np.array([1]), None)
    order = Order(waited=[0, 30])
    plain = problem.solve()
    assert faults(problem, order, plain) != []
    assert faults(problem, order, problem.solve(order=order)) == []


def test_more_waits_than_numbers_can_hold_share_a_step_and_keep_their_order() -> None:
    days = np.arange(40_000)
    found = turns(days, 40_000, 20_000)
    assert (np.diff(found) >= 0).all()
    assert 0 == found[0] < found[-1]
    assert int(found[-1]) * 60_002 < COST_RANGE
    assert set(np.diff(turns(days[:300], 300, 100)).tolist()) == {unit(300, 100)}


@pytest.mark.parametrize(
    "order", [Order(waited=[1]), Order(rested=[1]), Order(mentee_keys=[1]), Order(mentor_keys=[1, 2, 3])]
)
def test_what_is_not_one_for_each_is_refused(order: Order) -> None:
    with pytest.raises(ValueError, match="for each"):
        solve(lambda rows: np.zeros((2, 2), dtype=np.int16)[rows], [1, 1], mentees=2, mentors=2, order=order)


# Among equals


def test_the_load_is_spread_and_who_rested_goes_first() -> None:
    alike = Problem(np.full((3, 4), 5_000, dtype=np.int16), np.full(4, 3), None)
    found = alike.solve(order=Order(rested=[1, 0, 1, 1]))
    assert sorted(found.mentor_of.tolist()) == [0, 2, 3]
    busy = replace(alike, scores=np.full((6, 4), 5_000, dtype=np.int16)).solve(order=Order(rested=[0, 1, 0, 0]))
    assert sorted(np.bincount(busy.mentor_of, minlength=4).tolist()) == [1, 1, 2, 2]


def test_points_come_before_the_load() -> None:
    scores = np.array([[5_000, 4_999], [5_000, 4_999]], dtype=np.int16)
    assert Problem(scores, np.array([2, 2]), None).solve(order=Order(rested=[0, 1])).mentor_of.tolist() == [0, 0]


def test_equals_are_settled_by_a_lot_of_the_ids_and_not_by_the_first_on_the_list() -> None:
    alike = Problem(np.full((2, 2), 5_000, dtype=np.int16), np.array([1, 1]), None)
    drawn = [
        tuple(alike.solve(order=Order(mentee_keys=[a, b], mentor_keys=[5, 9])).mentor_of.tolist())
        for a, b in permutations(range(20, 30), 2)
    ]
    assert 20 < drawn.count((0, 1)) < 70  # of 90
    for (a, b), mates in zip(permutations(range(20, 30), 2), drawn, strict=True):
        turned = alike.solve(order=Order(mentee_keys=[b, a], mentor_keys=[5, 9])).mentor_of.tolist()
        assert turned == list(mates[::-1])


def test_a_lot_is_the_same_everywhere_and_leaves_room_to_add_up() -> None:
    ids = np.array([7, 7, 8]), np.array([1, 2, 1])
    assert lot(*ids, 3).tolist() == lot(*ids, 3).tolist()
    assert len(set(lot(*ids, 3).tolist())) == 3
    for people in (1, 1_000, 10_000, 60_000):
        assert 3 * people * people * int(lot(np.arange(999), np.arange(999), people).max()) < 2**53


@needs_flow
@pytest.mark.parametrize("mentees", [100, 1_000, pytest.param(5_000, marks=pytest.mark.long)])
def test_companies_come_out_the_same_whichever_solver(mentees: int) -> None:
    problem = career(mentees)
    dice = np.random.default_rng(mentees)
    some = replace(problem, places=np.where(dice.random(len(problem.places)) < 0.7, problem.places, 0))
    order = Order(dice.choice([0, 30, 90], mentees), dice.integers(0, 2, len(problem.places)))
    one, two = (some.solve(order=order, master=master) for master in MASTERS)
    assert one.mentor_of.tolist() == two.mentor_of.tolist()
    assert faults(some, order, one) == faults(some, order, two) == []


def test_a_crowd_all_alike_is_spread_and_settled_in_time() -> None:
    problem = Problem(np.full((600, 300), 5_000, dtype=np.int16), np.full(300, 4), None)
    with within(30):
        found = problem.solve(order=Order(rested=np.arange(300) % 2))
    assert np.bincount(found.mentor_of).tolist() == [2] * 300
    assert problem.verify(found) == []


def test_a_lot_that_breaks_its_word_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: among equals somebody is forgotten."""
    name = "fill_by_flow" if HAS_FLOW else "fill_by_scipy"
    real = getattr(assignment, name)

    def forgets(*given: object) -> np.ndarray:
        mates = real(*given)
        mates[0] = -1
        return mates

    monkeypatch.setattr(assignment, name, forgets)
    alike = Problem(np.full((3, 3), 5_000, dtype=np.int16), np.array([1, 1, 1]), None)
    with pytest.raises(BrokenInvariantError):
        alike.solve()
