"""Asking many at once leaves the same rows as asking one by one, and asks nobody twice."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from framework.requests import RequestStatus
from models import programme, request
from models.base import dry_run, transaction
from models.delivery import Delivery
from models.event import Event
from models.link import Link
from models.person import Person
from models.request import Request
from notifications.emails.meetings import MeetingLog
from tasks.asking import Question, ask_all, some
from tasks.requests import ask
from tasks.stage import Stage
from tests.world import MENTEES, SLUG, START, World, build

FORM, TODAY = "meeting_log", date(2027, 5, 14)
REQUEST = ("key", "phase", "round", "form", "about", "options", "status", "opened_on", "due_on", "reminders")
DELIVERY = ("key", "message_id", "phase", "template", "language", "state", "planned_on", "due_on", "place", "fields")


@pytest.fixture
def world(database: str) -> World:
    """The small company, on SQLite and on PostgreSQL."""
    assert database
    return build(TODAY)


def stage(session: Session) -> Stage:
    return Stage(0, programme.by_slug(session, SLUG).id, SLUG, "meetings", 1, "meetings", TODAY, START, TODAY)


def questions(session: Session, world: World) -> list[Question]:
    mentees = [session.get_one(Person, world.ids[name]) for name in MENTEES]
    mails = [MeetingLog(given_name=one.given_name, partner="X", on=TODAY) for one in mentees]
    return [Question(one, FORM, mail, f"meeting:{one.id}") for one, mail in zip(mentees, mails, strict=True)]


def one_by_one(session: Session, world: World) -> None:
    for one in questions(session, world):
        ask(session, stage(session), one.whom, one.form, one.mail, about=one.about)


def together(session: Session, world: World) -> int:
    return ask_all(session, stage(session), questions(session, world))


def left_behind(session: Session) -> dict[str, Any]:
    """Every row that asking makes, without its numbers and its secrets."""
    session.flush()
    asked = session.scalars(sa.select(Request).order_by(Request.key)).all()
    mails = session.scalars(sa.select(Delivery).order_by(Delivery.key)).all()
    by_id = {one.id: one.key for one in asked}
    return {
        "requests": [{name: getattr(one, name) for name in REQUEST} for one in asked],
        "mails": [{name: getattr(one, name) for name in DELIVERY} for one in mails],
        "of": [(by_id[one.request_id or 0], one.person_id) for one in mails],
        "links": [
            (one.link.expires_on, one.link.purpose, one.link_id == mail.link_id, one.link.version)
            for one, mail in zip(asked, mails, strict=True)
        ],
        "events": sorted((one.action, one.detail["form"]) for one in session.scalars(sa.select(Event))),
    }


def tried(world: World, way: Callable[[Session, World], object]) -> dict[str, Any]:
    """What a way of asking leaves behind; it is undone again."""
    with dry_run(), transaction() as session:
        way(session, world)
        return left_behind(session)


def test_many_are_asked_as_one_is(world: World) -> None:
    alone, at_once = tried(world, one_by_one), tried(world, together)
    assert at_once == alone
    assert len(alone["requests"]) == len(alone["mails"]) == len(alone["events"]) == len(MENTEES)


def test_who_was_asked_is_not_asked_again(world: World) -> None:
    with transaction() as session:
        first = questions(session, world)[0]
        made = ask(session, stage(session), first.whom, first.form, first.mail, about=first.about)
        request.change_status(session, made.id, RequestStatus.OPEN, RequestStatus.ANSWERED)
    with transaction() as session:
        assert together(session, world) == len(MENTEES) - 1
    with transaction() as session:
        before = left_behind(session)
        assert together(session, world) == 0
        assert left_behind(session) == before
        assert session.scalar(sa.select(sa.func.count()).select_from(Link)) == len(MENTEES)
        assert [one["status"] for one in before["requests"]].count(RequestStatus.ANSWERED) == 1


def test_pieces_hold_everything_once() -> None:
    assert [list(one) for one in some([1, 2, 3, 4, 5], 2)] == [[1, 2], [3, 4], [5]]
    assert list(some([], 2)) == []
