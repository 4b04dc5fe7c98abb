"""Somebody gives notice in the middle of a rehearsed programme."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from deployments.sample.company import make_company, write_csv

if TYPE_CHECKING:
    from deployments.rehearsal.run import World

NOTICE = timedelta(days=14)


def leave(here: "World", today: date) -> None:
    """One mentor gives notice: HR imports the roster again, with a leave date."""
    if here.left or here.plan.roster or not here.crowd.mentors:
        return
    from tasks.roster import apply_import

    here.left = next((m for m in here.crowd.mentors if m not in here.coordinators), "")
    rows = make_company(here.plan.people, here.plan.seed)
    for row in rows:
        row["Leave date"] = (today + NOTICE).isoformat() if here.left in row.values() else ""
    file = here.plan.home / "roster-update.csv"
    write_csv(rows, file)
    apply_import(file, None, today)
    here.crowd.bereft |= _mentees_of(here.left)
    here.coming = dict.fromkeys(here.plan.programmes, today)  # to be noticed at the next advance


def _mentees_of(address: str) -> set[str]:
    """Who is together with that mentor now: their addresses."""
    from framework.pairing import TOGETHER
    from models import pairing, programme
    from models.base import transaction

    with transaction() as session:
        programmes = programme.all_programmes(session)
        pairs = [pair for one in programmes for pair in pairing.of_programme(session, one.id, *TOGETHER)]
        return {str(pair.mentee.person.email) for pair in pairs if pair.mentor.person.email == address}
