"""Groups, two mentors, peers: as many people as can be, then the highest total, as trying everything finds."""

from collections.abc import Iterator
from itertools import product
from random import Random

import numpy as np
import pytest
from scipy.optimize import OptimizeResult

from framework.matching import groups as shapes
from framework.matching.groups import Shape, Unsolved, groups, peers, two_mentors
from framework.matching.mutual import ScoreRows

Scores = np.ndarray


def scored(dice: Random, n: int, m: int, forbidden: float) -> Scores:
    rows = [[-20_000 if dice.random() < forbidden else dice.randint(0, 10) * 1000 for _ in range(m)] for _ in range(n)]
    return np.array(rows, np.int16).reshape(n, m)


def rows_of(scores: Scores) -> ScoreRows:
    return lambda rows: scores[rows]


def totals(found: Shape) -> tuple[int, int]:
    return found.count, found.total


# Groups


def best_groups(scores: Scores, least: list[int], most: list[int]) -> tuple[int, int]:
    n, m = scores.shape
    best = (0, 0)
    for mate in product(range(-1, m), repeat=n):
        sizes = [mate.count(j) for j in range(m)]
        if all(size == 0 or least[j] <= size <= most[j] for j, size in enumerate(sizes)):
            worth = [int(scores[i, j]) for i, j in enumerate(mate) if j >= 0]
            if all(one >= 0 for one in worth):
                best = max(best, (len(worth), sum(worth)))
    return best


def test_groups_are_the_best_and_never_too_small() -> None:
    for seed in range(150):
        dice = Random(seed)
        n, m = dice.randint(0, 6), dice.randint(0, 3)
        scores = scored(dice, n, m, 0.3)
        least = [dice.randint(0, 3) for _ in range(m)]
        most = [low + dice.randint(0, 2) for low in least]
        found = groups(rows_of(scores), least, most, mentees=n, mentors=m)
        assert totals(found) == best_groups(scores, least, most), seed
        assert found.proved
        assert len(np.unique(found.pairs[:, 0])) == len(found.pairs)
        assert (scores[tuple(found.pairs.T)] >= 0).all()
        for j, size in zip(*np.unique(found.pairs[:, 1], return_counts=True), strict=True):
            assert least[j] <= size <= most[j]


def test_one_size_serves_all_and_people_come_before_points() -> None:
    scores = np.array([[9000, 0], [9000, 0], [-1, 0]], np.int16)
    found = groups(rows_of(scores), 3, 8, mentees=3, mentors=2)
    assert found.pairs.tolist() == [[0, 1], [1, 1], [2, 1]]
    assert totals(found) == (3, 0)


@pytest.mark.parametrize(("least", "most"), [(-1, 3), (4, 3)])
def test_sizes_that_make_no_sense_are_refused(least: int, most: int) -> None:
    with pytest.raises(ValueError, match="least"):
        groups(rows_of(np.zeros((1, 1), np.int16)), least, most, mentees=1, mentors=1)


def test_an_answer_that_does_not_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a solver that puts everybody everywhere, and one that gives up."""
    scores = rows_of(np.zeros((2, 2), np.int16))

    def everything(*_: object, **named: object) -> OptimizeResult:
        return OptimizeResult(status=0, x=np.ones(len(named["integrality"])), mip_dual_bound=None)

    monkeypatch.setattr(shapes, "milp", everything)
    with pytest.raises(Unsolved, match="integers"):
        groups(scores, 1, 2, mentees=2, mentors=2)
    monkeypatch.setattr(shapes, "milp", lambda *_, **__: OptimizeResult(status=2, x=None))
    with pytest.raises(Unsolved, match="status 2"):
        groups(scores, 1, 2, mentees=2, mentors=2)


# Two mentors for two languages


def best_two(first: Scores, second: Scores, places: list[int]) -> tuple[int, int]:
    n, m = first.shape
    ways = [
        [None] + [(a, b) for a in range(m) for b in range(m) if a != b and first[i, a] >= 0 and second[i, b] >= 0]
        for i in range(n)
    ]
    best = (0, 0)
    for chosen in product(*ways):
        both = [(i, way) for i, way in enumerate(chosen) if way]
        used = [j for _, way in both for j in way]
        if all(used.count(j) <= places[j] for j in range(m)):
            best = max(best, (len(both), sum(int(first[i, a]) + int(second[i, b]) for i, (a, b) in both)))
    return best


def test_two_mentors_are_two_people_and_both_or_none() -> None:
    for seed in range(150):
        dice = Random(seed)
        n, m = dice.randint(0, 3), dice.randint(0, 4)
        first, second = scored(dice, n, m, 0.4), scored(dice, n, m, 0.4)
        places = [dice.randint(0, 2) for _ in range(m)]
        found, leg = two_mentors(rows_of(first), rows_of(second), places, mentees=n, mentors=m)
        assert totals(found) == best_two(first, second, places), seed
        assert found.proved
        legs: dict[int, dict[int, int]] = {}
        for (i, j), side in zip(found.pairs.tolist(), leg.tolist(), strict=True):
            assert (first, second)[side][i, j] >= 0
            legs.setdefault(i, {})[side] = j
        assert all(set(one) == {0, 1} and one[0] != one[1] for one in legs.values())
        assert (np.bincount(found.pairs[:, 1], minlength=m) <= places).all() if m else not legs


# Peers


def best_peers(scores: Scores) -> tuple[int, int]:
    def rest(people: tuple[int, ...]) -> Iterator[tuple[int, int]]:
        if not people:
            yield (0, 0)
            return
        one, *others = people
        yield from rest(tuple(others))
        for other in others:
            if scores[one, other] >= 0 and scores[other, one] >= 0:
                for count, total in rest(tuple(o for o in others if o != other)):
                    yield count + 2, total + int(scores[one, other]) + int(scores[other, one])

    return max(rest(tuple(range(len(scores)))))


def test_peers_are_the_best_pairs_out_of_one_pool() -> None:
    for seed in range(150):
        dice = Random(seed)
        n = dice.randint(0, 8)
        scores = scored(dice, n, n, dice.choice((0.1, 0.4)))
        found = peers(rows_of(scores), people=n)
        assert totals(found) == best_peers(scores), seed
        assert found.proved
        assert len(np.unique(found.pairs)) == found.pairs.size == found.count


def test_odd_circles_of_peers_are_not_shared_by_halves() -> None:
    """Three circles of three and five, with a bridge: linear programming alone would match halves of people."""
    scores = np.full((13, 13), -20_000, np.int16)
    for circle in ((0, 1, 2), (3, 4, 5), (6, 7, 8, 9, 10)):
        for one, other in zip(circle, (*circle[1:], circle[0]), strict=True):
            scores[one, other] = scores[other, one] = 5000
    scores[2, 3] = scores[3, 2] = 0
    found = peers(rows_of(scores), people=13)
    assert totals(found) == (10, 40_000)
    assert [2, 3] in found.pairs.tolist()


@pytest.mark.slow
def test_a_hundred_people_are_no_matter() -> None:
    dice = Random(1)
    scores = scored(dice, 100, 100, 0.3)
    assert groups(rows_of(scores[:, :15]), 3, 8, mentees=100, mentors=15).count == 100
    assert peers(rows_of(scores), people=100).count == 100
