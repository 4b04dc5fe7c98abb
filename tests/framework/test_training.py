"""The gate before a relationship starts."""

import pytest

from framework.training import MOVES, THROUGH, EnrolmentStatus, may_start, usefulness

S = EnrolmentStatus


@pytest.mark.parametrize("status", list(S))
def test_nobody_starts_who_owes_the_training(status: EnrolmentStatus) -> None:
    assert may_start([S.ATTENDED, status], must_attend=True) is (status in THROUGH)
    assert may_start([S.ATTENDED, status], must_attend=False)


def test_who_need_not_be_trained_may_start() -> None:
    assert may_start([], must_attend=True)


def test_everybody_can_come_through_and_absence_is_no_end() -> None:
    assert all(MOVES[status] for status in S if status not in THROUGH)
    assert S.ENROLLED in MOVES[S.ABSENT]


def test_usefulness_is_a_mean_of_what_was_scored_and_hidden_below_five_people() -> None:
    given = [{"trn_g01": 4, "trn_g02": 5, "online": 1}, {"trn_g01": 3, "missed": "x"}] + [{"trn_g01": 4}] * 3
    assert usefulness(given) == 4.0
    assert usefulness(given[:4]) is None
    assert usefulness([{"length": "right"}] * 9) is None
