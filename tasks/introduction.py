"""Two people become a pair: both hear who the other is, and the mentee's line manager that it exists (MAT-M07)."""

from datetime import timedelta

from sqlalchemy.orm import Session

from framework.pairing import PairingStatus
from framework.participation import ParticipantStatus
from framework.people import Role
from framework.programme import relationships_start
from models.pairing import Pairing
from models.programme import Programme, milestone_of
from notifications.emails.matching import Introduction, IntroductionLineManager
from tasks.requests import manager_of, tell
from tasks.stage import Stage


def introduce(session: Session, stage: Stage, pair: Pairing) -> None:
    """Both said yes (or the mentor was appointed): introduce them, and tell the line manager that the pair exists."""
    pair.move(PairingStatus.ACCEPTED)
    pair.accepted_on = stage.today
    if pair.mentee.status == ParticipantStatus.WAITING:
        pair.mentee.move(ParticipantStatus.CONFIRMED)
    settings = session.get_one(Programme, stage.programme).rules
    first_on = max(relationships_start(settings), stage.today + timedelta(days=14))
    about = f"pairing:{pair.id}"
    for one, other, role in (
        (pair.mentor.person, pair.mentee.person, Role.MENTOR),
        (pair.mentee.person, pair.mentor.person, Role.MENTEE),
    ):
        mail = Introduction(
            given_name=one.given_name,
            partner=other.value().name,
            partner_title=other.job_title,
            partner_email=other.email or "",
            own_role=role,
            first_on=first_on,
        )
        tell(session, stage, one, mail, about=about)
    boss = manager_of(session, stage, pair.mentee.person)
    if boss:
        to_boss = IntroductionLineManager(
            given_name=boss.given_name,
            report=pair.mentee.person.value().name,
            partner=pair.mentor.person.value().name,
            ends_on=max(first_on, milestone_of(session, stage.programme, "closure", 1).opens_on),
        )
        tell(session, stage, boss, to_boss, about=about)
