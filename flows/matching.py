"""Matching: from selected people to mentor and mentee introduced.

1. Where people choose, they put names in order first, and all lists come into play at once. Where the mentee picks, the
   mentors on the list are asked one by one. In an open pool everybody hears who is open to a talk, and that is all.
2. For everybody else who is free, the best set of pairs is proposed: those who chose each other, then the best by the
   rules, or a draw. The proposal and its reasons are written down.
3. The coordinator approves or strikes each pair, in her own time.
4. The mentor is asked, then the mentee, where they have not chosen or met yet; a no or silence is neutral, and leads
   back to 2 for those who are free again.
5. Both are introduced, and the mentee's line manager hears that the pair exists. Who found nobody waits, first in line.

Run it as often as you like: what was chosen, proposed, decided or sent stays so.
Ends as Completed, Awaiting-Wishes, Awaiting-Coordinator or Awaiting-Participants.
"""

from datetime import date

from prefect import flow
from prefect.client.schemas.objects import State

from tasks.matching.acceptance import take_acceptances
from tasks.matching.pool import open_to_all
from tasks.matching.steps import apply_approvals, propose_pairings
from tasks.matching.waiting_list import close_round
from tasks.matching.wishes import tend_wishes
from tasks.naming import run_name
from tasks.requests import tend_requests
from tasks.stage import finish, nothing, open_stage, rest


@flow(name="matching", flow_run_name=run_name)
def matching(programme: str, today: date | None = None) -> State[None]:
    """Pair the programme's mentees with its mentors and introduce them.

    Args:
        programme: Which programme to run it for.
        today: Leave it empty. Only a rehearsal has a day of its own, and only there may it lie ahead.

    """
    stage = open_stage(programme, "matching", today)
    if isinstance(stage, str):
        return nothing(stage)
    tend_requests(stage)
    if listed := open_to_all(stage):
        return finish(stage, "", listed)
    open_ = take_acceptances(stage)
    if choosing := tend_wishes(stage):
        return rest(stage, "Awaiting-Wishes", {"open": choosing})
    proposed = propose_pairings(stage)
    if left := apply_approvals(stage):
        return rest(stage, "Awaiting-Coordinator", {"proposed": proposed, "undecided": left, "open": open_})
    if open_ := take_acceptances(stage):
        return rest(stage, "Awaiting-Participants", {"open": open_})
    if propose_pairings(stage):
        return rest(stage, "Awaiting-Coordinator", {"undecided": apply_approvals(stage)})
    return finish(stage, "", close_round(stage))
