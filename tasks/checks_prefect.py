"""What is looked at in Prefect: runs that are late, that broke, or that have fallen silent. Counts only.

Without a server that lasts (each command then starts a small one of its own) there is nothing to look at.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterEndTime,
    FlowRunFilterNextScheduledStartTime,
    FlowRunFilterStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.events.filters import EventFilter, EventNameFilter, EventOccurredFilter, EventResourceFilter
from prefect.exceptions import PrefectHTTPStatusError
from prefect.settings import PREFECT_API_URL
from prefect.states import Crashed

from framework.watch import Finding
from models.installation import now
from tasks.checks import minded

BEAT = "prefect.flow-run.heartbeat"
WITHIN = timedelta(seconds=540)
"""How long a run may be silent: three heartbeats of 180 seconds. With less, healthy runs were taken for dead."""

LATE = timedelta(minutes=15)
LOOK_BACK = timedelta(days=1)
PAGE, PAGES = 200, 20


def runs() -> Iterator[Finding]:
    """Look at the runs of the server that is set; one finding a kind, or that all is well."""
    if not PREFECT_API_URL.value():
        return
    try:
        with get_client(sync_client=True) as client:
            counts = {
                "runs-late": len(late(client, now())),
                "runs-failed": len(broken(client, now(), StateType.FAILED)),
                "runs-crashed": len(broken(client, now(), StateType.CRASHED)),
                "runs-silent": len(silent(client, now())),
            }
    except (httpx.HTTPError, PrefectHTTPStatusError) as wrong:
        yield Finding("runs", "wrong", f"Prefect does not answer ({type(wrong).__name__})", "See log/prefect.log.")
        return
    for code, number in counts.items():
        if number:
            yield minded(code, "runs", f"{number} {code.removeprefix('runs-')}", number)
    if not any(counts.values()):
        yield Finding("runs", "ok", "none late, broken or silent")


def late(client: SyncPrefectClient, at: datetime) -> list[FlowRun]:
    """Runs that should have begun a quarter of an hour ago, and have not."""
    due = FlowRunFilterNextScheduledStartTime(before_=at - LATE)
    return _read(client, _in_state(StateType.SCHEDULED, next_scheduled_start_time=due))


def broken(client: SyncPrefectClient, at: datetime, end: StateType) -> list[FlowRun]:
    """Runs of the last day that ended so, and were not followed by one of the same kind that went well."""
    ended = FlowRunFilterEndTime(after_=at - LOOK_BACK)
    newest: dict[tuple[Any, Any], FlowRun] = {}
    for run in _read(client, _in_state(end, end_time=ended)):
        newest.setdefault(_kind(run), run)
    return [run for run in newest.values() if not _mended(client, run)]


def silent(client: SyncPrefectClient, at: datetime, within: timedelta = WITHIN) -> list[FlowRun]:
    """Runs that are busy, gave a sign of life once, and have given none for so long."""
    begun = FlowRunFilterStartTime(before_=at - within)
    busy = _read(client, _in_state(StateType.RUNNING, start_time=begun))
    return [run for run in busy if _beats(client, run) and not _beats(client, run, since=at - within)]


def lay_to_rest(client: SyncPrefectClient, at: datetime) -> int:
    """Mark as crashed what has been silent for twice as long as the automation allows; how many."""
    dead = silent(client, at, 2 * WITHIN)
    for run in dead:
        client.set_flow_run_state(run.id, Crashed(message="No sign of life: marked by the watchdog"), force=True)
    return len(dead)


def _in_state(kind: StateType, **more: Any) -> FlowRunFilter:
    return FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[kind])), **more)


def _read(client: SyncPrefectClient, which: FlowRunFilter) -> list[FlowRun]:
    """The newest first, up to some thousands."""
    found: list[FlowRun] = []
    for page in range(PAGES):
        some = client.read_flow_runs(
            flow_run_filter=which, sort=FlowRunSort.END_TIME_DESC, limit=PAGE, offset=page * PAGE
        )
        found += some
        if len(some) < PAGE:
            break
    return found


def _kind(run: FlowRun) -> tuple[Any, Any]:
    """Which runs do the same work: those of one flow for one programme."""
    return run.flow_id, run.parameters.get("programme")


def _mended(client: SyncPrefectClient, run: FlowRun) -> bool:
    """Whether a later run did the same work and went well."""
    later = _in_state(StateType.COMPLETED, end_time=FlowRunFilterEndTime(after_=run.end_time))
    return any(_kind(one) == _kind(run) for one in _read(client, later))


def _beats(client: SyncPrefectClient, run: FlowRun, since: datetime | None = None) -> bool:
    which = EventFilter(
        event=EventNameFilter(name=[BEAT]), resource=EventResourceFilter(id=[f"prefect.flow-run.{run.id}"])
    )
    if since is not None:
        which.occurred = EventOccurredFilter(since=since)
    return bool(client.read_events(filter=which, limit=1).events)
