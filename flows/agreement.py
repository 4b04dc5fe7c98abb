"""Agreement: from an introduced pair to a relationship with rules of its own.

1. One of the two drafts the agreement (the mentee in a growth programme, the mentor of a new hire), with both in mind.
2. The other reads and signs it, or sends it back with a remark.
3. In a growth programme the mentee's line manager consents; a new hire's line manager hears who does what.
4. The relationship is active: both get each other's details and the rhythm of their meetings.

Run it as often as you like: a signature counts once.
Ends as Completed or Awaiting-Signatures.
"""

from datetime import date

from prefect import flow
from prefect.client.schemas.objects import State

from tasks.agreement import begin_agreements, take_signatures, undecided
from tasks.naming import run_name
from tasks.requests import tend_requests
from tasks.stage import finish, nothing, open_stage, rest


@flow(name="agreement", flow_run_name=run_name)
def agreement(programme: str, today: date | None = None) -> State[None]:
    """Bring each pair to an agreement that both have signed.

    Args:
        programme: Which programme to run it for.
        today: Leave it empty. Only a rehearsal has a day of its own, and only there may it lie ahead.

    """
    stage = open_stage(programme, "agreement", today)
    if isinstance(stage, str):
        return nothing(stage)
    begin_agreements(stage)
    tend_requests(stage)
    figures = take_signatures(stage)
    if figures["open"] or undecided(stage):
        return rest(stage, "Awaiting-Signatures", figures)
    return finish(stage, "", figures)
