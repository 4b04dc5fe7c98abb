"""Matching: from selected people to mentor and mentee introduced.

1. The rules propose the best set of pairs for everybody who is free; the proposal and its reasons are written down.
2. The coordinator approves or strikes each pair, in her own time.
3. The mentor is asked, then the mentee; a no or silence is neutral, and leads back to 1 for those who are free again.
4. Both are introduced, and the mentee's line manager hears that the pair exists. Who found nobody waits, first in line.

Run it as often as you like: what was proposed, decided or sent stays so.
Ends as Completed, Awaiting-Coordinator or Awaiting-Participants.
"""

from datetime import date

from prefect import flow
from prefect.client.schemas.objects import State
from tasks.acceptance import take_acceptances
from tasks.waiting_list import close_round

from tasks.matching import apply_approvals, propose_pairings
from tasks.requests import tend_requests
from tasks.stage import finish, nothing, open_stage, rest


@flow(name="matching", flow_run_name="{programme} · matching")
def matching(programme: str, today: date | None = None) -> State[None]:
    """Pair the programme's mentees with its mentors and introduce them.

    Args:
        programme: The programme's slug, for example growth-2027.
        today: The day to act on; empty for the programme's own date.

    """
    stage = open_stage(programme, "matching", today)
    if isinstance(stage, str):
        return nothing(stage)
    tend_requests(stage)
    open_ = take_acceptances(stage)
    proposed = propose_pairings(stage)
    if left := apply_approvals(stage):
        return rest(stage, "Awaiting-Coordinator", {"proposed": proposed, "undecided": left, "open": open_})
    if open_ := take_acceptances(stage):
        return rest(stage, "Awaiting-Participants", {"open": open_})
    if propose_pairings(stage):
        return rest(stage, "Awaiting-Coordinator", {"undecided": apply_approvals(stage)})
    return finish(stage, "", close_round(stage))
