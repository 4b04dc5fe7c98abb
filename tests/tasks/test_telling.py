"""What a run says of a programme: from real rows to the text of the artifacts, with nobody in it."""

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from framework.requests import RequestStatus
from framework.states import OURS
from models import told
from models.base import reading, transaction
from models.programme import Milestone
from models.request import Request
from tasks import telling
from tests.world import DOMAIN, FAMILY, MENTEES, MENTORS, SECRET, SLUG, STAFF, START, World, build

NAMES = (*MENTORS, *MENTEES, *STAFF, FAMILY, DOMAIN, SECRET)


@pytest.fixture
def world(sqlite) -> World:
    """The small company in its first phase: three have been asked, one has answered, nobody has been mailed."""
    made = build()
    made.advance()
    made.answer(who=STAFF[1])
    made.advance()
    return made


def said(world: World, broken: tuple[str, ...] = ()) -> dict[str, Any]:
    """What the artifacts of the programme say, by their keys."""
    return {str(one.key): one.data for one in telling.of_programme(SLUG, world.today, broken)}


def page(world: World, phase: str, **values: Any) -> str:
    """What the run of a phase says; nothing where it says nothing."""
    made = telling.of_round(world.milestone(phase).id, world.today, **values)
    return "".join(str(one.data) for one in made)


def test_programme_has_a_timeline_a_progress_and_its_mails(world: World) -> None:
    found = said(world)
    assert set(found) == {f"timeline-{SLUG}", f"progress-{SLUG}", f"mail-{SLUG}"}
    assert found[f"progress-{SLUG}"] == 0.0
    waiting = {"State": "wait for their day, or for the relay", "Mails": 3, "Minded by": "the operator"}
    assert found[f"mail-{SLUG}"] == json.dumps([waiting])  # text: Prefect's page of tables breaks on anything else


def test_timeline_says_for_whom_it_waits_and_what_is_late(world: World) -> None:
    timeline = said(world)[f"timeline-{SLUG}"]
    assert "| readiness | the project team | 2 answers | 11 January 2027 | 25 January 2027 |" in timeline
    assert "## What is late\n\nNothing." in timeline
    world.today = START + timedelta(days=20)  # nobody advanced it
    timeline = said(world, ("mail",))[f"timeline-{SLUG}"]
    assert "Readiness should have ended on 25 January 2027, 6 days ago" in timeline
    assert "was to be run again on" in timeline
    assert "The last run of mail broke" in timeline


def test_decision_whose_time_is_over_still_waits_for_the_coordinator(world: World) -> None:
    world.answer()
    world.advance()
    assert "the coordinator, on the desk | 1 decision | 11 January 2027 | " in said(world)[f"timeline-{SLUG}"]
    with transaction() as session:
        lapsed = sa.update(Request).where(Request.form == "decision")
        session.execute(lapsed.values(status=RequestStatus.LAPSED, due_on=START + timedelta(days=21)))
    world.today = START + timedelta(days=22)
    timeline = said(world)[f"timeline-{SLUG}"]
    assert "1 decision | 11 January 2027 (22 days) | 1 February 2027, 1 day over |" in timeline


def test_phase_says_what_was_done_today_and_so_far(world: World) -> None:
    text = page(world, "readiness")
    assert "| asked | 3 | 3 |" in text
    assert "| answered | 1 | 1 |" in text
    world.today += timedelta(days=6)
    world.advance()
    text = page(world, "readiness")
    assert "| asked | 0 | 3 |" in text
    assert "| reminded | 2 | 2 |" in text
    assert "mails written | 2 | 5 |" in text


def test_run_that_changed_nothing_on_a_day_on_which_nothing_was_done_says_nothing(world: World) -> None:
    assert page(world, "readiness", moved=False)  # the control: three were asked today
    world.today += timedelta(days=1)
    assert page(world, "readiness", moved=False) == ""
    assert page(world, "readiness", moved=True)


def test_nobody_is_named_and_no_key_to_a_page(world: World) -> None:
    text = json.dumps([*said(world).values(), page(world, "readiness")]).lower()
    assert SLUG in text  # the control
    assert not [name for name in NAMES if name.lower() in text]
    assert "/desk/" not in text
    assert "/f/" not in text


def test_ways_to_prefect_stand_there_where_its_address_is_known(world: World, monkeypatch) -> None:
    assert "](http" not in said(world)[f"timeline-{SLUG}"]
    monkeypatch.setenv("BAKEN_PREFECT_UI", "http://ops.example:4200")
    timeline = said(world)[f"timeline-{SLUG}"]
    assert f"](http://ops.example:4200/v2/artifacts/key/mail-{SLUG})" in timeline
    assert f"/v2/runs?tab=flow-runs&sort=START_TIME_ASC&hide-subflows=true&tags=calendar%3A{SLUG}" in timeline


def test_title_is_made_harmless(sqlite) -> None:
    world = build(title="<img src=x> | [Growth](http://x.example)")
    assert "<img" not in said(world)[f"timeline-{SLUG}"]
    assert "](http" not in said(world)[f"timeline-{SLUG}"]


def test_outside_a_run_of_prefect_nothing_is_said_and_nothing_breaks(world: World) -> None:
    assert telling.tell_programme.fn(SLUG, world.today) == 0
    assert telling.tell_round(world.milestone("readiness").id, world.today, moved=True) == 0


def test_every_state_that_a_round_rests_in_is_known(world: World) -> None:
    states = {one.state for one in world.milestones()} - {"Planned", "Opened"}
    assert states
    assert states <= OURS


def test_counts_of_one_round_leave_out_those_of_another(database: str) -> None:
    world = build()
    world.advance()
    with transaction() as session:
        session.execute(sa.update(Milestone).where(Milestone.phase == "recruitment").values(opened_on=START))
    with reading() as session:
        mine = told.of_round(session, world.milestone("readiness"), START, telling.NOTICES)
        other = told.of_round(session, world.milestone("recruitment"), START, telling.NOTICES)
    assert (mine["asked"], mine["mails written"]) == ([3, 3], [3, 3])
    assert not any(number for pair in other.values() for number in pair)
