"""A whole Prefect server for the calendar's tests: its runs are listed, its flows are served by a process of their own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterTags
from prefect.client.schemas.objects import FlowRun

from framework.timeline import calendar_tag
from models import programme
from models.base import transaction
from models.programme import Milestone

SERVE = """
import signal
import sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # which a background job would ignore
from prefect import serve
from deployments.phases import deployments
serve(*[one for one in deployments() if one.flow_name in sys.argv[1:]], print_starting_message=False)
"""


def runs(slug: str) -> list[FlowRun]:
    """Every run on a programme's calendar, by its time."""
    wanted = FlowRunFilter(tags=FlowRunFilterTags(all_=[calendar_tag(slug)]))
    with get_client(sync_client=True) as client:
        found = client.read_flow_runs(flow_run_filter=wanted, limit=200)
    return sorted(found, key=lambda one: (one.expected_start_time, one.name))


def delete(run: FlowRun) -> None:
    """Take a run away, as a person does in the UI."""
    with get_client(sync_client=True) as client:
        client.delete_flow_run(run.id)


def forget_everything(slug: str) -> None:
    """Prefect has lost its database: no deployment, and no run of this programme."""
    with get_client(sync_client=True) as client:
        for deployment in client.read_deployments():
            client.delete_deployment(deployment.id)
    for one in runs(slug):
        delete(one)


def move(slug: str, phase: str, days: int, number: int = 1) -> None:
    """Move a round of a phase in the plan."""
    with transaction() as session:
        row = programme.milestone_of(session, programme.by_slug(session, slug).id, phase, number)
        row.opens_on += timedelta(days=days)
        row.closes_on += timedelta(days=days)
        row.wake_on = row.opens_on


def drop(slug: str, phase: str, number: int = 1) -> None:
    """Take a round out of the plan."""
    with transaction() as session:
        session.delete(programme.milestone_of(session, programme.by_slug(session, slug).id, phase, number))


def finish(slug: str, phase: str, on: date) -> None:
    """A round has come to its end."""
    with transaction() as session:
        row: Milestone = programme.milestone_of(session, programme.by_slug(session, slug).id, phase, 1)
        row.opened_on, row.finished_on = on, on


@contextmanager
def served(home: Path, *names: str) -> Iterator[None]:
    """Flows served by another process, until the block ends."""
    with (home / "served.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE, *names],
            stdout=log,
            stderr=log,
            env=os.environ | {"PREFECT_RUNNER_POLL_FREQUENCY": "2"},
        )
        try:
            yield
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def until_done(slug: str, ids: set[object], seconds: float = 300) -> list[FlowRun]:
    """Those runs, once all have ended; the test fails when they do not in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = [one for one in runs(slug) if one.id in ids]
        if len(found) == len(ids) and all(one.state and one.state.is_final() for one in found):
            return found
        time.sleep(1)
    raise AssertionError([(one.name, one.state_name) for one in runs(slug)])
