"""The calendar in Prefect: the runs of every programme are placed, and the doctor counts them."""

from collections.abc import Iterator
from contextlib import suppress

from deployments import quiet  # noqa: F401 - before Prefect
from deployments.bookmark import server
from framework.watch import Finding
from models import installation, placement, programme
from models.base import transaction
from tasks.offering import offer_programmes
from tasks.placing import Placed, place_runs
from tasks.step import StepFailed


def place(slug: str, *, again: bool = False) -> Placed:
    """Place the runs of one programme; with `again`, those too that somebody took away in Prefect.

    Without a server nothing is placed, and the word says so. Raises UnknownProgramme.
    """
    with transaction() as session:
        row = programme.by_slug(session, slug)
        today = installation.today(session, row.rules.time_zone)
        if again:
            placement.forget_runs(session, row.id, removed=True)
    if not server():
        return Placed(word="no Prefect server is set; `baken serve` runs one")
    with suppress(StepFailed):  # whether Prefect answers, the next step says
        offer_programmes.fn()  # a form that does not know a programme refuses its runs
    return place_runs.fn(slug, today)


def place_all() -> dict[str, Placed]:
    """Place the runs of every programme, by its slug; one that fails holds up no other."""
    with transaction() as session:
        slugs = [one.slug for one in programme.all_programmes(session)]
    found = {}
    for slug in slugs:
        try:
            found[slug] = place(slug)
        except StepFailed as failed:
            found[slug] = Placed(word=str(failed))
    return found


def calendar() -> Iterator[Finding]:
    """How many runs stand ahead for all programmes, and whether somebody took some away in Prefect."""
    with transaction() as session:
        ahead, removed = 0, 0
        for one in programme.all_programmes(session):
            found = placement.counts(session, one.id, installation.today(session, one.rules.time_zone))
            ahead, removed = ahead + found[0], removed + found[1]
    stand = f"{ahead} runs stand ahead"
    if removed:
        were = "1 was" if removed == 1 else f"{removed} were"
        advice = "To have them back: `baken programme place SLUG --again`."
        yield Finding("calendar", "note", f"{stand}, {were} taken away by hand", advice)
    elif ahead:
        yield Finding("calendar", "ok", stand)
