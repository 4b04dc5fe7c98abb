"""Evaluation: the programme's final evaluation, and its follow-up for at least a year.

1. Everybody who took part, and the project team, judge the programme at its end.
2. Three, six and twelve months later (or as the programme says) those who took part are asked what has lasted.
3. After each wave the sponsor and the coordinator get the figures; a low response is noticed.

Run it as often as you like: each wave is asked and reported once.
Ends as Completed for a wave, or Awaiting-Answers.
"""

from datetime import date

from prefect import flow
from prefect.client.schemas.objects import State

from tasks.evaluation import ask_everybody, report, still_open
from tasks.naming import run_name
from tasks.requests import tend_requests
from tasks.stage import finish, nothing, open_stage, rest


@flow(name="evaluation", flow_run_name=run_name)
def evaluation(programme: str, today: date | None = None) -> State[None]:
    """Run the final evaluation, or the follow-up wave that is due.

    Args:
        programme: Which programme to run it for.
        today: Leave it empty. Only a rehearsal has a day of its own, and only there may it lie ahead.

    """
    stage = open_stage(programme, "evaluation", today)
    if isinstance(stage, str):
        return nothing(stage)
    asked = ask_everybody(stage)
    tend_requests(stage)
    if open_ := still_open(stage):
        return rest(stage, "Awaiting-Answers", {"asked": asked, "open": open_})
    return finish(stage, "", report(stage))
