"""Letting go of what has been kept long enough, programme by programme (docs/operator.md, Retention)."""

from datetime import date

from framework.retention import Kind
from models import event, expiry, installation, programme
from models.base import transaction
from tasks.step import step


@step
def programmes_kept() -> list[str]:
    """Every programme, by slug."""
    with transaction() as session:
        return [one.slug for one in programme.all_programmes(session)]


@step
def let_go(slug: str, today: date | None = None) -> dict[str, int]:
    """Empty all of that programme whose time is over; how many rows of each class."""
    return {kind.value: number for kind, number in over(slug, today).items()}


def over(slug: str, today: date | None = None) -> dict[Kind, int]:
    """As `let_go`, without Prefect."""
    with transaction() as session:
        row = programme.by_slug(session, slug)
        day = today or installation.today(session, row.rules.time_zone)
        found = expiry.let_go(session, row, row.rules.retention, day)
        if any(found.values()):
            told = {kind.value: number for kind, number in found.items() if number}
            event.record(session, "flow", "let_go", f"programme:{row.id}", **told)
        return found
