"""The ways to install Baken, each lived through: one process on SQLite, or a server, workers and PostgreSQL."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import httpx

from deployments import processes, report
from deployments.advance import Advanced, advance
from deployments.rehearsal import run
from models.base import engine
from tasks.programme import next_day
from tests.deployments.afterwards import end_state, mails_read

PEOPLE, SEED, DAYS, GIVE_UP = 50, 3, 138, 240.0
POOL = "rehearsed"
Crew = list["subprocess.Popen[bytes]"]
Live = Callable[[str, date], Advanced]


def settings() -> dict[str, str]:
    """A small programme in a hurry: agreements after three months, meetings each fortnight, a review after a month."""
    return {
        "mail.a_day": "20",
        "mail.a_week": "100",
        "meetings.every_days": "14",
        "review.quarterly_months": "1",
        "phases.readiness": "{ after_days = 0, open_days = 5 }",
        "phases.recruitment": "{ after_days = 6, open_days = 9 }",
        "phases.selection": "{ after_days = 16, open_days = 9 }",
        "phases.matching": "{ after_days = 26, open_days = 8 }",
        "phases.training": "{ after_days = 35, open_days = 5 }",
        "phases.agreement": "{ after_days = 81, open_days = 13 }",
    }


def lived(
    home: Path,
    database: str = "",
    prefect: str = "",
    workers: int = 0,
    days: int = DAYS,
    *,
    env: Mapping[str, str] | None = None,
    live: Callable[[Path, Crew], Live] | None = None,
) -> dict[str, Any]:
    """What stands in the end, in figures, states and words; with workers, each day is a run that one of them takes.

    `env` is set for all of it: server, workers, portal and rehearsal alike. `live` gives another way to live a day, for
    those who make trouble meanwhile: it is given the folder and the crew, and may hire and dismiss.
    """
    kept = dict(os.environ)
    os.environ.update(env or {})
    plan = run.Plan(
        home=home, people=PEOPLE, seed=SEED, programmes={run.SLUG: settings()}, certain=True, database_url=database
    )
    server = server_on(home, prefect) if prefect else None
    began = time.monotonic()
    try:
        with run.world(plan, server) as world:
            world.until = run.START + timedelta(days=days)
            if workers:
                from deployments.deploy import register

                register(POOL)
                stop_the_clock()
                with at_work(home, workers) as crew:
                    world.live = live(home, crew) if live else by_worker
                    run.rehearse(world)
            else:
                world.live = advance
                run.rehearse(world)
            found = {"figures": report.figures(run.SLUG), "state": end_state(run.SLUG)}
            twice = sum(number - 1 for number in world.mailbox.by_id.values())
            found["mails"] = {"received": world.mailbox.received - twice, "words": mails_read(home)}
            engine().dispose()
            found["course"] = {"runs": world.steps, "twice": twice, "seconds": round(time.monotonic() - began)}
            (home / "course.json").write_text(json.dumps(found["course"] | {"load": os.getloadavg()}))
            return found
    finally:
        os.environ.clear()
        os.environ.update(kept)


def stop_the_clock() -> None:
    """Take the schedules away: a rehearsal moves the day itself; what came by the real clock would come at random."""
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        for one in client.read_deployments():
            for schedule in one.schedules:
                client.delete_deployment_schedule(one.id, schedule.id)


@contextmanager
def server_on(home: Path, database: str) -> Iterator[str]:
    """Prefect's whole server with its own rows in PostgreSQL."""
    os.environ["PREFECT_API_DATABASE_CONNECTION_URL"] = database
    with processes.prefect_server(home) as api:
        yield api


@contextmanager
def at_work(home: Path, number: int) -> Iterator[Crew]:
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
    state = ended(begun(slug, day))
    assert state.is_completed(), f"{day}: {state.name}: {state.message}"
    return done_on(slug, day)


def begun(slug: str, day: date) -> UUID:
    """A run of the programme for that day, for a worker to take; its id."""
    from prefect.deployments import run_deployment

    wanted = {"programme": slug, "today": day.isoformat()}
    made = run_deployment("programme/baken", parameters=wanted, timeout=0, as_subflow=False)
    return cast("UUID", made.id)  # outside an event loop it is the run itself


def ended(run_id: UUID, lost: Callable[[], bool] = lambda: False) -> Any:
    """Wait for the end of a run; the state that it ends in, or the one it stands in once `lost` says so."""
    from prefect.client.orchestration import get_client

    until = time.monotonic() + GIVE_UP
    state = None
    with get_client(sync_client=True) as client:
        while time.monotonic() < until:
            with suppress(httpx.HTTPError):  # the server may have lost its database for a moment
                state = client.read_flow_run(run_id).state
            if state and (state.is_final() or lost()):
                return state
            time.sleep(0.3)
    message = f"nobody brought the run to an end: {state and state.name}"
    raise AssertionError(message)


def done_on(slug: str, day: date) -> Advanced:
    """What the rehearsal wants to know of a day that was lived elsewhere."""
    return Advanced(programme=slug, today=day.isoformat(), moved={}, mails={}, next=next_day.fn(slug, day))
