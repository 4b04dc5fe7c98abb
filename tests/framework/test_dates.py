"""Dates as people type them in the languages of the house; what is none is refused, never guessed."""

import re
from datetime import date
from typing import Literal

import pytest
from babel.dates import get_month_names
from hypothesis import given
from hypothesis import strategies as st

from framework.dates import typed_date

FORM = "Type a date as day, month and year, for example 27 3 2027."


@pytest.mark.parametrize(
    "text",
    [
        "27 3 2027",
        "27/03/2027",
        "27-3-2027",
        "2027-03-27",
        "27 mars 2027",
        "27 mrt. 2027",
        "27 MAART 2027",
        "27 March 2027",
        "27 März 2027",
        "27mars2027",
    ],
)
def test_one_day_in_many_hands(text: str) -> None:
    assert typed_date(text) == date(2027, 3, 27)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("27/3/27", "Type the year with four digits, for example 2027."),
        ("27 3 0027", "Look at the year again: it should be one like 2027."),
        ("3 27 2027", FORM),
        ("March 27 2027", FORM),
        ("27 foo 2027", FORM),
        ("27 jui 2027", FORM),
        ("29 2 2027", FORM),
        ("27 3", FORM),
        ("27 3 2027 14:00", FORM),
        ("٢٧ 3 2027", FORM),
        ("²⁷ 3 2027", FORM),
        ("", FORM),
    ],
)
def test_what_is_no_date_is_refused_with_a_reason(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(why)}$"):
        typed_date(text)


@pytest.mark.parametrize("language", ["en_GB", "nl_BE", "fr_BE", "de_BE"])
@pytest.mark.parametrize("width", ["wide", "abbreviated"])
def test_every_month_is_known_by_the_names_that_our_own_pages_write(
    language: str, width: Literal["wide", "abbreviated"]
) -> None:
    for number, name in get_month_names(width, locale=language).items():
        assert typed_date(f"1 {name} 2027") == date(2027, number, 1), name


def test_first_of_the_month_in_french() -> None:
    assert typed_date("1er août 2027") == date(2027, 8, 1)


@given(st.text(max_size=30))
def test_nothing_else_is_raised(text: str) -> None:
    try:
        assert isinstance(typed_date(text), date)
    except ValueError as refused:
        assert str(refused)  # noqa: PT017 - either is fine
