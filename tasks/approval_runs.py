"""The runs that ask for an approval in Prefect's pages: placed, shown as a form, and ended when nobody needs them."""

from datetime import UTC, date, datetime, timedelta
from typing import Literal
from uuid import UUID

from httpx import HTTPStatusError, codes
from prefect import get_run_logger, runtime
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import State
from prefect.exceptions import ObjectNotFound, PrefectHTTPStatusError
from prefect.input import RunInput
from prefect.input.run_input import keyset_from_base_key
from prefect.states import Completed, Failed
from pydantic import Field

from framework import states
from framework.timeline import named, tags
from models.desk.shown import BROKEN_OFF, Shown
from tasks.approval import (
    ASKED_AGAIN,
    Outcome,
    passed_approvals,
    settle_approval,
    waiting_approvals,
    wanted_approvals,
)
from tasks.naming import run_name, title_of
from tasks.step import step

DEPLOYMENT = "approval/baken"
SECONDS = 28 * 86400  # Prefect's own end of a suspension; ours comes first, and says why
BEGINS = timedelta(minutes=5)  # what has stood for longer is not about to show its form any more
KEY = "answer"
KEYS = keyset_from_base_key(f"suspended-{KEY}")
LAST_WRITTEN = KEYS["description"]
FORM = (KEYS["schema"], LAST_WRITTEN)  # in the order in which Prefect writes them
YES, NO = "Yes, approve all as shown", "No, leave it for the desk"


class Approval(RunInput):
    """What is asked before a suspended approval goes on. Nothing is filled in: an empty form decides nothing."""

    decision: Literal["Yes, approve all as shown", "No, leave it for the desk"] = Field(title="Your decision")
    staff_number: str = Field(
        title="Your staff number",
        description="As it stands on HR's list. Only who coordinates this programme, or stands in, can decide.",
        min_length=1,
        max_length=40,
    )


ABOUT = {
    "readiness": "**Start the programme?** The team has answered; the figures are on your desk. Any other verdict "
    "needs your reason, and is given there.",
    "selection": "**{reach} of {open} candidates can be selected with one yes.**",
    "matching": "**{reach} of {open} proposed pairs can be approved with one yes.**",
    "training": "**{reach} of {open} people can be marked as having been at their training, with one yes.**",
}
REST = "The other {rest} need a reason or a choice of yours: decide them on the desk."
LOOK = (
    "Look at your desk first: who it is about, and why, is shown there and nowhere here. "
    "A yes counts once, for what lies there now."
)

SAID = {
    "Approved": "Approved: {approved}. Left for the desk: {left}. The next run of the phase acts on it.",
    "Left-To-The-Desk": "Nothing was recorded. It waits on the desk: {left}.",
    "Changed-Meanwhile": "What was shown has changed since. Nothing was recorded.",
    "Decided-Elsewhere": "It was decided on the desk, or in another run, before this one. Nothing was recorded here.",
    "Unknown-Number": "Nobody who carries this programme has that staff number. Nothing was recorded.",
    "Lapsed": "Nobody decided here within 14 days. Nothing was recorded. It still waits on the desk.",
    "Broken-Off": "This run broke off before it had an answer. Nothing was recorded; another asks.",
    "Nothing-To-Decide": "Nothing waits for a decision in that phase.",
    "Not-Yet": "The phase is not ready for a decision: it still waits for answers.",
    "Needs-Reasons": "What waits there needs a reason or a choice of yours, one by one: decide it on the desk.",
    "Desk-Only": "That is decided on the desk alone. BAKEN_UI_APPROVALS names what may be approved here.",
    "No-Deployment": "An approval waits for days: start it from its deployment, where `baken serve` runs.",
}
PLACED, NOT_PLACED = "A new run asks again.", "Start the approval again when you have looked."


def approval_name() -> str:
    """The name of a run that is about to begin, which says what is to be approved; its tags are completed, too."""
    return f"{run_name()} of {runtime.flow_run.parameters.get('what', '')}"


def this_run() -> str:
    """The id of the run that this is part of, where it can be suspended; empty where it has no deployment."""
    return str(runtime.flow_run.id) if runtime.deployment.id else ""


def point_out(shown: Shown) -> None:
    """Say on the run's own page, once, where to decide: Prefect hides the button in a menu."""
    if runtime.flow_run.run_count <= 1:
        get_run_logger().warning("%d to decide. Open the menu (three dots, top right) and choose Resume.", shown.open)


def form(shown: Shown) -> type[Approval]:
    """The form for what is shown: counts alone, and where to look."""
    rest = shown.open - shown.reach
    parts = (ABOUT[shown.phase], REST if rest else "", LOOK)
    text = "\n\n".join(part.format(reach=shown.reach, open=shown.open, rest=rest) for part in parts if part)
    return Approval.with_initial_data(description=text)


def told(outcome: Outcome, *, again: str = "") -> State[None]:
    """The state in which an approval ends: its name, and a sentence."""
    if outcome.word in states.REFUSED:
        return Failed(name=outcome.word, message=states.means(outcome.word))
    said = SAID[outcome.word].format(**{"approved": 0, "left": 0, **outcome.numbers})
    return Completed(name=outcome.word, message=f"{said} {again}".strip())


def aloud(state: State[None]) -> State[None]:
    """The same state, its sentence in the log too: that is what the run's page shows first."""
    get_run_logger().warning("%s", state.message)
    return state


@step
def forget_answer(run: str) -> None:
    """Take what was typed out of Prefect again: a staff number has no need to stay there."""
    with get_client(sync_client=True) as client:
        _forget(client, run, KEYS["response"])


@step
def ask_again(slug: str, phase: str, word: str, run: str) -> str:
    """Place a fresh approval where that run was refused, one for each; in words, whether there is one."""
    if word not in ASKED_AGAIN:
        return ""
    return PLACED if _place(slug, phase, f"again:{run}") else NOT_PLACED


@step
def tend_approvals(slug: str, today: date) -> dict[str, int]:
    """End the runs whose question is settled, mend those that broke, and place one for each phase that waits.

    How many of each. Where no approval is deployed, nothing is placed.
    """
    ended = sum(_end(run, word) for run, word in passed_approvals.fn(slug, today).items())
    mended = sum(_mend(shown) for shown in waiting_approvals.fn(slug))
    placed = sum(_place(slug, phase, key) for phase, key in wanted_approvals.fn(slug).items())
    return {"ended": ended, "mended": mended, "placed": placed}


def _place(slug: str, phase: str, key: str) -> bool:
    """One run a key; whether there is one."""
    with get_client(sync_client=True) as client:
        try:
            deployment = client.read_deployment_by_name(DEPLOYMENT)
        except ObjectNotFound:
            return False
        try:
            client.create_flow_run_from_deployment(
                deployment.id,
                parameters={"programme": slug, "what": phase},
                name=named(title_of(slug), f"approval of {phase}"),
                tags=[*tags(slug, phase), "approval"],
                idempotency_key=key,
            )
        except PrefectHTTPStatusError:
            return False  # its form does not know this programme yet: the next advance tries again
        return True


def _end(run: str, word: str) -> bool:
    """End a suspended run calmly. One that goes on already, or is another server's, is left alone."""
    with get_client(sync_client=True) as client:
        try:
            state = client.read_flow_run(UUID(run)).state
        except ObjectNotFound:
            return False
        if state is not None and state.is_paused():
            client.set_flow_run_state(run, told(Outcome(word)))
        elif state is None or not state.is_final():
            return False
        settle_approval.fn(run, word)
        return True


def _mend(shown: Shown) -> bool:
    """Where a process died, give its suspended run the form that it never got; one that broke off is done with."""
    with get_client(sync_client=True) as client:
        try:
            state = client.read_flow_run(UUID(shown.run)).state
        except ObjectNotFound:
            return False
        if state is None or datetime.now(UTC) - state.timestamp < BEGINS:
            return False
        if state.is_crashed() or state.is_failed():
            settle_approval.fn(shown.run, BROKEN_OFF)  # what still waits is wanted anew
            return True
        if not state.is_paused() or _has(client, shown.run, LAST_WRITTEN):
            return False
        for part in FORM:
            _forget(client, shown.run, part)
    form(shown).save(KEYS, UUID(shown.run))
    return True


def _has(client: SyncPrefectClient, run: str, key: str) -> bool:
    """Whether that part of what a run asks, or was answered, is there."""
    try:
        client.read_flow_run_input(UUID(run), key)
    except HTTPStatusError as error:
        if error.response.status_code != codes.NOT_FOUND:
            raise
        return False
    return True


def _forget(client: SyncPrefectClient, run: str, key: str) -> None:
    """Take that part away; it may be gone already."""
    try:
        client.delete_flow_run_input(UUID(run), key)
    except HTTPStatusError as error:
        if error.response.status_code != codes.NOT_FOUND:
            raise
