"""The calendar in Prefect: every moment of a programme's timeline is a named, tagged run that waits for its day.

The plan is compared with the rows, and the rows with the runs that are there: what is missing and near enough is
placed, what has moved or gone is deleted and placed anew. A run is never given another date by its state, for Prefect
would go on showing the old one. Runs are listed before the rows are read: a run whose row says otherwise is then old
for certain, however many place at once; the key of the run makes two that create the same one end with one.
"""

from collections import Counter
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterName, FlowRunFilter, FlowRunFilterTags
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.sorting import FlowRunSort
from prefect.context import FlowRunContext
from prefect.exceptions import ObjectNotFound, PrefectHTTPStatusError
from prefect.states import Scheduled

from framework.programme import PHASES, Programme
from framework.timeline import Moment, calendar_tag, moments, named, tags
from models import placement, programme
from models.base import transaction
from models.settings import settings
from tasks.step import step

NINE = time(9)
DEPLOYMENT = "baken"  # the name that every flow is served under
PAGE = 200
A_MINUTE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What one comparison found and did, in numbers; `word` says why where it could do nothing."""

    word: str = "placed"
    standing: int = 0
    placed: int = 0
    taken_back: int = 0
    beyond: int = 0
    removed: int = 0
    refused: int = 0

    def as_dict(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A moment of the plan, the row that remembers its run, and what that run should be."""

    moment: Moment
    row: int
    revision: int
    run_id: str
    deployment_id: str
    slug: str
    name: str
    at: datetime

    @property
    def key(self) -> str:
        return _key(self.slug, self.moment.key, self.revision)


def _key(slug: str, moment: str, revision: int) -> str:
    """What Prefect knows a run by: it makes no second one for the same key."""
    return f"{slug}:{moment}:r{revision}"


@step
def place_runs(slug: str, today: date) -> Placed:
    """Bring Prefect's calendar of one programme in line with its plan; twice, or two at once, changes nothing more.

    Where no flow is deployed nothing is placed, and the word says so. Raises UnknownProgramme.
    """
    try:
        with _client() as client:
            return _bring_in_line(client, slug, today)
    except httpx.HTTPError:
        return Placed(word="Prefect did not answer; the next advance tries again")


def _client() -> AbstractContextManager[SyncPrefectClient]:
    """The client of the run that goes on, which is open already; else one of its own."""
    context = FlowRunContext.get()
    client = context.client if context else None
    return nullcontext(client) if isinstance(client, SyncPrefectClient) else get_client(sync_client=True)


def _bring_in_line(client: SyncPrefectClient, slug: str, today: date) -> Placed:
    doors = _deployments(client)
    if not doors:
        return Placed(word="no flow is deployed in Prefect")
    there = _runs(client, slug)
    planned, known = _compare(slug, today)
    wanted = [_at_its_time(one, there) for one in planned]
    known = known - {one.key for one in planned} | {one.key for one in wanted}
    done = Counter(taken_back=_take_back(client, there, known))
    limit = today + timedelta(days=settings().horizon_days)
    for one in wanted:
        done[_place(client, one, there.get(one.key), doors.get(one.moment.phase), limit)] += 1
    return Placed(
        standing=done["standing"],
        placed=done["placed"],
        taken_back=done["taken_back"],
        beyond=done["beyond"],
        removed=done["removed"],
        refused=done["refused"],
    )


def _deployments(client: SyncPrefectClient) -> dict[str, DeploymentResponse]:
    """The deployment of each phase, as far as there are any."""
    wanted = DeploymentFilter(name=DeploymentFilterName(any_=[DEPLOYMENT]))
    found = client.read_deployments(deployment_filter=wanted, limit=PAGE)
    return {phase: one for one in found for phase in PHASES if phase in one.tags}


def _runs(client: SyncPrefectClient, slug: str) -> dict[str, FlowRun]:
    """Every run on the programme's calendar, by its key."""
    wanted = FlowRunFilter(tags=FlowRunFilterTags(all_=[calendar_tag(slug)]))
    found: list[FlowRun] = []
    while True:
        page = client.read_flow_runs(
            flow_run_filter=wanted, limit=PAGE, offset=len(found), sort=FlowRunSort.EXPECTED_START_TIME_ASC
        )
        found += page
        if len(page) < PAGE:
            return {one.idempotency_key: one for one in found if one.idempotency_key}


def _compare(slug: str, today: date) -> tuple[list[_Wanted], set[str]]:
    """What should stand from today on, and the keys of every run that may stay: those of days gone by, too."""
    with transaction() as session:
        row = programme.by_slug(session, slug)
        ahead = {one.key: one for one in moments(row.rules, programme.milestones(session, row.id)) if one.on >= today}
        rows = placement.compare(session, row.id, {key: one.on for key, one in ahead.items()}, today)
        known = {_key(slug, stands.key, stands.revision) for stands in rows}
        return [_wanted(row.rules, slug, ahead[one.key], one) for one in rows if one.key in ahead], known


def _wanted(rules: Programme, slug: str, moment: Moment, row: placement.Placement) -> _Wanted:
    at = datetime.combine(moment.on, NINE, ZoneInfo(rules.time_zone))
    name = named(rules.title, moment.name)
    return _Wanted(moment, row.id, row.revision, row.run_id, row.deployment_id, slug, name, at)


def _at_its_time(one: _Wanted, there: Mapping[str, FlowRun]) -> _Wanted:
    """The next revision where the run that bears the key waits for another hour, as after a change of time zone."""
    run = there.get(one.key)
    if run is None or not _waits(run) or not run.expected_start_time:
        return one
    if abs(run.expected_start_time.timestamp() - one.at.timestamp()) < A_MINUTE:
        return one
    with transaction() as session:
        row = session.get_one(placement.Placement, one.row)
        if row.revision == one.revision:
            placement.move(session, row, one.moment.on)
    return replace(one, revision=one.revision + 1, run_id="", deployment_id="")


def _waits(run: FlowRun) -> bool:
    """Whether it has not begun: a run that waits for a second try is under way."""
    return bool(run.state and run.state.is_scheduled() and not run.run_count)


def _take_back(client: SyncPrefectClient, there: Mapping[str, FlowRun], known: set[str]) -> int:
    """Delete what waits under a key that is not known any more: it was moved, or left the plan."""
    return sum(_delete(client, run) for key, run in there.items() if key not in known and _waits(run))


def _delete(client: SyncPrefectClient, run: FlowRun) -> int:
    try:
        client.delete_flow_run(run.id)
    except ObjectNotFound:
        return 0  # somebody else was first
    return 1


def _place(
    client: SyncPrefectClient, one: _Wanted, run: FlowRun | None, door: DeploymentResponse | None, limit: date
) -> str:
    """See to it that the run of one moment stands; the word under which it is counted."""
    if run is not None:
        if one.run_id != str(run.id):
            _note(one, str(run.id), str(run.deployment_id or ""))
        if run.name != one.name and _waits(run):
            client.set_flow_run_name(run.id, one.name)  # the programme's title has changed
        return "standing"
    if door is None or one.moment.on > limit:
        return "beyond"
    if one.run_id and one.deployment_id == str(door.id) and not _exists(client, one.run_id):
        _note(one, one.run_id, one.deployment_id, removed=True)
        return "removed"  # by a person, for the database is the same; it stays so
    return _create(client, one, door)


def _exists(client: SyncPrefectClient, run_id: str) -> bool:
    try:
        client.read_flow_run(UUID(run_id))
    except ObjectNotFound:
        return False
    return True


def _create(client: SyncPrefectClient, one: _Wanted, door: DeploymentResponse) -> str:
    asked: dict[str, Any] = {"programme": one.slug}
    if "round" in (door.parameter_openapi_schema or {}).get("properties", {}):
        asked["round"] = one.moment.round
    try:
        run = client.create_flow_run_from_deployment(
            door.id,
            parameters=asked,
            state=Scheduled(scheduled_time=one.at),
            name=one.name,
            tags=[*tags(one.slug, one.moment.phase), calendar_tag(one.slug)],
            idempotency_key=one.key,
        )
    except PrefectHTTPStatusError:
        return "refused"  # the form of the deployment does not know this programme yet
    _note(one, str(run.id), str(door.id))
    return "placed"


def _note(one: _Wanted, run_id: str, deployment_id: str, *, removed: bool = False) -> None:
    with transaction() as session:
        placement.note(session, one.row, one.revision, run_id=run_id, deployment_id=deployment_id, removed=removed)
