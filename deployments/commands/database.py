"""`baken database`: at which revision the tables stand, and the way up and down, with a backup first."""

from cyclopts import App

from deployments import quiet, terminal  # noqa: F401 - quiet before Prefect

app = App(name="database", help="The tables: at which revision they stand, and the way up and down.")
DOWN = """This takes tables and columns away, with what stands in them, down to revision {to}. It is for going back to
an older version of Baken. Stop everything that runs first. Install that version right afterwards: the next command of
this one brings the tables up again."""


@app.command
def status(*, json: bool = False) -> int:
    """At which revision the database stands, and which ones this version knows. Exit 1 for a newer one."""
    from models import schema

    at, known = schema.revision(), schema.revisions()
    if not at:
        state = "no tables yet"
    elif at not in known:
        state = "newer"
    else:
        state = "current" if at == known[-1] else "older"
    if json:
        terminal.as_json({"revision": at, "newest": known[-1], "state": state})
    else:
        words = {
            "no tables yet": "There are no tables yet; the first command makes them.",
            "newer": f"Revision {at} is of a newer version: this one knows up to {known[-1]}. Install that one again.",
            "current": f"Revision {at}: up to date.",
            "older": f"Revision {at}; `baken database upgrade` brings it to {known[-1]}.",
        }
        terminal.say(words[state])
    return 1 if state == "newer" else 0


@app.command
def upgrade(*, no_backup: bool = False, json: bool = False) -> int:
    """Make a backup, then bring the tables up to this version.

    Args:
        no_backup: Make no backup first.
        json: One JSON object instead of words.

    """
    from models import schema

    schema.refuse_newer()
    before, kept = schema.revision(), ""
    if before and before != schema.revisions()[-1] and not no_backup:
        kept = _back_up()
    schema.upgrade()
    return _told(before, kept, json=json)


@app.command
def downgrade(to: str, /, *, confirm: str = "", no_backup: bool = False, json: bool = False) -> int:
    """Make a backup, then go back to an older revision; what the newer ones added is lost.

    Args:
        to: The revision, as `baken database status` of the older version names it.
        confirm: The revision once more, where nobody can be asked.
        no_backup: Make no backup first.
        json: One JSON object instead of words.

    """
    from models import schema

    schema.refuse_newer()
    before, known = schema.revision(), schema.revisions()
    if to not in known or not before or known.index(to) > known.index(before):
        older = known[: known.index(before) + 1] if before else []
        terminal.err.print(
            f"Revision {to!r} is none to go back to; there are {', '.join(older) or 'none'}.", markup=False
        )
        return 2
    terminal.err.print(DOWN.format(to=to), markup=False)
    typed = confirm or (terminal.err.input(f"Type {to} to go on: ").strip() if terminal.err.is_terminal else "")
    if typed != to:
        terminal.err.print(f"Nothing was changed. To go on: --confirm {to}", markup=False)
        return 2
    kept = "" if no_backup else _back_up()
    schema.downgrade(to)
    return _told(before, kept, json=json)


def _back_up() -> str:
    from deployments.backup import make

    return str(make().path)


def _told(before: str, kept: str, *, json: bool) -> int:
    from models import schema

    now = schema.revision()
    if json:
        terminal.as_json({"before": before, "revision": now, "backup": kept})
        return 0
    if kept:
        terminal.say(f"Backup: {kept}.")
    terminal.say(f"Revision {now}, before {before or 'none'}.")
    return 0
