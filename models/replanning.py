"""The calendar as values for planning anew, and what was planned anew written back with its line of the trail."""

from collections.abc import Collection, Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from framework import programme as rules
from framework.content import FORMS
from framework.mail import DeliveryStatus
from framework.people import Role
from framework.replanning import CANCELLED, Calendar, Change, Entry, calendar_of
from framework.requests import RequestStatus
from models import delivery, event, programme, request
from models.delivery import Delivery
from models.programme import Milestone, Programme
from models.request import Request


def calendar(session: Session, programme_id: int, *, to_change: bool = False) -> Calendar:
    """Every round as it stands; with `to_change` nobody opens or moves one until this transaction ends."""
    if to_change:
        session.execute(sa.select(Milestone.id).where(Milestone.programme_id == programme_id).with_for_update())
    return calendar_of(_entry(one) for one in programme.milestones(session, programme_id))


def _entry(one: Milestone) -> Entry:
    return Entry(
        one.phase,
        one.round,
        one.kind,
        one.opens_on,
        one.closes_on,
        one.opened_on,
        one.finished_on,
        cancelled=one.state == CANCELLED,
    )


def write(session: Session, programme_id: int, changes: Iterable[Change], *, today: date, actor: str) -> None:
    """Write each change, and who made it. What moved wakes on its new day, what is open at once."""
    for change in changes:
        before, after = change.before, change.after
        one = programme.milestone_of(session, programme_id, *after.key)
        one.opens_on, one.closes_on = after.opens_on, after.closes_on
        if after.cancelled:
            one.state, one.finished_on, one.wake_on = CANCELLED, today, None
        elif after.opened_on:
            one.wake_on = today
        else:
            one.wake_on = after.opens_on
            if before.cancelled:
                one.state, one.finished_on = "Planned", None
        event.record(
            session,
            actor,
            "cancelled" if after.cancelled else "replanned",
            f"milestone:{one.id}",
            was=f"{before.opens_on}/{before.last_day}",
            now=f"{after.opens_on}/{after.last_day}",
        )


def owing(session: Session, programme_id: int, change: Change) -> list[Request]:
    """Who still owes an answer in a round that lasts longer now: as many days more for each of these questions.

    The coordinator's own clock stays as it is; less time takes no day away that somebody was promised.
    """
    if change.after.opened_on is None or change.after.last_day <= change.before.last_day:
        return []
    asked = request.of_round(session, programme_id, *change.after.key, RequestStatus.OPEN)
    return [one for one in asked if FORMS[one.form].sections and FORMS[one.form].by is not Role.COORDINATOR]


def outdated(session: Session, asked: Collection[Request], reminder: str) -> list[int]:
    """The reminders of these questions that have not gone: they name a day that no longer holds."""
    waits = (DeliveryStatus.QUEUED, DeliveryStatus.DRAFT, DeliveryStatus.BUNDLED)
    mine = Delivery.request_id.in_([one.id for one in asked])
    query = sa.select(Delivery.id).where(mine, Delivery.template == reminder, Delivery.state.in_(waits))
    return list(session.scalars(query.order_by(Delivery.id)))


def call_off(session: Session, messages: Collection[int]) -> int:
    """These messages do not go, unless one is on its way by now; how many."""
    return delivery.cancel(session, Delivery.id.in_(messages)) if messages else 0


def by_hand(session: Session, row: Programme) -> list[Milestone]:
    """The rounds still to come whose dates are not those of the programme's file, and those that were cancelled."""
    file = {(m.phase, m.round): (m.opens_on, m.closes_on) for m in rules.calendar(row.rules)}
    rounds = [m for m in programme.milestones(session, row.id) if m.opened_on is None and (m.phase, m.round) in file]
    return [m for m in rounds if m.state == CANCELLED or (m.opens_on, m.closes_on) != file[m.phase, m.round]]
