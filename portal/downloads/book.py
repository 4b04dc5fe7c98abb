"""A list as XLSX: titles that stay in sight, filters, real dates, widths, and a sheet that explains the columns.

Rows are written one by one and kept in no memory. Text is written as text, whatever it looks like; what a spreadsheet
might run is marked as text for good (`quote_prefix`), so that it stays so when somebody edits the cell.
"""

from datetime import date
from typing import IO, Any

import xlsxwriter
from sqlalchemy.orm import Session

from portal.downloads.cells import Value, risky
from portal.downloads.sheets import Column, Sheet
from portal.page import Page
from portal.visit import DeskVisit

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
MOST_ROWS, TAB, LONGEST = 1_048_575, 31, 32_767  # Excel's own limits: rows, characters of a sheet's name and of a cell
NOT_IN_A_NAME = str.maketrans("", "", "[]:*?/\\'")
PERSONAL = "This file contains personal data: keep it inside the coordination."
COUNTS = "This file holds counts only, and names nobody."


def write(sheet: Sheet, session: Session, visit: DeskVisit, to: IO[bytes]) -> int:
    """Write the workbook; how many rows there were under the titles."""
    page, places = visit.page, sheet.open_to(visit.programme.track)
    columns = [sheet.columns[place] for place in places]
    with xlsxwriter.Workbook(to, OPTIONS) as book:
        ways = _Ways(book)
        listed = book.add_worksheet(tab(page.say(sheet.title)))
        listed.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            listed.set_column(place, place, column.wide)
            listed.write_string(0, place, page.say(column.title), ways.head)
        number = 0
        for number, row in enumerate(sheet.of(session, visit), 1):
            if number > MOST_ROWS:
                raise ValueError("there are more rows than a sheet can hold")
            for place, value in enumerate(row):
                ways.put(listed, number, place, value)
        listed.autofilter(0, 0, number, len(columns) - 1)
        _explain(book.add_worksheet(tab(page.say("About this file"))), ways, visit, sheet, columns)
    return number


def tab(title: str) -> str:
    """A sheet's name as Excel takes it."""
    return title.translate(NOT_IN_A_NAME)[:TAB]


class _Ways:
    """How cells look, and how a value is written."""

    def __init__(self, book: Any) -> None:
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self.text = book.add_format({"quote_prefix": True})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})

    def put(self, sheet: Any, row: int, place: int, value: Value) -> None:
        """Write one value as what it is."""
        if isinstance(value, date):
            sheet.write_datetime(row, place, value, self.day)
        elif isinstance(value, int):
            sheet.write_number(row, place, value)
        elif value:
            sheet.write_string(row, place, value[:LONGEST], self.text if risky(value) else None)


def _explain(sheet: Any, ways: _Ways, visit: DeskVisit, of: Sheet, columns: list[Column]) -> None:
    """What the file is, who may see it, and what stands in each column."""
    page: Page = visit.page
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 80)
    told = page.say("Made on %(day)s for the coordination of the programme.", day=page.day(visit.today))
    top = (
        (page.say(of.title), ways.head),
        (page.say(of.about), None),
        (f"{visit.programme.title} · {visit.programme.company}", None),
        (told, None),
        (page.say(PERSONAL if of.personal else COUNTS), ways.head if of.personal else None),
    )
    for row, (text, way) in enumerate(top):
        sheet.write_string(row, 0, text, ways.text if risky(text) else way)
    for row, column in enumerate(columns, len(top) + 1):
        sheet.write_string(row, 0, page.say(column.title), ways.wrapped)
        sheet.write_string(row, 1, page.say(column.about), ways.wrapped)
