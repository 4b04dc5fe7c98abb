"""Readiness: from a sponsor's wish to a decision about whether to begin.

1. The project team is asked why, whether and how; reminders go by themselves.
2. Their answers are added up: the needs they rank highest, whether the idea is understood, what they recommend.
3. The coordinator decides: go, not needed, inform first, something else first, or outside help first.
4. Everybody who was asked hears what was decided.

Run it as often as you like: what was asked, answered or decided stays so.
Ends as Completed, Awaiting-Team or Awaiting-Coordinator; Not-Due or Not-Planned when there is nothing to run.
"""

from datetime import date

from prefect import flow
from prefect.client.schemas.objects import State

from tasks.naming import run_name
from tasks.readiness import add_up, decided, invite_team, survey_open
from tasks.requests import tend_requests
from tasks.stage import finish, nothing, open_stage, rest


@flow(name="readiness", flow_run_name=run_name, validate_parameters=True)
def readiness(programme: str, today: date | None = None) -> State[None]:
    """Assess whether the organisation is ready for mentoring, and let the coordinator decide.

    Args:
        programme: Which programme to run it for.
        today: Leave it empty. Only a rehearsal has a day of its own, and only there may it lie ahead.

    """
    stage = open_stage(programme, "readiness", today)
    if isinstance(stage, str):
        return nothing(stage)
    asked = invite_team(stage)
    tend_requests(stage)
    if still := survey_open(stage):
        return rest(stage, "Awaiting-Team", {"asked": asked, "open": still})
    figures = add_up(stage)
    verdict = decided(stage)
    if not verdict:
        return rest(stage, "Awaiting-Coordinator", figures)
    return finish(stage, verdict, figures)
