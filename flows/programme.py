"""Programme: the calendar that advances every phase.

1. Who has left the company is noticed first, so that no mail goes to them; what the coordinator decided by hand is
   carried out, new hires get a mentor for day one, and matching opens again where a pair has become possible.
2. What belongs to no phase has its turn: a call for help reaches the coordinator, and who leaves is asked once.
3. Every phase that is due runs as a flow of its own, in the order of the calendar, until nothing moves any more today.
   What another run has in hand is left to it, and looked at again when that run is through.
4. The outbox is posted, drafts that nobody sent for a season are dropped, how it stands is told, and Prefect's
   calendar follows the plan. What may be approved in Prefect's pages is asked there, and the forms there offer the
   programmes that there are.

Run it every day, or as often as you like: only what is due runs, and what was done stays so. A phase that breaks holds
up neither the others nor the mail.
Ends as Active with the next day on which something is due, as Completed once it is over, as Failed where a phase broke;
as Unknown-Programme or Future-Date when it cannot run.
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
from tasks.approval_runs import tend_approvals
from tasks.arrivals import welcome_new_hires
from tasks.by_hand import carry_out
from tasks.exits import ask_leavers
from tasks.forgetting import forget_stale
from tasks.helping import take_help
from tasks.matching.waiting_list import open_for_waiting
from tasks.naming import run_name
from tasks.offering import offer_programmes
from tasks.placing import place_runs
from tasks.programme import begin_day, due_phases, mail_waits, next_day, notice_leavers
from tasks.stage import ALREADY_RUNNING, await_turns, nothing
from tasks.standing import tend_standing
from tasks.telling import tell_programme

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


@flow(name="programme", flow_run_name=run_name)
def programme(programme: str, today: date | None = None) -> State[None]:
    """Advance everything that is due for one programme.

    Args:
        programme: Which programme to run it for.
        today: Leave it empty. Only a rehearsal has a day of its own, and only there may it lie ahead.

    """
    day = begin_day(programme, today)
    if isinstance(day, str):
        return nothing(day)
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
        due, busy = [one for one in due_phases(programme, day) if one not in ran], list[str]()
        if not due:
            break
        for phase in dict.fromkeys(phase for phase, _ in due):
            ended = cast("State[Any]", FLOWS[phase](programme, day, return_state=True))
            if ended.is_failed() or ended.is_crashed():
                broken.append(phase)
            if ended.name == ALREADY_RUNNING:
                busy.append(phase)
        still = await_turns(programme, busy) if busy else []
        ran += [one for one in due if one[0] not in busy or one[0] in still]
    if mail_waits(programme, day):
        mail(programme, day)
    forget_stale(day)
    offer_programmes()
    tend_approvals(programme, day)
    place_runs(programme, day)
    tell_programme(programme, day, broken)
    coming = next_day(programme, day)
    if broken:
        return Failed(message=f"broken: {', '.join(broken)}")
    did = ", ".join(dict.fromkeys(phase for phase, _ in ran)) or "nothing was due"
    message = f"{did}; next {coming}" if coming else f"{did}; over"
    return Completed(name="Active" if coming else "Completed", message=message)
