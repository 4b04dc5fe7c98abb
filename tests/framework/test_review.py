"""Two separate answers compared."""

import pytest

from framework.matching.settings import Mode
from framework.review import is_imposed, may_impose, measures, meetings_expected
from framework.visibility import Track

GOOD = {"satisfied": 4, "enough_time": 4, "free_to_speak": 5, "rematch": "no"}


def test_two_contented_sides_measure_nothing_bad() -> None:
    found = measures(GOOD, GOOD | {"credit": "no"}, held=4, at_least=3)
    assert found == {
        "silent": 0,
        "meetings_short": 0,
        "satisfied_least": 4,
        "time_least": 4,
        "free_least": 5,
        "satisfied_gap": 0,
        "rematch": 0,
        "credit": 0,
    }


def test_the_less_contented_side_counts_and_the_gap_is_seen() -> None:
    found = measures(
        GOOD | {"satisfied": 5}, GOOD | {"satisfied": 2, "rematch": "yes", "credit": "yes"}, held=0, at_least=2
    )
    assert (found["satisfied_least"], found["satisfied_gap"], found["rematch"], found["credit"]) == (2, 3, 1, 1)
    assert found["meetings_short"] == 2


def test_silence_of_one_leaves_no_gap_and_of_both_no_numbers() -> None:
    assert "satisfied_gap" not in measures(GOOD, None, held=3, at_least=3)
    assert measures(GOOD, None, held=3, at_least=3)["silent"] == 1
    assert measures(None, None, held=0, at_least=0) == {"silent": 2, "meetings_short": 0, "rematch": 0, "credit": 0}


def test_words_never_leave_the_answers() -> None:
    found = measures(GOOD | {"help": "I cannot sleep"}, GOOD, held=1, at_least=1)
    assert all(isinstance(value, int) for value in found.values())


@pytest.mark.parametrize(
    ("every", "days", "least"),
    [(28, 0, 0), (28, 56, 1), (28, 90, 1), (28, 400, 3), (7, 30, 2), (0, 10, 3), (28, -40, -1)],
)
def test_fewer_meetings_are_expected_early_on(every: int, days: int, least: int) -> None:
    assert meetings_expected(every, days, 3) == least
    assert measures(None, None, held=0, at_least=least)["meetings_short"] == max(0, least)


@pytest.mark.parametrize(
    ("mode", "origin", "by_others"),
    [
        ("appointed", "best", True),
        ("appointed", "chosen", True),
        ("mutual", "mutual", False),
        ("mutual", "best", True),
        ("mentee_picks", "pick", False),
        ("mentee_picks", "best", True),
        ("by_lot", "lot", True),
        ("proposed", "best", False),
        ("proposed", "chosen", False),
    ],
)
def test_a_pair_that_nobody_picked_was_made_by_others(mode: Mode, origin: str, by_others: bool) -> None:
    assert is_imposed(mode, origin) is by_others


def test_only_growth_programmes_check_early() -> None:
    assert may_impose(Track.GROWTH, "appointed")
    assert not may_impose(Track.NEW_HIRE, "appointed")
    assert not may_impose(Track.GROWTH, "proposed")
