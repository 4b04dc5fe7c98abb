"""The states of a message: every move is known, everything that waits has a clock, and patience has its bounds."""

from datetime import date, time
from random import Random

import pytest
from pydantic import ValidationError

from framework.mail import BACKOFF_MOST, CLOCKS, GIVE_UP_SECONDS, MOVES, AdaptedText, DeliveryStatus, MailRules, backoff
from framework.moves import IllegalMove, move

S = DeliveryStatus
ENDS = {S.PRINTED, S.CANCELLED}
DONE = ENDS | {S.SENT}


def test_every_state_stands_in_the_table_of_moves() -> None:
    assert set(MOVES) == set(S)
    assert {state for state, to in MOVES.items() if not to} == ENDS


def test_every_state_that_waits_has_a_clock_and_an_owner_and_no_other_has() -> None:
    assert set(CLOCKS) == set(S) - DONE
    for clock in CLOCKS.values():
        assert clock.days >= 0
        assert clock.owner
        assert clock.then


def test_everything_that_waits_can_come_to_an_end() -> None:
    ended = set(DONE)
    while more := {state for state, to in MOVES.items() if state not in ended and to & ended}:
        ended |= more
    assert ended == set(S)


@pytest.mark.parametrize("state", sorted(ENDS | {S.SENT}))
def test_what_is_done_is_never_taken_up_again(state) -> None:
    for other in {S.QUEUED, S.LEASED, S.SENDING}:
        with pytest.raises(IllegalMove):
            move(MOVES, state, other)


def test_only_a_claimed_message_is_ever_sent() -> None:
    assert {state for state, to in MOVES.items() if S.SENT in to} == {S.SENDING, S.BUNDLED, S.UNSURE}
    assert {state for state, to in MOVES.items() if S.SENDING in to} == {S.LEASED}
    assert {state for state, to in MOVES.items() if S.LEASED in to} == {S.QUEUED}


def test_waits_grow_and_stay_within_four_hours() -> None:
    dice = Random(1)
    for attempts in range(40):
        those = [backoff(attempts, dice) for _ in range(500)]
        assert min(those) >= 30
        assert max(those) <= min(60 * 4.0**attempts, BACKOFF_MOST)
        assert max(those) > 0.9 * min(60 * 4.0**attempts, BACKOFF_MOST), "the whole breadth is used"
    assert BACKOFF_MOST * 4 < GIVE_UP_SECONDS


@pytest.mark.parametrize(
    "wrong",
    [
        {"post_from": time(19), "post_until": time(7)},
        {"working_days": ()},
        {"working_days": (0,)},
        {"working_days": (8,)},
        {"a_day": 0},
        {"a_day": 5, "a_week": 4},
        {"largest_mailing": 0},
        {"seats": {"Gent": "Dutch"}},
        {"texts": {"reminder": {"en": {}}}},
        {"quiet": True},
    ],
)
def test_rules_that_make_no_sense_are_refused(wrong) -> None:
    with pytest.raises(ValidationError):
        MailRules.model_validate(wrong)


def test_rules_that_make_sense_are_taken() -> None:
    found = MailRules.model_validate({"working_days": [3, 1, 3], "days_off": [date(2027, 7, 21)], "post_from": "08:30"})
    assert found.working_days == (1, 3)
    assert found.post_from == time(8, 30)
    assert AdaptedText(subject="Dag").body == ""
