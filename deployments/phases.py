"""Every flow as a deployment: what a coordinator can start from the Prefect UI, and what runs by itself."""

from datetime import date
from functools import partial
from typing import Any, cast
from zoneinfo import ZoneInfo

from prefect.client.schemas.objects import State
from prefect.deployments.runner import RunnerDeployment
from prefect.flows import Flow, flow
from prefect.schedules import Cron, RRule, Schedule
from prefect.states import Completed, Failed
from prefect.types.entrypoint import EntrypointType

from flows.approval import approval
from flows.audit import audit
from flows.mail import mail
from flows.programme import FLOWS
from flows.programme import programme as programme_flow
from flows.retention import retention
from flows.roster import roster
from flows.watch import watch
from framework import programme as rules
from models import programme
from models.base import transaction
from models.settings import settings
from tasks.offering import offered, slugs

HOURLY, EVERY_FIVE_MINUTES, EVERY_TEN, EVERY_QUARTER = "0 7-19 * * *", "*/5 * * * *", "3-59/10 * * * *", "*/15 * * * *"
SUNDAYS, BEFORE_WORK = "0 4 * * 0", "30 5 * * *"
ABOUT = {
    "readiness": "Is the organisation ready? Asks the project team, and lets the coordinator decide.",
    "recruitment": "Tells the target group, asks who takes part, reminds, and takes the applications.",
    "selection": "Has candidates scored, lets the coordinator decide, tells everybody.",
    "matching": "Proposes the best pairs, lets the coordinator approve, asks both, introduces them.",
    "training": "Plans sessions, enrols people, follows attendance.",
    "agreement": "Brings each pair to a signed agreement.",
    "meetings": "Plans meetings, asks before and after, notices what does not take place.",
    "review": "Asks both sides of each pair, compares, and lets the coordinator decide.",
    "closure": "Asks what it brought, celebrates, certifies, ends formally.",
    "evaluation": "Asks at the end, and again in the year after it.",
    "approval": "Says yes to all that waits in a phase. Look at the desk first; then open the run, its menu, Resume.",
    "programme": "Advances everything that is due for one programme.",
    "mail": "Posts the outbox for one programme.",
    "sweep": "Posts the outbox for every programme, every five minutes.",
    "retention": "Lets go of what has been kept long enough; figures stay.",
    "audit": "Looks whether the trail of who did what holds, and writes down where it ends.",
    "roster": "Takes in what HR has left in the folder.",
    "watch": "Looks whether all that runs by itself does, and tells the operator what does not.",
    "advance": "Advances every programme by what is due; answers and decisions are acted on within the hour.",
}


@flow(name="advance", flow_run_name="Baken · advance")
def advance(today: date | None = None) -> State[None]:
    """Advance every programme by what is due.

    Args:
        today: Leave it empty. Only a rehearsal has a day of its own, and only there may it lie ahead.

    """
    known = slugs()
    for slug in known:
        programme_flow(slug, today)
    return Completed(name="Completed", message=f"{len(known)} programmes")


@flow(name="sweep", flow_run_name="Baken · sweep")
def sweep() -> State[None]:
    """Post the outbox for every programme; one that breaks holds up no other."""
    known = slugs()
    ended = [cast("State[Any]", mail(slug, return_state=True)) for slug in known]
    if broken := sum(one.is_failed() or one.is_crashed() for one in ended):
        return Failed(message=f"{broken} of {len(known)} broke")
    down = sum(one.name == "Awaiting-Relay" for one in ended)
    return Completed(name="Awaiting-Relay" if down else "Completed", message=f"{len(known)} programmes")


def review_schedules(settings: rules.Programme) -> list[Schedule]:
    """The quarterly and half-yearly reviews of a programme, as schedules of their own, at nine in its time zone."""
    found = []
    start = rules.relationships_start(settings)
    end = rules.months_after(start, settings.relationship_months)
    for name, months in (("quarterly", settings.review.quarterly_months), ("half-yearly", settings.review.pair_months)):
        if months and not settings.review.at_months:
            first = rules.months_after(start, months)
            rule = f"DTSTART:{first:%Y%m%d}T090000\nRRULE:FREQ=MONTHLY;INTERVAL={months};UNTIL={end:%Y%m%d}T000000"
            found.append(_schedule(rule, settings, name))
    for month in settings.review.at_months:
        first = rules.months_after(start, month)
        rule = f"DTSTART:{first:%Y%m%d}T090000\nRRULE:FREQ=DAILY;COUNT=1"
        found.append(_schedule(rule, settings, f"month-{month}"))
    return found


def _schedule(rule: str, settings: rules.Programme, name: str) -> Schedule:
    ZoneInfo(settings.time_zone)
    return RRule(
        rule, timezone=settings.time_zone, slug=f"{settings.slug}-{name}", parameters={"programme": settings.slug}
    )


def deployments(pool: str = "") -> list[RunnerDeployment]:
    """Every deployment: the ten phases, the programme, the mail, the hourly advance, and what looks after them all.

    Args:
        pool: The work pool whose workers take the runs; empty where one process serves them itself.

    """
    _deployment = partial(_made, pool)
    with transaction() as session:
        known = [one.rules for one in programme.all_programmes(session)]
    made = [
        _deployment(found, name) for name, found in {**FLOWS, "programme": programme_flow}.items() if name != "review"
    ]
    made.append(_deployment(FLOWS["review"], "review", schedules=[s for one in known for s in review_schedules(one)]))
    made.append(_deployment(mail, "mail"))
    made.append(_deployment(sweep, "sweep", schedules=[Cron(EVERY_FIVE_MINUTES)]))
    made.append(_deployment(roster, "roster", schedules=[Cron(EVERY_QUARTER)] if settings().feed else []))
    made.append(_deployment(retention, "retention", schedules=[Cron(SUNDAYS, timezone="Europe/Brussels")]))
    made.append(_deployment(audit, "audit", schedules=[Cron(BEFORE_WORK, timezone="Europe/Brussels")]))
    made.append(_deployment(watch, "watch", schedules=[Cron(EVERY_TEN)]))
    made.append(_deployment(approval, "approval"))  # no limit: a suspended run would lose its place when it goes on
    made.append(_deployment(advance, "advance", schedules=[Cron(HOURLY, timezone="Europe/Brussels")]))
    return made


def _made(pool: str, found: Flow[..., Any], name: str, **more: Any) -> RunnerDeployment:
    if pool:  # a worker may stand in any folder: it finds the code by its module
        more |= {"work_pool_name": pool, "entrypoint_type": EntrypointType.MODULE_PATH}
    made = found.to_deployment(name="baken", tags=["baken", name], description=ABOUT[name], **more)
    deployment = cast("RunnerDeployment", made)  # outside an event loop it is the deployment itself
    form = deployment._parameter_openapi_schema  # noqa: SLF001 - Prefect has no other way to name choices known at run time
    form.properties = offered(form.properties, slugs())
    return deployment
