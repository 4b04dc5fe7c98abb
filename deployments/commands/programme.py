"""`baken programme`: new ones, a list, one in detail, its calendar."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from deployments import programmes, terminal
from deployments.bookmark import server, timeline
from deployments.commands import replan
from deployments.commands.placing import place, tell
from deployments.programme_text import quoted

app = App(name="programme", help="Programmes: each is a TOML file in BAKEN_HOME/programmes.")
app.command(place)
replan.add_to(app)


@app.command
def new(  # noqa: PLR0913 - an option a setting
    slug: str,
    /,
    *,
    from_: Annotated[str, Parameter(name="--from")] = "growth",
    title: str | None = None,
    company: str | None = None,
    starts_on: date | None = None,
    coordinator: str | None = None,
    deputy: str | None = None,
    sponsor: str | None = None,
    team: str | None = None,
    set_: Annotated[list[str] | None, Parameter(name="--set")] = None,
    json: bool = False,
) -> int:
    """Write a new programme's file from a ready-made one, and read it into the database.

    Args:
        slug: Its short name: small letters, digits and dashes, for example growth-2027.
        from_: A ready-made programme: growth or new-hire.
        title: Its name in mails and pages.
        company: The company's name.
        starts_on: The day on which readiness opens, for example 2027-01-11.
        coordinator: E-mail address or employee number of who carries the programme; must be on the roster.
        deputy: Who takes over.
        sponsor: Who gets the reports.
        team: The project team, separated by commas.
        set_: Any setting of the file, for example matching.mode=mutual; as often as you like.
        json: One JSON object instead of words.

    """
    from models import schema

    schema.upgrade()
    texts = {"title": title, "company": company, "coordinator": coordinator, "deputy": deputy, "sponsor": sponsor}
    changes = programmes.settings_of(set_ or []) | {key: quoted(value) for key, value in texts.items() if value}
    if starts_on:
        changes["starts_on"] = starts_on.isoformat()
    if team:
        changes["team"] = "[" + ", ".join(quoted(one.strip()) for one in team.split(",")) + "]"
    path = programmes.write_new(slug, from_, changes)
    known = "coordinator" in changes
    if known:
        programmes.load(path)
    if json:
        terminal.as_json({"slug": slug, "file": path, "loaded": known})
    else:
        after = (
            f"`baken programme calendar {slug}` shows its dates."
            if known
            else f"Name its coordinator in it, then run `baken programme load {path}`."
        )
        terminal.say(f"Written: {path}\n{after}")
    return 0


@app.command
def load(file: Path, /, *, json: bool = False) -> int:
    """Read a programme's file again, after it was edited."""
    from models import schema

    schema.upgrade()
    found = programmes.load(file)
    placed = _placed(found.slug)
    if json:
        terminal.as_json({"slug": found.slug, **({"calendar": placed} if placed else {})})
        return 0
    terminal.say(f"{found.slug} is up to date.")
    replan.say_by_hand(replan.kept_by_hand(found.slug))
    if placed:
        tell(f"{found.slug} in Prefect", placed)
    return 0


def _placed(slug: str) -> dict[str, Any]:
    """What was placed in Prefect; nothing where no server is set, for then its own next advance does it."""
    if not server():
        return {}
    from deployments.placing import place as act

    return act(slug).as_dict()


@app.command(name="list")
def list_(*, json: bool = False) -> int:
    """All programmes, and the ready-made ones."""
    from models import programme, schema
    from models.base import transaction

    schema.upgrade()
    with transaction() as session:
        found = [
            (p.slug, p.rules.title, p.rules.track.value, p.rules.starts_on) for p in programme.all_programmes(session)
        ]
    if json:
        keys = ("slug", "title", "track", "starts_on")
        terminal.as_json(
            {"programmes": [dict(zip(keys, one, strict=True)) for one in found], "ready_made": programmes.ready_made()}
        )
    else:
        terminal.table("Programmes", ("slug", "title", "track", "starts on"), found)
        terminal.say(f"Ready-made: {', '.join(programmes.ready_made())}")
    return 0


@app.command
def show(slug: str, /, *, json: bool = False) -> int:
    """One programme in figures: phases, mails, answers, pairs."""
    from deployments.report import figures

    found, address = figures(slug), timeline(slug)
    if json:
        terminal.as_json({**found, "timeline": address})
        return 0
    terminal.table(f"{found['title']} at {found['company']}", ("phase", "state"), found["phases"].items())
    for name in ("participants", "pairings", "meetings", "mail_states", "signals"):
        terminal.say(f"{name.replace('_', ' ')}: {terminal.pairs(found[name])}")
    if address:
        terminal.address("timeline", address)
    return 0


@app.command
def calendar(slug: str, /, *, json: bool = False) -> int:
    """Every phase and round: planned, opened, finished, and its state."""
    from deployments.report import figures

    entries = figures(slug)["calendar"]
    if json:
        terminal.as_json({"slug": slug, "calendar": entries})
    else:
        rows = [
            (
                e["phase"],
                e["round"],
                e["opens_on"],
                e["closes_on"],
                e["opened_on"] or "",
                e["finished_on"] or "",
                e["state"],
            )
            for e in entries
        ]
        terminal.table(slug, ("phase", "round", "planned", "until", "opened", "finished", "state"), rows)
    return 0
