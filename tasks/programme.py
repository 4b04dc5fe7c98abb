"""The calendar at work: who has left, what is due, and what comes next."""

from datetime import date

from sqlalchemy.orm import Session

from framework import programme as rules
from framework.participation import ParticipantStatus
from models import delivery, participant, person, programme, request
from models.base import transaction
from models.programme import Milestone
from tasks.exits import next_exit
from tasks.helping import next_look
from tasks.leaving import withdraw
from tasks.stage import Stage, day_of, has_news, may_open
from tasks.standing import next_clock
from tasks.step import step


@step
def begin_day(slug: str, today: date | None) -> date | str:
    """The day to act on; a word instead where there is no such programme, or a real database should run ahead."""
    with transaction() as session:
        return day_of(session, slug, today)


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
        others = (
            mails,
            next_clock(session, row.id, today),
            next_look(session, slug, today),
            next_exit(session, slug, today),
        )
        coming = [day for day in [*days, *others] if day and day > today]
        return min(coming).isoformat() if coming else ""


@step
def notice_leavers(slug: str, today: date) -> int:
    """Who has left takes part no more: mails stop, the pair ends, the partner hears and is matched again."""
    with transaction() as session:
        row = programme.by_slug(session, slug)
        gone = [
            one
            for one in participant.leaving(session, row.id, today)
            if one.status not in {ParticipantStatus.WITHDRAWN, ParticipantStatus.COMPLETED, ParticipantStatus.DECLINED}
            and one.person.erased_on is None
        ]
        for one in gone:
            withdraw(session, _stage(session, row.id, slug, today), one)
        for who in person.gone(session, today):
            delivery.cancel_for_person(session, who.id)
            request.cancel_for_person(session, who.id)
        return len(gone)


def _stage(session: Session, programme_id: int, slug: str, today: date) -> Stage:
    first = programme.milestone_of(session, programme_id, "matching", 1)
    return Stage(first.id, programme_id, slug, "matching", 1, "leaver", today, first.opens_on, first.closes_on)


@step
def mail_waits(slug: str, today: date) -> bool:
    """Whether the outbox holds anything that may go today."""
    with transaction() as session:
        programme.by_slug(session, slug)
        return delivery.waits(session, today)
