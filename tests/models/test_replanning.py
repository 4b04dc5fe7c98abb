"""A calendar that was planned anew, on both databases: written with its trail, and told apart from that of the file."""

from datetime import timedelta

import sqlalchemy as sa

from framework.replanning import CANCELLED, cancel, move
from models import programme, replanning
from models.base import transaction
from models.event import Event
from tests.models.rows import TODAY, ground, settings


def test_what_moved_wakes_on_its_new_day_and_what_is_cancelled_is_over(database: str) -> None:
    row, _ = ground()
    with transaction() as session:
        calendar = replanning.calendar(session, row, to_change=True)
        to = calendar["closure", 1].opens_on + timedelta(days=30)
        changes = (*move(calendar, "closure", 1, to, today=TODAY), *cancel(calendar, "review", 1))
        replanning.write(session, row, changes, today=TODAY, actor="operator")
    with transaction() as session:
        closure = programme.milestone_of(session, row, "closure", 1)
        review = programme.milestone_of(session, row, "review", 1)
        assert (closure.opens_on, closure.wake_on, closure.finished_on) == (to, to, None)
        assert (review.state, review.wake_on, review.finished_on) == (CANCELLED, None, TODAY)
        trail = session.scalars(sa.select(Event.action).order_by(Event.id)).all()
        assert trail == ["replanned"] * (len(changes) - 1) + ["cancelled"]
        by_hand = replanning.by_hand(session, programme.by_slug(session, "p1"))
        assert {(m.phase, m.round) for m in by_hand} == {one.after.key for one in changes}
        calendar = replanning.calendar(session, row)
        replanning.write(
            session, row, move(calendar, "review", 1, review.opens_on, today=TODAY), today=TODAY, actor="x"
        )
    with transaction() as session:
        review = programme.milestone_of(session, row, "review", 1)
        assert (review.state, review.wake_on, review.finished_on) == ("Planned", review.opens_on, None)


def test_file_that_says_the_same_leaves_what_was_set_by_hand(database: str) -> None:
    row, _ = ground()
    with transaction() as session:
        calendar = replanning.calendar(session, row)
        to = calendar["closure", 1].opens_on + timedelta(days=30)
        replanning.write(session, row, move(calendar, "closure", 1, to, today=TODAY), today=TODAY, actor="operator")
    for starts_on, wanted in ((None, to), (TODAY + timedelta(days=7), to - timedelta(days=23))):
        with transaction() as session:
            programme.keep(session, settings(**({"starts_on": starts_on} if starts_on else {})))
            assert programme.milestone_of(session, row, "closure", 1).opens_on == wanted
