"""A server and workers: what is registered, and a worker anywhere that takes a run."""

import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deployments import processes
from deployments.cli import main
from deployments.phases import ABOUT
from models.base import transaction
from models.programme import Milestone, milestone_of
from tests.deployments.installations import GIVE_UP, at_work, begun, by_worker, ended, hire, stop_the_clock
from tests.world import SLUG, build

POOL = "rehearsed"


@pytest.mark.parametrize("command", ["deploy", "work"])
@pytest.mark.parametrize(
    ("url", "said"), [("", "PREFECT_API_URL is not set"), ("http://127.0.0.1:9/api", "no Prefect")]
)
def test_without_a_server_it_says_what_to_set(sqlite, capsys, monkeypatch, command: str, url: str, said: str) -> None:
    monkeypatch.setenv("PREFECT_API_URL", url)
    with pytest.raises(SystemExit) as ended:
        main([command])
    assert ended.value.code == 1
    assert said in capsys.readouterr().err


@pytest.fixture
def server(sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A Prefect server of its own, with a programme to run."""
    from prefect.events.worker import EventsWorker
    from prefect.settings import PREFECT_API_URL, temporary_settings

    build()
    monkeypatch.setenv("BAKEN_HOME", str(sqlite))
    with processes.prefect_server(sqlite) as api:
        monkeypatch.setenv("PREFECT_API_URL", api)
        monkeypatch.setenv("PREFECT_HOME", str(sqlite / "prefect"))
        with temporary_settings({PREFECT_API_URL: api}):
            yield api
            EventsWorker.drain_all(timeout=20)


@pytest.mark.slow
def test_worker_in_a_folder_of_its_own_takes_a_run(server: str, sqlite: Path, capsys) -> None:
    from prefect.client.orchestration import get_client

    for _ in range(2):  # after an update it is run again
        with pytest.raises(SystemExit) as ended:
            main(["deploy", "--pool", POOL, "--json"])
        assert ended.value.code == 0
    with get_client(sync_client=True) as client:
        known = client.read_deployments()
    assert {one.name for one in known} == {"baken"}
    assert len(known) == len(ABOUT)
    assert {one.work_pool_name for one in known} == {POOL}
    assert all(":" not in one.entrypoint and "/" not in one.entrypoint for one in known)
    day = build_day()
    with at_work(sqlite, 1) as crew:
        assert by_worker(SLUG, day).programme == SLUG
        os.kill(crew[0].pid, signal.SIGINT)
        assert crew[0].wait(60) == 0


@pytest.mark.slow
def test_worker_is_replaced_with_a_run_in_hand_and_its_work_is_done(server: str, sqlite: Path) -> None:
    from prefect.client.orchestration import get_client

    from deployments.deploy import register

    register(POOL)
    stop_the_clock()
    day = build_day()
    with at_work(sqlite, 1) as crew:
        at_their_post(sqlite, 1)
        with sqlite3.connect(sqlite / "baken.db", isolation_level=None) as lock:
            lock.execute("BEGIN IMMEDIATE")  # its first step waits, so that it is in hand
            run = begun(SLUG, day)
            with get_client(sync_client=True) as client:
                ended(run, lost=lambda: client.read_flow_run(run).state_name == "Running")
            crew.append(hire(sqlite, 1))
            crew[0].send_signal(signal.SIGINT)
            assert crew[0].wait(120) == 0
            lock.execute("ROLLBACK")
        lock.close()
        assert milestone("readiness").opened_on is None, "the control: its work was not done"
        assert by_worker(SLUG, day).programme == SLUG
        assert crew[1].poll() is None, "by the new one"
    assert milestone("readiness").opened_on == day


def at_their_post(home: Path, number: int) -> None:
    """Wait until so many workers have told the server that they are there."""
    from prefect.client.orchestration import get_client

    until = time.monotonic() + GIVE_UP
    with get_client(sync_client=True) as client:
        while time.monotonic() < until:
            if len(client.read_workers_for_work_pool(POOL)) >= number:
                return
            time.sleep(0.5)
    raise AssertionError((home / "log" / "worker-0.log").read_text())


def milestone(phase: str) -> Milestone:
    """A phase as it stands."""
    with transaction() as session:
        return milestone_of(session, 1, phase, 1)


def build_day():
    """The day on which the programme of the tests begins."""
    from models import installation
    from models.base import transaction

    with transaction() as session:
        return installation.today(session)
