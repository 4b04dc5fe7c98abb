"""Recruitment: who is asked for what (REC, DEF-09), who was named, and the gate before anybody is asked (REC-01)."""

from collections.abc import Iterable
from datetime import date, timedelta

from framework.matching.named import Named, plain
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


def who_is_meant(typed: str, people: Iterable[Named]) -> int | None:
    """The one person whose whole name was typed, given name first or last; None for nobody, and for namesakes.

    Accents, capitals, spaces and hyphens make no difference. Nobody is guessed: a nomination reaches the person who is
    meant, or nobody (CAP-060).
    """
    wanted = plain(typed)
    found = {one for one, given, family in people if wanted in {plain(given + family), plain(family + given)}}
    return found.pop() if wanted and len(found) == 1 else None
