"""Closure: a finite programme needs a formal end, and thanks.

1. Both sides of every pair say what the relation brought, and may tell a story, with consent for each channel.
2. Everybody is invited to the celebration.
3. On that day the certificates and the words of thanks go out.
4. The formal end: relations are closed, and all hear what follows in the year to come.

Run it as often as you like: nobody gets a second certificate.
Ends as Completed, or Awaiting-Participants until the celebration and the last answers.
"""

from datetime import date

from prefect import flow
from prefect.client.schemas.objects import State

from framework.closure import celebration_on
from tasks.closure import celebrate, end_formally, invite_to_close, take_last_answers
from tasks.naming import run_name
from tasks.requests import tend_requests
from tasks.stage import finish, nothing, open_stage, rest


@flow(name="closure", flow_run_name=run_name)
def closure(programme: str, today: date | None = None) -> State[None]:
    """Close the programme with its celebration.

    Args:
        programme: Which programme to run it for.
        today: Leave it empty. Only a rehearsal has a day of its own, and only there may it lie ahead.

    """
    stage = open_stage(programme, "closure", today)
    if isinstance(stage, str):
        return nothing(stage)
    celebration = celebration_on(stage.opens_on)
    if stage.today < celebration:
        invite_to_close(stage)
    tend_requests(stage)
    figures = take_last_answers(stage)
    if stage.today < celebration:
        return rest(stage, "Awaiting-Participants", figures, wake_on=celebration)
    given = celebrate(stage)
    if figures["open"] and not stage.is_over:
        return rest(stage, "Awaiting-Participants", {**figures, "certificates": given})
    ended = end_formally(stage)
    return finish(stage, "", {**figures, "certificates": given, "pairs": ended})
