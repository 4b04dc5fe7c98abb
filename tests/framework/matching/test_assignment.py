"""The engine: the same people and points as every other exact way, with a proof that holds, and never without end."""

from dataclasses import replace

import numpy as np
import pytest

from framework.matching.assignment import by_flow, solve_by_key
from framework.matching.duals import Candidates, Places
from framework.matching.shelf import stock
from tests.framework.matching.assignments import (
    MASTERS,
    SECONDS,
    SENTINEL,
    Problem,
    by_brute_force,
    by_dense,
    career,
    needs_flow,
    odd_options,
    random_problem,
    within,
)


def check(seed: int, most: tuple[int, int], other) -> int:
    """One random case, with odd options and one of the masters; how many rounds it took."""
    dice = np.random.default_rng(seed)
    problem, options = random_problem(dice, most), odd_options(dice)
    with within(SECONDS):
        found = problem.solve(master=MASTERS[seed % len(MASTERS)], **options)
    assert (found.count, found.total) == other(problem), seed
    assert problem.verify(found) == [], seed
    return found.rounds


def by_all_pairs(problem: Problem) -> tuple[int, int]:
    """OR-Tools on all pairs at once."""
    n, m = problem.scores.shape
    i, j = np.nonzero(problem.scores >= 0)
    pairs = Candidates.of(j * n + i, problem.scores[i, j].astype(np.int64), n)
    places = Places.of(problem.places, n, m, problem.slots)
    mates = by_flow(pairs, n, places)
    at = np.flatnonzero(mates >= 0)
    load = np.bincount(mates[at], minlength=m)
    return len(at), int(problem.scores[at, mates[at]].sum(dtype=np.int64)) - places.spent(load)


# The best of all


def test_small_ones_against_every_way_to_pair() -> None:
    assert max(check(seed, (5, 4), by_brute_force) for seed in range(700)) > 1


def test_larger_ones_against_the_dense_assignment() -> None:
    assert max(check(seed, (39, 24), by_dense) for seed in range(10_000, 10_400)) > 3


@needs_flow
def test_against_the_flow_on_all_pairs() -> None:
    for seed in range(20_000, 20_200):
        check(seed, (39, 24), by_all_pairs)


@pytest.mark.slow
def test_thousands_more() -> None:
    for seed in range(100_000, 104_000):
        check(seed, (5, 5), by_brute_force)
    for seed in range(200_000, 202_000):
        check(seed, (60, 40), by_dense)


@pytest.mark.parametrize("mentees", [100, 500, pytest.param(2_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("master", MASTERS)
def test_companies_against_the_dense_assignment(mentees: int, master) -> None:
    problem = career(mentees)
    found = problem.solve(master=master)
    assert (found.count, found.total) == by_dense(problem)
    assert problem.verify(found) == []
    loads = np.bincount(found.mentor_of[found.mentor_of >= 0], minlength=len(problem.places))
    assert (loads <= problem.places).all()
    assert (problem.scores[np.arange(mentees), found.mentor_of][found.mentor_of >= 0] >= 0).all()


@pytest.mark.long
def test_five_thousand_against_the_dense_assignment() -> None:
    problem = career(5_000)
    found = problem.solve()
    assert (found.count, found.total) == by_dense(problem)
    assert problem.verify(found) == []


@pytest.mark.parametrize("seed", range(3))
def test_few_mentors_many_mentors_and_slots(seed: int) -> None:
    dice = np.random.default_rng(seed)
    for mentors in (60, 360):
        scores = dice.integers(0, 10_001, (200, mentors)).astype(np.int16)
        scores[dice.random(scores.shape) < 0.9] = SENTINEL
        places = dice.integers(0, 4, mentors)
        slots = np.concatenate([200 * (dice.integers(0, 5) + np.arange(size)) for size in places])
        problem = Problem(scores, places, slots)
        for options in ({}, {"shelf": 2, "per_mentee": 1, "passes": 0}):
            with within(30):
                found = problem.solve(**options)
            assert (found.count, found.total) == by_dense(problem)
            assert problem.verify(found) == []


def test_people_come_before_points() -> None:
    scores = np.array([[10_000, 0], [9_999, SENTINEL]], dtype=np.int16)
    found = Problem(scores, np.array([1, 1]), None).solve()
    assert (found.mentor_of.tolist(), found.count, found.total) == ([1, 0], 2, 9_999)


def test_forbidden_is_no_pair_even_where_somebody_stays_alone() -> None:
    found = Problem(np.array([[-1, SENTINEL], [5, -1]], dtype=np.int16), np.array([2, 2]), None).solve()
    assert found.mentor_of.tolist() == [-1, 0]


def test_slots_spread_the_load_but_cost_nobody_a_mentor() -> None:
    scores = np.array([[1_000, 900], [1_000, 900], [1_000, SENTINEL]], dtype=np.int16)
    plain, spread = (Problem(scores, np.array([3, 3]), slots) for slots in (None, np.array([0, 200, 5_000, 0, 0, 0])))
    assert np.bincount(plain.solve().mentor_of, minlength=2).tolist() == [3, 0]
    found = spread.solve()
    assert (np.bincount(found.mentor_of, minlength=2).tolist(), found.count, found.total) == ([1, 2], 3, 2_800)


def test_nothing_changes_with_the_engine_s_own_settings() -> None:
    problem = career(300)
    best = {
        (found.count, found.total)
        for options in (
            {},
            {"shelf": 3},
            {"shelf": 3, "per_mentee": 1, "passes": 0},
            {"keep": True, "shelf": 20},
            {"passes": 30, "per_mentee": 200},
        )
        for found in [problem.solve(**options)]
    }
    assert len(best) == 1


def test_everybody_alike_is_no_flood() -> None:
    """All pairs the same: the shelf stays small, and the rounds come to an end."""
    for room in (400, 100):
        scores = np.full((400, 400), 5_000, dtype=np.int16)
        problem = Problem(scores, np.full(400, room // 100) * (np.arange(400) < 100), None)
        assert len(stock(problem.rows, 400, 400, 10).mentor) <= 400 * 20
        with within(SECONDS):
            found = problem.solve(shelf=10, per_mentee=2)
        assert (found.count, found.total) == (room, room * 5_000)
        assert problem.verify(found) == []


def test_shelf_tells_the_most_that_is_off_it() -> None:
    for seed in range(60):
        dice = np.random.default_rng(seed)
        problem = random_problem(dice, (30, 60))
        n, m = problem.scores.shape
        size = int(dice.integers(1, 8))
        shelf = stock(problem.rows, n, m, size)
        for row in range(n):
            cols = shelf.mentor[shelf.start[row] : shelf.start[row + 1]]
            assert (problem.scores[row, cols] >= 0).all()
            assert len(set(cols.tolist())) == len(cols) <= max(2 * size, m if m <= 2 * size else 0)
            off = np.delete(problem.scores[row], cols)
            assert off.max(initial=-1) <= shelf.rest[row] or off.max(initial=-1) < 0


def test_shelf_is_exact_to_one_basis_point() -> None:
    """Scores side by side: what is just below the threshold is what is off the shelf."""
    scores = np.random.default_rng(1).permuted(np.tile(np.arange(1_500, dtype=np.int16), (40, 1)), axis=1)
    shelf = stock(lambda rows: scores[rows], 40, 1_500, 2)
    for row in range(40):
        off = np.delete(scores[row], shelf.mentor[shelf.start[row] : shelf.start[row + 1]])
        assert off.max() == shelf.rest[row]


def test_more_room_never_costs_anybody_and_a_ban_never_helps() -> None:
    for seed in range(80):
        dice = np.random.default_rng(seed)
        problem = replace(random_problem(dice, (12, 8)), slots=None)
        found = problem.solve()
        more = replace(problem, places=problem.places + (dice.random(len(problem.places)) < 0.3)).solve()
        assert (more.count, more.total) >= (found.count, found.total)
        if found.count:
            mentee = int(np.argmax(found.mentor_of >= 0))
            banned = problem.scores.copy()
            banned[mentee, found.mentor_of[mentee]] = SENTINEL
            less = replace(problem, scores=banned).solve()
            assert (less.count, less.total) <= (found.count, found.total)


# Who came first


def test_shuffled_people_get_the_same_partners() -> None:
    for seed in range(40):
        dice = np.random.default_rng(seed)
        problem = random_problem(dice, (25, 15))
        n, m = problem.scores.shape
        mentees = [f"e{at:03}" for at in dice.permutation(n)]
        mentors = dice.permutation(m).tolist()
        found = solve_by_key(
            problem.rows, problem.places, mentee_keys=mentees, mentor_keys=mentors, slots=problem.slots, shelf=4
        )
        assert problem.verify(found) == []
        rows, cols = dice.permutation(n), dice.permutation(m)
        costs = problem.costs()
        other = Problem(
            problem.scores[np.ix_(rows, cols)],
            problem.places[cols],
            None if problem.slots is None else np.array([one for j in cols for one in costs[j]], dtype=np.int64),
        )
        again = solve_by_key(
            other.rows,
            other.places,
            mentee_keys=[mentees[i] for i in rows],
            mentor_keys=[mentors[j] for j in cols],
            slots=other.slots,
            shelf=4,
        )
        assert other.verify(again) == []
        one = {mentees[i]: mentors[j] for i, j in enumerate(found.mentor_of) if j >= 0}
        two = {mentees[rows[i]]: mentors[cols[j]] for i, j in enumerate(again.mentor_of) if j >= 0}
        assert one == two


def test_two_people_with_one_key_are_refused() -> None:
    rows = career(20).rows
    with pytest.raises(ValueError, match="same key"):
        solve_by_key(rows, [1] * 12, mentee_keys=[1] * 20, mentor_keys=range(12))
