"""`baken mail dry-run`, `held` and `release`: look before anything goes, and a person's word on large mailings."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

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
def held(slug: str, name: str = "", /, *, json: bool = False) -> int:
    """The mailings that wait for a person's word because they reach more people than the programme expects.

    Args:
        slug: The programme.
        name: One of these e-mails: to whom it would go, by number and address.
        json: One JSON object instead of a table.

    """
    from models import mailing, programme, schema
    from models.base import transaction

    schema.upgrade()
    with transaction() as session:
        own = programme.by_slug(session, slug).id
        found = mailing.drafts(session, own)
        whom = [(to, address or "on paper", on) for _, to, address, on in mailing.waiting_for(session, own, name)]
    if name:
        rows = [{"person": to, "address": address, "planned_on": str(on)} for to, address, on in whom]
        terminal.as_json({"programme": slug, "mail": name, "held": rows}) if json else terminal.table(
            f"{slug}: {name}", ("person", "address", "planned for"), whom
        )
        return 0
    waiting = {template: people for (_, template), people in found.items()}
    if json:
        terminal.as_json({"programme": slug, "held": waiting})
    elif waiting:
        terminal.table(slug, ("e-mail", "people"), list(waiting.items()))
        terminal.say(
            "See to whom with `baken mail held PROGRAMME E-MAIL`. Let one go with `baken mail release PROGRAMME E-MAIL "
            "--people NUMBER`, some of it with --only ADDRESS, all of them without E-MAIL; or add --cancel."
        )
    else:
        terminal.say("No mailing waits for your word.")
    return 0


@app.command
def release(
    slug: str,
    name: str = "",
    /,
    *,
    people: int,
    only: Annotated[tuple[str, ...], Parameter(negative=())] = (),
    cancel: bool = False,
    json: bool = False,
) -> int:
    """Let held mail go, or call it off: one mailing, some people of it, or everything that is held.

    Args:
        slug: The programme.
        name: The e-mail, as `baken mail held` names it; every one that is held where none is named.
        people: To how many people it goes, as you were shown: if that number has changed since, nothing is done.
        only: The address or number of somebody to whom it goes; as often as you like. The others wait.
        cancel: Call it off instead.
        json: One JSON object instead of words.

    """
    from models import event, mailing, person, programme, schema
    from models.base import transaction

    schema.upgrade()
    with transaction() as session:
        own = programme.by_slug(session, slug).id
        known = {key: one.id for key in only if (one := person.by_key(session, key))}
        if unknown := [key for key in only if key not in known]:
            terminal.err.print(f"Nobody here has the number or address {', '.join(unknown)}.")
            return 1
        waiting = mailing.waiting_for(session, own, name)
        found = [message for message in waiting if not only or message[1] in known.values()]
        now = len({message[1] for message in found})
        if now != people or not now:
            again = f"look again with `baken mail held {slug}`"
            terminal.err.print(f"{name or 'All that is held'} would reach {now} people now, not {people}: {again}.")
            return 1
        number = mailing.let_some_go(session, own, [message[0] for message in found], send=not cancel)
        deed = "cancelled" if cancel else "released"
        event.record(session, "operator", deed, f"programme:{slug}", template=name or "all", messages=number)
    done = "called off" if cancel else "released"
    terminal.as_json({"mail": name, "messages": number, "done": done}) if json else terminal.say(
        f"{number} messages{' of ' + name if name else ''} are {done}."
    )
    return 0
