"""Recruitment: from an announcement to applications of mentors and mentees.

1. Everybody in the target group, and the line managers, hear what the programme is, before anybody is asked.
2. A few days later each is called: the experienced as mentors, the others as mentees.
3. Line managers may name colleagues; each of these hears that somebody thought of them, and decides alone.
4. Reminders go by themselves; every application is acknowledged, a no or silence is simply a no.

Run it as often as you like: nobody is told or asked twice for one campaign.
Ends as Completed, Awaiting-Calls or Awaiting-Answers; Not-Due or Not-Planned when there is nothing to run.
"""

from datetime import date, timedelta

from prefect import flow
from prefect.client.schemas.objects import State

from framework.recruitment import LEAD_DAYS
from tasks.naming import run_name
from tasks.nominations import ask_nominations, take_nominations
from tasks.recruitment import announce, call, take_applications
from tasks.requests import tend_requests
from tasks.stage import finish, nothing, open_stage, rest


@flow(name="recruitment", flow_run_name=run_name)
def recruitment(programme: str, today: date | None = None) -> State[None]:
    """Run the recruitment campaign of a programme.

    Args:
        programme: Which programme to run it for.
        today: Leave it empty. Only a rehearsal has a day of its own, and only there may it lie ahead.

    """
    stage = open_stage(programme, "recruitment", today)
    if isinstance(stage, str):
        return nothing(stage)
    told = announce(stage)
    calls_on = stage.opens_on + timedelta(days=LEAD_DAYS)
    if stage.today < calls_on:
        return rest(stage, "Awaiting-Calls", {"told": told}, wake_on=calls_on)
    call(stage)
    ask_nominations(stage)
    tend_requests(stage)
    named = take_nominations(stage)
    figures = {**take_applications(stage), **named}
    if figures["open"]:
        return rest(stage, "Awaiting-Answers", figures)
    return finish(stage, "", figures)
