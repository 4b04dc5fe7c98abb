"""The regimes without an optimum: a mentee's own choice, an open pool, a fair draw, roles turned round."""

from collections import Counter
from itertools import product
from random import Random

import numpy as np
import pytest
from scipy.stats import chisquare

from framework.matching.mutual import NOBODY, ScoreRows
from framework.matching.regimes import Answer, Choice, Turn, by_lot, next_choice, open_pool, turned

A = Answer


def rows_of(scores: np.ndarray) -> ScoreRows:
    return lambda rows: scores[rows]


# The mentee picks


@pytest.mark.parametrize(
    ("answers", "may", "places", "expected"),
    [
        ({}, {1, 2, 3}, {1: 1, 2: 1, 3: 1}, Choice(Turn.ASK, 1)),
        ({1: A.OPEN}, {1, 2, 3}, {1: 1, 2: 1, 3: 1}, Choice(Turn.WAIT, 1)),
        ({1: A.NO}, {1, 2, 3}, {1: 1, 2: 1, 3: 1}, Choice(Turn.ASK, 2)),
        ({1: A.SILENT, 2: A.NO}, {1, 2, 3}, {1: 1, 2: 1, 3: 1}, Choice(Turn.ASK, 3)),
        ({1: A.NO, 2: A.YES}, {1, 2, 3}, {1: 1, 2: 1, 3: 1}, Choice(Turn.MATCHED, 2)),
        ({1: A.NO, 2: A.YES}, {1, 2, 3}, {1: 1, 2: 0, 3: 1}, Choice(Turn.ASK, 3, (2,))),
        ({1: A.OPEN}, {1, 2, 3}, {1: 0, 2: 1, 3: 1}, Choice(Turn.ASK, 2, (1,))),
        ({1: A.OPEN, 2: A.YES}, {1, 2, 3}, {1: 1, 2: 1, 3: 1}, Choice(Turn.MATCHED, 2)),
        ({1: A.YES}, {2, 3}, {1: 1, 2: 1, 3: 1}, Choice(Turn.ASK, 2, (1,))),
        ({}, {1, 2, 3}, {3: 1}, Choice(Turn.ASK, 3, (1, 2))),
        ({1: A.NO, 2: A.NO, 3: A.SILENT}, {1, 2, 3}, {1: 1, 2: 1, 3: 1}, Choice(Turn.EXHAUSTED)),
        ({}, set(), {1: 1}, Choice(Turn.EXHAUSTED, None, (1, 2, 3))),
        ({9: A.YES}, {1, 9}, {1: 1, 9: 1}, Choice(Turn.ASK, 1, (2, 3))),
    ],
)
def test_next_choice(answers: dict[int, Answer], may: set[int], places: dict[int, int], expected: Choice) -> None:
    assert next_choice((1, 2, 1, 3), answers, may, places) == expected


def test_no_list_leads_nowhere() -> None:
    assert next_choice((), {1: A.YES}, {1}, {1: 1}) == Choice(Turn.EXHAUSTED)


def test_each_mentee_ends_and_no_mentor_has_two_who_wanted_one() -> None:
    """Whole rounds, answers at random: everybody ends matched or at the end of the list."""
    for seed in range(300):
        dice = Random(seed)
        mentors = range(dice.randint(1, 4))
        places = {j: dice.randint(0, 2) for j in mentors}
        left = dict(places)
        lists = [dice.sample(mentors, dice.randint(0, len(mentors))) for _ in range(5)]
        may = [{j for j in mentors if dice.random() < 0.7} for _ in lists]
        said: list[dict[int, Answer]] = [{} for _ in lists]
        matched: dict[int, int] = {}
        ended: set[int] = set()
        while len(ended) < len(lists):
            i = dice.choice([one for one in range(len(lists)) if one not in ended])
            now = next_choice(lists[i], said[i], may[i], left)
            if now.mentor is None:
                ended.add(i)
            elif now.turn == Turn.MATCHED:
                ended.add(i)
                matched[i] = now.mentor
                left[now.mentor] -= 1
            else:
                said[i][now.mentor] = A.OPEN if now.turn == Turn.ASK else dice.choice((A.YES, A.NO, A.SILENT))
        assert all(j in may[i] and said[i][j] == A.YES for i, j in matched.items())
        assert all(Counter(matched.values())[j] <= places[j] for j in mentors)


# The open pool


def test_open_pool_shows_who_is_allowed_and_has_room_best_first() -> None:
    scores = np.array([[0, 500, -1, 500, 9000, 700]], np.int16)
    shown = open_pool(rows_of(scores), 0, places=[1, 1, 1, 1, 0, 2], key=[6, 5, 4, 3, 2, 1])
    assert shown.tolist() == [5, 3, 1, 0]
    assert open_pool(rows_of(scores), 0, places=[1] * 6, key=range(6), most=2).tolist() == [4, 5]


# Roles turned round


def test_turned_roles_keep_each_pair_its_score_and_its_ban() -> None:
    scores = np.array([[1, -20_000, 3], [4, 5, 6]], np.int16)
    rows = turned(rows_of(scores), juniors=2, seniors=3)
    assert rows(slice(0, 3)).tolist() == [[1, 4], [-20_000, 5], [3, 6]]
    assert rows(np.array([2, 0])).tolist() == [[3, 6], [1, 4]]
    assert rows(slice(0, 3)).dtype == np.int16


# The draw


def every_largest(allowed: np.ndarray, places: list[int]) -> list[tuple[int, ...]]:
    n, m = allowed.shape
    fits = [
        mate
        for mate in product(range(-1, m), repeat=n)
        if all(j < 0 or allowed[i, j] for i, j in enumerate(mate)) and all(mate.count(j) <= places[j] for j in range(m))
    ]
    most = max(sum(j >= 0 for j in mate) for mate in fits)
    return [mate for mate in fits if sum(j >= 0 for j in mate) == most]


CIRCLE = np.array([[0, 0, -1], [-1, 0, 0], [0, -1, 0]], np.int16)  # only all three together can change places
POOLS = {
    "everybody with everybody": (np.zeros((3, 3), np.int16), [1, 1, 1]),
    "a circle": (CIRCLE, [1, 1, 1]),
    "too few places": (np.array([[0, 0], [0, -1], [0, 0], [-1, 0]], np.int16), [1, 2]),
    "too many places": (np.array([[0, 0, 0], [0, -1, 0], [-1, 0, 0]], np.int16), [1, 2, 3]),
    "somebody whom nobody may have": (np.array([[0, 0], [-1, -1], [0, 0]], np.int16), [1, 1]),
    "skewed": (np.array([[0, 0, 0, 0], [0, 0, -1, -1], [-1, 0, 0, -1], [0, 0, 0, -1]], np.int16), [1, 2, 1, 1]),
}


@pytest.mark.parametrize("pool", POOLS)
def test_every_largest_matching_is_as_likely_as_any_other(pool: str) -> None:
    scores, places = POOLS[pool]
    n, m = scores.shape
    every = every_largest(scores >= 0, places)
    drawn = Counter(
        tuple(by_lot(rows_of(scores), places, mentees=n, mentors=m, seed=seed).tolist()) for seed in range(1000)
    )
    assert set(drawn) == set(every)
    assert len(every) == 1 or chisquare([drawn[mate] for mate in every]).pvalue > 0.001


def test_a_simpler_draw_is_not_as_fair() -> None:
    """The control: everybody in turn draws among what is left, and draws that are not full are thrown away."""
    scores, places = POOLS["skewed"]
    every, dice, drawn = every_largest(scores >= 0, places), Random(1), Counter[tuple[int, ...]]()
    while drawn.total() < 1000:
        mate = [NOBODY] * 4
        for i in dice.sample(range(4), 4):
            mate[i] = dice.choice([j for j in range(4) if scores[i, j] >= 0 and mate.count(j) < places[j]] or [NOBODY])
        drawn[tuple(mate)] += tuple(mate) in every
    assert chisquare([drawn[mate] for mate in every]).pvalue < 0.001


def test_the_draw_is_as_full_as_can_be_and_breaks_no_rule() -> None:
    for seed in range(200):
        dice = np.random.default_rng(seed)
        n, m = dice.integers(0, 6), dice.integers(0, 4)
        scores = dice.choice(np.array([-20_000, 7], np.int16), (n, m))
        places = dice.integers(0, 3, m).tolist()
        found = tuple(by_lot(rows_of(scores), places, mentees=n, mentors=m, seed=seed).tolist())
        assert found in every_largest(scores >= 0, places)


def test_the_same_seed_gives_the_same_draw() -> None:
    """The figures stand here so that another machine, or another version of a library, is found out."""
    given = rows_of(np.zeros((8, 5), np.int16)), [2] * 5
    first = by_lot(*given, mentees=8, mentors=5, seed=4).tolist()
    assert first == by_lot(*given, mentees=8, mentors=5, seed=4).tolist()
    assert first != by_lot(*given, mentees=8, mentors=5, seed=5).tolist()


def test_a_walk_that_gets_too_long_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    from framework.matching.regimes import _Draw

    allowed, places = np.ones((4, 4), np.bool_), np.array([1, 1, 1, 1])
    ways = iter([0, *[2**63] * 100])
    draw = _Draw(allowed, places, [0, 1, 2, 3], ways)
    draw.longest = 1
    before = list(draw.mate)
    draw.walk()
    assert draw.mate == before
    assert draw.held == [[0], [1], [2], [3]]


def test_each_who_is_there_gives_way_for_a_like_part_of_all_numbers() -> None:
    """By all ways that one walk can go: who has nobody takes a place, and the one drawn there stays without."""
    from framework.matching.regimes import _Draw

    parts = 30
    out = Counter[int]()
    for part in range(parts):
        last, nobody = 2**64 - 1, 2**64 - 1
        dice = iter([last, 0, part * 2**64 // parts + 1, nobody])
        draw = _Draw(np.ones((4, 1), np.bool_), np.array([3]), [0, 0, 0, NOBODY], dice)
        assert draw.walk() == 2
        out[draw.mate.index(NOBODY)] += 1
    assert out == {0: parts // 3, 1: parts // 3, 2: parts // 3}


def test_a_thousand_draw_lots_quickly_and_wholly() -> None:
    dice = np.random.default_rng(1)
    scores = np.where(dice.random((1000, 600)) < 0.4, -1, 0).astype(np.int16)
    found = by_lot(rows_of(scores), np.full(600, 2), mentees=1000, mentors=600, seed=1)
    assert (found != NOBODY).all()
    assert np.bincount(found).max() <= 2
    assert (scores[np.arange(1000), found] >= 0).all()
