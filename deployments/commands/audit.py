"""`baken audit`: whether the trail of who did what is still what was written (docs/operator.md, The audit trail)."""

import re
import time
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cyclopts import App
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from deployments import quiet, terminal  # noqa: F401 - quiet before Prefect

if TYPE_CHECKING:
    from models.event import Head

app = App(name="audit", help="The trail of who did what: look whether it holds, keep its head, close off an old part.")
YEAR = 365


@app.command
def verify(*, head: str = "", json: bool = False) -> int:
    """Look along the whole chain and at its anchors. Exit 1 with the first row that does not hold.

    Args:
        head: An end of the chain that was kept elsewhere, such as in the weekly mail: the number of its link, a colon,
            its mark. It is compared, too.
        json: One JSON object instead of words.

    """
    from models import audit, schema

    given = _head(head)
    if head and given is None:
        terminal.err.print("Write --head as in the mail: the number of the link, a colon, its mark of 64 characters.")
        return 2
    schema.upgrade()
    began, walk = time.monotonic(), audit.Inspection(given)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=terminal.err, transient=True) as progress:
        task = progress.add_task("Reading the trail", total=audit.size())
        for number in walk.steps():
            progress.advance(task, number)
    found, pace = walk.verdict, round(walk.rows / max(time.monotonic() - began, 0.001))
    if json:
        terminal.as_json({**asdict(found), "holds": found.holds, "rows_a_second": pace})
    elif found.holds:
        terminal.say(f"The trail holds: {found.rows} rows, {found.anchors} anchors; {pace} rows a second.")
        if found.restores:
            terminal.say(f"Backups put back in that time: {found.restores}. If that is news to you, ask who did it.")
        if given:
            is_there = given.place >= found.closed
            terminal.say(f"The end that you gave is {'in it' if is_there else 'in a part that was closed off'}.")
        if not found.anchors:
            terminal.say("There is no anchor yet: `baken audit head --keep` makes the first.")
    else:
        terminal.err.print(f"The trail does not hold, from link {found.place} on: {found.fault}.", markup=False)
    return 0 if found.holds else 1


def _head(typed: str) -> "Head | None":
    """The end of a chain as `baken audit head` prints it, or the weekly mail; None for anything else."""
    from models.event import Head

    found = re.fullmatch(r"([1-9][0-9]{0,17})[:\s]+([0-9a-f]{64})", typed.strip(), re.ASCII)
    return Head(int(found[1]), found[2]) if found else None


@app.command
def head(*, keep: bool = False, json: bool = False) -> int:
    """Where the chain ends: the number of its last link, and its mark.

    Args:
        keep: Write it to log/audit-heads.log of BAKEN_HOME, too.
        json: One JSON object instead of words.

    """
    from models import audit, event, schema
    from models.base import reading

    schema.upgrade()
    with reading() as session:
        last = event.head(session)
    kept = keep and audit.keep_head()[1]
    if json:
        terminal.as_json({"place": last.place, "mark": last.mark, "kept": kept})
    else:
        terminal.say(f"{last.place} {last.mark or 'no row yet'}")
    return 0


@app.command
def close(*, years: int, json: bool = False) -> int:
    """Take out the rows that are older than so many years; the rest of the chain still holds afterwards.

    Args:
        years: How many years are kept; at least 1.
        json: One JSON object instead of words.

    """
    from models import audit, schema

    if years < 1:
        terminal.err.print("At least one year is kept.")
        return 2
    schema.upgrade()
    found = audit.verify()
    if not found.holds:
        terminal.err.print(
            f"The trail does not hold, from link {found.place} on: {found.fault}. Nothing was taken out."
        )
        return 1
    gone = audit.close_off(datetime.now(UTC) - timedelta(days=YEAR * years))
    if json:
        terminal.as_json({"closed_off": gone})
    else:
        terminal.say(f"{gone} rows are gone; the chain stands on the mark of the last of them.")
    return 0
