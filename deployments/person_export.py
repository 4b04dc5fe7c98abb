"""All that is held on a person as a ZIP file: a page to read, JSON for machines, and a table for each kind.

The file is made whole and its owner's alone (mode 600) before it bears its name; nothing of it goes to the screen.
"""

import csv
import io
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from models import installation
from models.base import transaction
from portal import held
from portal.downloads.cells import safe_cell
from portal.page import STYLE
from tasks.access import Holdings, collect

PAGE, DATA, STYLES = "read-me.html", "data.json", "baken.css"


def write(person_id: int, to: Path) -> dict[str, int]:
    """Write the file; how many rows of each kind are in it. Raises FileExistsError."""
    found = collect(person_id)
    to.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=to.parent, prefix=f".{to.name}.")  # its owner alone may read it
    try:
        with os.fdopen(handle, "wb") as file, ZipFile(file, "w", ZIP_DEFLATED) as packed:
            for inside, text in _files(found).items():
                packed.writestr(inside, text)
        os.link(name, to)
    finally:
        Path(name).unlink()
    return found.counts()


def _files(found: Holdings) -> dict[str, str | bytes]:
    whole = {"person": found.person, "record": found.record} | found.rows
    with transaction() as session:
        page = held.page(session, found.language, found.record, found.rows, installation.today(session))
    tables = {f"{name}.csv": _table(rows) for name, rows in found.rows.items() if rows}
    data = json.dumps(whole, ensure_ascii=False, indent=1, default=str)
    return {PAGE: page, STYLES: STYLE, DATA: data, **tables}


def _table(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Rows as CSV: UTF-8 with a mark at its start; what is no plain value stands in its cell as JSON."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO(newline="")
    out = csv.writer(text)
    out.writerow(columns)
    out.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: object) -> object:
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False, default=str)
    return safe_cell(value) if isinstance(value, str) else value
