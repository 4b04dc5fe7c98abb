"""Evaluation: what the programme brought, and what is left of it a year later."""

from sqlalchemy.orm import Session

from framework import evaluation as rules
from framework.content.closure import FORM_OF as CLOSURE_FORMS
from framework.content.evaluation import form_of
from framework.participation import ParticipantStatus
from framework.people import Role
from framework.questions import Answers
from models import link, pairing, participant, person, request, response, tally
from models.base import transaction
from models.person import Person
from models.programme import Programme
from notifications.emails.evaluation import (
    EvaluationReport,
    FinalEvaluation,
    FollowUp,
    FollowUpLow,
    FollowUpReport,
)
from tasks.requests import answered, ask, coordinator_of, due_on, manager_of, tell, waiting
from tasks.stage import Stage
from tasks.step import step

FINAL, FOLLOW_UP = "final", "follow_up"


def _what(stage: Stage) -> str:
    return FINAL if stage.kind == FINAL else FOLLOW_UP


def _months(stage: Stage) -> int:
    return int(stage.kind.rpartition("_")[2]) if stage.kind != FINAL else 0


def _people(session: Session, stage: Stage) -> list[tuple[Person, Role, str]]:
    """Who is asked: everybody who completed and is still here; finally also the project team and the line managers."""
    took_part = participant.of_programme(session, stage.programme, None, ParticipantStatus.COMPLETED)
    found = [
        (one.person, Role(one.role), f"participant:{one.id}")
        for one in took_part
        if one.person.value().is_here(stage.today)
    ]
    if _what(stage) == FINAL:
        team = person.by_keys(session, session.get_one(Programme, stage.programme).rules.team)
        found += [(one, Role.TEAM, f"team:{one.id}") for one in team if one.value().is_here(stage.today)]
        found += _managers(session, stage, found)
    return found


def _managers(session: Session, stage: Stage, found: list[tuple[Person, Role, str]]) -> list[tuple[Person, Role, str]]:
    """The line managers of the mentees, each once, unless they are asked already (PFE-M01)."""
    bosses = {
        boss.id: boss
        for one, role, _ in found
        if role is Role.MENTEE and (boss := manager_of(session, stage, one)) is not None
    }
    known = {one.id for one, _, _ in found}
    return [(boss, Role.LINE_MANAGER, f"manager:{boss.id}") for boss in bosses.values() if boss.id not in known]


@step
def ask_everybody(stage: Stage) -> int:
    """Ask the final questions, or those of this follow-up wave; how many were asked."""
    with transaction() as session:
        track = session.get_one(Programme, stage.programme).rules.track
        for one, role, about in _people(session, stage):
            form = form_of(_what(stage), role, track)
            closes_on = due_on(stage, form)
            mail: FinalEvaluation | FollowUp = (
                FinalEvaluation(given_name=one.given_name, closes_on=closes_on)
                if _what(stage) == FINAL
                else FollowUp(given_name=one.given_name, closes_on=closes_on, months=_months(stage))
            )
            ask(session, stage, one, form, mail, about=about)
        return len(request.of_round(session, stage.programme, stage.phase, stage.round))


@step
def still_open(stage: Stage) -> int:
    """How many of them have still to answer."""
    with transaction() as session:
        list(answered(session, stage))
        return waiting(session, stage)


def _given(session: Session, stage: Stage) -> list[Answers]:
    every = request.of_round(session, stage.programme, stage.phase, stage.round)
    forms = dict.fromkeys(one.form for one in every)
    return [one for form in forms for one in tally.given(session, stage.programme, form, stage.round)]


@step
def report(stage: Stage) -> dict[str, int]:
    """Add up this round and send it to sponsor and coordinator, in figures only (PFE-M02, FUP-M03)."""
    with transaction() as session:
        given = _given(session, stage)
        asked = len(request.of_round(session, stage.programme, stage.phase, stage.round))
        figures = {"asked": asked, "answered": len(given)}
        enough = len(given) >= rules.ENOUGH
        if _what(stage) == FINAL:
            began = [pair for pair in pairing.of_programme(session, stage.programme) if pair.active_on]
            figures["pairs"] = len(began)
            figures["messages"] = len(response.of_programme(session, stage.programme, "programme_feedback"))
            if enough:
                figures["score"] = rules.score(given)
            if len(ends := _ends(session, stage)) >= rules.ENOUGH:
                figures["goals_reached"] = rules.goals_reached(ends)
        elif enough:
            promoted = sum(one.get("changed") == "promoted" for one in given)
            figures |= {"still_using": rules.used(given), "promoted": promoted}
        for reader in _readers(session, stage):
            _send(session, stage, reader, figures)
        return figures


def _ends(session: Session, stage: Stage) -> list[Answers]:
    """The mentees' own view of their goal, one a relation."""
    form = CLOSURE_FORMS["relationship_end", Role.MENTEE]
    return tally.given(session, stage.programme, form)


def _readers(session: Session, stage: Stage) -> list[Person]:
    sponsor = session.get_one(Programme, stage.programme).rules.sponsor
    found = {one.id: one for one in person.by_keys(session, [sponsor] if sponsor else [])}
    coordinator = coordinator_of(session, stage.programme)
    return list((found | {coordinator.id: coordinator}).values())


def _send(session: Session, stage: Stage, reader: Person, figures: dict[str, int]) -> None:
    name = reader.given_name
    if _what(stage) == FINAL:
        tell(session, stage, reader, EvaluationReport(given_name=name, **figures))
        return
    months = _months(stage)
    tell(session, stage, reader, FollowUpReport(given_name=name, months=months, **figures))
    if figures["asked"] and rules.percent(figures["answered"], figures["asked"]) < rules.LOW_RESPONSE:
        low = FollowUpLow(given_name=name, months=months, asked=figures["asked"], answered=figures["answered"])
        desk = link.desk_link(session, stage.programme, reader.id)
        if reader.id == coordinator_of(session, stage.programme).id:
            tell(session, stage, reader, low, behind=desk)
