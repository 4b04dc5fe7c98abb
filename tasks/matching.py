"""Matching: propose, let the coordinator decide, let both accept, introduce."""

from datetime import timedelta

from sqlalchemy.orm import Session

from framework import matching as rules
from framework.pairing import OPEN, CloseReason, PairingStatus
from framework.participation import TAKES_PART, ParticipantStatus
from framework.people import Role
from framework.programme import Matching, Rule, relationships_start
from models import decision, pairing, participant, person, request, response
from models.base import insert_once, transaction
from models.pairing import Pairing
from models.participant import Participant
from models.programme import Programme, milestone_of
from models.request import Request
from notifications.emails.matching import (
    Introduction,
    IntroductionLineManager,
    PairingDeclined,
    PairingMentee,
    PairingMentor,
    WaitingList,
)
from tasks.requests import answered, ask, ask_decision, close_decision, due_on, lapsed, manager_of, tell, waiting
from tasks.stage import Stage, again
from tasks.step import step

S = PairingStatus
MENTOR_FORM, MENTEE_FORM = "pairing_mentor", "pairing_mentee"
DONE = frozenset({CloseReason.COMPLETED, CloseReason.ENDED_EARLY})


def _candidate(one: Participant, places: int, *, was_mentee: bool = False) -> rules.Candidate:
    profile = one.profile
    return rules.Candidate(
        id=one.id,
        person=one.person.value(),
        places=places,
        wants=tuple(profile.get("competences", ())),
        offers=tuple(profile.get("topics", ())),
        languages=tuple(profile.get("languages", ())) or (one.person.language,),
        channel=str(profile.get("channel", "both")),
        avoid=str(profile.get("avoid", "")),
        motives=tuple(profile.get("motives", ())),
        was_mentee=was_mentee,
    )


def _free(session: Session, stage: Stage) -> tuple[list[rules.Candidate], list[rules.Candidate]]:
    """Mentors with a free place, and mentees who still look for a partner; only people who are still here."""
    every = pairing.of_programme(session, stage.programme)
    open_ = [p for p in every if p.status in OPEN]
    load = {m: sum(p.mentor_id == m for p in open_) for m in {p.mentor_id for p in open_}}
    taken = {p.mentee_id for p in open_} | {p.mentee_id for p in every if p.close_reason in DONE}
    here = [
        one
        for one in participant.of_programme(session, stage.programme, None, *TAKES_PART)
        if one.person.value().is_here(stage.today)
    ]
    most = session.get_one(Programme, stage.programme).rules.matching.capacity
    before = participant.once(session, Role.MENTEE)
    mentors = [
        _candidate(m, min(m.capacity, most) - load.get(m.id, 0), was_mentee=m.person_id in before)
        for m in here
        if m.role == Role.MENTOR
    ]
    mentees = [_candidate(m, 1) for m in here if m.role == Role.MENTEE and m.id not in taken]
    return [m for m in mentors if m.places > 0], mentees


@step
def propose_pairings(stage: Stage) -> int:
    """Propose the best set of pairs for who is free, and write it down with its reasons; how many are to decide."""
    with transaction() as session:
        if not pairing.of_programme(session, stage.programme, S.PROPOSED, number=stage.round):
            settings = session.get_one(Programme, stage.programme).rules.matching
            before = pairing.of_programme(session, stage.programme)
            apart = frozenset((p.mentor_id, p.mentee_id) for p in before)
            managers = {one.id: one.manager_id for one in person.all_people(session)}
            mentors, mentees = _free(session, stage)
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
                _accept(session, stage, pair)
            elif approved:
                _ask_mentor(session, stage, pair)
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
    mentor = _candidate(pair.mentor, 1, was_mentee=pair.mentor.person_id in before)
    hard = (Rule.UNAVAILABLE, *settings.rules)
    return not rules.broken_rules(mentor, _candidate(pair.mentee, 1), hard, managers)


def _ask_mentor(session: Session, stage: Stage, pair: Pairing) -> None:
    mentor, mentee = pair.mentor.person, pair.mentee.person
    given = response.of_programme(session, stage.programme, "mentee_application", about=f"participant:{pair.mentee_id}")
    mail = PairingMentor(
        given_name=mentor.given_name,
        partner=mentee.value().name,
        partner_title=mentee.job_title,
        partner_department=mentee.department,
        goal=str(given[-1].answers.get("goal", "")) if given else "",
        closes_on=due_on(stage, MENTOR_FORM),
    )
    ask(session, stage, mentor, MENTOR_FORM, mail, about=f"pairing:{pair.id}")


def _ask_mentee(session: Session, stage: Stage, pair: Pairing) -> None:
    mentor, mentee = pair.mentor.person, pair.mentee.person
    strong = sorted(pair.reasons, key=lambda name: -int(pair.reasons[name]))
    mail = PairingMentee(
        given_name=mentee.given_name,
        partner=mentor.value().name,
        partner_title=mentor.job_title,
        partner_department=mentor.department,
        reasons=tuple(name for name in strong if pair.reasons[name])[:3],
        closes_on=due_on(stage, MENTEE_FORM),
    )
    ask(session, stage, mentee, MENTEE_FORM, mail, about=f"pairing:{pair.id}")


@step
def take_acceptances(stage: Stage) -> int:
    """The mentor's yes leads to the mentee's; a no, or silence, is neutral and ends the proposal. How many are open."""
    with transaction() as session:
        for asked, answers in answered(session, stage, MENTOR_FORM, MENTEE_FORM):
            _answer(session, stage, asked, accepted=answers.get("accept") == "yes")
        for asked in lapsed(session, stage, MENTOR_FORM, MENTEE_FORM):
            _answer(session, stage, asked, accepted=False)
        return waiting(session, stage, MENTOR_FORM, MENTEE_FORM)


def _answer(session: Session, stage: Stage, asked: Request, *, accepted: bool) -> None:
    pair = session.get_one(Pairing, int(asked.about.partition(":")[2]))
    if pair.status != S.APPROVED:
        return
    is_mentor = asked.form == MENTOR_FORM
    if not accepted:
        pair.move(S.DECLINED)
        request.cancel_about(session, f"pairing:{pair.id}")
        if not is_mentor and pair.mentor_accepted_on:
            other = pair.mentor.person
            tell(session, stage, other, PairingDeclined(given_name=other.given_name), about=f"pairing:{pair.id}")
    elif is_mentor and pair.mentor_accepted_on is None:
        pair.mentor_accepted_on = stage.today
        _ask_mentee(session, stage, pair)
    elif not is_mentor:
        pair.mentee_accepted_on = stage.today
        _accept(session, stage, pair)


def _accept(session: Session, stage: Stage, pair: Pairing) -> None:
    """Both said yes (or the mentor was appointed): introduce them, and tell the line manager that the pair exists."""
    pair.move(S.ACCEPTED)
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


@step
def close_round(stage: Stage) -> dict[str, int]:
    """Who found nobody goes on the waiting list, and hears so; new pairs go on to training and agreement."""
    with transaction() as session:
        _, unmatched = _free(session, stage)
        for position, one in enumerate(unmatched, 1):
            mentee = session.get_one(Participant, one.id)
            if mentee.status == ParticipantStatus.CONFIRMED:
                mentee.move(ParticipantStatus.WAITING)
            mail = WaitingList(given_name=mentee.person.given_name, position=position)
            tell(session, stage, mentee.person, mail, about=f"participant:{mentee.id}")
        made = [p for p in pairing.of_programme(session, stage.programme, S.ACCEPTED) if p.round == stage.round]
        if stage.round > 1 and made:
            again(session, stage, "agreement", days=14)
        return {"pairs": len(made), "unmatched": len(unmatched)}
