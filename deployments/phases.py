"""Every flow as a deployment: what a coordinator can start from the Prefect UI, and what runs by itself."""

from datetime import date
from typing import Any, cast
from zoneinfo import ZoneInfo

from prefect.client.schemas.objects import State
from prefect.deployments.runner import RunnerDeployment
from prefect.flows import Flow, flow
from prefect.schedules import Cron, RRule, Schedule
from prefect.states import Completed

from flows.mail import mail
from flows.programme import FLOWS
from flows.programme import programme as programme_flow
from framework import programme as rules
from models import programme
from models.base import transaction

HOURLY, EVERY_FIVE_MINUTES = "0 7-19 * * *", "*/5 * * * *"
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
    "programme": "Advances everything that is due for one programme.",
    "mail": "Posts the outbox.",
    "advance": "Advances every programme by what is due; answers and decisions are acted on within the hour.",
}


@flow(name="advance")
def advance(today: date | None = None) -> State[None]:
    """Advance every programme by what is due.

    Args:
        today: The day to act on; empty for each programme's own date.

    """
    with transaction() as session:
        slugs = [one.slug for one in programme.all_programmes(session)]
    for slug in slugs:
        programme_flow(slug, today)
    return Completed(name="Completed", message=f"{len(slugs)} programmes")


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


def deployments() -> list[RunnerDeployment]:
    """Every deployment: the ten phases, the programme, the mail, and the hourly advance of all programmes."""
    with transaction() as session:
        known = [one.rules for one in programme.all_programmes(session)]
    made = [
        _deployment(found, name) for name, found in {**FLOWS, "programme": programme_flow}.items() if name != "review"
    ]
    made.append(_deployment(FLOWS["review"], "review", schedules=[s for one in known for s in review_schedules(one)]))
    sweeps = [Cron(EVERY_FIVE_MINUTES, slug=f"{one.slug}-mail", parameters={"programme": one.slug}) for one in known]
    made.append(_deployment(mail, "mail", schedules=sweeps))
    made.append(_deployment(advance, "advance", schedules=[Cron(HOURLY, timezone="Europe/Brussels")]))
    return made


def _deployment(found: Flow[..., Any], name: str, **more: Any) -> RunnerDeployment:
    made = found.to_deployment(name="baken", tags=["baken", name], description=ABOUT[name], **more)
    return cast("RunnerDeployment", made)  # outside an event loop it is the deployment itself
