"""The celebration falls on a working day; a certificate's number tells nothing of the person."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from framework.closure import CELEBRATION_DAYS, celebration_on, certificate_number


@given(st.dates(date(2026, 1, 1), date(2035, 1, 1)))
def test_celebration_is_on_a_working_day_near_three_weeks(opens: date) -> None:
    on = celebration_on(opens)
    assert on.isoweekday() <= 5
    assert 0 <= (opens + timedelta(days=CELEBRATION_DAYS) - on).days <= 2


def test_weekend_becomes_friday() -> None:
    assert celebration_on(date(2027, 3, 6)) == date(2027, 3, 26)
    assert celebration_on(date(2027, 3, 7)) == date(2027, 3, 26)


@given(
    st.from_regex(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?", fullmatch=True),
    st.integers(1, 10**8),
    st.integers(2026, 2060),
)
def test_number_fits_its_column_and_is_another_for_another(slug: str, who: int, year: int) -> None:
    number = certificate_number(slug, who, year)
    assert len(number) <= 40
    assert number != certificate_number(slug, who + 1, year)


def test_number_is_readable() -> None:
    assert certificate_number("growth-2027", 7, 2028) == "growth-2027-2028-0007"
