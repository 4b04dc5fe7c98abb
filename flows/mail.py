"""Mail: post what stands in the outbox.

1. Messages that a dead sender left half sent are taken up again, under the same Message-ID.
2. What may go today goes, one message at a time over one connection; what is refused is kept to be looked at.

Run it as often as you like: what was sent is not sent again.
Ends as Completed, or Awaiting-Relay when the relay is down or not set.
"""

from datetime import date

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from tasks.mail import send_due
from tasks.programme import begin_day


@flow(name="mail", flow_run_name="{programme} · mail")
def mail(programme: str, today: date | None = None) -> State[None]:
    """Post the outbox.

    Args:
        programme: The programme whose date counts, for example growth-2027.
        today: The day to act on; empty for the programme's own date.

    """
    found = send_due(begin_day(programme, today))
    message = ", ".join(f"{key} {number}" for key, number in found.items())
    return Completed(name="Awaiting-Relay" if found["down"] else "Completed", message=message)
