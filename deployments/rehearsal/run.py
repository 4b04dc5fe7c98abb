"""A rehearsal from beginning to end: real servers, a real database, people who answer; then what came of it."""

import os
import resource
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx

from deployments import processes
from deployments.advance import Advanced, advance, without_heartbeats
from deployments.programme_text import quoted
from deployments.rehearsal.answers import OFFERS, YES
from deployments.rehearsal.coordinator import Coordinator
from deployments.rehearsal.leaving import leave
from deployments.rehearsal.mailbox import Mailbox, mail_server
from deployments.rehearsal.people import Crowd
from deployments.sample.company import make_company, write_csv

SLUG, START = "growth-2027", date(2027, 1, 11)
FOLLOW_UP_MONTHS, BEFORE_MONTHS, LEAVES_AFTER = 12, 5, timedelta(days=185)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to rehearse: how many people, over how many months, from which seed, or with one's own roster.

    `programmes` run side by side on one calendar: the settings of each, by dotted name, where they differ from growth.
    With `certain`, the first offer of a partner in each programme is refused, and the second person who gets one never
    answers; all other questions are answered in time.
    """

    home: Path
    people: int = 200
    months: int = 24
    seed: int = 1
    roster: Path | None = None
    programmes: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: {SLUG: {}})
    likely: Mapping[str, float] = field(default_factory=dict)
    certain: bool = False
    database_url: str = ""


@dataclass
class World:
    """The servers and people of a rehearsal; `live` does all that is due for one programme on a day."""

    plan: Plan
    api: str
    portal: str
    mailbox: Mailbox
    crowd: Crowd
    coordinators: dict[str, Coordinator]
    steps: int = 0
    left: str = ""
    coming: dict[str, date | None] = field(default_factory=dict)
    live: Callable[[str, date], Advanced] = advance
    seen: Callable[[date, Advanced], None] = field(default=lambda _day, _done: None)
    before: Callable[[date], None] = field(default=lambda _day: None)
    until: date = date.max


@contextmanager
def world(plan: Plan, prefect: AbstractContextManager[str] | None = None) -> Iterator[World]:
    """Start the servers in `plan.home`, import the company, create the programmes; stop the servers at the end.

    `prefect` starts the Prefect server, and gives its API, where it is to be another than a light one on SQLite.
    """
    home, port = plan.home, processes.free_port()
    home.mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "BAKEN_HOME": str(home),
        "BAKEN_DATABASE_URL": plan.database_url or f"sqlite:///{home / 'baken.db'}",
        "BAKEN_SMTP_HOST": "127.0.0.1",
        "BAKEN_SMTP_PORT": str(port),
        "BAKEN_SMTP_SECURITY": "none",
        "BAKEN_MAIL_FROM": "Mentoring <mentoring@noordzee-werken.example>",
        "PREFECT_HOME": str(home / "prefect"),
    }
    coordinator, deputy = _prepare(plan)
    with (
        mail_server(home / "mailbox", port) as mailbox,
        prefect or processes.prefect_server(home, light=True) as api,
        processes.portal(home) as url,
    ):
        from prefect.events.worker import EventsWorker
        from prefect.settings import PREFECT_API_URL, temporary_settings

        os.environ |= {"PREFECT_API_URL": api, "BAKEN_PORTAL_URL": url}
        boss = Coordinator(plan.seed, url)
        people = {coordinator: boss, deputy: Coordinator(plan.seed, url)}
        with temporary_settings({PREFECT_API_URL: api}), without_heartbeats():
            crowd = Crowd(
                plan.seed, url, likely={**YES, **plan.likely}, offers=_offers() if plan.certain else frozenset()
            )
            yield World(plan, api, url, mailbox, crowd, people)
            EventsWorker.drain_all(timeout=20)  # or they would knock at a server that has gone, for minutes


def _prepare(plan: Plan) -> tuple[str, str]:
    """The database, the roster and the programmes' files; gives the addresses of coordinator and deputy."""
    from deployments import programmes
    from models import installation, schema
    from models.base import transaction
    from tasks.roster import apply_import

    schema.upgrade()
    with transaction() as session:
        installation.mark_as_rehearsal(session, START)
    roster = plan.roster or plan.home / "roster.csv"
    if plan.roster is None:
        write_csv(make_company(plan.people, plan.seed), roster)
    apply_import(roster, None, START)
    coordinator, deputy, sponsor, team = _roles()
    changes = {
        "title": quoted("Growth 2027"),
        "company": quoted("Noordzee Werken" if plan.roster is None else "Your company"),
        "starts_on": START.isoformat(),
        "relationship_months": str(max(2, plan.months - FOLLOW_UP_MONTHS - BEFORE_MONTHS)),
        "coordinator": quoted(coordinator),
        "deputy": quoted(deputy),
        "sponsor": quoted(sponsor),
        "team": "[" + ", ".join(quoted(one) for one in team) + "]",
    }
    for slug, own in plan.programmes.items():
        programmes.load(programmes.write_new(slug, "growth", {**changes, **own}))
    return coordinator, deputy


def _offers() -> frozenset[str]:
    """How the pages that offer a partner are headed, in every language."""
    from framework.content.matching import FORMS
    from notifications.words import Words, languages

    offers = [form.title for form in FORMS if any(question.id in OFFERS for question in form.questions)]
    return frozenset(Words(language).gettext(title) for title in offers for language in languages())


def _roles() -> tuple[str, str, str, list[str]]:
    """Who carries the programme: the director sponsors it, people high in the company coordinate and advise."""
    from models import person
    from models.base import transaction

    with transaction() as session:
        here = [one for one in person.here_on(session, START) if one.email and not one.external]
        high = sorted(here, key=lambda one: (-one.level, one.id))
        ordinary = [one for one in high if one.language == "en"] or high
        sponsor, coordinator = high[0], next(one for one in ordinary if one is not high[0])
        others = [one for one in high if one not in {sponsor, coordinator}]
        return str(coordinator.email), str(others[0].email), str(sponsor.email), [str(one.email) for one in others[1:7]]


def rehearse(here: World) -> None:
    """Move the date from occasion to occasion until nothing is due any more."""
    with httpx.Client(timeout=60, follow_redirects=True) as client:
        today: date | None = START
        while today is not None and today <= here.until:
            for slug in here.plan.programmes:
                if _is_due(here, slug, today):
                    _advance(here, slug, today)
            _read_mail(here, today)
            if today >= START + LEAVES_AFTER:
                leave(here, today)
            here.crowd.act(client, today)
            for boss in here.coordinators.values():
                boss.act(client, today)
            today = _next(here, today)


def _is_due(here: World, slug: str, today: date) -> bool:
    """Whether an advance would do anything today: its day has come, somebody told something, or mail waits."""
    from framework.requests import RequestStatus
    from models import delivery, installation, programme, request
    from models.base import transaction
    from tasks.programme import due_phases

    with transaction() as session:
        installation.move_to(session, today)
        waits = delivery.waits(session, today)
        told = request.standing(session, programme.by_slug(session, slug).id, RequestStatus.ANSWERED)
    coming = here.coming.get(slug, START)
    return waits or bool(told) or (coming is not None and coming <= today) or bool(due_phases.fn(slug, today))


def _advance(here: World, slug: str, today: date) -> None:
    here.before(today)
    done = here.live(slug, today)
    here.coming[slug] = date.fromisoformat(done.next) if done.next else None
    here.steps += 1
    here.seen(today, done)


def _read_mail(here: World, today: date) -> None:
    for address, message in here.mailbox.collect():
        if boss := here.coordinators.get(address):
            boss.read(message, today)
        here.crowd.read(address, message, today)


def _next(here: World, today: date) -> date | None:
    """The next day on which somebody acts or something is due; the day after, where something came in today."""
    wishes = [here.crowd.next_day(), *(boss.next_day() for boss in here.coordinators.values())]
    due = [day for day in here.coming.values() if day]
    news = today + timedelta(days=1) if any(_is_due(here, slug, today) for slug in here.plan.programmes) else None
    days = [max(day, today + timedelta(days=1)) for day in [*wishes, *due, news] if day]
    return min(days) if due and days else None


def peak_rss_mb() -> int:
    """The most memory that this process, or one of its children, has held, in megabytes."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return max(own, children) // 1024


def timed(action: Callable[[], None]) -> float:
    """Run it; how many seconds it took."""
    began = time.monotonic()
    action()
    return time.monotonic() - began


def summary(here: World, seconds: float) -> dict[str, Any]:
    """What came of the first programme, in figures: the same for the same seed, but for the time and memory it took."""
    from deployments.report import figures

    found = figures(next(iter(here.plan.programmes)))
    return found | {
        "seed": here.plan.seed,
        "steps": here.steps,
        "received": here.mailbox.received,
        "duplicates": sum(n - 1 for n in here.mailbox.by_id.values()),
        "seconds": round(seconds, 1),
        "peak_rss_mb": peak_rss_mb(),
    }
