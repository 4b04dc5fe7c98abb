"""Factors counted together give what each gives alone, also where they are too large for one table."""

from collections.abc import Sequence
from random import Random
from typing import Any

import numpy as np

from framework.matching.criteria import FULL, share
from framework.matching.tables import LARGEST, Factor, Kinds, Points, Shared, shared


def drawn(dice: Random, words: int, most: int, people: int) -> list[list[str]]:
    return [[f"w{n}" for n in dice.sample(range(words), dice.randint(0, most))] for _ in range(people)]


def alone(one: Factor, i: int, j: int) -> int:
    """From what the words mean."""
    mine, theirs = set(one.mine[i]), set(one.theirs[j])
    return share(len(mine & theirs), len(mine | theirs if one.either else mine)) * one.weight // FULL


def added(tables: Sequence[Kinds | Shared], mentees: int, mentors: int) -> Any:
    found = np.zeros((mentees, mentors), dtype=np.int16)
    for mentee, row in enumerate(found):
        for table in tables:
            table.add(mentee, row)
    return found.tolist()


def test_factors_together_are_the_sum_of_each_alone() -> None:
    dice = Random(4)
    for _ in range(30):
        mentees, mentors = dice.randint(1, 9), dice.randint(1, 9)
        factors = [
            Factor(drawn(dice, 8, 5, mentees), drawn(dice, 8, 6, mentors), dice.randrange(1, 400), dice.random() < 0.5)
            for _ in range(dice.randint(1, 3))
        ]
        expected = [[sum(alone(one, i, j) for one in factors) for j in range(mentors)] for i in range(mentees)]
        tables = shared(factors)
        assert len(tables) == 1
        assert added(tables, mentees, mentors) == expected


def test_what_would_need_too_large_a_table_has_its_own() -> None:
    dice = Random(9)
    factors = [Factor(drawn(dice, 90, 40, 12), drawn(dice, 90, 60, 15), 300, either=True) for _ in range(2)]
    assert factors[0].digits * factors[1].digits > LARGEST
    tables = shared(factors)
    assert len(tables) == 2
    expected = [[alone(factors[0], i, j) + alone(factors[1], i, j) for j in range(15)] for i in range(12)]
    assert added(tables, 12, 15) == expected


def test_word_twice_is_one_word_and_nothing_shared_is_nothing() -> None:
    one = Factor([["a", "a", "b"], []], [["b", "b"], ["c"]], 1000, either=False)
    assert added(shared([one]), 2, 2) == [[500, 0], [0, 0]]
    assert shared([]) == []


def test_row_of_a_kind_is_worked_out_once() -> None:
    asked: list[int] = []

    def row(at: int) -> Points:
        asked.append(at)
        return np.array([at, 10 * at], dtype=np.int16)

    kinds = Kinds("abaacb", row)
    assert asked == [0, 1, 4]
    assert added([kinds], 6, 2) == [[at, 10 * at] for at in (0, 1, 0, 0, 4, 1)]
