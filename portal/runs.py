"""The way from the desk to the same programme in the Prefect UI; none where `BAKEN_PREFECT_UI` is empty.

The calendar's runs bear a tag of their own; a phase's runs bear the phase's, and the programme's title. The links
are for the second generation of the UI: the first does not read them. Names, tags and dates tell of no person.
"""

from datetime import timedelta

from framework.programme import Programme, calendar
from framework.timeline import bookmark, calendar_tag, named
from models.settings import settings

MARGIN = timedelta(days=92)  # what opens late ends late


def runs(programme: Programme, phase: str = "") -> str:
    """The address of a programme's calendar, or of the runs of one phase; empty where no UI is known."""
    plan = calendar(programme)
    start, end = plan[0].opens_on, max(one.closes_on for one in plan) + MARGIN
    if phase:
        return bookmark(settings().prefect_ui, start, end, phase, search=named(programme.title, "").rstrip())
    return bookmark(settings().prefect_ui, start, end, calendar_tag(programme.slug))
