"""Every way to match, side by side: one company, one calendar, real mail and pages, until the pairs are introduced.

The phases before matching are lived without Prefect, which other tests watch; matching runs on a real server.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from deployments.advance import Advanced
from deployments.programme_text import quoted
from deployments.rehearsal import run
from flows.mail import mail
from models import delivery, installation, programme
from models.base import transaction
from tasks.arrivals import welcome_new_hires
from tasks.programme import due_phases, next_day, notice_leavers
from tests.world import PLAIN, plain

PEOPLE, SEED, UNTIL = 150, 1, date(2027, 6, 15)
LIKELY = {"join": 0.95, "accept": 1.0, "accept_first": 1.0, "accept_second": 1.0, "met": 1.0, "go_on": 1.0}
EVERY = {
    "team": "[]",
    "languages": '["nl", "fr", "en"]',
    "target_group.mentor_years": "22",
    "mail.a_day": "20",
    "mail.a_week": "100",
    "phases.recruitment": "{ after_days = 10, open_days = 28 }",
    "phases.selection": "{ after_days = 35, open_days = 14 }",
    "phases.matching": "{ after_days = 45, open_days = 21 }",
    "phases.training": "{ after_days = 300, open_days = 14 }",  # out of sight
    "phases.agreement": "{ after_days = 320, open_days = 14 }",
}


def _group(department: str = "", site: str = "") -> dict[str, str]:
    """Whom the campaign addresses: some ten people, so that each way stays small."""
    named = {"target_group.departments": department, "target_group.sites": site}
    return {key: f"[{quoted(one)}]" for key, one in named.items() if one}


WAYS = {
    "appointed": {
        "matching.mode": "appointed",
        "matching.capacity": "1",
        "matching.rules": '["reporting_line", "same_site", "other_department", "common_language"]',
        "matching.relax": '["same_site"]',
        **_group(site="Vlissingen"),
    },
    "proposed": {"matching.mode": "proposed", **_group("Finance")},
    "meet-first": {"matching.meet_first": "true", **_group("Digital")},
    "mutual": {"matching.mode": "mutual", **_group("Quality and safety")},
    "mentee-picks": {"matching.mode": "mentee_picks", **_group("People")},
    "by-lot": {"matching.mode": "by_lot", **_group("Sales", "Hull")},
    "open-pool": {"matching.mode": "open_pool", **_group("Sales", "Oostende")},
    "group": {"matching.shape": "group", "matching.group": "[2, 4]", **_group("Maintenance", "Namur")},
    "two-mentors": {
        "matching.shape": "two_mentors",
        "matching.capacity": "3",
        "languages": '["nl", "fr"]',
        **_group("Fleet and logistics", "Lille"),
    },
    "reverse": {"matching.reverse": "true", **_group("Maintenance", "Oostende")},
    "peers": {"matching.shape": "peers", **_group("Offshore works", "Lille")},
}
ASKED = frozenset(WAYS) - {"appointed", "open-pool"}
"""Where people are asked whether they want this partner."""


@dataclass(frozen=True)
class Lived:
    """What came of it: the folder with database and mailbox, what people wrote, and how many days were advanced."""

    home: Path
    reasons: tuple[str, ...]
    refused: dict[str, int]
    silent: dict[str, int]
    by_id: dict[str, int]
    steps: int
    struck: int
    swapped: int
    seconds: float


def programmes() -> dict[str, dict[str, str]]:
    """The settings of each programme."""
    titles = {slug: {"title": quoted(f"Way {slug}")} for slug in WAYS}
    return {slug: {**EVERY, **titles[slug], **_in_toml(own)} for slug, own in WAYS.items()}


def _in_toml(own: dict[str, str]) -> dict[str, str]:
    words = {"matching.mode", "matching.shape"}
    return {name: quoted(value) if name in words else value for name, value in own.items()}


def live(slug: str, day: date) -> Advanced:
    """A day of one programme: with Prefect from matching on, without it before."""
    with transaction() as session:
        row = programme.by_slug(session, slug)
        ready = programme.milestone_of(session, row.id, "selection", 1).finished_on is not None
        installation.move_to(session, day)
    return run.advance(slug, day) if ready else _by_hand(slug, day)


def _by_hand(slug: str, day: date) -> Advanced:
    notice_leavers.fn(slug, day)
    welcome_new_hires.fn(slug, day)
    ran: set[tuple[str, int]] = set()
    while due := [one for one in due_phases.fn(slug, day) if one not in ran and one[0] != "matching"]:
        for phase, number in due:
            PLAIN[phase](slug, day)
            ran.add((phase, number))
    with transaction() as session:
        waits = delivery.waits(session, day)
    if waits:
        plain(mail)(slug, day)
    return Advanced(programme=slug, today=day.isoformat(), moved={}, mails={}, next=next_day.fn(slug, day))


@contextmanager
def lived(home: Path) -> Iterator[Lived]:
    """Live through it; the settings stand until the block ends, so that the rows can be read."""
    kept = dict(os.environ)
    plan = run.Plan(home=home, people=PEOPLE, seed=SEED, programmes=programmes(), likely=LIKELY, certain=True)
    try:
        with run.world(plan) as world:
            world.until, world.live = UNTIL, live
            seconds = run.timed(lambda: run.rehearse(world))
        crowd, bosses = world.crowd, list(world.coordinators.values())
        found = Lived(
            home=home,
            reasons=tuple(crowd.reasons),
            refused=_by_slug(crowd.refused),
            silent=_by_slug(crowd.kept_silent),
            by_id=world.mailbox.by_id,
            steps=world.steps,
            struck=sum(len(boss.struck) for boss in bosses),
            swapped=sum(len(boss.swapped) for boss in bosses),
            seconds=seconds,
        )
        yield found
    finally:
        os.environ.clear()
        os.environ.update(kept)


def _by_slug(counted: dict[str, int]) -> dict[str, int]:
    """What people told apart by the words on top of a page, by the programme's slug."""
    return {slug: sum(n for words, n in counted.items() if words.endswith(f"Way {slug}")) for slug in WAYS}
