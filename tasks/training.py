"""Training: sessions, a place for everybody, attendance, and the gate before a pair starts."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from framework.content.training import CURRICULUM_G, CURRICULUM_N, EVALUATION_OF
from framework.participation import TAKES_PART, ParticipantStatus
from framework.people import Role
from framework.training import THROUGH, EnrolmentStatus, must_train
from framework.visibility import Track
from models import decision, participant, request, training
from models.base import insert_once, transaction
from models.participant import Participant
from models.programme import Programme
from models.request import STANDING, Request
from models.training import Enrolment, TrainingSession
from notifications.email import Appointment
from notifications.emails.training import (
    TrainingDocuments,
    TrainingEvaluation,
    TrainingInvitation,
    TrainingPlace,
    TrainingRebook,
    TrainingRelease,
    TrainingReminder,
)
from tasks.requests import answered, ask, ask_decision, close_decision, due_on, lapsed, manager_of, tell, waiting
from tasks.stage import Stage
from tasks.step import step

FORMS = {Role.MENTOR: "training_enrolment_mentor", Role.MENTEE: "training_enrolment_mentee"}
FIRST_DAY, REMIND_DAYS, CATCH_UP_DAYS = 9, 2, 9
S = EnrolmentStatus


@step
def invite(stage: Stage) -> int:
    """Plan the sessions and invite everybody who is to be trained (TRN-01); how many are enrolled or invited."""
    with transaction() as session:
        rules = session.get_one(Programme, stage.programme).rules
        for number in range(1, rules.training.sessions + 1):
            _plan_session(session, stage, number, FIRST_DAY + 2 * (number - 1))
        for one in participant.of_programme(session, stage.programme, None, *TAKES_PART):
            if not must_train(Role(one.role), rules.track):
                continue
            if insert_once(
                session,
                Enrolment,
                programme_id=stage.programme,
                participant_id=one.id,
                status=S.INVITED,
                rebooked=0,
            ):
                _invite(session, stage, one)
        return len(_enrolled(session, stage))


def _enrolled(session: Session, stage: Stage, *statuses: EnrolmentStatus) -> list[Enrolment]:
    """The enrolments of everybody who still takes part; who has left owes no training."""
    every = training.enrolments(session, stage.programme, *statuses)
    return [one for one in every if one.participant.status != ParticipantStatus.WITHDRAWN]


def _plan_session(session: Session, stage: Stage, number: int, days: int) -> TrainingSession:
    rules = session.get_one(Programme, stage.programme).rules
    on = stage.today + timedelta(days=days)
    on += timedelta(days=max(0, 8 - on.isoweekday()) if on.isoweekday() > 5 else 0)  # noqa: PLR2004 - not at the weekend
    insert_once(
        session,
        TrainingSession,
        programme_id=stage.programme,
        round=stage.round,
        number=number,
        on=on,
        starts_at=datetime.combine(on, time(9), ZoneInfo(rules.time_zone)),
        minutes=60 * rules.training.hours,
        place="",
    )
    return next(s for s in training.sessions_of(session, stage.programme, stage.round) if s.number == number)


def _coming(session: Session, stage: Stage) -> list[TrainingSession]:
    """The sessions to come; one more is planned when there is none."""
    every = training.sessions_of(session, stage.programme, stage.round)
    coming = [one for one in every if one.on > stage.today]
    return coming or [_plan_session(session, stage, len(every) + 1, CATCH_UP_DAYS)]


def _options(session: Session, stage: Stage) -> dict[str, list[list[str]]]:
    return {"session": [[str(one.id), one.on.isoformat()] for one in _coming(session, stage)]}


def _invite(session: Session, stage: Stage, one: Participant) -> None:
    rules = session.get_one(Programme, stage.programme).rules
    form = FORMS[Role(one.role)]
    curriculum = CURRICULUM_G if rules.track is Track.GROWTH else CURRICULUM_N
    mail = TrainingInvitation(
        given_name=one.person.given_name,
        topics=tuple(t.title for t in curriculum if one.role == Role.MENTOR or not t.mentors_only),
        hours=rules.training.hours,
        closes_on=due_on(stage, form),
    )
    ask(session, stage, one.person, form, mail, about=f"participant:{one.id}", options=_options(session, stage))
    boss = manager_of(session, stage, one.person)
    if boss:
        release = TrainingRelease(
            given_name=boss.given_name, report=one.person.value().name, hours=rules.training.hours
        )
        tell(session, stage, boss, release, about=f"participant:{one.id}")


def _enrolment(session: Session, stage: Stage, participant_id: int) -> Enrolment:
    every = training.enrolments(session, stage.programme)
    return next(e for e in every if e.participant_id == participant_id)


@step
def take_places(stage: Stage) -> int:
    """Give everybody the place they chose, or the last one for who did not say; how many have not answered."""
    with transaction() as session:
        for asked, answers in answered(session, stage, *FORMS.values()):
            enrolment = _enrolment(session, stage, int(asked.about.partition(":")[2]))
            _place(session, stage, enrolment, session.get_one(TrainingSession, int(str(answers["session"]))))
        for asked in lapsed(session, stage, *FORMS.values()):
            enrolment = _enrolment(session, stage, int(asked.about.partition(":")[2]))
            if enrolment.status in {S.INVITED, S.ABSENT} and _is_newest(session, stage, asked):
                _place(session, stage, enrolment, _coming(session, stage)[-1])
        return waiting(session, stage, *FORMS.values())


def _is_newest(session: Session, stage: Stage, asked: Request) -> bool:
    """Whether this person was not asked again since (after an absence)."""
    every = request.of_round(session, stage.programme, stage.phase, stage.round, form=asked.form, about=asked.about)
    return asked.id == every[-1].id


def _place(session: Session, stage: Stage, enrolment: Enrolment, chosen: TrainingSession) -> None:
    """Give a place, or another one to who had one and chose anew; a session that is past becomes the next one."""
    chosen = chosen if chosen.on > stage.today else _coming(session, stage)[0]
    occasion = str(enrolment.rebooked)
    if enrolment.status == S.ENROLLED and enrolment.session and enrolment.session.on > stage.today:
        if enrolment.session_id == chosen.id:
            return
        occasion += f".{stage.today}.{chosen.number}"
    elif enrolment.status not in {S.INVITED, S.ABSENT}:
        return
    enrolment.move(S.ENROLLED)
    enrolment.session_id, enrolment.session = chosen.id, chosen
    who, rules = enrolment.participant.person, session.get_one(Programme, stage.programme).rules
    mail = TrainingPlace(
        given_name=who.given_name,
        on=chosen.on,
        place=chosen.place or who.site,
        hours=rules.training.hours,
        appointment=_entry(session, stage, enrolment, chosen),
    )
    tell(session, stage, who, mail, about=f"enrolment:{enrolment.id}", occasion=occasion)


def _entry(session: Session, stage: Stage, enrolment: Enrolment, chosen: TrainingSession) -> Appointment:
    return Appointment(
        uid=f"training-{enrolment.id}@{stage.slug}.baken",
        sequence=max(0, (stage.today - stage.opens_on).days),
        title=session.get_one(Programme, stage.programme).rules.title,
        zone=session.get_one(Programme, stage.programme).rules.time_zone,
        starts_at=chosen.starts_at,
        minutes=chosen.minutes,
        place=chosen.place or enrolment.participant.person.site,
    )


@step
def hold_sessions(stage: Stage) -> dict[str, int]:
    """Remind before a session; take the attendance that the coordinator gave; book who was absent again."""
    with transaction() as session:
        for one in _enrolled(session, stage, S.ENROLLED):
            _remind(session, stage, one)
        for taken in decision.of_round(session, stage.programme, stage.phase, stage.round, applied=False):
            one = session.get_one(Enrolment, int(taken.subject.partition(":")[2].partition(".")[0]))
            taken.applied = True
            if one.status == S.ENROLLED:
                now = one.move(S(taken.choice))
                _after(session, stage, one)
                if now is S.ABSENT:  # the next session asks for a decision of its own
                    taken.subject = f"absence:{one.id}.{one.rebooked}"
        session.flush()
        every = _enrolled(session, stage)
        to_mark = sum(e.status == S.ENROLLED and e.session is not None and e.session.on <= stage.today for e in every)
        if to_mark:
            ask_decision(session, stage, to_mark)
        else:
            close_decision(session, stage)
        return {
            "enrolled": len(every),
            "attended": sum(e.status in THROUGH for e in every),
            "owing": sum(e.status not in THROUGH for e in every),
            "to_mark": to_mark,
        }


def _remind(session: Session, stage: Stage, one: Enrolment) -> None:
    if one.session and stage.today < one.session.on <= stage.today + timedelta(days=REMIND_DAYS):
        who = one.participant.person
        mail = TrainingReminder(
            given_name=who.given_name,
            on=one.session.on,
            place=one.session.place or who.site,
            appointment=_entry(session, stage, one, one.session),
        )
        tell(session, stage, who, mail, about=f"enrolment:{one.id}", occasion=str(one.session_id))


def _after(session: Session, stage: Stage, one: Enrolment) -> None:
    who, about = one.participant.person, f"enrolment:{one.id}"
    if one.status in THROUGH:
        tell(session, stage, who, TrainingDocuments(given_name=who.given_name), about=about)
        if one.status == S.ATTENDED:
            _ask_evaluation(session, stage, one)
        return
    one.rebooked += 1
    if one.participant.status == ParticipantStatus.WITHDRAWN:
        return
    form = FORMS[Role(one.participant.role)]
    mail = TrainingRebook(given_name=who.given_name, closes_on=due_on(stage, form))
    ask(
        session,
        stage,
        who,
        form,
        mail,
        about=f"participant:{one.participant_id}",
        options=_options(session, stage),
        occasion=f"{stage.round}.{one.rebooked}",
    )


def _ask_evaluation(session: Session, stage: Stage, one: Enrolment) -> None:
    """What the training was worth to who was there (TRN-M07). No phase waits for it, so its clock is its own."""
    rules = session.get_one(Programme, stage.programme).rules
    form = EVALUATION_OF.get((rules.track, Role(one.participant.role)))
    if form and one.participant.status != ParticipantStatus.WITHDRAWN:
        who = one.participant.person
        mail = TrainingEvaluation(given_name=who.given_name, closes_on=due_on(stage, form))
        ask(session, replace(stage, round=STANDING), who, form, mail, about=f"participant:{one.participant_id}")


@step
def next_session(stage: Stage) -> list[str]:
    """The coming days on which a session asks for something: its reminder and its own day, as ISO dates."""
    with transaction() as session:
        days = [
            s.on - timedelta(days=d)
            for s in training.sessions_of(session, stage.programme, stage.round)
            for d in (REMIND_DAYS, 0)
        ]
        return sorted(day.isoformat() for day in days if day > stage.today)
