"""Approvals on a real Prefect server: suspended, the process gone, answered, and its effect once. And the forms."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import FlowRun
from prefect.events.worker import EventsWorker
from prefect.exceptions import PrefectHTTPStatusError
from prefect.flow_runs import resume_flow_run
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.states import Crashed

from deployments.phases import deployments
from deployments.processes import prefect_server
from framework.desk import Verdict
from models import installation, pairing, person, programme
from models.base import engine, reading, transaction
from models.decision import Decision
from models.desk import rulings, shown
from models.desk.rulings import Door
from tasks import approval_runs
from tasks.approval_runs import FORM, NO, YES, tend_approvals
from tasks.offering import offer_programmes
from tests.conftest import environment
from tests.portal import stage as stages
from tests.portal.stage import TODAY, Stage

pytestmark = pytest.mark.slow

SLUG, NUMBER, PATIENCE = "growth", "NZ-0042", 300
GOOD = {"decision": YES, "staff_number": NUMBER}


@dataclass
class Served:
    """A process that runs what is due, until it is gone without a word."""

    home: Path
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start it, unless it runs."""
        if self.process is None:
            with (self.home / "served.log").open("ab") as log:
                self.process = subprocess.Popen(
                    [sys.executable, "-m", "tests.deployments.served", "approval", "review"],
                    env={**os.environ, "PREFECT_RUNNER_POLL_FREQUENCY": "1", "PREFECT_LOGGING_TO_API_ENABLED": "true"},
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )

    def gone(self) -> None:
        """Kill it with all that it started."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(20)
            self.process = None


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A Prefect server of its own beside a database with the invented programme; its folder."""
    folder = tmp_path_factory.mktemp("approval")
    with environment(BAKEN_HOME=str(folder)), pytest.MonkeyPatch.context() as patch:
        patch.setenv("BAKEN_UI_APPROVALS", "matching")
        made = stages.build()
        made.open("matching")
        with transaction() as session:
            session.get_one(person.Person, made.people["amira"]).employee_number = NUMBER
            row = session.get_one(programme.Programme, made.programme)
            programme.keep(session, row.rules.model_copy(update={"coordinator": NUMBER}))
        with prefect_server(folder) as api, temporary_settings({PREFECT_API_URL: api}):
            patch.setenv("PREFECT_API_URL", api)
            for one in deployments():
                if set(one.tags) & {"approval", "review"}:
                    one.apply()
            yield folder
            EventsWorker.drain_all(timeout=10)
        engine().dispose()


@pytest.fixture(scope="module")
def served(home: Path) -> Iterator[Served]:
    """The process that runs what is due; not started yet."""
    made = Served(home)
    yield made
    made.gone()


@pytest.fixture(scope="module")
def room(home: Path) -> Stage:
    with transaction() as session:
        row = programme.by_slug(session, SLUG)
        people = {one.given_name: one.id for one in person.all_people(session)}
        named = {"zoe": people["Zoë"], "tom": people["Tom"], "amira": people["Amira"], "jan": people["Jan"]}
        return Stage(programme=row.id, people=named, desk="")


def until(found: Callable[[], Any]) -> Any:
    """What that gives once it gives something."""
    for _ in range(PATIENCE * 2):
        if got := found():
            return got
        time.sleep(0.5)
    raise AssertionError("it did not come")


def deployment(name: str) -> Any:
    with get_client(sync_client=True) as client:
        try:
            return client.read_deployment_by_name(name)
        except Exception:  # noqa: BLE001 - not yet
            return None


def asks(client: SyncPrefectClient, run: FlowRun) -> bool:
    """Whether its form is there: Prefect keeps it a moment after the state."""
    try:
        client.read_flow_run_input(run.id, run.state.state_details.run_input_keyset["schema"])
    except PrefectHTTPStatusError:
        return False
    return True


def asked(run: UUID) -> dict[str, str]:
    """The two parts of what a run asks; an empty one is not there."""
    found = {}
    with get_client(sync_client=True) as client:
        for key in FORM:
            try:
                found[key] = client.read_flow_run_input(run, key)
            except PrefectHTTPStatusError:
                found[key] = ""
    return found


def runs(state: str) -> list[FlowRun]:
    """The approvals in that state, the newest first."""
    with get_client(sync_client=True) as client:
        found = client.read_flow_runs(limit=50)
        found = [one for one in found if "approval" in one.tags and one.state_name == state]
        found = [one for one in found if state != "Suspended" or asks(client, one)]
    return sorted(found, key=lambda one: one.created, reverse=True)


def ended(run: UUID) -> FlowRun:
    def look() -> FlowRun | None:
        with get_client(sync_client=True) as client:
            found = client.read_flow_run(run)
        return found if found.state and found.state.is_final() else None

    return until(look)


def kept(served: Served) -> str:
    """All that Prefect's own database holds."""
    with sqlite3.connect(served.home / "prefect" / "prefect.db") as prefect:
        return "\n".join(prefect.iterdump())


def made(room: Stage) -> dict[str, str]:
    with transaction() as session:
        rows = session.scalars(sa.select(Decision).where(Decision.programme_id == room.programme)).all()
        return {one.subject: one.choice for one in rows}


def start(slug: str = "approval", **parameters: Any) -> UUID:
    with get_client(sync_client=True) as client:
        return client.create_flow_run_from_deployment(
            deployment(f"{slug}/baken").id, parameters={"programme": SLUG, **parameters}
        ).id


def test_yes_given_while_no_process_runs_has_its_effect_once(served: Served, room: Stage) -> None:
    subjects = [room.pair("tom", "zoe"), room.pair("jan", "zoe")]
    assert tend_approvals.fn(SLUG, TODAY) == {"ended": 0, "mended": 0, "placed": 1}
    served.start()
    run = until(lambda: runs("Suspended"))[0]
    served.gone()
    assert (run.name, set(run.tags) >= {f"programme:{SLUG}", "matching"}) == (
        "Growing together · approval of matching",
        True,
    )
    for empty in (None, {}, {"decision": YES}, {**GOOD, "decision": "approve"}, {**GOOD, "note": "free text"}):
        with pytest.raises(RuntimeError, match="Cannot resume"):
            resume_flow_run(run.id, run_input=empty)
    assert made(room) == {}
    assert NUMBER not in kept(served)
    resume_flow_run(run.id, run_input=GOOD)
    assert NUMBER in kept(served)  # till it is read
    served.start()
    state = ended(run.id).state
    assert (state.name, state.message) == (
        "Approved",
        "Approved: 2. Left for the desk: 0. The next run of the phase acts on it.",
    )
    assert made(room) == dict.fromkeys(subjects, "approve")
    assert tend_approvals.fn(SLUG, TODAY) == {"ended": 0, "mended": 0, "placed": 0}
    told = kept(served)
    assert [
        name for name in (NUMBER.lower(), "amira", "benali", "peeters", "zoë", "example.org") if name in told.lower()
    ] == []


def test_changed_proposal_is_refused_asked_again_and_the_desk_ends_that(served: Served, room: Stage) -> None:
    subject = room.pair("zoe", "tom")
    served.start()
    run = start(what="matching")
    until(lambda: any(one.id == run for one in runs("Suspended")))
    before = made(room)
    with transaction() as session:
        session.get_one(pairing.Pairing, int(subject.removeprefix("pairing:"))).score = 123
    resume_flow_run(run, run_input=GOOD)
    state = ended(run).state
    assert state.name == "Changed-Meanwhile"
    assert state.message == "What was shown has changed since. Nothing was recorded. A new run asks again."
    again = until(lambda: runs("Suspended"))[0]
    assert again.id != run
    assert made(room) == before
    with transaction() as session:
        milestone = programme.milestone_of(session, room.programme, "matching", 1)
        who = room.people["amira"]
        struck = [Verdict(subject, "strike", "no", "0" * 64)]
        rulings.record(session, milestone, struck, Door(who, f"person:{who}", TODAY))
    assert tend_approvals.fn(SLUG, TODAY)["ended"] == 1
    state = ended(again.id).state
    assert (state.name, state.is_completed()) == ("Decided-Elsewhere", True)
    with pytest.raises(Exception, match="paused"):
        resume_flow_run(again.id, run_input=GOOD)
    assert made(room)[subject] == "strike"


def test_wrong_number_and_no_leave_everything_as_it_is_and_time_ends_it(served: Served, room: Stage) -> None:
    room.pair("amira", "tom")
    before = made(room)
    assert tend_approvals.fn(SLUG, TODAY)["placed"] == 1
    served.start()
    first = until(lambda: runs("Suspended"))[0]
    resume_flow_run(first.id, run_input={**GOOD, "staff_number": "NZ-9999"})
    assert ended(first.id).state.name == "Unknown-Number"
    second = until(lambda: runs("Suspended"))[0]
    assert second.id != first.id
    third = start(what="matching")
    resume_flow_run(second.id, run_input={**GOOD, "decision": NO})
    assert ended(second.id).state.name == "Left-To-The-Desk"
    until(lambda: any(one.id == third for one in runs("Suspended")))
    later = TODAY + timedelta(days=14)
    with transaction() as session:
        installation.move_to(session, later)
    assert tend_approvals.fn(SLUG, later - timedelta(days=1))["ended"] == 0
    assert tend_approvals.fn(SLUG, later)["ended"] == 1
    assert ended(third).state.name == "Lapsed"
    assert made(room) == before


def test_a_run_that_lost_its_process_gets_its_form_and_one_that_broke_another(
    served: Served, room: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.pair("jan", "tom")
    served.start()
    run = start(what="matching")
    until(lambda: any(one.id == run for one in runs("Suspended")))
    until(lambda: all(asked(run).values()))  # both parts
    served.gone()
    before = asked(run)
    with get_client(sync_client=True) as client:  # as a process leaves it that dies between the state and its form
        for key in FORM:
            client.delete_flow_run_input(run, key)
    assert tend_approvals.fn(SLUG, TODAY)["mended"] == 0  # it may be about to show it
    monkeypatch.setattr(approval_runs, "BEGINS", timedelta(0))
    assert tend_approvals.fn(SLUG, TODAY)["mended"] == 1
    assert asked(run) == before
    assert tend_approvals.fn(SLUG, TODAY)["mended"] == 0
    with get_client(sync_client=True) as client:
        client.delete_flow_run_input(run, FORM[1])  # or in the midst of it
        assert tend_approvals.fn(SLUG, TODAY)["mended"] == 1
        assert asked(run) == before
        client.set_flow_run_state(run, Crashed(message="its process is gone"), force=True)
    assert tend_approvals.fn(SLUG, TODAY) == {"ended": 0, "mended": 1, "placed": 1}
    assert tend_approvals.fn(SLUG, TODAY)["mended"] == 0  # and places the same one
    with reading() as session:
        assert shown.ending(session, str(run)) == ("Broken-Off", {})
    served.start()
    [again] = until(lambda: runs("Suspended"))
    assert again.id != run
    resume_flow_run(again.id, run_input={**GOOD, "decision": NO})
    assert ended(again.id).state.name == "Left-To-The-Desk"


def test_forms_offer_what_there_is_and_refuse_the_rest(served: Served, room: Stage) -> None:
    form = deployment("review/baken").parameter_openapi_schema["properties"]
    assert form["programme"]["enum"] == [SLUG]
    assert [form[name]["title"] for name in form] == ["Programme", "Day (rehearsals only)", "Round"]
    assert all(field["description"] for field in form.values())
    for wrong in ({"programme": "nowhere"}, {"round": 0}, {"round": "two"}):
        with pytest.raises(PrefectHTTPStatusError, match="409|422"):
            start("review", **wrong)
    with transaction() as session:
        rules = session.get_one(programme.Programme, room.programme).rules
        programme.keep(session, rules.model_copy(update={"slug": "later"}))
    assert offer_programmes.fn() > 0
    assert offer_programmes.fn() == 0
    assert deployment("review/baken").parameter_openapi_schema["properties"]["programme"]["enum"] == [SLUG, "later"]
    served.start()
    state = ended(start("review", programme="later", round=99)).state
    assert (state.name, state.is_failed()) == ("No-Such-Round", True)
    assert "round" in str(state.message)
