"""The roster: a file from HR is read, what it would change is shown, and on request it is done in one transaction.

Reads CSV, XLSX, XLS and ODS within limits. Nobody is removed. What a user can put right comes as RosterError (CAP-190).
"""

import csv
import hashlib
import io
import lzma
import re
import tomllib
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from framework import roster
from framework.roster_cells import fold, guess
from models import delivery, event, ledger, link
from models.base import transaction
from models.person import Person, all_people

MAX_BYTES, MAX_ROWS, MAX_COLUMNS = 10_000_000, 50_000, 500
MAX_RATIO, MAX_UNPACKED = 100, 300_000_000  # unpacked to packed; bytes
ERASED = "this person was erased on request; take the row out, or see `baken person readmit`"
TITLE_ROWS = 10  # headings are looked for in this many first rows
CELL = re.compile(rb"""\br=["']([A-Za-z]*)([0-9]+)["']""")  # where a cell or a row of an XLSX says it stands

Mapped = Mapping[str, str] | Path | None
Table = list[list[str]]


class RosterError(Exception):
    """The import cannot go on; the message is one line for whoever started it, without personal data."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as the file has it: headings, the rows under them, which column is which field (`places`).

    `first_row` is the number of the first of `rows`, as a spreadsheet counts.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    first_row: int
    places: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import would do, or has done (`applied`). `columns` is field -> heading, `ignored` the other headings.

    `digest` stands for exactly this plan: apply_import takes it as `expected`. `missing` are ids of people.
    """

    applied: bool
    digest: str
    columns: Mapping[str, str]
    ignored: tuple[str, ...]
    added: tuple[roster.Step, ...]
    changed: tuple[roster.Step, ...]
    unchanged: tuple[roster.Step, ...]
    left: tuple[roster.Step, ...]
    missing: tuple[int, ...]
    refused: tuple[roster.Refusal, ...]
    warnings: tuple[roster.Notice, ...]

    def counts(self) -> dict[str, int]:
        """How many of each kind."""
        kinds = ("added", "changed", "unchanged", "left", "missing", "refused", "warnings")
        return {kind: len(getattr(self, kind)) for kind in kinds}

    def as_dict(self) -> dict[str, Any]:
        """For machines: counts, row numbers, columns, field names, ids and reasons; no cell of the file."""
        steps = {"added": self.added, "changed": self.changed, "left": self.left}
        return {
            "applied": self.applied,
            "digest": self.digest,
            "counts": self.counts(),
            "columns": dict(self.columns),
            "ignored": list(self.ignored),
            **{k: [{"row": s.entry.row, "fields": list(s.fields)} for s in of_kind] for k, of_kind in steps.items()},
            "missing": list(self.missing),
            "refused": [{"row": r.row, "column": r.column, "reason": r.reason} for r in self.refused],
            "warnings": [{"column": n.column, "reason": n.reason, "rows": list(n.rows)} for n in self.warnings],
        }


def read_roster(path: Path, mapping: Mapped = None) -> Sheet:
    """The table in a file. `mapping` names columns by hand: field = "Heading", or a TOML file that does."""
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MAX_BYTES else b""
    except FileNotFoundError:
        raise RosterError(f"{path.name}: there is no such file") from None
    except OSError as problem:
        raise RosterError(f"{path.name}: cannot be opened ({problem.strerror})") from None
    if size > MAX_BYTES:
        raise RosterError(f"{path.name}: larger than {MAX_BYTES // 1_000_000} MB")
    spreadsheet = data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))
    table = _spreadsheet(data, path.name) if spreadsheet else _separated(data, path.name)
    if len(table) > MAX_ROWS + TITLE_ROWS or any(len(row) > MAX_COLUMNS for row in table):
        raise RosterError(f"{path.name}: more than {MAX_ROWS} rows or {MAX_COLUMNS} columns")
    chosen = _chosen(mapping)
    top = max(range(min(TITLE_ROWS, len(table))), key=lambda i: _promise(table[i], chosen), default=None)
    if top is None or not _promise(table[top], chosen):
        raise RosterError(f"{path.name}: not a table of people; no row of headings was recognised")
    headings = tuple(" ".join("".join(c if c.isprintable() else " " for c in cell).split())[:80] for cell in table[top])
    rows = tuple(tuple(row) for row in table[top + 1 :])
    return Sheet(headings, rows, top + 2, _places(headings, chosen))


def propose_import(path: Path, mapping: Mapped, today: date) -> ImportReport:
    """What the file would change; writes nothing."""
    sheet = read_roster(path, mapping)
    with transaction() as session:
        return _report(sheet, _plan(session, sheet, today), applied=False)


def apply_import(
    path: Path,
    mapping: Mapped,
    today: date,
    *,
    expected: str = "",
    actor: str = "operator",
    also: Callable[[Session, ImportReport], None] | None = None,
) -> ImportReport:
    """Do it, all or nothing. With `expected`, the digest of what was shown, only if it would still do exactly that.

    `also` is done in the same transaction; what it raises undoes the whole.
    """
    sheet = read_roster(path, mapping)
    try:
        with transaction() as session:
            report = _report(sheet, _plan(session, sheet, today), applied=True)
            if expected and expected != report.digest:
                raise RosterError("the file or the people have changed since the plan was shown; look at it again")
            _save(session, (*report.added, *report.changed, *report.left))
            event.record(session, actor, "roster-import", "roster", **report.counts())
            if also is not None:
                also(session, report)
    except IntegrityError:
        raise RosterError("somebody else changed the same people at this moment; try again") from None
    return report


def _plan(session: Session, sheet: Sheet, today: date) -> roster.Plan:
    reading = roster.read_rows(sheet.headings, sheet.places, sheet.rows, sheet.first_row, today)
    known = [_known(person) for person in all_people(session)]
    erased = ledger.entries()
    gone = [_gone(one) for one in reading.entries if ledger.names(one.employee_number, one.email, erased)]
    left = [one for one in reading.entries if one.row not in {refusal.row for refusal in gone}]
    plan = roster.plan(left, known, today, reading.keys)
    refused = tuple(sorted((*reading.refused, *gone, *plan.refused), key=lambda refusal: refusal.row))
    return replace(plan, refused=refused, notices=reading.notices + plan.notices)


def _gone(entry: roster.Entry) -> roster.Refusal:
    """Who was erased does not come back by a file (models/ledger.py)."""
    return roster.Refusal(entry.row, "employee_number" if entry.employee_number else "email", "", ERASED)


def _known(person: Person) -> roster.Known:
    value = person.value()
    known = {name: getattr(value, name) for name in value.__slots__}
    return roster.Known(**known, hired_on=person.hired_on, gender=person.gender)


def _report(sheet: Sheet, plan: roster.Plan, *, applied: bool) -> ImportReport:
    return ImportReport(
        applied=applied,
        digest=hashlib.sha256(repr(plan).encode("utf-8", "backslashreplace")).hexdigest()[:16],
        columns={field: sheet.headings[place] for field, place in sheet.places.items()},
        ignored=tuple(name for i, name in enumerate(sheet.headings) if name and i not in sheet.places.values()),
        added=plan.added,
        changed=plan.changed,
        unchanged=plan.unchanged,
        left=plan.left,
        missing=plan.missing,
        refused=plan.refused,
        warnings=plan.notices,
    )


def _save(session: Session, steps: Sequence[roster.Step]) -> None:
    """Everybody first, then who manages whom. Addresses that change are freed first, for people who swap them."""
    people = {person.id: person for person in all_people(session)}
    rows: dict[int, Person] = {}
    for step in steps:
        person = people.get(step.who.person) or Person(family_name="")
        if step.who.person and "email" in step.fields:
            if person.email:  # what lies in the old mailbox opens nothing any more
                link.revoke_for_person(session, person.id)
            person.email, person.mail_refused_on, person.mail_refused_code = None, None, ""
        rows[step.entry.row] = person
    session.flush()
    for step in steps:
        person = rows[step.entry.row]
        for name in (field for field in step.fields if field != "manager"):
            value = getattr(step.entry, name)
            setattr(person, name, list(value) if isinstance(value, tuple) else value)
        session.add(person)
    session.flush()
    for step in steps:
        if step.who.person and "email" in step.fields:
            delivery.readdress(session, step.who.person, rows[step.entry.row].email)
    for step in steps:
        if "manager" in step.fields:
            boss = step.manager and (people.get(step.manager.person) or rows[step.manager.row])
            rows[step.entry.row].manager_id = boss.id if boss else None


def _chosen(mapping: Mapped) -> dict[str, str]:
    """The mapping: field -> heading; an empty heading switches a field off."""
    chosen = _mapping_file(mapping) if isinstance(mapping, Path) else dict(mapping or {})
    for field, heading in chosen.items():
        if field not in roster.FIELDS or not isinstance(heading, str):
            raise RosterError(f'the mapping has "{field}"; it can have: {", ".join(roster.FIELDS)}')
    return chosen


def _mapping_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as problem:
        raise RosterError(f"the mapping {path.name} cannot be opened ({problem.strerror})") from None
    except ValueError:
        raise RosterError(f'the mapping {path.name} is not TOML: one line a field, field = "Heading"') from None


def _promise(row: Sequence[str], chosen: Mapping[str, str]) -> int:
    """How much a row looks like headings: the number of columns that are recognised, if there are two or more."""
    wanted = {fold(heading) for heading in chosen.values()} - {""}
    found = len(guess(row)) + len(wanted & {fold(cell) for cell in row})
    return found if found > 1 else 0


def _places(headings: Sequence[str], chosen: Mapping[str, str]) -> dict[str, int]:
    """Field -> column: by hand where the mapping says so, else by its heading."""
    known = {fold(heading) or heading: i for i, heading in reversed(list(enumerate(headings)))}
    there = ", ".join(heading for heading in headings if heading)
    taken: dict[str, int] = {}
    for field, heading in chosen.items():
        place = known.get(fold(heading) or heading) if heading else -1
        if place is None:
            raise RosterError(f'the mapping says {field} = "{heading}", but the columns are: {there}')
        taken[field] = place
    places = guess(headings, taken)
    whole = {"name", "last_first"} & {field for field, place in taken.items() if place >= 0}
    if whole and not {"given_name", "family_name"} & taken.keys():
        places = {field: place for field, place in places.items() if field not in {"given_name", "family_name"}}
    places = {field: place for field, place in places.items() if place >= 0}
    if not {"given_name", "name", "last_first"} & places.keys():
        raise RosterError(f"no column with given names or names was recognised among: {there}; use a mapping")
    if not {"employee_number", "email"} & places.keys():
        raise RosterError(f"no column with employee numbers or e-mail was recognised among: {there}; use a mapping")
    return places


def _separated(data: bytes, name: str) -> Table:
    """A text table: UTF-8 (or UTF-16 with its mark), else cp1252; the separator is the one that gives most headings."""
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise RosterError(f"{name}: not a table; neither a spreadsheet nor text in UTF-8 or Windows-1252")
    csv.field_size_limit(MAX_BYTES)
    try:
        best = max(";,\t|", key=lambda separator: _fit(text[:20_000], separator))
        return _rows(text, best, MAX_ROWS + TITLE_ROWS + 1)
    except csv.Error:
        raise RosterError(f"{name}: not a table that can be read") from None


def _fit(text: str, separator: str) -> tuple[int, int]:
    """How well a separator suits: the headings that it brings to light, then the number of columns."""
    return max(((_promise(row, {}), len(row)) for row in _rows(text, separator, TITLE_ROWS)), default=(0, 0))


def _rows(text: str, separator: str, at_most: int) -> Table:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    return [row for row, _ in zip(reader, range(at_most), strict=False)]


def _spreadsheet(data: bytes, name: str) -> Table:
    """The first sheet of a workbook that holds anything."""
    if data.startswith(b"PK"):
        _check_unpacked(data, name)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for index in range(len(book.sheet_names)):
            table = book.get_sheet_by_index(index).to_python(skip_empty_area=False, nrows=MAX_ROWS + TITLE_ROWS + 1)
            if any(cell not in ("", None) for row in table[:TITLE_ROWS] for cell in row):
                return [[_text(cell) for cell in row] for row in table]
    except (CalamineError, OSError, ValueError) as problem:
        raise RosterError(f"{name}: not a spreadsheet that can be read ({type(problem).__name__})") from None
    raise RosterError(f"{name}: an empty spreadsheet")


def _check_unpacked(data: bytes, name: str) -> None:
    """Refuse what would fill the memory: too much when unpacked, or a lone cell far outside the table."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
            if unpacked > min(len(data) * MAX_RATIO, MAX_UNPACKED):
                raise RosterError(f"{name}: unpacks to too much; save it again as a plain table")
            for part in packed.namelist():
                for letters, row in CELL.findall(packed.read(part)):
                    if (
                        len(row) > len(str(MAX_ROWS)) + 2
                        or int(row) > MAX_ROWS + TITLE_ROWS
                        or len(letters) > len("ZZ")
                    ):
                        where = (letters + row)[:10].decode()
                        raise RosterError(
                            f"{name}: more than {MAX_ROWS} rows, or a cell far outside the table ({where})"
                        )
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, EOFError, OSError, ValueError):
        raise RosterError(f"{name}: a damaged or protected spreadsheet") from None


def _text(cell: object) -> str:
    """A cell of a spreadsheet as one would type it: whole numbers without a point, days without a time."""
    match cell:
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            return cell.date().isoformat()
        case _:
            return "" if cell is None else str(cell)
