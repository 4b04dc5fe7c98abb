"""A participant's way: late is welcome, leaving is always possible, and no is a way back."""

import pytest

from framework.moves import move
from framework.participation import MOVES, TAKES_PART, ParticipantStatus

S = ParticipantStatus


@pytest.mark.parametrize("status", sorted(set(S) - {S.WITHDRAWN, S.DECLINED}))
def test_who_leaves_can_always_be_withdrawn(status: ParticipantStatus) -> None:
    assert move(MOVES, status, S.WITHDRAWN) is S.WITHDRAWN


def test_late_application_is_welcome_and_may_be_taken_back() -> None:
    assert move(MOVES, move(MOVES, S.DECLINED, S.APPLIED), S.DECLINED) is S.DECLINED


def test_nobody_mentors_without_having_been_selected_or_having_applied() -> None:
    before = {now for now in S if S.CONFIRMED in MOVES[now]}
    assert before == {S.APPLIED, S.SELECTED, S.WAITING}


def test_who_takes_part_can_complete() -> None:
    assert all(S.COMPLETED in MOVES[status] for status in TAKES_PART)
