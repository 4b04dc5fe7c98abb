"""Dates, counts, and a title that somebody typed, in the plain words and the safe markdown of what Prefect shows."""

import re
from collections.abc import Mapping
from datetime import date

COUNTS = {
    "asked": "asked",
    "answered": "answered",
    "open": "still open",
    "undecided": "to decide",
    "to_mark": "to mark as present or not",
    "told": "told",
    "called": "called",
    "nominated": "named by somebody",
    "mentors": "mentors",
    "mentees": "mentees",
    "places": "places with mentors",
    "proposed": "proposed",
    "pairs": "pairs",
    "unmatched": "without a partner",
    "enrolled": "enrolled",
    "attended": "attended",
    "owing": "still to follow it",
    "agreements": "agreements",
    "active": "active",
    "planned": "planned",
    "held": "held",
    "missed": "missed",
    "unconfirmed": "unconfirmed",
    "below_minimum": "meeting too seldom",
    "signals": "signals for the coordinator",
    "ends": "looked back",
    "stories": "stories",
    "certificates": "certificates",
}
"""Counts that may be told. What people think of the programme is not among them: Prefect may not read that."""


def harmless(text: str) -> str:
    """A text that somebody typed, as nothing but text in markdown: no mark-up, no HTML, no link, one line."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    line = re.sub(r"([\\`*_{}\[\]()#+\-!|~$^=])", r"\\\1", line)
    return re.sub(r"(?<=\S)([.:/@])(?=\S)", "\N{WORD JOINER}\\1\N{WORD JOINER}", line)


def day(on: date | None) -> str:
    """A date as 5 April 2027; nothing for none."""
    return f"{on.day} {on:%B %Y}" if on else ""


def short_day(on: date | None) -> str:
    """A date as 5 Apr 2027, for narrow columns; nothing for none."""
    return f"{on.day} {on:%b %Y}" if on else ""


def days(number: int) -> str:
    """So many days, in words."""
    return "1 day" if number == 1 else f"{number} days"


def in_numbers(counts: Mapping[str, object]) -> str:
    """Counts in words, such as `12 asked, 4 still open`; what is nil, or may not be told, is left out."""
    return ", ".join(f"{n} {COUNTS[name]}" for name, n in counts.items() if name in COUNTS and isinstance(n, int) and n)


def ago(on: date, today: date) -> str:
    """How long a day is past."""
    return f"{days((today - on).days)} ago"


def capital(text: str) -> str:
    """With a capital in front; the rest stays as it is."""
    return text[:1].upper() + text[1:]
