"""Runs' names and tags: an operator reads `Growth 2027 · quarterly review 2`, and finds a programme by its tag.

A name that the calendar gave is kept; every other run is called after its programme and its flow. Names and tags hold
a programme's own title and short name, nothing of a person.
"""

from typing import Any

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.context import FlowRunContext
from sqlalchemy.exc import SQLAlchemyError

from framework.timeline import calendar_tag, named, tags
from models import programme
from models.base import reading

NOBODYS = "Baken"  # of all programmes, or of none


def run_name() -> str:
    """The name of the run that is about to begin, for `@flow(flow_run_name=...)`; its tags are completed, too."""
    context = FlowRunContext.get()
    run = context.flow_run if context else None
    if context is None or run is None or context.flow is None:
        return NOBODYS
    asked: Any = (context.parameters or {}).get("programme")
    if not isinstance(asked, str):
        return named(NOBODYS, context.flow.name)
    _tag(context.client, run, asked, context.flow.name)
    return run.name if calendar_tag(asked) in run.tags else named(title_of(asked), context.flow.name)


def title_of(slug: str) -> str:
    """The programme's title; the word that was given where there is no such programme, or no database."""
    try:
        with reading() as session:
            return str(programme.by_slug(session, slug).settings.get("title", slug))
    except (programme.UnknownProgramme, SQLAlchemyError):
        return slug[:60]


def _tag(client: Any, run: FlowRun, slug: str, flow: str) -> None:
    """Add the tags that are missing, in one call: a block of `prefect.tags` would cost one for each step within."""
    missing = [tag for tag in tags(slug, flow) if tag not in run.tags]
    if missing and isinstance(client, SyncPrefectClient):
        run.tags = [*run.tags, *missing]
        client.update_flow_run(run.id, tags=run.tags)
