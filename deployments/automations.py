"""What Prefect does by itself: a run that has fallen silent is marked as crashed, so that nobody waits for it.

Made by `baken serve` and `baken deploy`. One that is there already, as this version wants it, is left alone: made anew,
it would forget the runs that fell silent while the server was away.
"""

from datetime import timedelta
from hashlib import blake2b

from deployments import quiet  # noqa: F401 - before Prefect
from tasks.checks_prefect import BEAT, WITHIN

NAME = "Baken: silent runs"
ANY = "prefect.flow-run.*"
"""Whatever a run does after a heartbeat, another heartbeat or any state, under whatever name, is a sign of life."""


def make(within: timedelta = WITHIN) -> bool:
    """See to it that the automation is there, once, and as this version wants it; whether it had to be made.

    `within` is how long a run may be silent. The server looks every few seconds, and marks the run once.
    """
    from prefect.automations import AutomationCore
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.objects import StateType
    from prefect.events.actions import ChangeFlowRunState
    from prefect.events.schemas.automations import EventTrigger, Posture

    trigger = EventTrigger(
        after={BEAT},
        expect={ANY},
        match={"prefect.resource.id": ANY},
        for_each={"prefect.resource.id"},
        posture=Posture.Proactive,
        threshold=1,
        within=within,
    )
    act = ChangeFlowRunState(state=StateType.CRASHED, message="No sign of life: marked by an automation of Baken")
    digest = blake2b(repr((trigger, act)).encode(), digest_size=4).hexdigest()
    wanted = AutomationCore(
        name=NAME,
        description=f"A run that gives no sign of life for {within.total_seconds():.0f} seconds counts as crashed; "
        f"the next advance does its work. [{digest}]",
        enabled=True,
        trigger=trigger,
        actions=[act],
    )
    with get_client(sync_client=True) as client:
        there = client.read_automations_by_name(NAME)
        if len(there) == 1 and there[0].description == wanted.description and there[0].enabled:
            return False
        for old in there:
            client.delete_automation(old.id)
        client.create_automation(wanted)
    return True
