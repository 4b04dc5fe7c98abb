"""Planning anew on a real database: the calendar, the trail, who hears of it, and what a file that is read again does."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from framework.another_day import Word
from framework.by_hand import Deed
from framework.content import FORMS
from framework.people import Role
from framework.replanning import CANCELLED, Calendar, Change, Refused, cancel, close, move
from framework.requests import RequestStatus
from models import programme, replanning, request
from models.base import transaction
from models.desk import calendar as desk
from models.event import Event
from notifications.emails.common import Reminder
from tasks.by_hand import carry_out
from tasks.replanning import foresee, number_of, replan
from tasks.requests import tell
from tasks.standing import stage_of
from tests.world import SLUG, STAFF, START, World, build, live, settings

DAY = timedelta(days=1)


def later(phase: str, days: int, number: int = 1):
    """A wish: that round, so many days later."""

    def wish(calendar: Calendar) -> tuple[Change, ...]:
        return move(calendar, phase, number, calendar[phase, number].opens_on + days * DAY, today=START)

    return wish


def dates(world: World) -> dict[tuple[str, int], tuple[date, date, date | None]]:
    """The calendar as it stands."""
    return {(m.phase, m.round): (m.opens_on, m.closes_on, m.wake_on) for m in world.milestones()}


def test_move_is_written_once_with_its_trail_and_the_coordinator_hears(database: str) -> None:
    world = build()
    before = dates(world)
    assert foresee(SLUG, later("matching", 10))
    assert dates(world) == before, "a look changes nothing"
    changes = replan(SLUG, later("matching", 10), START)
    now = dates(world)
    for one in changes:
        opens, closes, wakes = now[one.after.key]
        assert (opens, closes, wakes) == (one.after.opens_on, one.after.closes_on, one.after.opens_on)
    assert now["selection", 1] == before["selection", 1]
    with transaction() as session:
        trail = session.scalars(sa.select(Event).where(Event.action == "replanned")).all()
        assert [e.actor for e in trail] == ["operator"] * len(changes)
        assert len(replanning.by_hand(session, programme.by_slug(session, SLUG))) == len(changes)
    (mail,) = world.mails("calendar_changed", STAFF[0])
    assert len(mail.fields["changes"]) == len(changes)
    replan(SLUG, later("matching", -10), START)
    assert dates(world) == before


def test_file_that_is_read_again_leaves_what_was_set_by_hand_and_wins_where_it_says_something_new(
    database: str,
) -> None:
    world = build()
    replan(SLUG, later("matching", 10), START)
    replan(SLUG, lambda calendar: cancel(calendar, "review", 1), START)
    moved = dates(world)
    with transaction() as session:
        programme.keep(session, settings())
    assert dates(world) == moved
    assert world.milestone("review", 1).state == CANCELLED
    with transaction() as session:
        programme.keep(session, settings(follow_up_months=(6, 12)))
    assert world.milestone("matching").opens_on == moved["matching", 1][0]
    with transaction() as session:
        row = programme.keep(session, settings(starts_on=START + 7 * DAY))
        assert not [m for m in replanning.by_hand(session, row) if m.state != CANCELLED]
    assert world.milestone("matching").opens_on == START + 73 * DAY
    assert world.milestone("review", 1).state == CANCELLED, "what was cancelled comes back by hand alone"


def test_open_phase_that_lasts_longer_gives_as_many_days_to_those_who_owe_an_answer(world_at) -> None:
    world = world_at("training")
    due = {r.id: r.due_on for r in world.requests(status=RequestStatus.OPEN) if r.phase == "training"}
    assert due

    def wish(calendar: Calendar) -> tuple[Change, ...]:
        return close(calendar, "training", 1, calendar["training", 1].last_day + 7 * DAY, today=world.today)

    before = world.milestone("agreement").opens_on
    replan(SLUG, wish, world.today)
    asked = {r.id: r for r in world.requests(status=RequestStatus.OPEN) if r.id in due}
    for number, on in due.items():
        hers = FORMS[asked[number].form].by is Role.COORDINATOR
        assert asked[number].due_on >= on + (0 if hers else 7) * DAY
        assert asked[number].link.expires_on is None or asked[number].link.expires_on > asked[number].due_on
    owing = {r.person_id for r in asked.values() if FORMS[r.form].by is not Role.COORDINATOR}
    assert {d.person_id for d in world.mails("more_time")} == owing
    assert world.milestone("training").wake_on == world.today
    assert world.milestone("agreement").opens_on == before + 7 * DAY


def test_shorter_phase_takes_no_day_away_that_was_promised(world_at) -> None:
    world = world_at("training")
    due = [(r.id, r.due_on) for r in world.requests(status=RequestStatus.OPEN)]

    def wish(calendar: Calendar) -> tuple[Change, ...]:
        return close(calendar, "training", 1, calendar["training", 1].last_day - 5 * DAY, today=world.today)

    replan(SLUG, wish, world.today)
    assert [(r.id, r.due_on) for r in world.requests(status=RequestStatus.OPEN)] == due
    assert not world.mails("more_time")


def test_round_must_be_named_where_there_are_several(sqlite) -> None:
    build(relationship_months=12)
    with transaction() as session:
        calendar = replanning.calendar(session, 1)
    assert number_of(calendar, "matching", None) == 1
    assert number_of(calendar, "review", 2) == 2
    with pytest.raises(Refused, match="1, 2, 3"):
        number_of(calendar, "review", None)
    with pytest.raises(Refused, match="no phase 'lunch'"):
        number_of(calendar, "lunch", None)


@pytest.mark.slow
def test_programme_that_was_planned_anew_comes_to_its_end(sqlite) -> None:
    world = build(training={"must_attend": False})
    replan(SLUG, later("matching", 10), START)
    replan(SLUG, lambda calendar: cancel(calendar, "review", 1), START)
    replan(SLUG, lambda calendar: cancel(calendar, "training", 1, must_attend=False), START)
    live(world)
    ends = {(m.phase, m.round): m.state for m in world.milestones()}
    assert {key for key, state in ends.items() if state == CANCELLED} == {("review", 1), ("training", 1)}
    assert {state for key, state in ends.items() if key not in {("review", 1), ("training", 1)}} == {"Completed"}
    assert world.milestone("matching").opened_on == START + 76 * DAY
    assert world.milestone("agreement").opened_on == START + 110 * DAY
    assert not world.mails("training_invitation")


def test_programme_that_is_called_off_asks_nobody(sqlite) -> None:
    world = build()
    replan(SLUG, lambda calendar: cancel(calendar, "readiness", 1), START)
    live(world)
    assert world.requests() == []
    with transaction() as session:
        assert programme.is_over(session, 1)


def given(world: World, word: Word, *, digest: str = "") -> None:
    """The coordinator's word on the desk, for what follows from it now."""
    with transaction() as session:
        own = programme.by_slug(session, SLUG).id
        found = desk.foresee(session, own, word, world.today, Reminder.name)
        shown = found.digest(own, len(desk.said(session, own)))
        assert desk.take(session, own, found, digest or shown, who=world.ids[STAFF[0]], today=world.today)


def said(action: str) -> list[str]:
    """Who did such a thing, in the order done."""
    with transaction() as session:
        return list(session.scalars(sa.select(Event.actor).where(Event.action == action).order_by(Event.id)))


def test_word_on_the_desk_does_what_the_command_does(database: str) -> None:
    world = build()
    number, to = world.milestone("matching").id, world.milestone("matching").opens_on + 10 * DAY
    given(world, Word(Deed.MOVE, number, to))
    before = dates(world)
    assert carry_out.fn(SLUG, START) == 1
    by_desk = dates(world)
    assert by_desk != before
    assert set(said("replanned")) == {f"person:{world.ids[STAFF[0]]}"}
    assert said("move") == [f"person:{world.ids[STAFF[0]]}"]
    assert len(world.mails("calendar_changed", STAFF[0])) == 1
    assert carry_out.fn(SLUG, START) == 0, "once"
    replan(SLUG, later("matching", -10), START)
    assert dates(world) == before
    replan(SLUG, later("matching", 10), START)
    assert dates(world) == by_desk


def test_word_on_a_calendar_that_changed_since_does_nothing_and_is_told(sqlite) -> None:
    world = build()
    number, to = world.milestone("closure").id, world.milestone("closure").opens_on + 10 * DAY
    given(world, Word(Deed.MOVE, number, to))
    replan(SLUG, later("closure", 3), START)
    before = dates(world)
    assert carry_out.fn(SLUG, START) == 1
    assert dates(world) == before
    assert said("move not possible") == [f"person:{world.ids[STAFF[0]]}"]
    (mail,) = world.mails("calendar_kept", STAFF[0])
    assert mail.link_id, "it leads to the desk"


def test_word_that_came_too_late_does_nothing_and_is_told(sqlite) -> None:
    world = build()
    review = world.milestone("review", 1)
    given(world, Word(Deed.MOVE, review.id, review.opens_on + DAY))
    carry_out.fn(SLUG, review.opens_on + 2 * DAY)
    assert world.milestone("review", 1).opens_on == review.opens_on
    assert len(world.mails("calendar_kept")) == 1


def test_reminder_that_waits_and_names_the_old_day_does_not_go(world_at) -> None:
    world = world_at("training")
    with transaction() as session:
        asked = next(
            one
            for one in request.of_round(session, 1, "training", 1, RequestStatus.OPEN)
            if FORMS[one.form].by is not Role.COORDINATOR
        )
        stage = stage_of(session, SLUG, "training", world.today)
        mail = Reminder(given_name="x", title=FORMS[asked.form].title, closes_on=asked.due_on, number=1)
        assert tell(session, stage, asked.person, mail, about=f"request:{asked.id}", asked=asked)
    number = world.milestone("training").id
    given(world, Word(Deed.UNTIL, number, world.milestone("training").closes_on + 7 * DAY))
    carry_out.fn(SLUG, world.today)
    assert [str(one.state) for one in world.mails("reminder")] == ["cancelled"]
    assert world.mails("more_time")
