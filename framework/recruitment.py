"""Recruitment: who is asked for what (REC, DEF-09), and the gate before volunteers are asked (REC-01)."""

from datetime import date, timedelta

from framework.people import Person, Role
from framework.programme import TargetGroup

LEAD_DAYS = 3
"""Purpose, role, profile and support are told so many days before anybody is asked (CAP-036)."""


def role_for(
    person: Person, group: TargetGroup, hired_on: date | None, today: date, *, reverse: bool = False
) -> Role | None:
    """The role that a person is called for, or None when the campaign does not address this person.

    In reverse mentoring the target group guides, and colleagues with many years learn from them (PRG-08).
    """
    if not person.is_here(today):
        return None
    if person.years >= group.mentor_years or person.external:
        learns = None if person.external else Role.MENTEE
        return learns if reverse else Role.MENTOR
    for wanted, has in (
        (group.departments, person.department),
        (group.sites, person.site),
        (group.countries, person.country),
    ):
        if wanted and has not in wanted:
            return None
    addressed = Role.MENTOR if reverse else Role.MENTEE
    if group.hired_within_days is None:
        return addressed
    is_new = hired_on is not None and hired_on >= today - timedelta(days=group.hired_within_days)
    return addressed if is_new else None
