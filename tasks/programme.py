"""The calendar at work: who has left, what is due, what comes next, and the timeline for people to watch."""

from datetime import date

from prefect.artifacts import create_markdown_artifact
from sqlalchemy.orm import Session

from framework import programme as rules
from framework.agreement import AgreementStatus
from framework.pairing import OPEN, TOGETHER, CloseReason, PairingStatus
from framework.participation import TAKES_PART, ParticipantStatus
from framework.people import Role
from framework.requests import RequestStatus
from models import agreement, delivery, event, installation, pairing, participant, person, programme, request
from models.base import transaction
from models.programme import Milestone
from notifications.emails.matching import PairingDeclined, PartnerLeft
from tasks.matching.acceptance import was_asked
from tasks.relationship import drop_meetings
from tasks.requests import tell
from tasks.stage import Stage, again, has_news, may_open
from tasks.step import step


@step
def begin_day(slug: str, today: date | None) -> date:
    """The day to act on. Raises FutureDate for a real database that is asked to run ahead."""
    with transaction() as session:
        zone = programme.by_slug(session, slug).rules.time_zone
        return installation.move_to(session, today or installation.today(session, zone), zone)


@step
def due_phases(slug: str, today: date) -> list[tuple[str, int]]:
    """The rounds that a run may move today, in the order of the phases: opened, woken, or with news."""
    with transaction() as session:
        row = programme.by_slug(session, slug)
        due = [m for m in programme.milestones(session, row.id) if _is_due(session, m, today)]
        return [(m.phase, m.round) for m in sorted(due, key=lambda m: (rules.PHASES.index(m.phase), m.round))]


def _is_due(session: Session, milestone: Milestone, today: date) -> bool:
    if milestone.finished_on is not None or milestone.opens_on > today or not may_open(session, milestone):
        return False
    woken = milestone.wake_on is not None and milestone.wake_on <= today
    return woken or has_news(session, milestone)


@step
def next_day(slug: str, today: date) -> str:
    """The next day after `today` on which something is due, as an ISO date; empty once the programme is over."""
    with transaction() as session:
        row = programme.by_slug(session, slug)
        days = [
            max(m.opens_on, m.wake_on or m.opens_on)
            for m in programme.milestones(session, row.id)
            if m.finished_on is None and (m.opened_on is not None or may_open(session, m) or m.opens_on > today)
        ]
        mails = delivery.next_due(session, row.id, today)
        coming = [day for day in [*days, *([mails] if mails else [])] if day > today]
        return min(coming).isoformat() if coming else ""


@step
def notice_leavers(slug: str, today: date) -> int:
    """Who has left takes part no more: mails stop, the pair ends, the partner hears and is matched again."""
    with transaction() as session:
        row = programme.by_slug(session, slug)
        gone = [
            one
            for one in participant.of_programme(session, row.id)
            if one.status not in {ParticipantStatus.WITHDRAWN, ParticipantStatus.COMPLETED, ParticipantStatus.DECLINED}
            and not one.person.value().is_here(today)
        ]
        for one in gone:
            _withdraw(session, _stage(session, row.id, slug, today), one)
        for who in person.all_people(session):
            if not who.value().is_here(today):
                delivery.cancel_for_person(session, who.id)
                request.cancel_for_person(session, who.id)
        return len(gone)


def _stage(session: Session, programme_id: int, slug: str, today: date) -> Stage:
    first = programme.milestone_of(session, programme_id, "matching", 1)
    return Stage(first.id, programme_id, slug, "matching", 1, "leaver", today, first.opens_on, first.closes_on)


def _withdraw(session: Session, stage: Stage, one: participant.Participant) -> None:
    took_part = one.status in TAKES_PART
    one.move(ParticipantStatus.WITHDRAWN)
    event.record(session, "flow", "left", f"participant:{one.id}")
    if not took_part:
        return
    for pair in pairing.of_programme(session, stage.programme, *OPEN):
        if one.id in {pair.mentor_id, pair.mentee_id}:
            _part(session, stage, pair, one)


def _part(session: Session, stage: Stage, pair: pairing.Pairing, gone: participant.Participant) -> None:
    if pair.status == PairingStatus.PROPOSED:
        pair.move(PairingStatus.STRUCK)
        return
    left, stays = (pair.mentor, pair.mentee) if gone.id == pair.mentor_id else (pair.mentee, pair.mentor)
    known = pair.status in TOGETHER
    asked = was_asked(session, pair, stays.person_id)
    pair.close(CloseReason.PARTNER_LEFT, stage.today)
    agreed = agreement.of_pairing(session, pair.id)
    if agreed and agreed.status != AgreementStatus.ENDED:
        agreed.move(AgreementStatus.ENDED)
    drop_meetings(session, pair)
    request.cancel_about(session, f"pairing:{pair.id}")
    names = {"given_name": stays.person.given_name, "partner": left.person.value().name}
    if known:
        tell(session, stage, stays.person, PartnerLeft(**names), about=f"pairing:{pair.id}")
    elif asked:  # a proposal that somebody never heard of ends without a word
        tell(session, stage, stays.person, PairingDeclined(**names), about=f"pairing:{pair.id}")
    if stays.role == Role.MENTEE and stays.status == ParticipantStatus.CONFIRMED:
        stays.move(ParticipantStatus.WAITING)
        rounds = programme.milestones(session, stage.programme, "matching")
        if not any(one.opened_on and one.finished_on is None for one in rounds):  # else it is proposed anew there
            again(session, stage, "matching", days=14)


@step
def mail_waits(slug: str, today: date) -> bool:
    """Whether the outbox holds anything that may go today."""
    with transaction() as session:
        programme.by_slug(session, slug)
        return delivery.waits(session, today)


@step
def draw_timeline(slug: str, today: date) -> int:
    """Publish the programme's timeline as an artifact: every phase, planned and actual, in ids and counts only."""
    with transaction() as session:
        row = programme.by_slug(session, slug)
        lines = [
            "| Phase | Planned | Opened | Finished | State | Waits for | In numbers |",
            "|---|---|---|---|---|---|---|",
        ]
        every = programme.milestones(session, row.id)
        for one in every:
            open_ = request.of_round(session, row.id, one.phase, one.round, RequestStatus.OPEN)
            numbers = ", ".join(f"{k} {v}" for k, v in one.counts.items() if isinstance(v, int))
            name = one.phase if one.kind in {one.phase, "again"} else f"{one.phase} ({one.kind.replace('_', ' ')})"
            lines.append(
                f"| {name} {one.round} | {one.opens_on} to {one.closes_on} "
                f"| {one.opened_on or ''} | {one.finished_on or ''} "
                f"| {one.state} | {f'{len(open_)} answers' if open_ else ''} | {numbers} |"
            )
    create_markdown_artifact(
        key=f"timeline-{slug}",
        markdown=f"# {slug} on {today}\n\n" + "\n".join(lines),
        description="Every phase: planned, actual, and what it waits for",
    )
    return len(every)
