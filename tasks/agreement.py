"""Agreement: drafted, signed by both, consented to by the line manager, active."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from framework.agreement import AgreementStatus, drafts, needs_consent
from framework.pairing import TOGETHER, CloseReason, PairingStatus
from framework.participation import ParticipantStatus
from framework.people import Role
from framework.training import EnrolmentStatus, may_start
from framework.visibility import Track
from models import agreement, pairing, request, training
from models.agreement import Agreement
from models.base import insert_once, transaction
from models.pairing import Pairing
from models.person import Person
from models.programme import Programme, milestone_of
from models.request import Request
from models.signal import raise_signal
from notifications.emails.agreement import (
    AgreementActive,
    AgreementDraft,
    AgreementFirstMeeting,
    AgreementRedraft,
    AgreementSignature,
    ManagerConsent,
    RoleSplit,
)
from notifications.emails.matching import RematchStarted
from tasks.early_check import plan_early_check
from tasks.requests import answered, ask, due_on, lapsed, manager_of, tell, waiting
from tasks.stage import Stage, again
from tasks.step import step

SIGN, CONSENT, MOST_DRAFTS = "contract_signature", "manager_consent", 3
S = AgreementStatus

MINUTES = {"growth_contract": 30, "new_hire_agreement": 20}  # as the forms themselves say


def _track(session: Session, stage: Stage) -> Track:
    return session.get_one(Programme, stage.programme).rules.track


def _sides(pair: Pairing, role: Role) -> tuple[Person, Person]:
    """The one in that role, and the other."""
    mentor, mentee = pair.mentor.person, pair.mentee.person
    return (mentor, mentee) if role is Role.MENTOR else (mentee, mentor)


@step
def begin_agreements(stage: Stage) -> int:
    """Every pair that both accepted, and that is trained, begins its agreement; how many there are."""
    with transaction() as session:
        rules = session.get_one(Programme, stage.programme).rules
        owed = {e.participant_id: EnrolmentStatus(e.status) for e in training.enrolments(session, stage.programme)}
        for pair in pairing.of_programme(session, stage.programme, PairingStatus.ACCEPTED):
            trained = [owed[p] for p in (pair.mentor_id, pair.mentee_id) if p in owed]
            if may_start(trained, must_attend=rules.training.must_attend):
                _begin(session, stage, pair)
        return len(agreement.of_programme(session, stage.programme))


def _begin(session: Session, stage: Stage, pair: Pairing) -> None:
    if insert_once(session, Agreement, programme_id=stage.programme, pairing_id=pair.id, status=S.DRAFTING, drafts=1):
        _, role = drafts(_track(session, stage))
        one, other = _sides(pair, role)
        _ask_draft(session, stage, pair, 1)
        first = AgreementFirstMeeting(given_name=other.given_name, partner=one.value().name)
        tell(session, stage, other, first, about=f"pairing:{pair.id}")


def _ask_draft(session: Session, stage: Stage, pair: Pairing, number: int) -> None:
    form, role = drafts(_track(session, stage))
    one, other = _sides(pair, role)
    told: dict[str, Any] = {
        "given_name": one.given_name,
        "partner": other.value().name,
        "closes_on": due_on(stage, form),
    }
    told["closes_on"] = due_on(stage, form)
    mail = AgreementDraft(**told, minutes=MINUTES[form]) if number == 1 else AgreementRedraft(**told)
    made = ask(session, stage, one, form, mail, about=f"pairing:{pair.id}", occasion=f"{stage.round}.{number}")
    agreed = agreement.of_pairing(session, pair.id)
    if agreed:
        agreed.draft_request_id = made.id


@step
def take_signatures(stage: Stage) -> dict[str, int]:
    """Move each agreement by the answers that came, and by the silence of those that did not."""
    with transaction() as session:
        form, _ = drafts(_track(session, stage))
        for asked, answers in answered(session, stage, form, SIGN, CONSENT):
            agreed = _agreement(session, asked)
            if _yes(asked.form, dict(answers)):
                _YES[asked.form](session, stage, agreed, asked)
            else:
                _no(session, stage, agreed, asked)
        for asked in lapsed(session, stage, form, SIGN, CONSENT):
            _silence(session, stage, asked)
        for agreed in agreement.of_programme(session, stage.programme, S.SIGNED):
            if needs_consent(_track(session, stage)) and agreed.pairing.status == PairingStatus.ACCEPTED:
                _to_manager(session, stage, agreed)
        session.flush()
        every = agreement.of_programme(session, stage.programme)
        return {
            "agreements": len(every),
            "active": sum(a.status == S.ACTIVE for a in every),
            "open": waiting(session, stage, form, SIGN, CONSENT),
        }


def _yes(form: str, answers: dict[str, object]) -> bool:
    key = {SIGN: "agree", CONSENT: "consent"}.get(form)
    return key is None or answers.get(key) == "yes"


def _agreement(session: Session, asked: Request) -> Agreement:
    found = agreement.of_pairing(session, int(asked.about.partition(":")[2]))
    if found is None:
        raise LookupError(asked.about)
    return found


def _drafted(session: Session, stage: Stage, agreed: Agreement, asked: Request) -> None:
    if agreed.status != S.DRAFTING or agreed.pairing.status not in TOGETHER:
        return
    about = f"pairing:{agreed.pairing_id}"
    request.cancel_about(session, about)  # another draft that was asked for is not needed any more
    agreed.move(S.SIGNED_ONCE)
    agreed.drafted_on, agreed.draft_request_id = stage.today, asked.id
    _, role = drafts(_track(session, stage))
    one, other = _sides(agreed.pairing, role)
    mail = AgreementSignature(given_name=other.given_name, partner=one.value().name, closes_on=due_on(stage, SIGN))
    ask(session, stage, other, SIGN, mail, about=about, occasion=f"{stage.round}.{agreed.drafts}")


def _signed(session: Session, stage: Stage, agreed: Agreement, asked: Request) -> None:
    if agreed.status != S.SIGNED_ONCE or not _is_for(agreed, asked):
        return
    agreed.move(S.SIGNED)
    agreed.signed_on = stage.today
    request.cancel_about(session, asked.about)
    draft = session.get(Request, agreed.draft_request_id) if agreed.draft_request_id else None
    if draft:  # what was signed is not changed any more
        draft.due_on = min(draft.due_on, stage.today - timedelta(days=1))
    if not needs_consent(_track(session, stage)):
        _split_roles(session, stage, agreed)
        _activate(session, stage, agreed)


def _split_roles(session: Session, stage: Stage, agreed: Agreement) -> None:
    mentee, mentor = agreed.pairing.mentee.person, agreed.pairing.mentor.person
    if boss := manager_of(session, stage, mentee):
        mail = RoleSplit(given_name=boss.given_name, report=mentee.value().name, partner=mentor.value().name)
        tell(session, stage, boss, mail, about=f"pairing:{agreed.pairing_id}")


def _to_manager(session: Session, stage: Stage, agreed: Agreement) -> None:
    """The line manager of the day is asked for consent, once; where there is none, the pair goes ahead."""
    mentee, mentor = agreed.pairing.mentee.person, agreed.pairing.mentor.person
    boss = manager_of(session, stage, mentee)
    if boss is None:
        _activate(session, stage, agreed)
        return
    mail = ManagerConsent(
        given_name=boss.given_name,
        report=mentee.value().name,
        partner=mentor.value().name,
        closes_on=due_on(stage, CONSENT),
    )
    about = f"pairing:{agreed.pairing_id}"
    ask(session, stage, boss, CONSENT, mail, about=about, occasion=f"{stage.round}.{agreed.drafts}")


def _consented(session: Session, stage: Stage, agreed: Agreement, asked: Request) -> None:
    if agreed.status == S.SIGNED and _is_for(agreed, asked):
        agreed.consented_on = stage.today
        _activate(session, stage, agreed)


_YES = {"growth_contract": _drafted, "new_hire_agreement": _drafted, SIGN: _signed, CONSENT: _consented}


def _no(session: Session, stage: Stage, agreed: Agreement, asked: Request) -> None:
    """A remark sends the text back; a line manager's no is a signal as well."""
    wanted = S.SIGNED_ONCE if asked.form == SIGN else S.SIGNED
    if agreed.status != wanted or not _is_for(agreed, asked):
        return
    if asked.form == CONSENT:
        raise_signal(session, stage.programme, "RSK-19", asked.about, 0, stage.today, refused=1)
    _redraft(session, stage, agreed)


def _is_for(agreed: Agreement, asked: Request) -> bool:
    """Whether the question was about the draft that lies on the table now."""
    return asked.key.endswith(f".{agreed.drafts}")


def _redraft(session: Session, stage: Stage, agreed: Agreement) -> None:
    """Back to the drawing board, a few times; then the two part without blame."""
    if agreed.drafts >= MOST_DRAFTS:
        _part(session, stage, agreed)
        return
    agreed.move(S.DRAFTING)
    agreed.drafts += 1
    _ask_draft(session, stage, agreed.pairing, agreed.drafts)


def _silence(session: Session, stage: Stage, asked: Request) -> None:
    agreed = _agreement(session, asked)
    mine = _is_for(agreed, asked)
    if asked.form == CONSENT and agreed.status == S.SIGNED and mine:
        raise_signal(session, stage.programme, "RSK-19", asked.about, 0, stage.today, silent=1)
        _activate(session, stage, agreed)
    elif asked.form == SIGN and agreed.status == S.SIGNED_ONCE and mine:
        _redraft(session, stage, agreed)
    elif asked.form not in {SIGN, CONSENT} and agreed.status == S.DRAFTING and mine:
        raise_signal(session, stage.programme, "RSK-04", asked.about, 0, stage.today, unsigned=agreed.drafts)
        if agreed.drafts >= MOST_DRAFTS:
            _part(session, stage, agreed)
        else:
            agreed.drafts += 1
            _ask_draft(session, stage, agreed.pairing, agreed.drafts)


def _activate(session: Session, stage: Stage, agreed: Agreement) -> None:
    if agreed.pairing.status != PairingStatus.ACCEPTED:
        return
    agreed.move(S.ACTIVE)
    agreed.active_on = stage.today
    agreed.pairing.move(PairingStatus.ACTIVE)
    agreed.pairing.active_on = stage.today
    rules = session.get_one(Programme, stage.programme).rules
    meetings = milestone_of(session, stage.programme, "meetings", 1)
    if meetings.opened_on and meetings.finished_on is None:
        meetings.wake_on = stage.today  # the pair's meetings are planned today
    plan_early_check(session, stage, agreed.pairing)
    for role in (Role.MENTOR, Role.MENTEE):
        one, other = _sides(agreed.pairing, role)
        mail = AgreementActive(
            given_name=one.given_name,
            partner=other.value().name,
            partner_email=other.email or "",
            first_on=max(meetings.opens_on, stage.today + timedelta(days=7)),
            every_days=rules.meetings.every_days,
        )
        tell(session, stage, one, mail, about=f"pairing:{agreed.pairing_id}")


def _part(session: Session, stage: Stage, agreed: Agreement) -> None:
    """No agreement came about: the pair ends without blame, and the mentee is matched again (REL-C12)."""
    agreed.move(S.ENDED)
    agreed.pairing.close(CloseReason.NOT_AGREED, stage.today)
    request.cancel_about(session, f"pairing:{agreed.pairing_id}")
    if agreed.pairing.mentee.status == ParticipantStatus.CONFIRMED:
        agreed.pairing.mentee.move(ParticipantStatus.WAITING)
    for one in (agreed.pairing.mentor.person, agreed.pairing.mentee.person):
        tell(session, stage, one, RematchStarted(given_name=one.given_name), about=f"pairing:{agreed.pairing_id}")
    again(session, stage, "matching", days=14)


@step
def undecided(stage: Stage) -> int:
    """How many accepted pairs have no agreement in force yet."""
    with transaction() as session:
        return len(pairing.of_programme(session, stage.programme, PairingStatus.ACCEPTED))
