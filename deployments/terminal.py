"""What the terminal shows: one JSON object for machines, tables and plain words for people."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

out = Console(highlight=False)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def as_json(data: Mapping[str, Any]) -> None:
    """One object on standard output."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=1, default=str) + "\n")


def table(title: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table of few columns."""
    drawn = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for heading in headings:
        drawn.add_column(heading, overflow="fold")
    for row in rows:
        drawn.add_row(*(str(cell) for cell in row))
    out.print(drawn)


def say(text: str) -> None:
    """A line for people."""
    out.print(text, markup=False)


def address(what: str, url: str) -> None:
    """An address, unbroken however long it is, so that it can be clicked."""
    out.print(f"{what}: {url}", markup=False, soft_wrap=True)


def pairs(found: Mapping[str, object]) -> str:
    """A mapping in a line."""
    return ", ".join(f"{key} {value}" for key, value in found.items()) or "nothing"
