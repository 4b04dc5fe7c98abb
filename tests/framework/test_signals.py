"""Thresholds that speak, and only then."""

import pytest

from framework.review import measures
from framework.signals import THRESHOLDS, Threshold, raised


@pytest.mark.parametrize("threshold", THRESHOLDS, ids=lambda t: f"{t.code}-{t.measure}")
def test_each_threshold_speaks_on_its_own_side_of_the_limit(threshold: Threshold) -> None:
    beyond = threshold.limit - 1 if threshold.side == "below" else threshold.limit + 1
    assert threshold.speaks(beyond)
    assert not threshold.speaks(threshold.limit)
    assert raised({threshold.measure: beyond}) == {threshold.code: {threshold.measure: beyond}}
    assert raised({threshold.measure: threshold.limit}) == {}


def test_one_code_gathers_its_numbers() -> None:
    assert raised({"satisfied_least": 2, "satisfied_gap": 3, "rematch": 0}) == {
        "RSK-09": {"satisfied_least": 2, "satisfied_gap": 3}
    }


def test_what_was_not_measured_says_nothing() -> None:
    assert raised({}) == {}


def test_every_threshold_looks_at_something_that_is_measured() -> None:
    answers = {"satisfied": 3, "enough_time": 3, "free_to_speak": 3}
    assert {t.measure for t in THRESHOLDS} <= set(measures(answers, answers, held=0, at_least=0))
