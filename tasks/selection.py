"""Selection: profiles scored, candidates decided on, everybody told."""

from sqlalchemy.orm import Session

from framework.participation import ParticipantStatus
from framework.people import Role
from framework.questions import Answers
from framework.selection import choices, mentee_score, motivation_score, profile_form, profile_score, shortage
from models import decision, link, participant, response
from models.base import transaction
from models.participant import Participant
from models.person import Person
from models.programme import Programme, milestone_of
from notifications.emails.selection import (
    MenteeProfileRequest,
    MenteeSelected,
    MentorInvitation,
    MentorRelease,
    NotSelected,
    PoolShortage,
    ProfileRequest,
    SelectedLater,
)
from tasks.requests import (
    answered,
    ask,
    ask_decision,
    close_decision,
    coordinator_of,
    due_on,
    lapsed,
    manager_of,
    tell,
    waiting,
)
from tasks.stage import Stage
from tasks.step import step

HOURS = 3
MENTEE_PROFILE = "mentee_profile"
S = ParticipantStatus


@step
def ask_profiles(stage: Stage) -> int:
    """Ask the line manager of each candidate to score the profile (SEL-M01); how many are open."""
    with transaction() as session:
        form = profile_form(session.get_one(Programme, stage.programme).rules.mentor_role)
        for one in participant.of_programme(session, stage.programme, None, S.APPLIED):
            boss = manager_of(session, stage, one.person)
            if boss and one.role == Role.MENTOR and one.score is None:
                _ask_profile(session, stage, boss, one, form)
            elif boss and one.role == Role.MENTEE:
                _ask_profile(session, stage, boss, one, MENTEE_PROFILE)
        return waiting(session, stage, form, MENTEE_PROFILE)


def _ask_profile(session: Session, stage: Stage, boss: Person, one: Participant, form: str) -> None:
    kind = MenteeProfileRequest if form == MENTEE_PROFILE else ProfileRequest
    mail = kind(given_name=boss.given_name, candidate=one.person.value().name, closes_on=due_on(stage, form))
    ask(session, stage, boss, form, mail, about=f"participant:{one.id}")


@step
def score_candidates(stage: Stage) -> int:
    """Keep the scores: a mentor's from the profile, a mentee's from the wish to develop and the profile (SEL-05)."""
    with transaction() as session:
        form = profile_form(session.get_one(Programme, stage.programme).rules.mentor_role)
        scored = 0
        for asked, answers in answered(session, stage, form):
            session.get_one(Participant, int(asked.about.partition(":")[2])).score = profile_score(answers)
            scored += 1
        scored += len(list(answered(session, stage, MENTEE_PROFILE)))
        wishes = _latest(session, stage, "mentee_application")
        profiles = _latest(session, stage, MENTEE_PROFILE)
        for one in participant.of_programme(session, stage.programme, Role.MENTEE, S.APPLIED):
            about = f"participant:{one.id}"
            wish = motivation_score(wishes[about]) if about in wishes else 0
            one.score = mentee_score(wish, profile_score(profiles.get(about, {})))
        return scored


def _latest(session: Session, stage: Stage, form: str) -> dict[str, Answers]:
    """The newest answer to a form about each participant."""
    given = response.of_programme(session, stage.programme, form)
    return {one.request.about: dict(one.answers) for one in given}


@step
def apply_decisions(stage: Stage) -> int:
    """Apply what the coordinator decided; how many candidates still wait for a decision."""
    with transaction() as session:
        for taken in decision.of_round(session, stage.programme, stage.phase, stage.round, applied=False):
            one = session.get_one(Participant, int(taken.subject.partition(":")[2]))
            if one.status == S.APPLIED:
                one.move(choices(Role(one.role))[taken.choice])
                one.reason = taken.reason
                _tell(session, stage, one)
            taken.applied = True
        session.flush()
        left = len(participant.of_programme(session, stage.programme, None, S.APPLIED))
        if left:
            ask_decision(session, stage, left)
        else:
            close_decision(session, stage)
        return left


def _tell(session: Session, stage: Stage, one: Participant) -> None:
    who, about = one.person, f"participant:{one.id}"
    match one.status:
        case S.SELECTED:
            mail = MentorInvitation(
                given_name=who.given_name, closes_on=due_on(stage, "mentor_invitation"), hours=HOURS
            )
            ask(session, stage, who, "mentor_invitation", mail, about=about)
        case S.CONFIRMED:
            next_on = max(stage.today, milestone_of(session, stage.programme, "matching", 1).opens_on)
            tell(session, stage, who, MenteeSelected(given_name=who.given_name, next_on=next_on), about=about)
        case S.LATER:
            tell(session, stage, who, SelectedLater(given_name=who.given_name, why=one.reason), about=about)
        case _:
            mail_no = NotSelected(given_name=who.given_name, role=Role(one.role), why=one.reason)
            tell(session, stage, who, mail_no, about=about)


@step
def take_acceptances(stage: Stage) -> int:
    """A mentor takes part only by his or her own yes (SEL-10, LEG-04); how many have not answered yet."""
    with transaction() as session:
        for asked, answers in answered(session, stage, "mentor_invitation"):
            one = session.get_one(Participant, int(asked.about.partition(":")[2]))
            if one.status == S.SELECTED:
                accepts = answers.get("accept") == "yes"
                one.move(S.CONFIRMED if accepts else S.DECLINED)
                if accepts:
                    _release(session, stage, one)
        for asked in lapsed(session, stage, "mentor_invitation"):
            one = session.get_one(Participant, int(asked.about.partition(":")[2]))
            if one.status == S.SELECTED:
                one.move(S.DECLINED)
        return waiting(session, stage, "mentor_invitation")


def _release(session: Session, stage: Stage, one: Participant) -> None:
    boss = manager_of(session, stage, one.person)
    if boss:
        mail = MentorRelease(given_name=boss.given_name, candidate=one.person.value().name, hours=HOURS)
        tell(session, stage, boss, mail, about=f"participant:{one.id}")


@step
def count_pool(stage: Stage) -> dict[str, int]:
    """How many take part; a shortage of places is reported to the coordinator (SEL-M09)."""
    with transaction() as session:
        mentors = participant.of_programme(session, stage.programme, Role.MENTOR, S.CONFIRMED)
        mentees = participant.of_programme(session, stage.programme, Role.MENTEE, S.CONFIRMED)
        places = [one.capacity for one in mentors]
        if shortage(places, len(mentees)):
            who = coordinator_of(session, stage.programme)
            mail = PoolShortage(
                given_name=who.given_name, mentors=len(mentors), places=sum(places), mentees=len(mentees)
            )
            tell(session, stage, who, mail, behind=link.desk_link(session, stage.programme, who.id))
        return {"mentors": len(mentors), "places": sum(places), "mentees": len(mentees)}
