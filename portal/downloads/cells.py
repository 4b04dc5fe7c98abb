"""What goes into a cell: text that a spreadsheet would run as a formula stays text."""

import unicodedata
from datetime import date

Value = str | int | date | None
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


def risky(text: str) -> bool:
    """Whether a spreadsheet might run this text; full-width signs count too, and what stands behind blanks."""
    starts = (text[:1], text.lstrip()[:1])
    return any(unicodedata.normalize("NFKC", start).startswith(RISKY) for start in starts)


def safe_cell(value: Value) -> Value:
    """Text that a spreadsheet would run gets an apostrophe before it; anything else stays as it is."""
    return "'" + value if isinstance(value, str) and risky(value) else value
