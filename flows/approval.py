"""Approval: one yes to all that lies on the desk, given in Prefect's own pages on the day itself.

1. What waits in the phase is counted and shown, bound to a digest of what the desk shows; no name leaves the desk.
2. The run is suspended until somebody opens its menu, chooses Resume, decides, and types a staff number.
3. A yes is recorded as the desk records it. If the desk has changed since, or nobody who carries the programme has that
   number, nothing is recorded and a fresh run asks again. What the desk decided first stands.

Run it as often as you like: a word counts once, whichever door it comes through.
Ends as Approved, Left-To-The-Desk, Changed-Meanwhile, Unknown-Number, Decided-Elsewhere or Lapsed; as
Nothing-To-Decide, Not-Yet, Needs-Reasons, Desk-Only, No-Deployment or Unknown-Programme when there is nothing to show.
"""

from typing import Literal

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.flow_runs import suspend_flow_run

from tasks.approval import Outcome, lay_out, take_word
from tasks.approval_runs import (
    KEY,
    SECONDS,
    YES,
    aloud,
    approval_name,
    ask_again,
    forget_answer,
    form,
    point_out,
    this_run,
    told,
)


@flow(name="approval", flow_run_name=approval_name)
def approval(programme: str, what: Literal["readiness", "selection", "matching", "training"]) -> State[None]:
    """Approve what waits in a phase as a whole, as it stands on the desk.

    Args:
        programme: The programme it is about.
        what: The phase whose open question you want to answer with one yes.

    """
    run = this_run()
    if not run:
        return told(Outcome("No-Deployment"))
    found = lay_out(programme, what, run)
    if not isinstance(found, Outcome):
        point_out(found)
        answer = suspend_flow_run(wait_for_input=form(found), timeout=SECONDS, key=KEY)
        found = take_word(found, yes=answer.decision == YES, staff_number=answer.staff_number)
    forget_answer(run)
    return aloud(told(found, again=ask_again(programme, what, found.word, run)))
