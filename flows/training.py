"""Training: from introduced pairs to people who are ready to start.

1. The sessions are planned; everybody concerned is invited and chooses one; the line manager is asked to free the time.
2. Each gets a place with a calendar entry, and a reminder; who does not choose gets the last session.
3. After a session the coordinator says who was there. Who was there gets the documents, and is asked what it was worth;
   who was not is booked again.

Run it as often as you like: nobody is invited, placed or marked twice.
Ends as Completed, Awaiting-Participants, Awaiting-Coordinator or Awaiting-Sessions.
"""

from datetime import date

from prefect import flow
from prefect.client.schemas.objects import State

from tasks.naming import run_name
from tasks.requests import tend_requests
from tasks.stage import finish, nothing, open_stage, rest
from tasks.training import hold_sessions, invite, next_session, take_places


@flow(name="training", flow_run_name=run_name)
def training(programme: str, today: date | None = None) -> State[None]:
    """Enrol mentors and mentees in the training and follow their attendance.

    Args:
        programme: Which programme to run it for.
        today: Leave it empty. Only a rehearsal has a day of its own, and only there may it lie ahead.

    """
    stage = open_stage(programme, "training", today)
    if isinstance(stage, str):
        return nothing(stage)
    invite(stage)
    tend_requests(stage)
    open_ = take_places(stage)
    figures = hold_sessions(stage)
    if not figures["owing"]:
        return finish(stage, "", figures)
    coming = next_session(stage)
    wake_on = date.fromisoformat(coming[0]) if coming else None
    if figures["to_mark"]:
        return rest(stage, "Awaiting-Coordinator", figures, wake_on=wake_on)
    if open_:
        return rest(stage, "Awaiting-Participants", {**figures, "open": open_}, wake_on=wake_on)
    return rest(stage, "Awaiting-Sessions", figures, wake_on=wake_on)
