"""The calendar on a real Prefect server: two years of named runs, which follow the plan and are never there twice."""

import os
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from deployments import placing
from deployments.doctor import examine
from deployments.phases import deployments
from deployments.processes import prefect_server
from framework.timeline import moments
from models import installation, placement, programme
from models.base import transaction
from models.request import Request
from tasks.offering import offer_programmes
from tasks.placing import place_runs
from tests.conftest import environment
from tests.deployments import calendar_server as prefect
from tests.world import START, build, settings

pytestmark = pytest.mark.slow
ZONE = ZoneInfo("Europe/Brussels")
ALL = 64  # moments of a programme of a year with four follow-up waves


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    """A full server; the environment and Prefect's settings name it."""
    from prefect.events.worker import EventsWorker
    from prefect.settings import PREFECT_API_URL, temporary_settings

    before = os.environ.get("PREFECT_API_URL")
    with prefect_server(tmp_path_factory.mktemp("prefect")) as address, temporary_settings({PREFECT_API_URL: address}):
        os.environ["PREFECT_API_URL"] = address
        yield address
        EventsWorker.drain_all(timeout=10)
    os.environ.pop("PREFECT_API_URL")
    if before is not None:
        os.environ["PREFECT_API_URL"] = before


@pytest.fixture(scope="module")
def doors(api: str, migrated: Path, tmp_path_factory) -> None:
    """Every flow deployed, of a database without programmes."""
    home = tmp_path_factory.mktemp("doors")
    (home / "baken.db").write_bytes(migrated.read_bytes())
    with environment(BAKEN_HOME=str(home)):
        for one in deployments():
            one.apply()


@pytest.fixture
def slug(request, doors, sqlite, monkeypatch) -> str:
    """A rehearsed programme of a year and its follow-up, under a name of this test's own; two months are placed."""
    monkeypatch.setenv("BAKEN_HORIZON_DAYS", "60")
    name = request.node.name.replace("_", "-")[:55].strip("-")
    with transaction() as session:
        installation.mark_as_rehearsal(session, START)
        programme.keep(session, settings(slug=name, relationship_months=12, follow_up_months=(3, 6, 9, 12)))
    return name


def place(slug: str, today: date = START):
    """As the programme's flow does: the forms offer what there is, then the runs are placed."""
    offer_programmes.fn()
    return place_runs.fn(slug, today)


def plan(slug: str, today: date = START) -> dict[str, tuple[str, datetime]]:
    """The names and times that should stand, by key."""
    with transaction() as session:
        row = programme.by_slug(session, slug)
        found = moments(row.rules, programme.milestones(session, row.id))
    return {
        one.key: (f"Growth 2027 · {one.name}", datetime(one.on.year, one.on.month, one.on.day, 9, tzinfo=ZONE))
        for one in found
        if one.on >= today
    }


def near(slug: str, days: int) -> dict[str, tuple[str, datetime]]:
    """Those of them that are near enough to be placed."""
    limit = datetime(START.year, START.month, START.day, tzinfo=ZONE) + timedelta(days=days + 1)
    return {key: one for key, one in plan(slug).items() if one[1] < limit}


def standing(slug: str) -> dict[str, tuple[str, datetime]]:
    """The names and times that do, by key; no key twice."""
    found = {}
    for one in prefect.runs(slug):
        _, _, key = one.idempotency_key.partition(":")
        key, _, _ = key.rpartition(":r")
        assert key not in found
        found[key] = (one.name, one.expected_start_time)
    return found


def test_two_years_stand_ahead_as_the_plan_says(slug: str, monkeypatch) -> None:
    monkeypatch.delenv("BAKEN_HORIZON_DAYS")
    done = place(slug)
    assert (done.placed, done.beyond, done.word) == (56, ALL - 56, "placed")
    assert place(slug).standing == 56
    found = prefect.runs(slug)
    wanted = sorted(plan(slug).values(), key=lambda one: (one[1], one[0]))[:56]
    assert [(one.name, one.expected_start_time) for one in found] == wanted
    assert {one.expected_start_time.astimezone(ZONE).hour for one in found} == {9}
    assert {one.expected_start_time.astimezone(ZoneInfo("UTC")).hour for one in found} == {7, 8}  # both sides of summer
    assert found[-1].expected_start_time > datetime(2028, 12, 1, tzinfo=ZONE)
    monkeypatch.setenv("BAKEN_HORIZON_DAYS", "1200")
    done = place(slug)
    assert (done.standing, done.placed, done.beyond) == (56, 8, 0)
    assert standing(slug) == plan(slug)


def test_runs_bear_tags_and_ask_for_nothing_but_their_round(slug: str) -> None:
    place(slug, START)
    for one in prefect.runs(slug):
        phase, number, _ = one.idempotency_key.removeprefix(f"{slug}:").split(":", 2)
        assert {f"programme:{slug}", phase, f"calendar:{slug}"} <= set(one.tags)
        assert one.parameters["programme"] == slug
        assert one.parameters.get("round", int(number)) == int(number)
        assert ("round" in one.parameters) is (phase == "review")
        assert "today" not in one.parameters
        assert one.state_name == "Scheduled"


def test_what_moves_is_placed_anew_and_what_goes_is_taken_back(slug: str, monkeypatch) -> None:
    monkeypatch.setenv("BAKEN_HORIZON_DAYS", "320")
    number = place(slug).placed
    prefect.move(slug, "recruitment", 9)
    done = place(slug)
    assert (done.placed, done.taken_back, done.standing) == (5, 5, number - 5)
    assert standing(slug) == near(slug, 320)
    prefect.move(slug, "recruitment", -9)
    place(slug)
    assert standing(slug) == near(slug, 320)
    prefect.drop(slug, "review", 2)
    prefect.finish(slug, "readiness", START)
    done = place(slug)
    assert done.taken_back == 4 + 3  # the opening of today keeps its turn
    assert set(standing(slug)) == {*near(slug, 320), "readiness:1:opens"}
    assert place(slug).taken_back == 0


def change(slug: str, **values: str) -> None:
    with transaction() as session:
        row = programme.by_slug(session, slug)
        row.settings = {**row.settings, **values}


def test_another_title_renames_and_another_zone_moves(slug: str) -> None:
    number = place(slug).placed
    before = {one.id for one in prefect.runs(slug)}
    change(slug, title="Onwards")
    assert (place(slug).standing, {one.id for one in prefect.runs(slug)}) == (number, before)
    assert {one.name.partition(" · ")[0] for one in prefect.runs(slug)} == {"Onwards"}
    change(slug, time_zone="Europe/Lisbon")
    done = place(slug)
    assert (done.placed, done.taken_back) == (number, number)
    found = prefect.runs(slug)
    assert {one.expected_start_time.astimezone(ZoneInfo("Europe/Lisbon")).hour for one in found} == {9}
    assert len(found) == number
    assert place(slug).standing == number


def test_what_a_person_took_away_stays_away_until_asked_for(slug: str) -> None:
    number = place(slug).placed
    run = next(one for one in prefect.runs(slug) if one.name.endswith("recruitment: reminders"))
    prefect.delete(run)
    assert [place(slug).removed for _ in range(2)] == [1, 1]
    assert run.name not in {one.name for one in prefect.runs(slug)}
    said = next(one for one in examine() if one.what == "calendar")
    assert (said.verdict, said.found) == ("note", f"{number - 1} runs stand ahead, 1 was taken away by hand")
    assert placing.place(slug, again=True).placed == 1
    assert run.name in {one.name for one in prefect.runs(slug)}
    assert next(one for one in examine() if one.what == "calendar").verdict == "ok"


def test_moved_milestone_is_placed_although_its_run_was_taken_away(slug: str) -> None:
    place(slug)
    prefect.delete(next(one for one in prefect.runs(slug) if one.name.endswith("the calls go out")))
    assert place(slug).removed == 1
    prefect.move(slug, "recruitment", 7)
    assert place(slug).removed == 0
    assert standing(slug) == near(slug, 60)


def test_run_that_was_placed_before_a_crash_is_found_again(slug: str) -> None:
    number = place(slug).placed
    with transaction() as session:
        assert placement.forget_runs(session) == ALL
    before = {one.id for one in prefect.runs(slug)}
    assert place(slug).standing == number
    assert {one.id for one in prefect.runs(slug)} == before


def test_two_who_place_at_once_end_with_one_run_a_moment(slug: str) -> None:
    for days in (0, 5, -3):
        prefect.move(slug, "selection", days)
        with ThreadPoolExecutor(2) as both:
            for one in [both.submit(copy_context().run, place, slug) for _ in range(2)]:
                one.result()
        assert standing(slug) == near(slug, 60)


def test_late_runs_begin_once_each_keep_their_names_and_harm_nothing(doors, tmp_path, sqlite) -> None:
    today = datetime.now(ZONE).date()
    name, started = "late-ones", today - timedelta(days=12)
    world = build(today=today, slug=name, starts_on=started)
    place(name, started)  # as it was done before everything stood still
    late = {one.id: one.name for one in prefect.runs(name) if one.expected_start_time < datetime.now(ZONE)}
    assert sorted(late.values()) == [
        "Growth 2027 · readiness opens",
        "Growth 2027 · readiness: last reminders",
        "Growth 2027 · readiness: reminders",
    ]
    with prefect.served(tmp_path, "readiness"):
        ended = prefect.until_done(name, set(late))
    assert "Awaiting-Team" in {one.state_name for one in ended} <= {"Awaiting-Team", "Already-Running"}
    assert {one.id: one.name for one in ended} == late
    assert {one.run_count for one in ended} == {1}
    asked = world.rows(Request)
    assert len({(one.form, one.person_id) for one in asked}) == len(asked) > 0
    assert place(name, today).removed == 0


def test_lost_database_of_prefect_is_filled_again(slug: str) -> None:
    """The last one: it takes away what the others need."""
    place(slug)
    before = standing(slug)
    prefect.forget_everything(slug)
    assert place(slug).word == "no flow is deployed in Prefect"
    for one in deployments():
        one.apply()
    done = place(slug)
    assert (done.placed, done.removed) == (len(before), 0)
    assert standing(slug) == before
    with transaction() as session:
        programme.keep(session, settings(slug="loaded-later"))
    assert place_runs.fn("loaded-later", START).refused > 5  # the forms do not offer it yet
    done = placing.place("loaded-later")
    assert (done.refused, done.standing) == (0, 0)
    assert standing("loaded-later").keys() == near("loaded-later", 60).keys()
