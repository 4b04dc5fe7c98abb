"""People as the rules see them."""

from datetime import date, timedelta

import pytest

from framework.people import Person

TODAY = date(2027, 3, 1)


@pytest.mark.parametrize(("days", "here"), [(None, True), (-1, False), (0, False), (1, True)])
def test_last_day_is_the_first_day_away(days: int | None, here: bool) -> None:
    left = None if days is None else TODAY + timedelta(days=days)
    assert Person(given_name="Zoë", family_name="Bo", left_on=left).is_here(TODAY) is here


@pytest.mark.parametrize(
    ("given", "family", "name"),
    [("Zoë", "Bo", "Zoë Bo"), ("", "Bo", "Bo"), ("Zoë", "", "Zoë"), ("Zoë", "de Bo", "Zoë de Bo")],
)
def test_name_is_written_as_in_a_letter(given: str, family: str, name: str) -> None:
    assert Person(given_name=given, family_name=family).name == name


def test_person_is_frozen() -> None:
    with pytest.raises(AttributeError):
        Person(given_name="Zoë", family_name="Bo").years = 3  # type: ignore[misc]
