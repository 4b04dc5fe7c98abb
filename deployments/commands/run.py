"""`baken advance` and `baken run`: the calendar, and one phase by hand."""

from datetime import date
from typing import Any

from deployments import quiet, terminal  # noqa: F401 - quiet before Prefect
from framework.programme import PHASES


def advance(slug: str | None = None, /, *, all: bool = False, today: date | None = None, json: bool = False) -> int:  # noqa: A002 - the option's name
    """Do all that is due, for one programme or for all; print what was done and when something is due next.

    Args:
        slug: The programme.
        all: Every programme.
        today: Act on this day. Only a rehearsal may be moved into the future.
        json: One JSON object instead of words.

    """
    from deployments.advance import advance as act
    from models import programme, schema
    from models.base import transaction

    if not slug and not all:
        terminal.err.print("Name a programme, or say --all.")
        return 2
    schema.upgrade()
    with transaction() as session:
        slugs = [slug] if slug else [p.slug for p in programme.all_programmes(session)]
    done = [act(one, today) for one in slugs]
    if json:
        terminal.as_json(done[0].as_dict() if slug else {"programmes": [one.as_dict() for one in done]})
        return 0
    for one in done:
        terminal.say(f"{one.programme} on {one.today}")
        terminal.say(f"  moved: {terminal.pairs(one.moved)}")
        terminal.say(f"  mails: {terminal.pairs(one.mails)}")
        terminal.say(f"  next:  {one.next or 'nothing; the programme is over'}")
    return 0


def run(phase: str, slug: str, /, *, today: date | None = None, json: bool = False) -> int:
    """Run one phase's flow of a programme.

    Args:
        phase: One of the ten phases, for example matching; or mail.
        slug: The programme.
        today: Act on this day. Only a rehearsal may be moved into the future.
        json: One JSON object instead of words.

    """
    if phase not in (*PHASES, "mail"):
        terminal.err.print(f"There is no phase {phase!r}; the phases are {', '.join(PHASES)}, and mail.")
        return 2
    from contextlib import nullcontext

    from deployments.advance import without_heartbeats
    from flows.mail import mail
    from flows.programme import FLOWS
    from models import installation, programme, schema
    from models.base import transaction

    schema.upgrade()
    with transaction() as session:
        zone = programme.by_slug(session, slug).rules.time_zone
        installation.move_to(session, today or installation.today(session, zone), zone)
        rehearsal = installation.is_rehearsal(session)
    flow: Any = {**FLOWS, "mail": mail}[phase]
    with without_heartbeats() if rehearsal else nullcontext():
        state = flow(slug, today, return_state=True)
    found = {"phase": phase, "programme": slug, "state": state.name, "message": state.message or ""}
    terminal.as_json(found) if json else terminal.say(f"{phase}: {state.name} {state.message or ''}")
    return 0 if state.is_completed() else 1


def rehearsal(today: date, /, *, json: bool = False) -> int:
    """Mark the database as a rehearsal that begins on a day; from then on `advance --today` moves its date.

    A database from which mails have gone out is a real one, and is refused.

    Args:
        today: The first day, for example 2027-01-11.
        json: One JSON object instead of words.

    """
    from models import delivery, installation, schema
    from models.base import transaction

    schema.upgrade()
    with transaction() as session:
        sent = sum(states["sent"] for states in delivery.counts(session).values())
        if sent and not installation.is_rehearsal(session):
            terminal.err.print(
                f"Mails have gone out from this database ({sent}); it is not a rehearsal. Use another BAKEN_HOME."
            )
            return 1
        installation.mark_as_rehearsal(session, today)
    terminal.as_json({"rehearsal": today}) if json else terminal.say(f"A rehearsal; today is {today}.")
    return 0
