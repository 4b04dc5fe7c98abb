"""What the final answers and the follow-up add up to."""

import pytest

from framework.evaluation import goals_reached, percent, score, used


@pytest.mark.parametrize(("part", "whole", "found"), [(0, 0, 0), (1, 3, 33), (2, 3, 67), (3, 3, 100)])
def test_percentage_of_nothing_is_nothing(part: int, whole: int, found: int) -> None:
    assert percent(part, whole) == found


def test_score_is_the_mean_of_the_scales_alone() -> None:
    assert score([{"pfe_q1": 5, "pfe_q2": 3, "pfe_q2_text": "words", "other": 1}, {"pfe_q1": 4}]) == 75
    assert score([{"pfe_q1": 1}]) == 0
    assert score([]) == 0


def test_goal_counts_from_four_of_five() -> None:
    assert goals_reached([{"goal_reached": 4}, {"goal_reached": 5}, {"goal_reached": 3}, {}]) == 2


def test_use_is_a_share_of_those_who_said_so() -> None:
    assert used([{"used": 5}, {"used": 2}, {}, {"used": 4}]) == 67
    assert used([]) == 0
