"""The ways to install Baken, each lived through: one process on SQLite, or a server, workers and PostgreSQL."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from deployments import processes, report
from deployments.advance import Advanced, advance
from deployments.rehearsal import run
from models.base import engine
from tasks.programme import next_day
from tests.deployments.afterwards import end_state

PEOPLE, SEED, DAYS, GIVE_UP = 50, 3, 175, 240.0
POOL = "rehearsed"


def settings() -> dict[str, str]:
    """A small programme that comes to its meetings soon."""
    return {"mail.a_day": "20", "mail.a_week": "100"}


def lived(home: Path, database: str = "", prefect: str = "", workers: int = 0, days: int = DAYS) -> dict[str, Any]:
    """What stands in the end, in figures and states; with workers, each day is a run that one of them takes."""
    kept = dict(os.environ)
    plan = run.Plan(
        home=home, people=PEOPLE, seed=SEED, programmes={run.SLUG: settings()}, certain=True, database_url=database
    )
    server = server_on(home, prefect) if prefect else None
    try:
        with run.world(plan, server) as world:
            world.until = run.START + timedelta(days=days)
            if workers:
                from deployments.deploy import register

                register(POOL)
                with at_work(home, workers):
                    world.live = by_worker
                    run.rehearse(world)
            else:
                world.live = advance
                run.rehearse(world)
            found = {"figures": report.figures(run.SLUG), "state": end_state(run.SLUG)}
            found["mails"] = {"received": world.mailbox.received, "twice": max(world.mailbox.by_id.values(), default=0)}
            engine().dispose()
            return found
    finally:
        os.environ.clear()
        os.environ.update(kept)


@contextmanager
def server_on(home: Path, database: str) -> Iterator[str]:
    """Prefect's whole server with its own rows in PostgreSQL."""
    os.environ["PREFECT_API_DATABASE_CONNECTION_URL"] = database
    with processes.prefect_server(home) as api:
        yield api


@contextmanager
def at_work(home: Path, number: int) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """So many workers, each a process in a folder of its own, as on machines of their own."""
    (home / "log").mkdir(exist_ok=True)
    crew = [hire(home, one) for one in range(number)]
    try:
        yield crew
    finally:
        for worker in crew:
            worker.send_signal(signal.SIGINT)
        for worker in crew:
            worker.wait(60)


def hire(home: Path, number: int) -> "subprocess.Popen[bytes]":
    """One worker; in a process group of its own, so that it can be killed with all that it runs."""
    folder = home / f"worker-{number}"
    folder.mkdir(exist_ok=True)
    with (home / "log" / f"worker-{number}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "deployments.cli", "work", "--pool", POOL, "--name", f"worker-{number}"],
            cwd=folder,
            env=os.environ | {"PREFECT_WORKER_QUERY_SECONDS": "1", "PYTHONPATH": str(Path(__file__).parents[2])},
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=_listening,  # noqa: PLW1509 - no thread of ours holds a lock here
        )


def _listening() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # which a shell's background job ignores


def by_worker(slug: str, day: date) -> Advanced:
    """All that is due on a day, done by whichever worker takes the run."""
    from prefect.client.orchestration import get_client
    from prefect.deployments import run_deployment

    begun = run_deployment(
        "programme/baken",
        parameters={"programme": slug, "today": day.isoformat()},
        timeout=0,
        as_subflow=False,
    )
    until = time.monotonic() + GIVE_UP
    with get_client(sync_client=True) as client:
        while time.monotonic() < until:
            state = client.read_flow_run(begun.id).state
            if state and state.is_final():
                assert state.is_completed(), f"{day}: {state.name}: {state.message}"
                break
            time.sleep(0.3)
        else:
            message = f"{day}: nobody took the run"
            raise AssertionError(message)
    return Advanced(programme=slug, today=day.isoformat(), moved={}, mails={}, next=next_day.fn(slug, day))
