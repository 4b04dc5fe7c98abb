"""Who is asked for what."""

from datetime import date, timedelta
from typing import Any

import pytest

from framework.people import Person, Role
from framework.programme import TargetGroup
from framework.recruitment import role_for

TODAY = date(2027, 3, 1)


def role(hired: date | None = None, group: dict[str, Any] | None = None, **person: Any) -> Role | None:
    who = Person(
        **({"given_name": "Zoë", "family_name": "Bo", "department": "Works", "site": "Gent", "country": "BE"} | person)
    )
    return role_for(who, TargetGroup(**(group or {})), hired, TODAY)


def test_the_experienced_are_called_as_mentors_and_the_others_as_mentees() -> None:
    assert [role(years=years) for years in (0, 7, 8, 30)] == [Role.MENTEE, Role.MENTEE, Role.MENTOR, Role.MENTOR]


def test_mentor_from_outside_needs_no_years_here() -> None:
    assert role(years=0, external=True) is Role.MENTOR


def test_who_has_left_is_not_called() -> None:
    assert role(years=20, left_on=TODAY) is None
    assert role(years=20, left_on=TODAY + timedelta(days=1)) is Role.MENTOR


@pytest.mark.parametrize("limit", [{"departments": ("Sales",)}, {"sites": ("Lille",)}, {"countries": ("FR",)}])
def test_mentees_come_from_the_target_group_and_mentors_from_everywhere(limit: dict[str, tuple[str, ...]]) -> None:
    assert role(group=limit, years=1) is None
    assert role(group=limit, years=20) is Role.MENTOR


@pytest.mark.parametrize(("days", "called"), [(0, True), (90, True), (91, False)])
def test_new_hires_are_new_for_so_many_days(days: int, called: bool) -> None:
    group = {"hired_within_days": 90}
    assert (role(TODAY - timedelta(days=days), group, years=0) is Role.MENTEE) is called
    assert role(None, group, years=0) is None


@pytest.mark.parametrize(
    ("years", "external", "called"),
    [(1, False, Role.MENTOR), (20, False, Role.MENTEE), (20, True, None)],
)
def test_in_reverse_mentoring_the_target_group_guides(years: int, external: bool, called: Role | None) -> None:
    who = Person(given_name="Zoë", family_name="Bo", department="Works", years=years, external=external)
    assert role_for(who, TargetGroup(departments=("Works",)), None, TODAY, reverse=True) is called
    if years == 1:
        assert role_for(who, TargetGroup(departments=("Sales",)), None, TODAY, reverse=True) is None
