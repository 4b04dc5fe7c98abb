"""What belongs to no round: help that somebody asked for, messages, the training looked back on, and leavers."""

from datetime import date, timedelta

import pytest

from framework.content import FORMS
from framework.participation import ParticipantStatus
from framework.people import Role
from framework.requests import RequestStatus
from framework.support import CLOCKS, USUAL, struck, working_days
from framework.working_time import Place
from models import participant, programme, request, response
from models.base import dry_run, insert_once, transaction
from models.delivery import Delivery
from models.request import Request
from tasks.exits import ask_leavers
from tasks.helping import take_help
from tasks.programme import next_day
from tasks.standing import tend_standing
from tests.conftest import database  # noqa: F401 - both databases, not the one of this folder
from tests.world import MENTEES, MENTORS, SECRET, SLUG, STAFF, START, World, build, fill, settings, write

R = RequestStatus
MONDAY = START
COORDINATOR, DEPUTY = STAFF[:2]


@pytest.fixture
def world(database: str) -> World:  # noqa: F811
    """A company on its first day, on either database."""
    return build()


def tell(world: World, form: str, who: str, **given: object) -> Request:
    """Somebody opens a form that stands open, and sends it, as the portal does."""
    with transaction() as session:
        where = programme.by_slug(session, SLUG).id
        asked = request.open_own(
            session, slug=SLUG, programme_id=where, form=form, person_id=world.ids[who], today=world.today
        )
        told = {"form": form, "version": FORMS[form].version, "language": "en", "answered_on": world.today}
        response.keep(session, asked, answers=fill(asked, given), **told)
        return asked


def a_day(world: World, on: date | None = None) -> None:
    """The steps of a programme's day that this is about; always twice, for a second run changes nothing."""
    world.today = on or world.today
    for _ in range(2):
        tend_standing.fn(SLUG, world.today)
        take_help.fn(SLUG, world.today)
        ask_leavers.fn(SLUG, world.today)


def join(world: World, who: str, role: Role, status: ParticipantStatus = ParticipantStatus.CONFIRMED) -> None:
    """Somebody takes part."""
    with transaction() as session:
        where = {"programme_id": programme.by_slug(session, SLUG).id, "person_id": world.ids[who], "role": role}
        insert_once(session, participant.Participant, **where, status=status, capacity=1)


# Help


def test_call_for_help_reaches_the_coordinator_once_with_a_name_and_no_word_of_it(world: World) -> None:
    asked = tell(world, "help_request", MENTEES[0], urgent="can_wait")
    a_day(world)
    (mail,) = world.mails("help_asked")
    assert mail.person_id == world.ids[COORDINATOR]
    assert MENTEES[0] in mail.fields["who"]
    assert SECRET not in str(mail.fields)
    (item,) = world.requests("help_given")
    assert (item.status, item.about, item.round) == (R.OPEN, f"request:{asked.id}", 0)
    assert world.requests("help_request")[0].status == R.SETTLED


def test_help_that_nobody_gives_is_remembered_in_working_days_and_reaches_the_deputy(world: World) -> None:
    tell(world, "help_request", MENTEES[0], urgent="can_wait")
    a_day(world)
    assert next_day.fn(SLUG, world.today)
    seen = {}
    for number in range(1, 12):
        a_day(world, MONDAY + timedelta(days=number))
        seen[number] = (len(world.mails("help_reminder")), len(world.mails("help_deputy")))
    assert seen[1] == (0, 0)
    assert seen[2] == seen[3] == (1, 0)  # Wednesday
    assert seen[4] == seen[10] == (1, 1)  # Friday; the weekend counts for nothing
    assert seen[11] == (2, 1)
    assert {d.person_id for d in world.mails("help_deputy")} == {world.ids[DEPUTY]}


def test_help_that_is_wanted_today_reaches_the_deputy_the_next_working_day(world: World) -> None:
    tell(world, "help_request", MENTEES[0], urgent="today")
    a_day(world)
    assert world.mails("help_asked")[0].fields["soon"] is True
    a_day(world, MONDAY + timedelta(days=1))
    assert len(world.mails("help_deputy")) == len(world.mails("help_reminder")) == 1


def test_help_that_was_given_is_silent_from_then_on(world: World) -> None:
    tell(world, "help_request", MENTEES[0], urgent="can_wait")
    a_day(world)
    world.answer("help_given")
    a_day(world, MONDAY + timedelta(days=30))
    assert [r.status for r in world.requests("help_given")] == [R.SETTLED]
    assert not world.mails("help_reminder") + world.mails("help_deputy")


def test_help_outlives_the_coordinator_who_leaves(world: World) -> None:
    tell(world, "help_request", MENTEES[0], urgent="can_wait")
    a_day(world)
    world.leave(COORDINATOR)
    with transaction() as session:
        request.cancel_for_person(session, world.ids[COORDINATOR])
    a_day(world)
    assert [(r.person_id, r.status) for r in world.requests("help_given")] == [
        (world.ids[COORDINATOR], R.CANCELLED),
        (world.ids[DEPUTY], R.OPEN),
    ]
    assert {d.person_id for d in world.mails("help_asked")} == {world.ids[COORDINATOR], world.ids[DEPUTY]}


def test_step_that_is_killed_before_it_ends_has_done_nothing_and_does_it_all_the_next_time(world: World) -> None:
    tell(world, "help_request", MENTEES[0], urgent="can_wait")
    with dry_run():  # whatever was written is undone, as when a process dies before it has committed
        take_help.fn(SLUG, world.today)
    assert not world.requests("help_given") + world.mails("help_asked")
    assert world.requests("help_request")[0].status == R.ANSWERED
    a_day(world)
    assert len(world.requests("help_given")) == len(world.mails("help_asked")) == 1


def test_two_calls_of_one_person_in_one_moment_are_two(world: World) -> None:
    first, second = (tell(world, "help_request", MENTEES[0], urgent="can_wait") for _ in range(2))
    assert first.key != second.key
    a_day(world)
    assert len(world.requests("help_given", R.OPEN)) == 2


def test_clock_of_help_knows_when_a_weekend_counts_for_nothing() -> None:
    rules, place = settings().mail, Place("BE", "Europe/Brussels")
    friday = MONDAY + timedelta(days=4)
    assert working_days(friday, friday + timedelta(days=2), place, rules) == 0
    assert working_days(friday, friday + timedelta(days=3), place, rules) == 1
    assert [struck(USUAL, passed) for passed in (0, 1, 2, 4, 9)] == [
        (0, False),
        (0, False),
        (1, False),
        (1, True),
        (2, True),
    ]
    for clock in CLOCKS.values():
        assert clock.remind <= clock.deputy <= USUAL.deputy


# Messages


def test_message_about_the_programme_is_settled_and_mails_nobody(world: World) -> None:
    tell(world, "programme_feedback", MENTEES[0])
    a_day(world)
    assert [r.status for r in world.requests("programme_feedback")] == [R.SETTLED]
    assert not world.rows(Delivery)


# Leavers


def test_leaver_with_notice_is_asked_once_and_before_the_last_day(world: World) -> None:
    join(world, MENTORS[0], Role.MENTOR)
    join(world, MENTORS[0], Role.MENTEE)
    last = MONDAY + timedelta(days=40)
    world.leave(MENTORS[0], last)
    a_day(world)
    assert not world.requests("exit_interview")
    assert date.fromisoformat(next_day.fn(SLUG, world.today)) <= last - timedelta(days=21)
    a_day(world, last - timedelta(days=5))
    (asked,) = world.requests("exit_interview")
    assert (asked.person_id, asked.due_on) == (world.ids[MENTORS[0]], last - timedelta(days=1))
    assert world.mails("exit_interview")[0].fields["closes_on"] == asked.due_on.isoformat()


def test_nobody_who_is_gone_or_never_took_part_is_asked_why(world: World) -> None:
    join(world, MENTORS[0], Role.MENTOR)
    join(world, MENTORS[1], Role.MENTOR, ParticipantStatus.INVITED)
    for name in MENTORS[:2]:
        world.leave(name, MONDAY + timedelta(days=name == MENTORS[1]))
    a_day(world)
    assert not world.requests("exit_interview")


def test_silence_to_an_exit_interview_lapses_without_a_word(world: World) -> None:
    join(world, MENTORS[0], Role.MENTOR)
    world.leave(MENTORS[0], MONDAY + timedelta(days=20))
    a_day(world)
    a_day(world, MONDAY + timedelta(days=18))
    assert [r.status for r in world.requests("exit_interview")] == [R.LAPSED]
    world.answer("exit_interview", late=True)
    a_day(world)
    assert [r.status for r in world.requests("exit_interview")] == [R.SETTLED]


def test_answer_is_written_as_the_portal_does(world: World) -> None:
    """The control: what these tests tell is sealed, and opens."""
    asked = tell(world, "help_request", MENTEES[0], urgent="can_wait")
    with transaction() as session:
        kept = response.of_request(session, asked.id)
        assert kept is not None
        assert SECRET not in str(kept.open) + kept.sealed
        assert SECRET in str(kept.answers)
        write(session, session.get_one(Request, asked.id), world.today, {"urgent": "today"})
