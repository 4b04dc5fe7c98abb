"""The proof: spoilt ones are found, and a solver or scores that break their word are not believed."""

from dataclasses import replace

import numpy as np
import pytest

from framework.matching import assignment
from framework.matching.assignment import BrokenInvariantError, by_scipy, solve, verify
from framework.matching.certificate import Certificate
from framework.matching.duals import Candidates, Places, prove
from tests.framework.matching.assignments import (
    HAS_FLOW,
    MASTERS,
    SECONDS,
    SENTINEL,
    Problem,
    by_brute_force,
    by_dense,
    career,
    needs_flow,
    within,
)

SPOILT = {
    "a mentee's price": ("mentee_price", lambda of: of - 1),
    "one mentor's price too low": ("mentor_price", lambda of: np.where(of == of.max(), of - 1, of)),
    "one mentor's price too high": ("mentor_price", lambda of: np.where(of == of.max(), of + 1, of)),
    "prices that were clipped": ("mentor_price", lambda of: np.minimum(of, of.max() // 2)),
    "nobody covered": ("mentee_cover", np.zeros_like),
    "everybody covered": ("mentor_cover", np.ones_like),
    "half a cover": ("mentee_cover", lambda of: of / 2),
    "too few": ("mentee_cover", lambda of: of[1:]),
}


@pytest.mark.parametrize("spoilt", SPOILT)
def test_a_spoilt_certificate_is_found(spoilt: str) -> None:
    problem = career(200)
    found = problem.solve()
    name, spoil = SPOILT[spoilt]
    wrong = replace(found.certificate, **{name: spoil(getattr(found.certificate, name))})
    assert verify(found.certificate, found, problem.rows, problem.places) == []
    assert verify(wrong, found, problem.rows, problem.places) != []


def test_spoilt_pairs_are_found() -> None:
    problem = career(200)
    found = problem.solve()
    mates = found.mentor_of
    forbidden = mates.copy()
    forbidden[0] = int(np.argmax(problem.scores[0] < 0))
    crowded = np.full_like(mates, mates.max())
    fewer = mates.copy()
    fewer[0] = -1
    for wrong in (forbidden, crowded, fewer, mates[::-1].copy(), mates + len(problem.places)):
        assert problem.verify(replace(found, mentor_of=wrong)) != []
    assert problem.verify(replace(found, total=found.total + 1)) != []
    assert problem.verify(replace(found, count=found.count - 1)) != []
    assert verify(found.certificate, found, lambda rows: problem.scores[rows][:, 1:], problem.places) != []


def test_one_pair_beyond_the_prices_is_found() -> None:
    problem = career(200)
    found = problem.solve()
    for mentee, mentor in ((0, 3), (150, 70), (199, 119)):
        scores = problem.scores.copy()
        scores[mentee, mentor] = 30_000
        faults = verify(found.certificate, found, lambda rows, scores=scores: scores[rows], problem.places)
        assert any(f"mentee {mentee} and mentor {mentor}" in fault for fault in faults)


def nothing(*shape: int) -> list[np.ndarray]:
    return [np.zeros(size, dtype=np.int64) for size in shape]


def test_nobody_matched_and_nothing_asked_is_no_proof() -> None:
    """The control: all zeros add up, and cover no pair."""
    problem = Problem(np.zeros((2, 2), dtype=np.int16), np.array([1, 1]), None)
    empty = assignment.Assignment(np.full(2, -1, dtype=np.int32), 0, 0, Certificate(*nothing(2, 2, 2, 2)), 1)
    assert any("do not cover" in fault for fault in problem.verify(empty))
    everybody_out = replace(problem, scores=np.full((2, 2), -1, dtype=np.int16))
    assert everybody_out.verify(empty) == []


def test_prices_that_forget_what_a_place_costs_are_found() -> None:
    """The control: every pair is covered and every pair used is worth its prices, but the sums differ."""
    problem = Problem(np.full((2, 1), 500, dtype=np.int16), np.array([2]), np.array([0, 100]))
    found = problem.solve()
    assert (found.count, found.total, found.certificate.mentor_price.tolist()) == (2, 900, [100])
    forgot = Certificate(np.ones(2, dtype=np.int64), np.full(2, 500), *nothing(1, 1))
    assert problem.verify(replace(found, certificate=forgot)) == ["the pairs are worth (2, 900), the prices (2, 1000)"]


def test_the_best_few_of_each_prove_nothing_about_the_rest() -> None:
    """The control: a set that is the best over the three best mentors of each is not taken for the best of all."""
    problem = career(200)
    n, m = problem.scores.shape
    i, j = np.repeat(np.arange(n), 3), np.argsort(-problem.scores, axis=1, kind="stable")[:, :3].ravel()
    pairs = Candidates.of(j * n + i, problem.scores[i, j].astype(np.int64), n)
    places = Places.of(problem.places, n, m)
    mates = by_scipy(pairs, n, places)
    earned = np.where(mates >= 0, problem.scores[np.arange(n), mates], 0).astype(np.int64)
    proof = prove(pairs, mates, earned, places)
    found = assignment.Assignment(mates.astype(np.int32), int((mates >= 0).sum()), int(earned.sum()), proof, 1)
    assert any("do not cover their pair" in fault for fault in problem.verify(found))


# What breaks its word is not believed


def worse(pairs: Candidates, mentees: int, places: Places) -> np.ndarray:
    """A master that swaps the mentors of two people."""
    mates = by_scipy(pairs, mentees, places)
    swapped = pairs.key[0] % mentees
    mates[swapped] = -1
    return mates


LIARS = {
    "one place is left empty": worse,
    "everybody with one": lambda pairs, mentees, places: np.zeros(mentees, dtype=np.int64),
    "nobody": lambda pairs, mentees, places: np.full(mentees, -1),
    "the first that comes": lambda pairs, mentees, places: by_scipy(
        replace(pairs, score=10_000 - pairs.score), mentees, places
    ),
}


@pytest.mark.parametrize("liar", LIARS)
def test_a_master_that_is_wrong_is_found_out(liar: str) -> None:
    with pytest.raises(BrokenInvariantError):
        career(60).solve(master=LIARS[liar])


def test_scores_that_change_between_looks_are_found_out() -> None:
    problem, looks = career(100), iter(range(10_000))

    def rows(which):
        return problem.scores[which] + np.where(problem.scores[which] >= 0, next(looks) * 50, 0).astype(np.int16)

    with within(SECONDS), pytest.raises(BrokenInvariantError, match="looked at before"):
        solve(rows, problem.places, mentees=100, mentors=60, shelf=2, per_mentee=1, passes=0)


def test_costs_beyond_the_solver_s_range_are_refused() -> None:
    scores = np.zeros((2, 2), dtype=np.int16)
    with pytest.raises(OverflowError):
        Problem(scores, np.array([1, 1]), np.array([0, 2**60])).solve()
    with pytest.raises(OverflowError, match="float64"):
        Problem(scores, np.array([1, 1]), np.array([0, 2**52])).solve(master=by_scipy)


@needs_flow
def test_costs_that_only_the_flow_can_hold() -> None:
    scores = np.array([[5, 4], [3, SENTINEL]], dtype=np.int16)
    problem = Problem(scores, np.array([2, 2]), np.array([0, 2**52, 2**52 + 1, 2**52 + 1]))
    found = problem.solve()
    assert (found.count, found.total) == by_brute_force(problem)
    assert problem.verify(found) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"places": [1]}, "number of places"),
        ({"places": [1, -1]}, "number of places"),
        ({"slots": [0]}, "cost"),
        ({"slots": [0, -1, 0]}, "cost"),
        ({"slots": [0, 5, 4]}, "rise"),
        ({"shelf": 0}, "at least 1"),
        ({"per_mentee": 0}, "at least 1"),
        ({"passes": -1}, "at least 0"),
        ({"mentors": 3, "places": [1, 1, 1]}, "shape"),
        ({"score_rows": lambda rows: np.zeros((2, 2))[rows]}, "int16"),
    ],
)
def test_what_is_not_as_described_is_refused(change: dict, says: str) -> None:
    right = {
        "score_rows": lambda rows: np.zeros((2, 2), dtype=np.int16)[rows],
        "places": [1, 2],
        "mentees": 2,
        "mentors": 2,
    }
    assert solve(**right).count == 2
    with pytest.raises(ValueError, match=says):
        solve(**(right | change))


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
def test_nobody_on_a_side_is_no_fault(shape: tuple[int, int]) -> None:
    problem = Problem(np.zeros(shape, dtype=np.int16), np.ones(shape[1], dtype=np.int64), None)
    for master in MASTERS:
        found = problem.solve(master=master)
        assert (found.count, found.total, problem.verify(found)) == (0, 0, [])


def test_the_engine_says_what_solved_it(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = career(30)
    assert problem.solve().engine.split()[0] == ("ortools" if HAS_FLOW else "scipy")
    monkeypatch.setattr(assignment, "_flow_version", str)
    alone = problem.solve()
    assert alone.engine.split()[0] == "scipy"
    assert (alone.count, alone.total) == by_dense(problem)


def test_a_certificate_is_whole_numbers() -> None:
    found = career(30).solve()
    assert isinstance(found.certificate, Certificate)
    assert all(getattr(found.certificate, name).dtype == np.int64 for name in Certificate.__dataclass_fields__)
    assert found.mentor_of.dtype == np.int32
