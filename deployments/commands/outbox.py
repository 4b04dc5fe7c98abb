"""`baken mail dry-run`, `held` and `release`: look before anything goes, and a person's word on large mailings."""

from datetime import date
from pathlib import Path
from typing import Any

from cyclopts import App

from deployments import quiet, terminal  # noqa: F401 - quiet before Prefect
from deployments.commands.mail import app as mail_app
from framework.programme import PHASES

app: App = mail_app


@app.command
def dry_run(
    slug: str, /, *, phase: str = "", today: date | None = None, folder: Path | None = None, json: bool = False
) -> int:
    """What would be sent today, to whom, when, and behind which links; nothing is sent and nothing stays.

    Args:
        slug: The programme.
        phase: Run this phase first, as if it were started now; for example recruitment.
        today: The day to act on; a day ahead only in a rehearsal.
        folder: Keep each message there as an .eml file.
        json: One JSON object instead of a table.

    """
    if phase and phase not in PHASES:
        terminal.err.print(f"There is no phase {phase!r}; the phases are {', '.join(PHASES)}.")
        return 2
    from models import installation, programme, schema
    from models.base import transaction
    from tasks.dry_run import foresee

    schema.upgrade()
    with transaction() as session:
        day = today or installation.today(session, programme.by_slug(session, slug).rules.time_zone)
    if phase:
        with _own_prefect():
            found = foresee(slug, day, before=lambda: _run(phase, slug, day), folder=folder)
    else:
        found = foresee(slug, day, folder=folder)
    shown = [
        {
            "mail": one.template,
            "to": one.to,
            "subject": one.subject,
            "goes_at": one.goes_at.isoformat(),
            "links": list(one.links),
            "file": str(one.file or ""),
        }
        for one in found.mails
    ]
    if json:
        terminal.as_json({"programme": slug, "day": day.isoformat(), "mails": shown, "counts": found.counts})
        return 0
    lines = [(m["mail"], m["to"], m["subject"], str(m["goes_at"])[:16], "\n".join(m["links"])) for m in shown]
    terminal.table(f"{slug}: {len(lines)} mails would go", ("e-mail", "to", "subject", "when", "links"), lines)
    terminal.say(f"Beside them: {terminal.pairs(found.counts)}. Nothing was sent, and nothing was kept.")
    return 0


def _own_prefect() -> Any:
    """A Prefect server that nobody watches, so that a dry run leaves no run on the timeline."""
    from contextlib import contextmanager
    from tempfile import TemporaryDirectory

    from prefect.events.worker import EventsWorker
    from prefect.settings import PREFECT_API_URL, temporary_settings

    from deployments.advance import without_heartbeats
    from deployments.processes import prefect_server

    @contextmanager
    def serve() -> Any:
        with (
            TemporaryDirectory() as home,
            prefect_server(Path(home), light=True) as api,
            temporary_settings({PREFECT_API_URL: api}),
            without_heartbeats(),
        ):
            yield
            EventsWorker.drain_all()

    return serve()


def _run(phase: str, slug: str, today: date) -> None:
    from flows.programme import FLOWS

    FLOWS[phase](slug, today, return_state=True)


@app.command
def held(slug: str, /, *, json: bool = False) -> int:
    """The mailings that wait for a person's word because they reach more people than the programme expects."""
    from models import mailing, programme, schema
    from models.base import transaction

    schema.upgrade()
    with transaction() as session:
        found = mailing.drafts(session, programme.by_slug(session, slug).id)
    waiting = {template: people for (_, template), people in found.items()}
    if json:
        terminal.as_json({"programme": slug, "held": waiting})
    elif waiting:
        terminal.table(slug, ("e-mail", "people"), list(waiting.items()))
        terminal.say("Let one go with `baken mail release PROGRAMME E-MAIL --people NUMBER`, or add --cancel.")
    else:
        terminal.say("No mailing waits for your word.")
    return 0


@app.command
def release(slug: str, name: str, /, *, people: int, cancel: bool = False, json: bool = False) -> int:
    """Let a held mailing go, or call it off.

    Args:
        slug: The programme.
        name: The e-mail, as `baken mail held` names it.
        people: To how many people it goes, as you were shown: if that number has changed since, nothing is done.
        cancel: Call it off instead.
        json: One JSON object instead of words.

    """
    from framework.mail import DeliveryStatus
    from models import delivery, event, mailing, programme, schema
    from models.base import transaction

    schema.upgrade()
    with transaction() as session:
        own = programme.by_slug(session, slug).id
        found = [
            one for one in delivery.in_state(session, DeliveryStatus.DRAFT, programme_id=own) if one.template == name
        ]
        now = len({one.person_id for one in found})
        if now != people or not now:
            again = f"look again with `baken mail held {slug}`"
            terminal.err.print(f"{name} would reach {now} people now, not {people}: {again}.")
            return 1
        number = mailing.let_go(session, own, name, messages=len(found), send=not cancel)
        event.record(session, "operator", "cancelled" if cancel else "released", f"programme:{slug}", template=name)
    done = "called off" if cancel else "released"
    terminal.as_json({"mail": name, "messages": number, "done": done}) if json else terminal.say(
        f"{number} messages of {name} are {done}."
    )
    return 0
