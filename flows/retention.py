"""Retention: what has been kept long enough is let go.

1. Every programme has periods, class by class: those of its file, else those of the house.
2. What is counted is kept first, as numbers without people.
3. Then answers, reasons, reflections, agreements and the words of mails whose time is over are emptied.

Run it as often as you like: what was let go is not found again, and figures count as before.
Ends as Completed.
"""

from collections import Counter
from datetime import date

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from tasks.keeping import let_go, programmes_kept


@flow(name="retention", flow_run_name="retention")
def retention(today: date | None = None) -> State[None]:
    """Let go of what has been kept long enough.

    Args:
        today: The day to act on; empty for each programme's own date.

    """
    found: Counter[str] = Counter()
    for slug in programmes_kept():
        found.update(let_go(slug, today))
    message = ", ".join(f"{kind} {number}" for kind, number in found.items() if number)
    return Completed(name="Completed", message=message or "nothing was due")
