"""`baken mail`: the outbox, a preview, and every e-mail in a gallery."""

from pathlib import Path
from typing import Any

from cyclopts import App

from deployments import quiet, terminal  # noqa: F401 - quiet before Prefect

app = App(name="mail", help="The outbox, previews, and every e-mail in a gallery.")


@app.command(name="list")
def list_(slug: str, /, *, json: bool = False) -> int:
    """How many messages of a programme stand in each state, by e-mail."""
    from models import delivery, programme, schema
    from models.base import transaction

    schema.upgrade()
    with transaction() as session:
        found = delivery.counts(session, programme.by_slug(session, slug).id)
    if json:
        terminal.as_json({"programme": slug, "mails": {name: dict(states) for name, states in found.items()}})
    else:
        terminal.table(
            slug, ("e-mail", "in which state"), [(name, terminal.pairs(states)) for name, states in found.items()]
        )
    return 0


@app.command
def preview(name: str, /, *, language: str = "en", programme: str = "", json: bool = False) -> int:
    """One e-mail with invented people: its subject and text.

    Args:
        name: The e-mail, for example mentor_call.
        language: en, nl or fr.
        programme: With the company's words, logo and own texts of this programme.
        json: One JSON object, with the HTML too.

    """
    from notifications.emails import EMAILS
    from notifications.gallery import sample_brand
    from notifications.render import render
    from notifications.words import languages

    if name not in EMAILS or language not in languages():
        terminal.err.print(f"There is no e-mail {name!r} in {language!r}. The e-mails are: {', '.join(EMAILS)}.")
        return 1
    face, texts = _face(programme, language) if programme else (sample_brand(language), {})
    shown = render(EMAILS[name].sample(), language, face, "https://mentoring.example/f/example", texts=texts)
    if json:
        terminal.as_json(
            {"name": name, "language": language, "subject": shown.subject, "text": shown.text, "html": shown.html}
        )
    else:
        terminal.say(f"Subject: {shown.subject}\n\n{shown.text}")
    return 0


def _face(slug: str, language: str) -> tuple[Any, Any]:
    """What the programme's mails look like, and its own texts."""
    from models import programme, schema
    from models.base import transaction
    from notifications.brand import brand
    from tasks.requests import coordinator_of

    schema.upgrade()
    with transaction() as session:
        row = programme.by_slug(session, slug)
        return brand(row.rules, coordinator_of(session, row.id).value(), language), row.rules.mail.texts


@app.command
def send(slug: str, /, *, again: bool = False, json: bool = False) -> int:
    """Post what may go today.

    Args:
        slug: The programme.
        again: Try the relay now, although it was down a moment ago or refused our password.
        json: One JSON object instead of words.

    """
    from models import installation, pace, programme, schema
    from models.base import transaction
    from notifications.settings import MailSettings
    from tasks.mail import relay_key, send_due

    schema.upgrade()
    with transaction() as session:
        today = installation.today(session, programme.by_slug(session, slug).rules.time_zone)
        if again:
            pace.well(session, relay_key(MailSettings()))
    found = send_due.fn(today)
    terminal.as_json(found) if json else terminal.say(terminal.pairs(found))
    if found["down"]:
        terminal.err.print(
            "The mail relay is not set, or is down; messages wait in the outbox. `baken doctor` tells more."
        )
    return 1 if found["down"] else 0


@app.command
def retry(slug: str, /, *, json: bool = False) -> int:
    """Put messages that were given up, or are unsure, back in the queue, under their own Message-ID."""
    from models import delivery, programme, schema
    from models.base import transaction

    schema.upgrade()
    with transaction() as session:
        number = delivery.requeue(session, delivery.Delivery.programme_id == programme.by_slug(session, slug).id)
    terminal.as_json({"queued": number}) if json else terminal.say(f"{number} messages are queued again.")
    return 0


@app.command
def gallery(folder: Path, /, *, json: bool = False) -> int:
    """Write every e-mail in every language to a folder, with a page to look at them."""
    from notifications.gallery import write_gallery

    number = write_gallery(folder)
    terminal.as_json({"mails": number, "folder": folder}) if json else terminal.say(
        f"{number} mails: open {folder / 'index.html'}"
    )
    return 0
