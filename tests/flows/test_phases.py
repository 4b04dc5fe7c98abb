"""Each phase's flow on a real Prefect server: the name it ends in, and that a second run changes nothing."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from flows.approval import approval
from flows.mail import mail
from flows.programme import FLOWS, programme
from models.base import transaction
from models.programme import Milestone
from tests.world import SLUG, START, World, build

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("prefect_server")]

FIRST_END = {
    "readiness": "Awaiting-Team",
    "recruitment": "Awaiting-Calls",
    "selection": "Awaiting-Managers",
    "matching": "Awaiting-Coordinator",
    "training": "Awaiting-Participants",
    "agreement": "Awaiting-Signatures",
    "meetings": "Active",
    "review": "Awaiting-Participants",
    "closure": "Awaiting-Participants",
    "evaluation": "Awaiting-Answers",
}


def ends(world: World, phase: str) -> str:
    """The name of the state that the phase's flow run ends in."""
    state = FLOWS[phase](SLUG, world.today, return_state=True)
    assert state.is_completed(), state.message
    return str(state.name)


@pytest.mark.parametrize("phase", FIRST_END)
def test_flow_ends_as_its_storyboard_says_and_a_second_run_changes_nothing(world_at, phase: str) -> None:
    world = world_at(phase)
    before = world.snapshot()
    assert ends(world, phase) == FIRST_END[phase]
    assert world.snapshot() == before
    world.answer()
    assert ends(world, phase) not in {"Not-Due", "Not-Planned"}
    after = world.snapshot()
    ends(world, phase)
    assert world.snapshot() == after


def test_phase_that_is_not_due_yet_or_done_already_runs_nothing(sqlite) -> None:
    world = build()
    before = world.snapshot()
    assert ends(world, "matching") == "Not-Due"
    assert world.snapshot() == before
    with transaction() as session:
        session.execute(sa.update(Milestone).where(Milestone.phase == "readiness").values(finished_on=START))
    assert ends(world, "readiness") == "Completed"


def test_programme_runs_all_that_is_due_and_names_the_next_day(sqlite) -> None:
    world = build()
    state = programme(SLUG, START, return_state=True)
    assert (state.name, world.milestone("readiness").state) == ("Active", "Awaiting-Team")
    assert str(START + timedelta(days=5)) in str(state.message)
    before = world.snapshot()
    assert programme(SLUG, START, return_state=True).name == "Active"
    assert world.snapshot() == before


def test_phase_that_breaks_holds_up_neither_the_others_nor_the_mail(world_at) -> None:
    world = world_at("review")
    with transaction() as session:
        session.execute(
            sa.update(Milestone).where(Milestone.phase == "meetings").values(wake_on=world.today, kind="meetings")
        )
        session.execute(
            sa.update(Milestone).where(Milestone.phase == "review").values(kind="no_such_kind", wake_on=world.today)
        )
    state = programme(SLUG, world.today, return_state=True)
    assert state.is_failed()
    assert "review" in str(state.message)
    assert world.milestone("meetings").wake_on > world.today


def test_outbox_without_a_relay_waits(sqlite) -> None:
    world = build()
    world.advance()
    before = world.snapshot()
    state = mail(SLUG, START, return_state=True)
    assert state.name == "Awaiting-Relay"
    assert world.snapshot() == before


def test_real_database_is_not_moved_into_the_future(sqlite) -> None:
    from models.installation import Installation

    build()
    with transaction() as session:
        session.execute(sa.delete(Installation))
    state = programme(SLUG, START + timedelta(days=400), return_state=True)
    assert state.is_failed()
    assert (state.name, "rehearsal" in str(state.message)) == ("Future-Date", True)


@pytest.mark.parametrize(
    ("flow", "asked", "name"),
    [
        ("matching", {"programme": "nowhere"}, "Unknown-Programme"),
        ("programme", {"programme": "nowhere"}, "Unknown-Programme"),
        ("mail", {"programme": "nowhere"}, "Unknown-Programme"),
        ("review", {"programme": SLUG, "round": 99}, "No-Such-Round"),
        ("review", {"programme": SLUG, "round": 0}, "No-Such-Round"),
    ],
)
def test_run_that_cannot_be_ends_in_a_sentence(sqlite, flow: str, asked: dict, name: str) -> None:
    build()
    state = {**FLOWS, "programme": programme, "mail": mail}[flow](**asked, return_state=True)
    assert (state.name, state.is_failed(), state.is_crashed()) == (name, True, False)
    assert str(state.message).endswith(".")
    assert state.data is None or "Traceback" not in repr(state.data)


def test_approval_without_a_deployment_says_where_to_start_it(sqlite) -> None:
    build()
    state = approval(SLUG, "matching", return_state=True)
    assert (state.name, state.is_completed()) == ("No-Deployment", True)


def test_phase_that_waits_for_the_coordinator_says_where_to_decide(world_at, monkeypatch) -> None:
    world = world_at("matching")
    world.answer()
    told = [FLOWS["matching"](SLUG, world.today, return_state=True).message]
    monkeypatch.setenv("BAKEN_UI_APPROVALS", "matching")
    told.append(FLOWS["matching"](SLUG, world.today, return_state=True).message)
    assert ["desk" in one for one in told] == [True, True]
    assert ["approval" in one for one in told] == [False, True]
