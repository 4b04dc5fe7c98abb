"""Pairs that others made are asked early whether it fits, those of a later round too: once a pair (MAT-05, CAP-099).

The calendar has one early check, for the pairs of the first round. A pair of a later round plans its own as it begins,
so many days after its introduction; pairs that begin about the same time share one.
"""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from framework import programme as rules
from framework.content.review import FORM_OF
from framework.pairing import PairingStatus
from framework.people import Role
from framework.review import is_imposed, may_impose
from models import pairing, programme, request
from models.pairing import Pairing
from models.programme import Programme
from tasks.stage import Stage

EARLY = "early_check"
FORMS = frozenset(FORM_OF[EARLY, role] for role in (Role.MENTOR, Role.MENTEE))
OPEN_DAYS = 14
SHARED = timedelta(days=14)
"""So much later than wished a check may be, if one is planned already."""


def plan_early_check(session: Session, stage: Stage, pair: Pairing) -> None:
    """A pair of a later round has begun: it is asked some weeks after its introduction, if others made it."""
    given = session.get_one(Programme, stage.programme).rules
    if pair.round == 1 or not _is_asked(given, pair):
        return
    opens = max(_due(given, programme.begins_on(session, stage.programme), pair), stage.today + timedelta(days=1))
    rounds = programme.milestones(session, stage.programme, "review")
    if any(m.kind == EARLY and m.opened_on is None and opens <= m.opens_on <= opens + SHARED for m in rounds):
        return
    if opens < programme.milestone_of(session, stage.programme, "closure", 1).opens_on:
        number = max([rules.BY_DAY, *(m.round for m in rounds)]) + 1
        planned = rules.Milestone("review", number, EARLY, opens, opens + timedelta(days=OPEN_DAYS))
        programme.plan(session, stage.programme, planned)


def due_pairs(session: Session, stage: Stage) -> list[Pairing]:
    """The pairs that this early check is about: begun, made by others, long enough together, and not asked before."""
    given = session.get_one(Programme, stage.programme).rules
    begins_on = programme.begins_on(session, stage.programme)
    asked = {
        one.about
        for one in request.of_programme(session, stage.programme)
        if one.form in FORMS and one.round != stage.round
    }
    return [
        pair
        for pair in pairing.of_programme(session, stage.programme, PairingStatus.ACTIVE)
        if is_imposed(given.matching.mode, pair.origin)
        and (pair.round == 1 or _due(given, begins_on, pair) <= stage.opens_on)
        and f"pairing:{pair.id}" not in asked
    ]


def _is_asked(given: rules.Programme, pair: Pairing) -> bool:
    mode = given.matching.mode
    return bool(given.review.early_check_days) and may_impose(given.track, mode) and is_imposed(mode, pair.origin)


def _due(given: rules.Programme, begins_on: date, pair: Pairing) -> date:
    """The day from which the two can tell whether it fits."""
    begun = [on for on in (pair.accepted_on, begins_on) if on]
    return max(begun) + timedelta(days=given.review.early_check_days or 0)
