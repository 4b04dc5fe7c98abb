"""Mail leaves when people work: their days, their hours, their clock, and the two nights on which it changes."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from framework.mail import MailRules
from framework.working_time import (
    Place,
    is_working_day,
    may_post,
    next_common_day,
    next_working_day,
    opens_at,
    public_holidays,
)

BRUSSELS = Place("BE", "Europe/Brussels")
AMSTERDAM = Place("NL", "Europe/Amsterdam")
NEW_YORK = Place("US", "America/New_York")
PLAIN = MailRules()
ALWAYS = MailRules(working_days=(1, 2, 3, 4, 5, 6, 7), public_holidays=False)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def test_place_is_one_word_and_back() -> None:
    assert BRUSSELS.code == "BE|Europe/Brussels"
    for place in (BRUSSELS, NEW_YORK, Place("", "Asia/Tokyo")):
        assert Place.read(place.code) == place


@pytest.mark.parametrize(
    "code", ["", "BE", "BE|", "be|Europe/Brussels", "BEL|Europe/Brussels", "BE|Europe/Nowhere", "BE|../x"]
)
def test_place_that_does_not_exist_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="write one|write two"):
        Place.read(code)


@pytest.mark.parametrize(
    ("country", "off", "on"),
    [
        ("BE", [(1, 1), (3, 29), (5, 1), (5, 6), (5, 17), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25)], [(3, 26), (5, 5), (12, 26), (7, 14)]),
        ("NL", [(1, 1), (3, 29), (4, 27), (5, 6), (5, 17), (12, 25), (12, 26)], [(5, 5), (5, 1), (11, 11)]),
        ("FR", [(1, 1), (3, 29), (5, 1), (5, 6), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)], [(3, 26), (12, 26), (7, 21)]),
        ("LU", [(1, 1), (3, 29), (5, 1), (5, 6), (5, 9), (5, 17), (6, 23), (8, 15), (11, 1), (12, 25), (12, 26)], [(11, 11)]),
        ("DE", [(1, 1), (3, 26), (3, 29), (5, 1), (5, 6), (5, 17), (10, 3), (12, 25), (12, 26)], [(1, 6), (11, 1), (11, 11)]),
        ("GB", [(3, 26), (3, 29), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28)], [(5, 6)]),
    ],
)  # fmt: skip
def test_public_holidays_of_2027(country: str, off: list[tuple[int, int]], on: list[tuple[int, int]]) -> None:
    known = public_holidays(country, 2027)
    assert [date(2027, *one) for one in off if date(2027, *one) not in known] == []
    assert [date(2027, *one) for one in on if date(2027, *one) in known] == []


def test_liberation_day_is_off_in_the_netherlands_once_in_five_years() -> None:
    off = [year for year in range(2020, 2036) if date(year, 5, 5) in public_holidays("NL", year)]
    assert off == [2020, 2025, 2030, 2035]


@pytest.mark.parametrize("country", ["", "XX", "ZZ"])
def test_unknown_country_has_no_public_holidays(country: str) -> None:
    assert public_holidays(country, 2027) == frozenset()
    assert is_working_day(date(2027, 12, 24), Place(country, "Europe/Brussels"), PLAIN)


def test_working_day_is_of_the_week_and_nobodys_day_off() -> None:
    friday, holiday = date(2027, 4, 30), date(2027, 7, 21)
    assert is_working_day(friday, BRUSSELS, PLAIN)
    assert not is_working_day(friday + timedelta(1), BRUSSELS, PLAIN)
    assert not is_working_day(holiday, BRUSSELS, PLAIN)
    assert is_working_day(holiday, AMSTERDAM, PLAIN)
    assert not is_working_day(friday, BRUSSELS, MailRules(days_off=(friday,)))
    assert not is_working_day(friday, BRUSSELS, MailRules(working_days=(1, 2, 3, 4)))


def test_public_holidays_count_only_where_the_programme_says_so() -> None:
    """The control: without the rule, the same day is a working day."""
    assert is_working_day(date(2027, 7, 21), BRUSSELS, MailRules(public_holidays=False))


def test_next_working_day_passes_over_easter() -> None:
    thursday = date(2027, 3, 25)
    assert next_working_day(thursday, BRUSSELS, PLAIN) == thursday
    assert next_working_day(date(2027, 3, 26), BRUSSELS, PLAIN) == date(2027, 3, 26)
    assert next_working_day(date(2027, 3, 26), Place("DE", "Europe/Berlin"), PLAIN) == date(2027, 3, 30)
    assert next_working_day(date(2027, 3, 27), BRUSSELS, PLAIN) == date(2027, 3, 30)


def test_next_working_day_never_waits_for_ever() -> None:
    day = date(2027, 7, 1)
    closed = tuple(day + timedelta(days) for days in range(40))
    assert next_working_day(day, BRUSSELS, MailRules(days_off=closed)) == day
    assert next_working_day(day, BRUSSELS, MailRules(days_off=closed[:29])) == date(2027, 7, 30)


def test_next_working_day_looks_thirty_days_ahead() -> None:
    day = date(2027, 6, 1)
    closed = tuple(day + timedelta(days) for days in range(30))
    assert next_working_day(day, BRUSSELS, MailRules(days_off=closed)) == date(2027, 7, 1)
    assert next_working_day(day, BRUSSELS, MailRules(days_off=(*closed, date(2027, 7, 1)))) == day


def test_hours_are_those_of_the_recipient() -> None:
    at = utc(2027, 3, 1, 12)
    assert may_post(at, BRUSSELS, PLAIN)
    assert may_post(at, NEW_YORK, PLAIN)  # 07:00 there
    assert not may_post(at - timedelta(seconds=1), NEW_YORK, PLAIN)
    assert not may_post(at, Place("JP", "Asia/Tokyo"), PLAIN)
    assert may_post(utc(2027, 3, 1, 17, 59, 59), BRUSSELS, PLAIN)
    assert not may_post(utc(2027, 3, 1, 18), BRUSSELS, PLAIN)


def test_day_is_that_of_the_recipient() -> None:
    early = MailRules(post_from=time(0), post_until=time(23, 59))
    sunday_evening = utc(2027, 2, 28, 23)  # Monday in Brussels already
    assert may_post(sunday_evening, BRUSSELS, early)
    assert not may_post(sunday_evening, NEW_YORK, early)


def test_opening_passes_over_the_night_the_weekend_and_the_holidays() -> None:
    assert opens_at(utc(2027, 3, 1, 9), BRUSSELS, PLAIN) == utc(2027, 3, 1, 9)
    assert opens_at(utc(2027, 3, 1, 3), BRUSSELS, PLAIN) == utc(2027, 3, 1, 6)
    assert opens_at(utc(2027, 3, 1, 18), BRUSSELS, PLAIN) == utc(2027, 3, 2, 6)
    assert opens_at(utc(2027, 3, 26, 18), BRUSSELS, PLAIN) == utc(2027, 3, 30, 5)  # Easter, and summer time begins
    assert opens_at(utc(2027, 12, 24, 20), AMSTERDAM, PLAIN) == utc(2027, 12, 27, 6)


def test_opening_is_told_in_utc() -> None:
    at = datetime(2027, 3, 1, 9, tzinfo=UTC).astimezone(None)
    assert opens_at(at, BRUSSELS, PLAIN).utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("at", "opens"), [(utc(2027, 3, 27, 20), utc(2027, 3, 28, 5)), (utc(2027, 10, 30, 20), utc(2027, 10, 31, 6))]
)
def test_both_changes_of_the_clock_move_the_opening(at: datetime, opens: datetime) -> None:
    assert opens_at(at, BRUSSELS, ALWAYS) == opens


def test_hour_that_is_skipped_opens_where_the_clock_jumps() -> None:
    rules = ALWAYS.model_copy(update={"post_from": time(2, 30), "post_until": time(4)})
    assert opens_at(utc(2027, 3, 27, 23), BRUSSELS, rules) == utc(2027, 3, 28, 1)
    assert not may_post(utc(2027, 3, 28, 0, 59), BRUSSELS, rules)


def test_hour_that_comes_twice_opens_twice() -> None:
    rules = ALWAYS.model_copy(update={"post_from": time(2, 30), "post_until": time(2, 45)})
    assert opens_at(utc(2027, 10, 30, 23), BRUSSELS, rules) == utc(2027, 10, 31, 0, 30)
    assert opens_at(utc(2027, 10, 31, 0, 45), BRUSSELS, rules) == utc(2027, 10, 31, 1, 30)


ZONES = ["Europe/Brussels", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe", "America/St_Johns", "Asia/Tokyo"]
MINUTES = st.integers(0, 24 * 60 - 1)


@given(
    day=st.sampled_from([date(2027, 3, 13), date(2027, 3, 27), date(2027, 4, 29), date(2027, 10, 2), date(2027, 10, 29), date(2027, 11, 6)]),
    minute=MINUTES,
    zone=st.sampled_from(ZONES),
    hours=st.tuples(MINUTES, MINUTES).filter(lambda pair: pair[0] != pair[1]).map(sorted),
    days=st.sets(st.integers(1, 7), min_size=4),
)  # fmt: skip
@example(day=date(2027, 10, 31), minute=40, zone="Europe/Brussels", hours=[60, 150], days={1, 2, 3, 4, 5, 6, 7})
@example(day=date(2027, 3, 27), minute=1200, zone="Europe/Brussels", hours=[150, 200], days={1, 2, 3, 4, 5, 6, 7})
def test_opening_is_the_first_minute_at_which_mail_may_leave(
    day: date, minute: int, zone: str, hours: list[int], days: set[int]
) -> None:
    begin, end = (time(one // 60, one % 60) for one in hours)
    rules = MailRules(post_from=begin, post_until=end, working_days=tuple(days))
    place = Place("", zone)
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minute)
    walked = next(
        one for one in (at + timedelta(minutes=step) for step in range(8 * 24 * 60)) if may_post(one, place, rules)
    )
    assert opens_at(at, place, rules) == walked


def test_long_closure_is_waited_out_and_an_endless_one_asked_again() -> None:
    at = utc(2027, 7, 1, 12)
    summer = tuple(date(2027, 7, 1) + timedelta(days) for days in range(62))
    assert opens_at(at, BRUSSELS, MailRules(days_off=summer)) == utc(2027, 9, 1, 5)
    never = tuple(date(2027, 7, 1) + timedelta(days) for days in range(800))
    assert opens_at(at, BRUSSELS, MailRules(days_off=never)) == at + timedelta(400)


def test_instant_without_a_zone_is_refused() -> None:
    for asked in (may_post, opens_at):
        with pytest.raises(ValueError, match="without a zone"):
            asked(datetime(2027, 3, 1, 9), BRUSSELS, PLAIN)  # noqa: DTZ001


def test_common_day_is_nobodys_day_off() -> None:
    rules, here, there = MailRules(), Place("BE", "Europe/Brussels"), Place("NL", "Europe/Amsterdam")
    king = date(2027, 4, 27)  # a Tuesday, off in the Netherlands
    assert next_common_day(king, [here], rules) == king
    assert next_common_day(king, [here, there], rules) == date(2027, 4, 28)
    assert next_common_day(date(2027, 5, 1), [here, there], rules) == date(2027, 5, 3)  # a Saturday
    assert next_common_day(king, [], rules) == king
