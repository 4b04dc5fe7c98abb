"""Matching: propose, let the coordinator decide, let both accept, introduce."""

from sqlalchemy.orm import Session

from framework.matching import proposal as rules
from framework.matching.settings import Matching, Rule
from framework.pairing import PairingStatus
from framework.people import Role
from models import decision, pairing, participant, person
from models.base import insert_once, transaction
from models.pairing import Pairing
from models.programme import Programme
from tasks.acceptance import ask_mentor
from tasks.candidates import candidate, free
from tasks.introduction import introduce
from tasks.requests import ask_decision, close_decision
from tasks.stage import Stage
from tasks.step import step

S = PairingStatus


@step
def propose_pairings(stage: Stage) -> int:
    """Propose the best set of pairs for who is free, and write it down with its reasons; how many are to decide."""
    with transaction() as session:
        if not pairing.of_programme(session, stage.programme, S.PROPOSED, number=stage.round):
            settings = session.get_one(Programme, stage.programme).rules.matching
            before = pairing.of_programme(session, stage.programme)
            apart = frozenset((p.mentor_id, p.mentee_id) for p in before)
            managers = {one.id: one.manager_id for one in person.all_people(session)}
            mentors, mentees = free(session, stage)
            for found in rules.propose(mentors, mentees, settings, managers, apart):
                insert_once(
                    session,
                    Pairing,
                    programme_id=stage.programme,
                    round=stage.round,
                    mentor_id=found.mentor,
                    mentee_id=found.mentee,
                    status=S.PROPOSED,
                    score=found.score,
                    reasons=dict(found.reasons),
                )
        return len(pairing.of_programme(session, stage.programme, S.PROPOSED, number=stage.round))


@step
def apply_approvals(stage: Stage) -> int:
    """Apply the coordinator's yes or no, pair by pair; how many proposals still wait for one."""
    with transaction() as session:
        settings = session.get_one(Programme, stage.programme).rules.matching
        appointed = settings.mode == "appointed"
        for taken in decision.of_round(session, stage.programme, stage.phase, stage.round, applied=False):
            pair = session.get_one(Pairing, int(taken.subject.partition(":")[2]))
            taken.applied = True
            if pair.status != S.PROPOSED:
                continue
            approved = taken.choice == "approve" and _still_allowed(session, pair, settings)
            pair.move(S.APPROVED if approved else S.STRUCK)
            if approved and appointed:
                introduce(session, stage, pair)
            elif approved:
                ask_mentor(session, stage, pair)
        session.flush()
        left = len(pairing.of_programme(session, stage.programme, S.PROPOSED, number=stage.round))
        if left:
            ask_decision(session, stage, left)
        else:
            close_decision(session, stage)
        return left


def _still_allowed(session: Session, pair: Pairing, settings: Matching) -> bool:
    """Whether the hard rules still allow what was proposed: people move, and lines of command with them."""
    managers = {one.id: one.manager_id for one in person.all_people(session)}
    before = participant.once(session, Role.MENTEE)
    mentor = candidate(pair.mentor, 1, was_mentee=pair.mentor.person_id in before)
    hard = (Rule.UNAVAILABLE, *settings.rules)
    return not rules.broken_rules(mentor, candidate(pair.mentee, 1), hard, managers)
