"""Where the Prefect UI shows a programme's calendar. Nothing of Prefect is imported for it."""

import os
from datetime import timedelta

from framework.timeline import bookmark, calendar_tag
from models import programme
from models.base import transaction
from models.settings import settings

MARGIN = timedelta(days=92)  # what opens late ends late


def server() -> str:
    """The address of the Prefect server's API; empty where each command starts one of its own."""
    return os.environ.get("PREFECT_API_URL", "")


def timeline(slug: str) -> str:
    """The address of a programme's calendar; empty where no UI is known. Raises UnknownProgramme."""
    with transaction() as session:
        row = programme.by_slug(session, slug)
        rounds = programme.milestones(session, row.id)
        first = min((one.opened_on or one.opens_on for one in rounds), default=row.rules.starts_on)
        last = max((one.closes_on for one in rounds), default=row.rules.starts_on)
    ui = settings().prefect_ui or server().rstrip("/").removesuffix("/api")
    return bookmark(ui, first, last + MARGIN, calendar_tag(slug))
