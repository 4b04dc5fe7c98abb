"""Matching: propose, and let the coordinator decide; then both are asked, or introduced at once."""

from collections import Counter

from sqlalchemy.orm import Session

from framework.pairing import OPEN, PairingStatus
from models import decision, pairing
from models.base import transaction
from models.pairing import Pairing
from models.programme import Milestone, Programme
from tasks.matching.acceptance import ask_mentor
from tasks.matching.deciding import apply
from tasks.matching.introduction import introduce
from tasks.matching.proposing import solve, undecided
from tasks.requests import ask_decision, close_decision
from tasks.stage import Stage
from tasks.step import step

S = PairingStatus


@step
def propose_pairings(stage: Stage) -> int:
    """Propose pairs for who is free, unless proposals wait already; how many are to decide."""
    with transaction() as session:
        _one_at_a_time(session, stage)
        if not (left := undecided(session, stage)):
            solve(session, stage)
            left = undecided(session, stage)
        return len(left)


@step
def apply_approvals(stage: Stage) -> int:
    """Apply what the coordinator decided; how many proposals still wait for a decision.

    Once the last one is decided, who is free again is proposed anew at once, in a run of its own. Mutual pairs, and
    all pairs of a programme that appoints, are introduced as they are approved; of the others the mentor is asked.
    """
    with transaction() as session:
        _one_at_a_time(session, stage)
        taken = decision.of_round(session, stage.programme, stage.phase, stage.round, applied=False)
        approved = apply(session, stage, taken)
        session.flush()
        left = undecided(session, stage)
        if taken and not left:
            close_decision(session, stage)
            solve(session, stage)
            left = undecided(session, stage)
        for pair in _ready(session, stage, approved):
            _go_on(session, stage, pair)
        if left:
            ask_decision(session, stage, len(left), relaxed=sum(bool(pair.relaxed) for pair in left))
        else:
            close_decision(session, stage)
        return len(left)


def _one_at_a_time(session: Session, stage: Stage) -> None:
    """Hold the round until the end of the transaction: the same step beside this one waits, and finds what was done."""
    session.get_one(Milestone, stage.milestone, with_for_update=True)


def _go_on(session: Session, stage: Stage, pair: Pairing) -> None:
    settings = session.get_one(Programme, stage.programme).rules.matching
    if settings.mode == "appointed" or pair.origin == "mutual":
        introduce(session, stage, pair)
    else:
        ask_mentor(session, stage, pair)


def _ready(session: Session, stage: Stage, approved: list[Pairing]) -> list[Pairing]:
    """The approved pairs whose turn it is.

    Two mentors go together: an approved one waits while the other is still to be proposed or decided. If that one was
    struck, another is proposed; where there is nobody, one mentor is better than none, and the approved one goes on.
    """
    settings = session.get_one(Programme, stage.programme).rules.matching
    if settings.shape != "two_mentors":
        return approved
    every = pairing.of_programme(session, stage.programme, *OPEN)
    waits = {pair.mentee_id for pair in every if pair.status == S.PROPOSED}
    mentors = Counter(pair.mentee_id for pair in every)
    over = not any(pair.status == S.PROPOSED and pair.round == stage.round for pair in every)
    ready = [pair for pair in every if pair.status == S.APPROVED and pair.round == stage.round]
    return [pair for pair in ready if pair.mentee_id not in waits and (mentors[pair.mentee_id] > 1 or over)]
