"""When the operator hears of a finding: on first sight, again after a day, and when it is surely over."""

from datetime import UTC, datetime, timedelta

import pytest

from framework.feed import is_unusual
from framework.watch import MEANINGS, SURELY_OVER, TELL_AGAIN, Sighting, is_over, news

NOW = datetime(2027, 1, 11, 9, tzinfo=UTC)


def seen(code: str = "disk-full", *, since: int = 0, last: int = 0, told: int | None = None) -> Sighting:
    """A finding, in minutes before now."""
    ago = [NOW - timedelta(minutes=minutes) for minutes in (since, last, told or 0)]
    return Sighting(code, 1, ago[0], ago[1], None if told is None else ago[2])


def test_what_is_new_is_told_at_once_or_after_its_patience() -> None:
    assert news((seen(),), NOW).new == (seen(),)
    patience = MEANINGS["mail-waits"].patience
    assert not news((seen("mail-waits", since=patience - 1),), NOW)
    assert news((seen("mail-waits", since=patience),), NOW).new


def test_what_was_told_is_told_again_after_a_day_and_no_sooner() -> None:
    day = int(TELL_AGAIN.total_seconds() // 60)
    assert not news((seen(since=2000, told=day - 1),), NOW)
    again = news((seen(since=2000, told=day),), NOW)
    assert (len(again.new), len(again.still), len(again.over)) == (0, 1, 0)


def test_a_mail_shows_the_whole() -> None:
    """What was told an hour ago stands beside what is new."""
    found = news((seen("mail-unsure", since=60, told=60), seen()), NOW)
    assert [one.code for one in found.still] == ["mail-unsure"]
    assert [one.code for one in found.new] == ["disk-full"]


def test_what_is_over_is_told_once_it_surely_is() -> None:
    minutes = int(SURELY_OVER.total_seconds() // 60)
    assert not news((seen(since=100, last=minutes - 1, told=90),), NOW)
    over = seen(since=100, last=minutes, told=90)
    assert is_over(over, NOW)
    assert news((over,), NOW).over == (over,)
    assert not news((seen(since=100, last=minutes),), NOW)  # nobody was ever told of it


def test_every_meaning_is_two_sentences_without_a_place_to_fill_in() -> None:
    for code, one in MEANINGS.items():
        assert len(code) <= 30
        assert (one.means[-1], one.do[-1]) == (".", "."), code
        assert "%" not in one.means + one.do


@pytest.mark.parametrize(
    ("leaving", "moving", "known", "unusual"),
    [(5, 0, 10, False), (6, 0, 10, True), (0, 6, 10, True), (20, 0, 200, False), (21, 0, 200, True), (0, 0, 0, False)],
)
def test_a_file_is_unusual_past_a_share_and_a_handful(leaving: int, moving: int, known: int, unusual: bool) -> None:
    assert is_unusual(leaving=leaving, moving=moving, known=known, share=10) is unusual
