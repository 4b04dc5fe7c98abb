"""`baken roster`: the people, as HR's file has them."""

from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from deployments import terminal

app = App(name="roster", help="The people of the company, as HR's file has them.")


@app.command(name="import")
def import_(
    file: Path,
    /,
    *,
    map_: Annotated[Path | None, Parameter(name="--map")] = None,
    apply: bool = False,
    json: bool = False,
) -> int:
    """Show what a CSV or XLSX file would change; with --apply, do it.

    Args:
        file: The file, as the HR system exports it.
        map_: A TOML file that names the columns: `email = "Work e-mail"`. Without it they are guessed, and shown.
        apply: Write the changes. Without it nothing is written.
        json: One JSON object instead of tables.

    Returns:
        0, or 3 when rows were refused.

    """
    from models import installation, schema
    from models.base import transaction
    from tasks.feed import by_hand
    from tasks.roster import apply_import, propose_import

    schema.upgrade()
    with transaction() as session:
        today: date = installation.today(session)
    report = propose_import(file, map_, today)
    if apply:
        report = apply_import(file, map_, today, expected=report.digest, also=by_hand(file))
    if json:
        terminal.as_json(report.as_dict())
        return 3 if report.refused else 0
    terminal.table("Columns", ("field", "column in the file"), report.columns.items())
    if report.ignored:
        terminal.say(f"Not used: {', '.join(report.ignored)}")
    terminal.table("Rows", ("", "people"), report.counts().items())
    if report.refused:
        rows = [(r.row, r.column, r.reason) for r in report.refused[:50]]
        terminal.table("Refused", ("row", "column", "why"), rows)
    for notice in report.warnings[:20]:
        terminal.say(f"Note: {notice}")
    terminal.say("Written." if apply else "Nothing was written. Run it again with --apply to do this.")
    return 3 if report.refused else 0
