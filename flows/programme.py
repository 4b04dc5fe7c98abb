"""Programme: the calendar that advances every phase.

1. Who has left the company is noticed first, so that no mail goes to them; what the coordinator decided by hand is
   carried out, new hires get a mentor for day one, and matching opens again where a pair has become possible.
2. What belongs to no phase has its turn: a call for help reaches the coordinator, and who leaves is asked once.
3. Every phase that is due runs as a flow of its own, in the order of the calendar, until nothing moves any more today.
4. The outbox is posted, drafts that nobody sent for a season are dropped, and the timeline is drawn.

Run it every day, or as often as you like: only what is due runs, and what was done stays so. A phase that breaks holds
up neither the others nor the mail.
Ends as Active with the next day on which something is due, as Completed once it is over, as Failed where a phase broke.
"""

from datetime import date
from typing import Any, cast

from prefect import Flow, flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.agreement import agreement
from flows.closure import closure
from flows.evaluation import evaluation
from flows.mail import mail
from flows.matching import matching
from flows.meetings import meetings
from flows.readiness import readiness
from flows.recruitment import recruitment
from flows.review import review
from flows.selection import selection
from flows.training import training
from tasks.arrivals import welcome_new_hires
from tasks.by_hand import carry_out
from tasks.exits import ask_leavers
from tasks.forgetting import forget_stale
from tasks.helping import take_help
from tasks.matching.waiting_list import open_for_waiting
from tasks.programme import begin_day, draw_timeline, due_phases, mail_waits, next_day, notice_leavers
from tasks.standing import tend_standing

FLOWS: dict[str, Flow[..., Any]] = {
    "readiness": readiness,
    "recruitment": recruitment,
    "selection": selection,
    "matching": matching,
    "training": training,
    "agreement": agreement,
    "meetings": meetings,
    "review": review,
    "closure": closure,
    "evaluation": evaluation,
}
MOST_PASSES = 6  # one phase's end may open the next on the same day


@flow(name="programme", flow_run_name="{programme} · programme")
def programme(programme: str, today: date | None = None) -> State[None]:
    """Advance everything that is due for one programme.

    Args:
        programme: The programme's slug, for example growth-2027.
        today: The day to act on; empty for the programme's own date.

    """
    day = begin_day(programme, today)
    notice_leavers(programme, day)
    carry_out(programme, day)
    welcome_new_hires(programme, day)
    open_for_waiting(programme, day)
    tend_standing(programme, day)
    take_help(programme, day)
    ask_leavers(programme, day)
    ran: list[tuple[str, int]] = []
    broken: list[str] = []
    for _ in range(MOST_PASSES):
        due = [one for one in due_phases(programme, day) if one not in ran]
        if not due:
            break
        for phase in dict.fromkeys(phase for phase, _ in due):
            ended = cast("State[Any]", FLOWS[phase](programme, day, return_state=True))
            if ended.is_failed() or ended.is_crashed():
                broken.append(phase)
        ran += due
    if mail_waits(programme, day):
        mail(programme, day)
    forget_stale(day)
    draw_timeline(programme, day)
    coming = next_day(programme, day)
    if broken:
        return Failed(message=f"{len(ran)} phase runs; broken: {', '.join(broken)}")
    message = f"{len(ran)} phase runs; next {coming}" if coming else f"{len(ran)} phase runs; over"
    return Completed(name="Active" if coming else "Completed", message=message)
