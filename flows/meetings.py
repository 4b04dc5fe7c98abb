"""Meetings: the heart of the matter, which belongs to mentor and mentee; we only prepare, ask and notice.

1. The meetings of each pair are planned at the rhythm of its agreement.
2. Some days before each, the mentee prepares it on a form that goes to the mentor.
3. The day after, the mentee says whether it took place and what came of it; the mentor may keep a reflection.
4. Where nobody says anything, the mentee is asked once more, in one question.
5. A missed meeting is met with a kind word, several in a row with a signal for the coordinator.

Run it as often as you like: nobody is asked twice about one meeting.
Ends as Active while the relationships last, then as Completed.
"""

from datetime import date

from prefect import flow
from prefect.client.schemas.objects import State

from tasks.confirming import take_confirmations
from tasks.meetings import count_meetings, next_meeting, plan_meetings, prepare_and_ask, take_forms
from tasks.naming import run_name
from tasks.requests import tend_requests
from tasks.stage import finish, nothing, open_stage, rest


@flow(name="meetings", flow_run_name=run_name)
def meetings(programme: str, today: date | None = None) -> State[None]:
    """Follow the meetings of all pairs of a programme.

    Args:
        programme: Which programme to run it for.
        today: Leave it empty. Only a rehearsal has a day of its own, and only there may it lie ahead.

    """
    stage = open_stage(programme, "meetings", today)
    if isinstance(stage, str):
        return nothing(stage)
    tend_requests(stage)
    take_forms(stage)
    take_confirmations(stage)
    plan_meetings(stage)
    prepare_and_ask(stage)
    figures = count_meetings(stage)
    coming = next_meeting(stage)
    if stage.is_over and not coming and not figures["open"]:
        return finish(stage, "", figures)
    return rest(stage, "Active", figures, wake_on=date.fromisoformat(coming) if coming else None)
