"""A date as people type it: day, month, year, with the month as a number or a name; or ISO 8601."""

import re
import unicodedata
from datetime import date

FIRST_YEAR, LAST_YEAR, YEAR_DIGITS = 1900, 2999, 4
PARTS = re.compile(r"\d+|[^\W\d_]+")
NAMES = (
    "january januari janvier januar",
    "february februari fevrier februar",
    "march maart mars marz maerz mrt",
    "april avril avr",
    "may mei mai",
    "june juni juin",
    "july juli juillet juil",
    "august augustus aout",
    "september septembre sept",
    "october oktober octobre",
    "november novembre",
    "december decembre dezember",
)
"""The months in the languages of the house and its neighbours, without accents; the first three letters do too."""
SHORTENED = 3
AMBIGUOUS = frozenset({"jui"})


def _months() -> dict[str, int]:
    known: dict[str, int] = {}
    for number, names in enumerate(NAMES, 1):
        for name in names.split():
            known |= {name: number, name[:SHORTENED]: number, name[: SHORTENED + 1]: number}
    return {name: number for name, number in known.items() if name not in AMBIGUOUS}


MONTHS = _months()


def typed_date(text: str) -> date:
    """The day that somebody typed. Raises ValueError, in words of the catalogues, for anything that is none."""
    found = [_plain(part) for part in PARTS.findall(text)]
    found = [part for part in found if part not in {"er", "de"}]  # 1er mars, 27 de mars
    if len(found) != SHORTENED or any(not (p.isascii()) for p in found):
        raise ValueError("Type a date as day, month and year, for example 27 3 2027.")
    day, month, year = reversed(found) if len(found[0]) == YEAR_DIGITS and found[0].isdigit() else found
    if len(year) != YEAR_DIGITS:
        raise ValueError("Type the year with four digits, for example 2027.")
    try:
        made = date(int(year), MONTHS.get(month) or int(month), int(day))
    except ValueError as wrong:
        raise ValueError("Type a date as day, month and year, for example 27 3 2027.") from wrong
    if not FIRST_YEAR <= made.year <= LAST_YEAR:
        raise ValueError("Look at the year again: it should be one like 2027.")
    return made


def _plain(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", word.casefold()) if not unicodedata.combining(c))
