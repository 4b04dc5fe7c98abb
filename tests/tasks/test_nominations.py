"""Nominations: colleagues are named, asked, and decide alone; nobody is guessed, and no manager hears an answer."""

from datetime import timedelta

import pytest

from framework.people import Role
from framework.recruitment import LEAD_DAYS, who_is_meant
from framework.requests import RequestStatus
from models import person, programme
from models.base import transaction
from tests.conftest import database  # noqa: F401 - both databases, not the one of this folder
from tests.world import FAMILY, MENTEES, MENTORS, SLUG, STAFF, START, World, address, build

R = RequestStatus
BOSS = STAFF[2]


def called(**changes: object) -> World:
    """A campaign on the day of its calls."""
    world = build(**changes)
    with transaction() as session:
        ready = programme.milestone_of(session, programme.by_slug(session, SLUG).id, "readiness", 1)
        ready.finished_on, ready.outcome = START, "go"
    opens = world.milestone("recruitment").opens_on
    world.run("recruitment", opens)
    world.run("recruitment", opens + timedelta(days=LEAD_DAYS))
    return world


@pytest.fixture
def world(database: str) -> World:  # noqa: F811
    """A campaign on the day of its calls, on either database."""
    return called()


def name(world: World, *rows: tuple[str, str]) -> None:
    """The line manager names people, and the campaign runs; twice, for the second run changes nothing."""
    nominees = [{"person": who, "role": role, "why": "Helps everybody"} for who, role in rows]
    if not world.answer("nomination", nominate="yes", nominees=nominees):
        world.change("nomination", BOSS, nominate="yes", nominees=nominees)
    world.run("recruitment")
    before = world.snapshot()
    world.run("recruitment")
    assert world.snapshot() == before


def test_line_managers_are_asked_once_with_the_calls(world: World) -> None:
    world.run("recruitment")
    assert [r.person_id for r in world.requests("nomination")] == [world.ids[BOSS]]
    assert len(world.mails("nomination")) == 1


def test_programme_that_wants_no_nominations_asks_for_none(sqlite) -> None:
    world = called(recruitment={"nominations": False})
    assert not world.requests("nomination")
    assert world.requests("mentee_application")  # the control: the calls went out


def test_nominee_gets_the_application_of_that_role_and_only_an_own_yes_counts(world: World) -> None:
    name(world, (address(MENTEES[4]).upper(), "mentor"))
    (mail,) = world.mails("nominated")
    assert (mail.person_id, mail.fields["role"]) == (world.ids[MENTEES[4]], "mentor")
    assert world.status(MENTEES[4], Role.MENTOR) == "invited"
    assert STAFF[2] not in str(mail.fields)
    world.answer("mentor_application", who=MENTEES[4], join="yes")
    world.run("recruitment")
    assert world.status(MENTEES[4], Role.MENTOR) == "applied"


def test_who_was_called_already_gets_the_kind_word_with_the_same_question(world: World) -> None:
    name(world, (f"{MENTORS[0]} {FAMILY}", "mentor"))
    (mail,) = world.mails("nominated")
    asked = [r for r in world.requests("mentor_application") if r.person_id == world.ids[MENTORS[0]]]
    assert [mail.request_id] == [r.id for r in asked]
    assert world.milestone("recruitment").counts["nominated"] == 1


def test_who_has_said_no_is_left_in_peace_and_never_named(world: World) -> None:
    world.answer("mentor_application", who=MENTORS[0], join="no")
    world.run("recruitment")
    name(world, (address(MENTORS[0]), "mentor"))
    assert not world.mails("nominated")
    assert not world.mails("nomination_unclear")
    told = [d for d in world.rows(type(world.mails("nomination")[0])) if d.person_id == world.ids[BOSS]]
    assert told
    assert MENTORS[0] not in str([d.fields for d in told])


def test_unclear_names_are_told_back_by_number_and_asked_about_once_they_are_clear(world: World) -> None:
    with transaction() as session:
        for number in range(2):
            session.add(person.Person(given_name="Jan", family_name="Peeters", employee_number=f"E{number}"))
    name(world, ("Jan Peeters", "mentor"), ("Nobody Known", "mentee"), (address(MENTEES[0]), "mentee"))
    (mail,) = world.mails("nomination_unclear")
    assert (mail.person_id, mail.fields["people"]) == (world.ids[BOSS], 2)
    assert "Peeters" not in str(mail.fields)
    assert len(world.mails("nominated")) == 1
    world.today += timedelta(days=1)
    name(world, ("E1", "mentor"), (address(MENTEES[0]), "mentee"))
    assert len(world.mails("nominated")) == 2
    assert len(world.mails("nomination_unclear")) == 1


def test_silent_manager_holds_nothing_up(world: World) -> None:
    world.answer("mentor_application", "mentee_application")
    world.run("recruitment")
    assert world.milestone("recruitment").finished_on is None
    world.run("recruitment", world.today + timedelta(days=30))
    assert world.milestone("recruitment").finished_on
    assert [r.status for r in world.requests("nomination")] == [R.LAPSED]


def test_nomination_that_comes_late_but_in_time_still_counts(world: World) -> None:
    world.run("recruitment", world.today + timedelta(days=20))
    assert [r.status for r in world.requests("nomination")] == [R.LAPSED]
    nominees = [{"person": address(MENTEES[4]), "role": "mentor"}]
    world.answer("nomination", late=True, nominate="yes", nominees=nominees)
    world.run("recruitment")
    assert len(world.mails("nominated")) == 1


def test_nobody_who_wants_no_calls_is_asked(world: World) -> None:
    with transaction() as session:
        session.get_one(person.Person, world.ids[MENTEES[4]]).no_campaigns_since = START
    name(world, (address(MENTEES[4]), "mentor"))
    assert not world.mails("nominated")
    assert world.status(MENTEES[4], Role.MENTOR) == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Zoë De Smet", 1),
        ("de smet, zoe", 1),
        ("ZOE DESMET", 1),
        ("De Smet", None),
        ("Zoë", None),
        ("Jan Maes", None),
        ("", None),
        ("Zoëtje De Smet", None),
    ],
)
def test_whole_name_of_one_person_is_meant_and_nothing_less(typed: str, meant: int | None) -> None:
    people = [(1, "Zoë", "De Smet"), (2, "Jan", "Maes"), (3, "Jan", "Maes")]
    assert who_is_meant(typed, people) == meant
