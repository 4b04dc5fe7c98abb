"""Review: from two separate answers to a decision for each pair.

1. Mentor and mentee of every active pair are asked, each apart: a short check each quarter, the pair's own review every
   half year, or the fixed months of a new hire. Pairs that others made are asked early whether it fits.
2. The answers of the two sides are compared; what the thresholds say becomes a signal for a person to look at.
3. The coordinator decides for each pair with a signal: continue, adjust, support, another partner, or end. Her own
   review of the programme is asked as well.
4. Participants hear what changes; a new hire's line manager hears how the learning goes, and nothing else.

Run it as often as you like: nobody is asked twice in one round.
Ends as Completed, Awaiting-Participants or Awaiting-Coordinator.
"""

from datetime import date

from prefect import flow
from prefect.client.schemas.objects import State

from tasks.naming import run_name
from tasks.requests import tend_requests
from tasks.review import (
    apply_decisions,
    ask_both,
    ends_open,
    facilitator_open,
    pairs_to_ask,
    raise_signals,
    still_open,
    tell_results,
)
from tasks.spread import spread
from tasks.stage import finish, nothing, open_stage, rest


@flow(name="review", flow_run_name=run_name)
def review(programme: str, today: date | None = None, round: int | None = None) -> State[None]:  # noqa: A002 - its name in the form
    """Run the review round that is due: quarterly, half-yearly, or a new hire's.

    Args:
        programme: Which programme to run it for.
        today: Leave it empty. Only a rehearsal has a day of its own, and only there may it lie ahead.
        round: Leave it empty for the round that is due. Or its number, counted from 1, as the timeline tells it.

    """
    stage = open_stage(programme, "review", today, round)
    if isinstance(stage, str):
        return nothing(stage)
    spread(ask_both, [{"stage": stage, "pairs": chunk} for chunk in pairs_to_ask(stage)])
    tend_requests(stage)
    asked = still_open(stage)
    if asked["open"]:
        return rest(stage, "Awaiting-Participants", asked)
    figures = raise_signals(stage)
    if left := apply_decisions(stage):
        return rest(stage, "Awaiting-Coordinator", {**figures, "undecided": left})
    if facilitator_open(stage):
        return rest(stage, "Awaiting-Coordinator", figures)
    if open_ := ends_open(stage):
        return rest(stage, "Awaiting-Participants", {**figures, "open": open_})
    tell_results(stage)
    return finish(stage, "", figures)
