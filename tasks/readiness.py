"""Readiness: ask the project team, add up what they said, apply what was decided."""

from sqlalchemy.orm import Session

from framework.content import FORMS
from framework.readiness import Verdict, rank_needs, suggest, tally
from models import decision, link, person, programme, request
from models import tally as counted
from models.base import transaction
from models.programme import Milestone, Programme
from notifications.emails.readiness import ReadinessInvitation, ReadinessOutcome, ReadinessResult
from tasks.requests import answered, ask, ask_decision, close_decision, coordinator_of, due_on, tell, waiting
from tasks.stage import Stage
from tasks.step import step

FORM, MINUTES = "readiness_survey", 20


@step
def invite_team(stage: Stage) -> int:
    """Ask everyone in the project team (and the coordinator) the readiness questions; how many were asked."""
    with transaction() as session:
        rules = session.get_one(Programme, stage.programme).rules
        team = {one.id: one for one in person.by_keys(session, rules.team)}
        coordinator = coordinator_of(session, stage.programme)
        team.setdefault(coordinator.id, coordinator)
        for one in team.values():
            mail = ReadinessInvitation(given_name=one.given_name, closes_on=due_on(stage, FORM), minutes=MINUTES)
            ask(session, stage, one, FORM, mail)
        return len(team)


@step
def survey_open(stage: Stage) -> int:
    """How many of the team have still to answer."""
    with transaction() as session:
        list(answered(session, stage, FORM))
        return waiting(session, stage, FORM)


@step
def add_up(stage: Stage) -> dict[str, int]:
    """Rank the needs, keep the figures with the milestone, and lay the decision on the desk."""
    with transaction() as session:
        answers = counted.given(session, stage.programme, FORM)
        asked = request.of_round(session, stage.programme, stage.phase, stage.round, form=FORM)
        needs, understood = rank_needs(answers), tally(answers, "q04")
        recommend = tally(answers, "recommend")
        proposal = suggest(recommend, understood)
        milestone = session.get_one(Milestone, stage.milestone)
        milestone.counts = {
            "asked": len(asked),
            "answered": len(answers),
            "needs": [[need, points] for need, points in needs],
            "understood": understood,
            "recommend": recommend,
            "proposal": proposal.value,
        }
        labels = _labels()
        who = coordinator_of(session, stage.programme)
        mail = ReadinessResult(
            given_name=who.given_name,
            answers=len(answers),
            invited=len(asked),
            needs=tuple(labels[need] for need, _ in needs[:5] if need in labels),
            proposal=proposal.value,
        )
        desk = link.desk_link(session, stage.programme, who.id)
        tell(session, stage, who, mail, behind=desk)
        return {"answered": len(answers)}


def _labels() -> dict[str, str]:
    return {option.id: option.label for q in FORMS[FORM].questions for option in q.options}


@step
def decided(stage: Stage) -> str:
    """The coordinator's verdict; empty while it is awaited. Once it is there, everybody who answered hears of it."""
    with transaction() as session:
        taken = decision.of_round(session, stage.programme, stage.phase, stage.round)
        if not taken:
            ask_decision(session, stage, 1)
            return ""
        verdict = Verdict(taken[0].choice)
        close_decision(session, stage)
        for one in request.of_round(session, stage.programme, stage.phase, stage.round, form=FORM):
            tell(session, stage, one.person, ReadinessOutcome(given_name=one.person.given_name, decision=verdict.value))
        taken[0].applied = True
        if verdict is not Verdict.GO:
            _call_off(session, stage)
        return verdict.value


def _call_off(session: Session, stage: Stage) -> None:
    """Not now: the rest of the calendar is not planned any more (RDY-D2 to D5)."""
    for later in programme.milestones(session, stage.programme):
        if later.opened_on is None:
            later.state, later.outcome, later.finished_on, later.wake_on = "Not-Now", "not_now", stage.today, None
