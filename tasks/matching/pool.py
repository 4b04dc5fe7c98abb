"""An open pool: every mentee hears which mentors are open to a talk, and nobody is bound to anybody (MAT-20)."""

from collections import Counter

from sqlalchemy.orm import Session

from framework.people import Role
from models.base import transaction
from models.participant import Participant
from models.programme import Programme
from notifications.emails.matching import Contact
from notifications.emails.matching_ways import PoolListed, PoolOpen
from tasks.matching.candidates import inputs
from tasks.matching.wishes import shown_to
from tasks.requests import tell
from tasks.stage import Stage
from tasks.step import step

ONCE = "pool"
"""The occasion of both mails: a later round tells only who is new."""


@step
def open_to_all(stage: Stage) -> dict[str, int]:
    """Tell each mentee who is open to a talk, and the mentors that they are named; empty in any other mode.

    The figures are how many mentees heard of somebody, how many mentors were named, and for how many mentees there is
    nobody whom the rules allow.
    """
    with transaction() as session:
        if session.get_one(Programme, stage.programme).rules.matching.mode != "open_pool":
            return {}
        given = inputs(session, stage)
        found = list(shown_to(given, Role.MENTEE, given.settings.shown))
        named = Counter(other for _, others in found for other in others)
        contacts = {other: _contact(session, other) for other in named}
        for mentee, others in found:
            who = session.get_one(Participant, mentee.id).person
            mail = PoolOpen(given_name=who.given_name, people=tuple(contacts[other] for other in others))
            tell(session, stage, who, mail, about=f"participant:{mentee.id}", occasion=ONCE)
        for mentor, people in sorted(named.items()):
            who = session.get_one(Participant, mentor).person
            listed = PoolListed(given_name=who.given_name, people=people)
            tell(session, stage, who, listed, about=f"participant:{mentor}", occasion=ONCE)
        return {"mentees": len(found), "mentors": len(named), "unmatched": len(given.mentees) - len(found)}


def _contact(session: Session, participant_id: int) -> Contact:
    """A mentor as the roster knows her or him."""
    one = session.get_one(Participant, participant_id).person
    return Contact(
        name=one.value().name, title=one.job_title, department=one.department, site=one.site, email=one.email or ""
    )
