"""Recruitment: who is asked for what (REC, DEF-09), and the gate before volunteers are asked (REC-01)."""

from datetime import date, timedelta

from framework.people import Person, Role
from framework.programme import TargetGroup

LEAD_DAYS = 3
"""Purpose, role, profile and support are told so many days before anybody is asked (CAP-036)."""


def role_for(person: Person, group: TargetGroup, hired_on: date | None, today: date) -> Role | None:
    """The role that a person is called for, or None when the campaign does not address this person."""
    if not person.is_here(today):
        return None
    if person.years >= group.mentor_years or person.external:
        return Role.MENTOR
    for wanted, has in (
        (group.departments, person.department),
        (group.sites, person.site),
        (group.countries, person.country),
    ):
        if wanted and has not in wanted:
            return None
    if group.hired_within_days is None:
        return Role.MENTEE
    is_new = hired_on is not None and hired_on >= today - timedelta(days=group.hired_within_days)
    return Role.MENTEE if is_new else None
