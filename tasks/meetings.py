"""Meetings: planned by the agreement, prepared, asked after, and missed ones noticed."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from framework.meetings import PREPARE_DAYS, MeetingStatus, planned_dates
from framework.pairing import PairingStatus
from models import meeting, response
from models.base import insert_many, transaction
from models.meeting import Meeting
from models.pairing import Pairing
from models.programme import Programme
from notifications.emails.meetings import (
    MeetingLog,
    MeetingPreparation,
    MentorReflection,
    PreparationShared,
)
from tasks.asking import Question, ask_all, some
from tasks.confirming import FORM as DOUBT
from tasks.confirming import ask_whether, console, forget_doubt, silent, watch
from tasks.relationship import drop_meetings
from tasks.requests import answered, ask, waiting
from tasks.stage import Stage
from tasks.step import step

PREPARE, SHARED, LOG, REFLECT = "meeting_preparation", "preparation_shared", "meeting_log", "mentor_reflection"
EVERY = {"weekly": 7, "fortnightly": 14, "monthly": 28}
FIRST_DAYS = 5  # a pair has so many days between the agreement and its first meeting
S = MeetingStatus


@step
def plan_meetings(stage: Stage) -> int:
    """Put the meetings of every active pair on the calendar, at the rhythm of its agreement; how many are planned."""
    with transaction() as session:
        rules = session.get_one(Programme, stage.programme).rules
        rows: list[dict[str, Any]] = []
        for pair in meeting.without_meetings(session, stage.programme):
            soonest = (pair.active_on or stage.today) + timedelta(days=FIRST_DAYS)
            every = _rhythm(session, stage, pair, rules.meetings.every_days)
            days = [day for day in planned_dates(stage.opens_on, stage.closes_on, every) if day >= soonest]
            rows += [
                {
                    "programme_id": stage.programme,
                    "pairing_id": pair.id,
                    "number": number,
                    "planned_on": day,
                    "status": S.PLANNED,
                    "prepared": False,
                    "asked": False,
                }
                for number, day in enumerate(days, 1)
            ]
        insert_many(session, Meeting, rows)
        return meeting.counts(session, stage.programme).get(S.PLANNED, 0)


def _rhythm(session: Session, stage: Stage, pair: Pairing, default: int) -> int:
    given = response.of_programme(session, stage.programme, "growth_contract", about=f"pairing:{pair.id}")
    return EVERY.get(str(given[-1].answers.get("rel_c06_every")), default) if given else default


@step
def prepare_and_ask(stage: Stage) -> int:
    """Before a meeting ask the mentee to prepare it; the day after it ask how it went. How many were asked.

    Some at a time, each time in a transaction of its own: nobody waits long for the database.
    """
    until = stage.today + timedelta(days=PREPARE_DAYS)
    with transaction() as session:
        wanted = meeting.to_ask_about(session, stage.programme, until, stage.today)
    return sum(_prepare_and_ask(stage, those) for those in some(wanted))


def _prepare_and_ask(stage: Stage, numbers: Sequence[int]) -> int:
    with transaction() as session:
        questions: list[Question] = []
        for one in meeting.by_ids(session, numbers):
            if one.status != S.PLANNED:
                continue  # somebody was faster
            if one.pairing.status != PairingStatus.ACTIVE:
                drop_meetings(session, one.pairing)
            elif one.planned_on >= stage.today and not one.prepared:
                questions.append(_question(one, PREPARE, MeetingPreparation))
                one.prepared = True
            elif one.planned_on < stage.today and not one.asked:
                questions.append(_question(one, LOG, MeetingLog))
                one.asked = True
        ask_all(session, stage, questions)
        return len(questions)


def _question(one: Meeting, form: str, kind: type[MeetingPreparation | MeetingLog]) -> Question:
    mentee, mentor = one.pairing.mentee.person, one.pairing.mentor.person
    mail = kind(given_name=mentee.given_name, partner=mentor.value().name, on=one.planned_on)
    return Question(mentee, form, mail, f"meeting:{one.id}")


@step
def take_forms(stage: Stage) -> int:
    """Share the mentee's preparation with the mentor, and keep what the logs say of each meeting; how many came in."""
    with transaction() as session:
        came = 0
        for asked, answers in answered(session, stage, PREPARE, SHARED, LOG, REFLECT):
            one = session.get_one(Meeting, int(asked.about.partition(":")[2]))
            came += 1
            if asked.form == PREPARE:
                _share(session, stage, one)
            elif asked.form == LOG:
                _keep(session, stage, one, dict(answers))
        for one in silent(session, stage, LOG, S.PLANNED):
            one.move(S.UNCONFIRMED)
            ask_whether(session, stage, one)
        return came


def _share(session: Session, stage: Stage, one: Meeting) -> None:
    if one.planned_on < stage.today or one.pairing.status != PairingStatus.ACTIVE:
        return
    mentor, mentee = one.pairing.mentor.person, one.pairing.mentee.person
    mail = PreparationShared(given_name=mentor.given_name, partner=mentee.value().name, on=one.planned_on)
    ask(session, stage, mentor, SHARED, mail, about=f"meeting:{one.id}")


def _keep(session: Session, stage: Stage, one: Meeting, answers: dict[str, object]) -> None:
    forget_doubt(session, stage, one)
    took_place = answers.get("took_place") == "yes"
    if one.status == S.CANCELLED or (one.status == S.HELD and not took_place):
        return
    if not took_place:
        one.move(S.MISSED)
        console(session, stage, one)
        watch(session, stage, one)
        return
    one.move(S.HELD)
    one.held_on = date.fromisoformat(str(answers.get("held_on") or one.planned_on))
    minutes = answers.get("minutes")
    one.minutes = minutes if isinstance(minutes, int) else None
    if one.pairing.status == PairingStatus.ACTIVE:
        mentor, mentee = one.pairing.mentor.person, one.pairing.mentee.person
        mail_back = MentorReflection(given_name=mentor.given_name, partner=mentee.value().name, on=one.held_on)
        ask(session, stage, mentor, REFLECT, mail_back, about=f"meeting:{one.id}")


@step
def count_meetings(stage: Stage) -> dict[str, int]:
    """How the meetings stand, in numbers."""
    with transaction() as session:
        found = meeting.counts(session, stage.programme)
        counts = {status.value: found.get(status, 0) for status in S if status != S.CANCELLED}
        return counts | {"open": waiting(session, stage, LOG, DOUBT)}


@step
def next_meeting(stage: Stage) -> str:
    """The next day on which a meeting asks for something, as an ISO date; empty when none is planned."""
    with transaction() as session:
        ahead = stage.today + timedelta(days=PREPARE_DAYS)
        prepare = meeting.next_planned(session, stage.programme, ahead, "prepared")
        ask_after = meeting.next_planned(session, stage.programme, stage.today - timedelta(days=1), "asked")
        days = [prepare - timedelta(days=PREPARE_DAYS)] if prepare else []
        days += [ask_after + timedelta(days=1)] if ask_after else []
        return min(days).isoformat() if days else ""
