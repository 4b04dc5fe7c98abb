"""The watchdog beside a whole Prefect server: a late run, a failed one, and one that was killed with its worker.

One server for the file, with all its services; its automations take ten seconds of silence where real ones take 540.
"""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.events import emit_event
from prefect.events.worker import EventsWorker
from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from prefect.states import Running, Scheduled

from deployments import automations
from deployments.processes import prefect_server
from flows.mail import mail
from flows.watch import watch
from framework.watch import MEANINGS
from models import installation, schema
from models.base import engine
from tasks import checks_prefect, watching
from tests.conftest import environment
from tests.notifications.relays import HOST, Relay, listening
from tests.tasks.test_watching import earlier, mails
from tests.world import SLUG, build

pytestmark = [pytest.mark.slow, pytest.mark.long]
SERVICES = {f"PREFECT_SERVER_SERVICES_{name}_ENABLED": "true" for name in ("EVENT_PERSISTER", "TRIGGERS")}
OPERATOR = "olga@baken.example"
WAIT = 180.0


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A small company, and a whole Prefect server of its own."""
    folder = tmp_path_factory.mktemp("watched")
    with environment(BAKEN_HOME=str(folder)):
        schema.upgrade()
        build()
        engine().dispose()
        before = dict(os.environ)
        os.environ.update(SERVICES)
        try:
            with prefect_server(folder) as api:
                os.environ["PREFECT_API_URL"] = api
                with temporary_settings({PREFECT_API_URL: api, PREFECT_FLOWS_HEARTBEAT_FREQUENCY: 30}):
                    yield folder
                    EventsWorker.drain_all(timeout=10)
        finally:
            os.environ.clear()
            os.environ.update(before)
            engine().dispose()


@pytest.fixture
def client(home: Path) -> Iterator[SyncPrefectClient]:
    """Prefect's API."""
    with get_client(sync_client=True) as found:
        yield found


def until(what: Callable[[], Any]) -> Any:
    """Wait till something is so; what it is."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.5)
    raise AssertionError("it never came")


def in_state(client: SyncPrefectClient, *kinds: StateType) -> list[FlowRun]:
    wanted = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(kinds))))
    return client.read_flow_runs(flow_run_filter=wanted, limit=200)


@contextmanager
def serving(home: Path, name: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A flow served from a process of its own, in a group that can be killed as one."""
    with (home / "served.log").open("ab") as log:
        served = subprocess.Popen(
            [sys.executable, "-m", "tests.deployments.served", name],
            env={**os.environ, "PREFECT_RUNNER_POLL_FREQUENCY": "1", "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30"},
            cwd=Path(__file__).parents[2],
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield served
    finally:
        if served.poll() is None:
            os.killpg(served.pid, signal.SIGKILL)
        served.wait()


def served_flow(client: SyncPrefectClient, name: str) -> Any:
    """The deployment of that name, once it is there."""
    return until(lambda: next((one for one in client.read_deployments() if name in one.tags), None))


def busy(client: SyncPrefectClient, *, beats: bool) -> FlowRun:
    """A run that says that it is busy, with a sign of life or without."""
    run: FlowRun = client.create_flow_run(watch, state=Running())
    if beats:
        emit_event(checks_prefect.BEAT, {"prefect.resource.id": f"prefect.flow-run.{run.id}"})
        until(lambda: checks_prefect._beats(client, run))  # noqa: SLF001
    return run


def test_the_watchdog_lays_to_rest_what_has_been_silent_for_long_and_nothing_else(client: SyncPrefectClient) -> None:
    dead, young = busy(client, beats=True), busy(client, beats=False)
    now = installation.now()
    assert watching.mark_silent.fn() == 0
    once = now + checks_prefect.WITHIN + timedelta(minutes=1)
    assert [one.id for one in checks_prefect.silent(client, once)] == [dead.id], "who never gave a sign is not judged"
    assert checks_prefect.lay_to_rest(client, once) == 0, "the automation has its turn first"
    twice = now + 2 * checks_prefect.WITHIN + timedelta(minutes=1)
    assert checks_prefect.lay_to_rest(client, twice) == 1
    state = client.read_flow_run(dead.id).state
    assert state
    assert (state.is_crashed(), "watchdog" in str(state.message)) == (True, True)
    assert client.read_flow_run(young.id).state_name == "Running"
    assert checks_prefect.lay_to_rest(client, twice) == 0
    for run in (dead, young):
        client.delete_flow_run(run.id)


def test_the_automation_is_made_once_and_anew_when_it_is_another(client: SyncPrefectClient) -> None:
    assert automations.make() is True
    assert automations.make() is False
    assert automations.make(timedelta(seconds=10)) is True
    [there] = client.read_automations_by_name(automations.NAME)
    assert there.enabled
    assert "10 seconds" in there.description


def test_a_failed_run_is_told_and_that_it_is_over(
    home: Path, client: SyncPrefectClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = installation.now()
    with sqlite3.connect(home / "baken.db") as broken:
        broken.execute("ALTER TABLE pace RENAME TO gone")
        broken.execute("ALTER TABLE delivery RENAME TO gone_too")
    assert mail(SLUG, return_state=True).is_failed()
    with sqlite3.connect(home / "baken.db") as broken:
        broken.execute("ALTER TABLE gone RENAME TO pace")
        broken.execute("ALTER TABLE gone_too RENAME TO delivery")
    assert len(checks_prefect.broken(client, now, StateType.FAILED)) == 1
    relay = Relay()
    with listening(relay) as port:
        monkeypatch.setenv("BAKEN_SMTP_HOST", HOST)
        monkeypatch.setenv("BAKEN_SMTP_PORT", str(port))
        monkeypatch.setenv("BAKEN_SMTP_SECURITY", "none")
        monkeypatch.setenv("BAKEN_OPERATOR", OPERATOR)
        state = watch(return_state=True)
        assert (state.name, "runs-failed 1" in state.message) == ("Needs-Attention", True)
        assert mails(relay) == []  # it has its patience
        for hours in (1, 24):
            earlier(hours=hours)
            watch()
        assert mail(SLUG, return_state=True).is_completed()
        assert checks_prefect.broken(client, now, StateType.FAILED) == []
        earlier(minutes=30, unseen=True)
        assert watch(return_state=True).name == "Completed"
    told = [said for _, said in mails(relay) if MEANINGS["runs-failed"].means in said.replace("\n", " ")]
    assert len(told) == 3  # once, again after a day, and that it is over
    assert [subject for subject, _ in mails(relay)][-1] == "Baken is well again"


def test_a_late_run_is_seen(home: Path, client: SyncPrefectClient) -> None:
    with serving(home, "watch"):
        door = served_flow(client, "watch")
    at = installation.now()
    assert checks_prefect.late(client, at) == []
    for minutes in (14, 16):
        client.create_flow_run_from_deployment(door.id, state=Scheduled(scheduled_time=at - timedelta(minutes=minutes)))
    [late] = checks_prefect.late(client, at)
    assert late.deployment_id == door.id
    for run in in_state(client, StateType.SCHEDULED):
        client.delete_flow_run(run.id)


def test_a_run_that_is_killed_with_its_worker_is_marked_and_the_next_one_catches_up(
    home: Path, client: SyncPrefectClient
) -> None:
    automations.make(timedelta(seconds=10))
    with serving(home, "programme") as served:
        door = served_flow(client, "programme")
        with sqlite3.connect(home / "baken.db", isolation_level=None) as lock:
            lock.execute("BEGIN IMMEDIATE")  # its first step waits, so that it is killed in the middle
            run = client.create_flow_run_from_deployment(door.id, parameters={"programme": SLUG})
            until(lambda: run.id in {one.id for one in in_state(client, StateType.RUNNING)})
            until(lambda: checks_prefect._beats(client, client.read_flow_run(run.id)))  # noqa: SLF001
            os.killpg(served.pid, signal.SIGKILL)
            served.wait()
            lock.execute("ROLLBACK")
        lock.close()
    mine = client.read_flow_run(run.id)
    assert mine.state
    assert mine.state.is_running()  # nobody is left to say otherwise
    assert [one.id for one in checks_prefect.silent(client, installation.now())] == []
    later = installation.now() + checks_prefect.WITHIN + timedelta(minutes=1)
    assert run.id in {one.id for one in checks_prefect.silent(client, later)}
    until(lambda: run.id in {one.id for one in in_state(client, StateType.CRASHED)})
    assert run.id in {one.id for one in checks_prefect.broken(client, installation.now(), StateType.CRASHED)}
    from flows.programme import programme

    assert programme(SLUG, return_state=True).name == "Active"
    assert checks_prefect.broken(client, installation.now(), StateType.CRASHED) == []
