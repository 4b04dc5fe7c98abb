"""Recruitment: tell first, then ask; every answer is acknowledged."""

from datetime import timedelta

from sqlalchemy.orm import Session

from framework.participation import ParticipantStatus
from framework.people import Role
from framework.questions import Answers
from framework.recruitment import LEAD_DAYS, role_for
from models import delivery, participant, person, request
from models.base import insert_once, transaction
from models.participant import Participant
from models.person import Person
from models.programme import Programme, milestone_of
from models.request import Request
from notifications.emails.recruitment import (
    ApplicationReceived,
    ManagerBriefing,
    MenteeCall,
    MentorCall,
    ProgrammeAnnouncement,
)
from tasks.requests import answered, ask, due_on, lapsed, tell, waiting
from tasks.stage import Stage
from tasks.step import step

FORM_OF = {Role.MENTOR: "mentor_application", Role.MENTEE: "mentee_application"}
HOURS = 3  # a month, as the calls say
KEPT = (
    *("topics", "competences", "motives", "languages", "channel", "times", "style", "mentored_before"),
    *("avoid", "conflicts", "prefer"),
)
"""What matching goes by, of an application."""


def is_closed(session: Session, stage: Stage) -> bool:
    """After the last day nobody new is called; those who were called keep their days to answer."""
    return stage.is_over and bool(request.of_round(session, stage.programme, stage.phase, stage.round))


def audience(session: Session, stage: Stage) -> list[tuple[Person, Role]]:
    """Whom the campaign addresses today, each with the role that he or she is called for."""
    rules = session.get_one(Programme, stage.programme).rules
    group, reverse = rules.target_group, rules.matching.reverse
    everyone = [one for one in person.here_on(session, stage.today) if one.no_campaigns_since is None]
    called = [(one, role_for(one.value(), group, one.hired_on, stage.today, reverse=reverse)) for one in everyone]
    return [(one, role) for one, role in called if role]


@step
def announce(stage: Stage) -> int:
    """Tell everybody in the target group, and their line managers, before anybody is asked (REC-01)."""
    calls_on = stage.opens_on + timedelta(days=LEAD_DAYS)
    with transaction() as session, delivery.together(session):
        if is_closed(session, stage):
            return 0
        called = audience(session, stage)
        managers = {one.manager_id for one, _ in called if one.manager_id}
        for one, _ in called:
            tell(session, stage, one, ProgrammeAnnouncement(given_name=one.given_name, calls_on=calls_on))
        for boss in person.here_on(session, stage.today):
            if boss.id in managers:
                tell(session, stage, boss, ManagerBriefing(given_name=boss.given_name, calls_on=calls_on, hours=HOURS))
        return len(called)


@step
def call(stage: Stage) -> int:
    """Ask who wants to take part, once the announcement has had its days; how many were asked."""
    with transaction() as session, delivery.together(session):
        if is_closed(session, stage):
            return 0
        called = audience(session, stage)
        for one, role in called:
            insert_once(
                session,
                Participant,
                programme_id=stage.programme,
                person_id=one.id,
                role=role,
                status=ParticipantStatus.INVITED,
                capacity=1,
            )
            found = participant.of_person(session, stage.programme, one.id, role)
            if found and found.status == ParticipantStatus.INVITED:
                ask(session, stage, one, FORM_OF[role], _call_mail(stage, one, role), about=f"participant:{found.id}")
        return len(called)


def _call_mail(stage: Stage, one: Person, role: Role) -> MentorCall | MenteeCall:
    closes_on = due_on(stage, FORM_OF[role])
    if role is Role.MENTOR:
        return MentorCall(given_name=one.given_name, closes_on=closes_on, hours=HOURS)
    return MenteeCall(given_name=one.given_name, closes_on=closes_on)


@step
def take_applications(stage: Stage) -> dict[str, int]:
    """Turn answers into applicants and decliners, and thank who applied."""
    with transaction() as session:
        for asked, answers in answered(session, stage, *FORM_OF.values()):
            _apply(session, stage, asked, answers)
        for asked in lapsed(session, stage, *FORM_OF.values()):
            found = _participant(session, asked)
            if found.status == ParticipantStatus.INVITED:
                found.move(ParticipantStatus.DECLINED)
        everyone = participant.of_programme(session, stage.programme)
        applied = [p for p in everyone if p.status == ParticipantStatus.APPLIED]
        return {
            "called": len(everyone),
            "mentors": sum(p.role == Role.MENTOR for p in applied),
            "mentees": sum(p.role == Role.MENTEE for p in applied),
            "open": waiting(session, stage),
        }


def _participant(session: Session, asked: Request) -> Participant:
    return session.get_one(Participant, int(asked.about.partition(":")[2]))


def _apply(session: Session, stage: Stage, asked: Request, answers: Answers) -> None:
    found = _participant(session, asked)
    if found.status not in {ParticipantStatus.INVITED, ParticipantStatus.APPLIED, ParticipantStatus.DECLINED}:
        return  # has left since
    if answers.get("join") != "yes":
        found.move(ParticipantStatus.DECLINED)
        return
    found.move(ParticipantStatus.APPLIED)
    found.profile = {key: answers[key] for key in KEPT if key in answers}
    found.capacity = int(str(answers.get("capacity", "1")))
    decides = max(stage.today, milestone_of(session, stage.programme, "selection", 1).closes_on)
    mail = ApplicationReceived(given_name=asked.person.given_name, role=Role(found.role), decided_on=decides)
    tell(session, stage, asked.person, mail, about=asked.about)
