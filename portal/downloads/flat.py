"""A list as CSV: UTF-8 with a mark at its start, a row of titles, dates as 2027-04-20.

Where the language writes a comma in numbers, its spreadsheets part columns with a semicolon.
"""

import csv
from io import TextIOWrapper
from typing import IO

from babel.numbers import get_decimal_symbol
from sqlalchemy.orm import Session

from notifications.dates import WRITTEN_AS
from portal.downloads.cells import safe_cell
from portal.downloads.sheets import Sheet
from portal.visit import DeskVisit

KIND = "text/csv; charset=utf-8"


def delimiter(language: str) -> str:
    """What parts the columns in that language."""
    return ";" if get_decimal_symbol(WRITTEN_AS.get(language, language)) == "," else ","


def write(sheet: Sheet, session: Session, visit: DeskVisit, to: IO[bytes]) -> int:
    """Write the list; how many rows there were under the titles."""
    text = TextIOWrapper(to, encoding="utf-8-sig", newline="", write_through=False)
    out, number = csv.writer(text, delimiter=delimiter(visit.page.language)), 0
    out.writerow(
        [safe_cell(visit.page.say(sheet.columns[place].title)) for place in sheet.open_to(visit.programme.track)]
    )
    for number, row in enumerate(sheet.of(session, visit), 1):  # noqa: B007 - the last number is the count
        out.writerow([safe_cell(value) for value in row])
    text.flush()
    text.detach()
    return number
