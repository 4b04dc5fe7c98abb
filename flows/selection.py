"""Selection: from applications to confirmed mentors and mentees.

1. The line manager of each candidate scores the profile; a mentee's application shows the wish to develop as well.
2. The coordinator decides on each candidate, with a reason for every no.
3. Everybody is told. A chosen mentor is asked to accept: nobody mentors without an own yes.

Run it as often as you like: a decision is applied once, and told once.
Ends as Completed, Awaiting-Managers, Awaiting-Coordinator or Awaiting-Mentors.
"""

from datetime import date

from prefect import flow
from prefect.client.schemas.objects import State

from tasks.naming import run_name
from tasks.requests import tend_requests
from tasks.selection import apply_decisions, ask_profiles, count_pool, score_candidates, take_acceptances
from tasks.stage import finish, nothing, open_stage, rest


@flow(name="selection", flow_run_name=run_name)
def selection(programme: str, today: date | None = None) -> State[None]:
    """Select the mentors and mentees of a programme.

    Args:
        programme: Which programme to run it for.
        today: Leave it empty. Only a rehearsal has a day of its own, and only there may it lie ahead.

    """
    stage = open_stage(programme, "selection", today)
    if isinstance(stage, str):
        return nothing(stage)
    tend_requests(stage)
    score_candidates(stage)
    if open_ := ask_profiles(stage):
        return rest(stage, "Awaiting-Managers", {"open": open_})
    if left := apply_decisions(stage):
        return rest(stage, "Awaiting-Coordinator", {"undecided": left})
    if silent := take_acceptances(stage):
        return rest(stage, "Awaiting-Mentors", {"open": silent})
    return finish(stage, "", count_pool(stage))
