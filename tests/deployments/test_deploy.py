"""A server and workers: what is registered, and a worker anywhere that takes a run."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from deployments import processes
from deployments.cli import main
from deployments.phases import ABOUT
from tests.deployments.installations import at_work, by_worker
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


def build_day():
    """The day on which the programme of the tests begins."""
    from models import installation
    from models.base import transaction

    with transaction() as session:
        return installation.today(session)
