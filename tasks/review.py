"""Review: each side asked apart, the two compared, signals for a person to look at, a decision per pair."""

from collections.abc import Sequence
from math import ceil

from sqlalchemy.orm import Session

from framework.agreement import AgreementStatus
from framework.content import FORMS
from framework.content.closure import FORM_OF as CLOSURE_FORMS
from framework.content.review import FORM_OF
from framework.pairing import CloseReason, PairingStatus
from framework.participation import ParticipantStatus
from framework.people import Role
from framework.questions import Answers
from framework.review import ReviewDecision, measures, meetings_expected
from framework.signals import raised
from framework.visibility import Track, readable
from models import agreement, decision, meeting, pairing, request, response, signal
from models.base import transaction
from models.pairing import Pairing
from models.programme import Milestone, Programme, milestone_of
from notifications.emails.matching import RematchStarted
from notifications.emails.review import FacilitatorReview, LearningProgress, ReviewChanges, ReviewRequest, ReviewSupport
from tasks.asking import Question, ask_all, some
from tasks.early_check import EARLY, due_pairs
from tasks.relationship import ask_relationship_end, drop_meetings
from tasks.requests import (
    answered,
    ask,
    ask_decision,
    close_decision,
    coordinator_of,
    due_on,
    manager_of,
    tell,
    waiting,
)
from tasks.spread import MOST_AT_ONCE, chunks
from tasks.stage import Stage, again
from tasks.step import step

FACILITATOR = "facilitator_review"
PAIRS_A_TASK = 250
"""At least so many, and never more tasks than go side by side: what a task costs is lost in what it does."""


def _forms(stage: Stage) -> dict[Role, str]:
    return {role: FORM_OF[stage.kind, role] for role in (Role.MENTOR, Role.MENTEE)}


def _active(session: Session, stage: Stage) -> list[Pairing]:
    """The pairs that the round is about: all that are active; in an early check those that others made (MAT-05)."""
    if stage.kind == EARLY:
        return due_pairs(session, stage)
    return list(pairing.of_programme(session, stage.programme, PairingStatus.ACTIVE))


def _active_ids(session: Session, stage: Stage) -> list[int]:
    """The numbers of those pairs."""
    if stage.kind == EARLY:
        return [pair.id for pair in due_pairs(session, stage)]
    return pairing.ids(session, stage.programme, PairingStatus.ACTIVE)


def _asked_ids(session: Session, stage: Stage) -> set[int]:
    """The numbers of the pairs that were asked in this round."""
    about = request.asked_about(session, stage.programme, stage.phase, stage.round, *_forms(stage).values())
    return {int(one.partition(":")[2]) for one in about}


def _pairs(session: Session, stage: Stage) -> dict[int, Pairing]:
    """The pairs of this round: those that are active, and those that were asked in it."""
    active = {pair.id: pair for pair in _active(session, stage)}
    gone = sorted(_asked_ids(session, stage) - active.keys())
    return active | {number: session.get_one(Pairing, number) for number in gone}


@step
def pairs_to_ask(stage: Stage) -> list[list[int]]:
    """The pairs to be asked in this round, by number, in chunks; none once it has rested and waits for answers.

    So a run that was killed while it asked goes on where it was, and a pair that began since has its turn next time.
    """
    with transaction() as session:
        if session.get_one(Milestone, stage.milestone).state != "Opened":
            return []
        ids = _active_ids(session, stage)
        return chunks(ids, max(PAIRS_A_TASK, ceil(len(ids) / MOST_AT_ONCE)))


@step
def ask_both(stage: Stage, pairs: list[int]) -> int:
    """Ask mentor and mentee of these pairs, each apart (REV-04, MAT-M09); how many pairs were asked."""
    return sum(_ask_both(stage, those) for those in some(pairs))


def _ask_both(stage: Stage, pairs: Sequence[int]) -> int:
    with transaction() as session:
        active = pairing.by_ids(session, pairs, PairingStatus.ACTIVE)
        ask_all(session, stage, [_question(stage, pair, *one) for pair in active for one in _forms(stage).items()])
        return len(active)


def _question(stage: Stage, pair: Pairing, role: Role, form: str) -> Question:
    one, other = (pair.mentor, pair.mentee) if role is Role.MENTOR else (pair.mentee, pair.mentor)
    mail = ReviewRequest(
        given_name=one.person.given_name,
        partner=other.person.value().name,
        kind=stage.kind,
        closes_on=due_on(stage, form),
    )
    return Question(one.person, form, mail, f"pairing:{pair.id}")


@step
def still_open(stage: Stage) -> dict[str, int]:
    """How many pairs the round is about, and how many of their forms are still open."""
    with transaction() as session:
        list(answered(session, stage))
        open_ = waiting(session, stage, *_forms(stage).values())
        return {"pairs": len({*_active_ids(session, stage), *_asked_ids(session, stage)}), "open": open_}


def _given(session: Session, stage: Stage, about: str | None = None) -> dict[tuple[str, str], Answers]:
    """What was answered in this round, by what it is about and the form; of one pair alone where it is named."""
    forms = set(_forms(stage).values())
    found = response.latest(session, stage.programme, forms, about=about, number=stage.round)
    return {(one.about, one.form): one.answers for one in found}


def _answers(given: dict[tuple[str, str], Answers], stage: Stage, pair: Pairing) -> dict[Role, Answers | None]:
    return {role: given.get((f"pairing:{pair.id}", form)) for role, form in _forms(stage).items()}


@step
def raise_signals(stage: Stage) -> dict[str, int]:
    """Compare the two sides of each pair and keep what the thresholds say; figures for the facilitator."""
    with transaction() as session:
        rules = session.get_one(Programme, stage.programme).rules
        begins = milestone_of(session, stage.programme, "meetings", 1).opens_on
        figures = {"pairs": 0, "asked": 0, "answered": 0, "below_minimum": 0, "signals": 0}
        told, met = _given(session, stage), meeting.held(session, stage.programme)
        for pair in _pairs(session, stage).values():
            given = _answers(told, stage, pair)
            since = (stage.today - max(begins, pair.active_on or begins)).days
            least = meetings_expected(rules.meetings.every_days, since, rules.meetings.at_least)
            found = measures(given[Role.MENTOR], given[Role.MENTEE], held=met.get(pair.id, 0), at_least=least)
            signals = raised(found) if pair.status == PairingStatus.ACTIVE else {}
            for code, numbers in signals.items():
                signal.raise_signal(
                    session, stage.programme, code, f"pairing:{pair.id}", stage.round, stage.today, **numbers
                )
            figures["pairs"] += 1
            figures["asked"] += 2
            figures["answered"] += 2 - found["silent"]
            figures["below_minimum"] += found["meetings_short"] > 0
            figures["signals"] += len(signals)
        if stage.kind != EARLY:  # it is about single pairs, not about the programme
            _ask_facilitator(session, stage, figures)
        return figures


def _ask_facilitator(session: Session, stage: Stage, figures: dict[str, int]) -> None:
    who = coordinator_of(session, stage.programme)
    mail = FacilitatorReview(given_name=who.given_name, **figures)
    ask(session, stage, who, FACILITATOR, mail)


@step
def apply_decisions(stage: Stage) -> int:
    """Apply what the coordinator decided for each pair with a signal; how many still wait."""
    with transaction() as session:
        found = signal.of_programme(session, stage.programme, number=stage.round)
        for taken in decision.of_round(session, stage.programme, stage.phase, stage.round, applied=False):
            pair = session.get_one(Pairing, int(taken.subject.partition(":")[2]))
            taken.applied = True
            _decide(session, stage, pair, ReviewDecision(taken.choice))
            for one in found:
                if one.about == taken.subject:
                    one.settled_on = stage.today
        session.flush()
        seen = {taken.subject for taken in decision.of_round(session, stage.programme, stage.phase, stage.round)}
        open_ = {one.about for one in found if one.settled_on is None} - seen
        left = sum(about.startswith("pairing:") for about in open_)
        if left:
            ask_decision(session, stage, left)
        else:
            close_decision(session, stage)
        return left


def _decide(session: Session, stage: Stage, pair: Pairing, choice: ReviewDecision) -> None:
    if pair.status != PairingStatus.ACTIVE:
        return
    sides = ((pair.mentor.person, pair.mentee.person), (pair.mentee.person, pair.mentor.person))
    if choice in {ReviewDecision.ADJUST, ReviewDecision.SUPPORT}:
        for one, other in sides:
            mail = ReviewSupport(given_name=one.given_name, partner=other.value().name)
            tell(session, stage, one, mail, about=f"pairing:{pair.id}")
    elif choice in {ReviewDecision.REMATCH, ReviewDecision.END}:
        rematch = choice is ReviewDecision.REMATCH
        pair.close(CloseReason.REMATCH if rematch else CloseReason.ENDED_EARLY, stage.today)
        if agreed := agreement.of_pairing(session, pair.id):
            agreed.move(AgreementStatus.ENDED)
        drop_meetings(session, pair)
        ask_relationship_end(session, stage, pair)
        if rematch:
            for one, _ in sides:
                tell(session, stage, one, RematchStarted(given_name=one.given_name), about=f"pairing:{pair.id}")
            if pair.mentee.status == ParticipantStatus.CONFIRMED:
                pair.mentee.move(ParticipantStatus.WAITING)
            again(session, stage, "matching", days=14)


@step
def facilitator_open(stage: Stage) -> bool:
    """Whether the coordinator's own review form is still open."""
    with transaction() as session:
        return bool(waiting(session, stage, FACILITATOR))


@step
def ends_open(stage: Stage) -> int:
    """How many of those whose relation this round ended have still to look back on it."""
    forms = [CLOSURE_FORMS["relationship_end", role] for role in (Role.MENTOR, Role.MENTEE)]
    with transaction() as session:
        return waiting(session, stage, *forms)


@step
def tell_results(stage: Stage) -> int:
    """Tell participants what changes, and a new hire's line manager how the learning goes; how many were told."""
    with transaction() as session:
        told = 0
        own = request.of_round(session, stage.programme, stage.phase, stage.round, form=FACILITATOR)
        given = [r for one in own if (r := response.of_request(session, one.id))]
        track = session.get_one(Programme, stage.programme).rules.track
        for pair in _pairs(session, stage).values():
            for role, one in ((Role.MENTOR, pair.mentor.person), (Role.MENTEE, pair.mentee.person)):
                may = readable(FORMS[FACILITATOR], given[-1].answers, role, track) if given else {}
                if changed := str(may.get("changed", "")):
                    told += tell(session, stage, one, ReviewChanges(given_name=one.given_name, changed=changed))
            if track is Track.NEW_HIRE:
                told += _progress(session, stage, pair)
        return told


def _progress(session: Session, stage: Stage, pair: Pairing) -> int:
    """Learning progress only, from the plan; never what anybody thinks of the other (LEG-09 to LEG-11)."""
    mentee = pair.mentee.person
    boss = manager_of(session, stage, mentee)
    form = FORMS[_forms(stage)[Role.MENTOR]]
    answers = readable(
        form,
        _answers(_given(session, stage, f"pairing:{pair.id}"), stage, pair)[Role.MENTOR] or {},
        Role.LINE_MANAGER,
        Track.NEW_HIRE,
    )
    progress = answers.get("rev_n2")
    if boss is None or not isinstance(progress, int):
        return 0
    mail = LearningProgress(
        given_name=boss.given_name,
        report=mentee.value().name,
        progress=progress,
        recommendation=str(answers.get("rev_n4", "")),
    )
    return int(tell(session, stage, boss, mail, about=f"pairing:{pair.id}"))
