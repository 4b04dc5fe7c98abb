"""What a run says to the operator: artifacts in Prefect that tell how a programme stands, in ids, dates and counts.

Three for each programme, `timeline-<slug>`, `progress-<slug>` and `mail-<slug>`; one for each phase, `matching-<slug>`.
A new version of one is written when it says something else than the newest one that Prefect has. Outside a run of
Prefect nothing is written, and a server that does not answer holds nothing up.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import httpx
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import ArtifactCreate
from prefect.client.schemas.filters import ArtifactCollectionFilter, ArtifactCollectionFilterKey
from prefect.context import FlowRunContext
from prefect.exceptions import PrefectException
from prefect.utilities.context import get_task_and_flow_run_ids
from sqlalchemy.orm import Session

from framework import telling as words
from framework import timeline
from framework.content import FORMS
from framework.mail import CLOCKS, DeliveryStatus
from framework.requests import RequestStatus
from models import delivery, glance, programme, told
from models.base import reading, rehearsed
from models.programme import Milestone, Programme
from models.settings import settings
from tasks.step import keep_error, step

MARKDOWN, TABLE, PROGRESS = "markdown", "table", "progress"
NOTICES = frozenset(name for name, form in FORMS.items() if not form.sections)
DECIDES = "Awaiting-Coordinator"
MAILS = {
    DeliveryStatus.DRAFT: "wait for the coordinator's word",
    DeliveryStatus.HELD: "to be printed: no mailbox",
    DeliveryStatus.QUEUED: "wait for their day, or for the relay",
    DeliveryStatus.LEASED: "being sent",
    DeliveryStatus.SENDING: "being sent",
    DeliveryStatus.BUNDLED: "wait to go inside another mail",
    DeliveryStatus.SENT: "sent",
    "inside": "sent inside another mail",
    DeliveryStatus.PRINTED: "handed over on paper",
    DeliveryStatus.UNSURE: "perhaps not arrived",
    DeliveryStatus.REFUSED: "refused, or came back",
    DeliveryStatus.DEAD: "given up",
    DeliveryStatus.CANCELLED: "no longer needed",
}


@step
def tell_programme(slug: str, today: date, broken: Sequence[str] = ()) -> int:
    """Publish how a programme stands; `broken` are the phases whose run failed just now. How many artifacts changed."""
    return _publish(of_programme(slug, today, broken)) if _is_heard() else 0


def tell_round(milestone_id: int, today: date, *, moved: bool) -> int:
    """Publish what a run of a phase did; how many artifacts changed. What goes wrong here breaks no phase.

    Where nothing has `moved`, and nothing was done today, nothing is said.
    """
    if not _is_heard():
        return 0
    try:
        return _publish(of_round(milestone_id, today, moved=moved))
    except Exception as error:  # noqa: BLE001 - the work is done, and this is only told
        keep_error("telling.tell_round", error)
        return 0


def of_programme(slug: str, today: date, broken: Sequence[str] = ()) -> list[ArtifactCreate]:
    """The timeline, the progress and the mails of a programme. Raises UnknownProgramme."""
    with reading() as session:
        row = programme.by_slug(session, slug)
        lines = _lines(session, row)
        ahead = _ahead(session, row, today)
        mails = mail_rows(delivery.counts(session, row.id))
        title, way = row.rules.title, _way(row, today)
    late = words.late(lines, today, broken)
    page = words.timeline(title=title, slug=slug, today=today, lines=lines, ahead=ahead, late=late, way=way)
    done = sum(line.finished_on is not None for line in lines)
    progress = f"{done} of {len(lines)} milestones are finished. Next, {words.coming(ahead)}."
    how = words.at_a_glance(lines, ahead, late, today)
    return [
        _artifact(f"timeline-{slug}", MARKDOWN, how, page),
        _artifact(f"progress-{slug}", PROGRESS, progress, words.share(lines)),
        _artifact(f"mail-{slug}", TABLE, "Every mail of the programme, by how it stands", json.dumps(mails)),
    ]


def of_round(milestone_id: int, today: date, *, moved: bool = True) -> list[ArtifactCreate]:
    """What a run of a phase did, what waits, and what comes next; nothing where nothing is worth telling."""
    with reading() as session:
        milestone = session.get_one(Milestone, milestone_id)
        row = session.get_one(Programme, milestone.programme_id)
        counted = told.of_round(session, milestone, today, NOTICES)
        if not moved and not any(now for now, _ in counted.values()):
            return []
        line = _lines(session, row, milestone)[0]
        ahead = _ahead(session, row, today)
        title, slug, way = row.rules.title, row.slug, _way(row, today)
    done = [words.Done(what=what, today=pair[0], so_far=pair[1]) for what, pair in counted.items()]
    page = words.phase_page(title=title, today=today, line=line, done=done, ahead=ahead, way=way)
    return [_artifact(f"{line.phase}-{slug}", MARKDOWN, f"{line.name}: {words.state(line)}", page)]


def mail_rows(counted: Mapping[str, Mapping[str, int]]) -> list[dict[str, Any]]:
    """The rows of the table of mails: how they stand, how many, and who minds those that wait."""
    every: Counter[str] = Counter()
    for states in counted.values():
        every.update(states)
    found = []
    for name, said in MAILS.items():
        if number := every[str(name)]:
            clock = CLOCKS.get(DeliveryStatus(name)) if name != "inside" else None
            whose = words.WHOM[clock.owner] if clock else ""
            found.append({"State": said, "Mails": number, "Minded by": whose})
    return found


def _lines(session: Session, row: Programme, only: Milestone | None = None) -> list[words.Line]:
    every = programme.milestones(session, row.id)
    names = timeline.names(row.rules, every)
    waits = _waits(session, row.id)
    wanted = [one for one in every if only is None or one.id == only.id]
    return [_line(one, names[one.phase, one.round], waits.get((one.phase, one.round), [])) for one in wanted]


def _line(one: Milestone, name: str, waits: Sequence[glance.Tally]) -> words.Line:
    opened = one.opened_on or one.opens_on
    return words.Line(
        name=name,
        phase=one.phase,
        opens_on=one.opens_on,
        closes_on=one.closes_on,
        last_day=max(one.closes_on, opened + (one.closes_on - one.opens_on)),
        opened_on=one.opened_on,
        finished_on=one.finished_on,
        state=one.state,
        outcome=one.outcome,
        wake_on=one.wake_on,
        counts=one.counts,
        waits=_by_role(one, waits),
    )


def _waits(session: Session, programme_id: int) -> dict[tuple[str, int], list[glance.Tally]]:
    """The open questions of each round; and decisions whose time is over, for they wait all the same."""
    found: dict[tuple[str, int], list[glance.Tally]] = {}
    for one in glance.tallies(session, programme_id):
        lapsed = one.status == RequestStatus.LAPSED and one.form in NOTICES
        if one.form in FORMS and (lapsed or one.status == RequestStatus.OPEN):
            found.setdefault((one.phase, one.round), []).append(one)
    return found


def _by_role(milestone: Milestone, asked: Sequence[glance.Tally]) -> tuple[words.Waiting, ...]:
    grouped: dict[tuple[bool, str], list[glance.Tally]] = {}
    for one in asked:
        if one.status == RequestStatus.OPEN or milestone.state == DECIDES:
            grouped.setdefault((one.form in NOTICES, FORMS[one.form].by), []).append(one)
    return tuple(_waiting(milestone, decide, alike) for (decide, _), alike in sorted(grouped.items()))


def _waiting(milestone: Milestone, decide: bool, alike: Sequence[glance.Tally]) -> words.Waiting:
    number = sum(one.number for one in alike)
    if decide:
        number = max(1, *(milestone.counts.get(name) or 0 for name in ("undecided", "to_mark")))
    since, due = min(one.opened_on for one in alike), min(one.due_on for one in alike)
    return words.Waiting(FORMS[alike[0].form].by, number, since, due, decide)


def _ahead(session: Session, row: Programme, today: date) -> list[timeline.Moment]:
    """What the plan still has before it; not what belongs to rounds that are overdue, for nobody knows its day."""
    every = programme.milestones(session, row.id)
    overdue = {(one.phase, one.round) for one in every if one.opened_on is None and one.opens_on <= today}
    found = timeline.moments(row.rules, every)
    return [one for one in found if one.on > today and (one.phase, one.round) not in overdue]


def _way(row: Programme, today: date) -> str:
    every = row.rules
    ui = settings().prefect_ui
    until, tag = today.replace(year=today.year + 2, day=1), timeline.calendar_tag(row.slug)
    runs = timeline.bookmark(ui, every.starts_on, until, tag)
    return words.links(ui, row.slug, runs)


def _is_heard() -> bool:
    """Whether a run of Prefect goes on in which to say something; what a dry run does is undone, and not told."""
    return FlowRunContext.get() is not None and rehearsed() is None


def _artifact(key: str, kind: str, about: str, data: Any) -> ArtifactCreate:
    task_run, flow_run = get_task_and_flow_run_ids()
    return ArtifactCreate(key=key, type=kind, description=about, data=data, task_run_id=task_run, flow_run_id=flow_run)


def _publish(made: Sequence[ArtifactCreate]) -> int:
    """Write those that say something new; how many. A server that is away is told at the next run."""
    if not made:
        return 0
    try:
        client = _client()
        wanted = ArtifactCollectionFilter(key=ArtifactCollectionFilterKey(any_=[str(one.key) for one in made]))
        newest = client.read_latest_artifacts(artifact_filter=wanted)
        there = {one.key: (one.description, one.data) for one in newest}
        fresh = [one for one in made if there.get(str(one.key)) != (one.description, one.data)]
        for one in fresh:
            client.create_artifact(one)
    except (httpx.HTTPError, PrefectException):
        return 0
    return len(fresh)


def _client() -> SyncPrefectClient:
    context = FlowRunContext.get()
    own = context.client if context else None
    return own if isinstance(own, SyncPrefectClient) else get_client(sync_client=True)
