"""The roster: a list of people becomes entries or refusals, and these a plan of what would change. Writes nothing.

Nobody is ever removed: who is in the database and not in the list is named, no more. Source: CAP-190, CAP-067.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from framework import roster_cells as cells
from framework.people import Person
from framework.roster_cells import Unreadable

FIELDS = (*cells.HEADINGS, *cells.ASKED_FOR)  # what a mapping may name
COMPARED = (
    "given_name", "family_name", "email", "language", "employee_number", "department", "site", "country", "job_title",
    "years", "level", "hired_on", "skills", "interests", "left_on", "external", "gender",
)  # fmt: skip
PLAIN: dict[str, Callable[[str], object]] = {  # fields whose cell alone decides
    "email": cells.address, "manager_email": cells.address, "years": cells.years, "external": cells.yes,
    "skills": cells.items, "interests": cells.items,
}  # fmt: skip
EITHER_WAY = "day and month could be either way round; read as day/month/year"
NO_SUCH_MANAGER = "the manager is neither in this file nor known here; left empty, or as it was"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row that could be read. `given` names the fields that the file states; the others keep what is known already.

    `manager` is an employee number or an e-mail address. Rows count as the spreadsheet does: the first row is 1.
    """

    row: int
    given_name: str
    family_name: str
    email: str | None = None
    language: str = "en"
    employee_number: str | None = None
    manager: str | None = None
    department: str = ""
    site: str = ""
    country: str = ""
    job_title: str = ""
    years: int = 0
    level: int = 0
    hired_on: date | None = None
    skills: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    left_on: date | None = None
    external: bool = False
    gender: str = ""
    given: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Given name and family name."""
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that cannot be taken: where, why, and the beginning of the cell (personal: only for who imports)."""

    row: int
    column: str
    value_hint: str
    reason: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that was taken, but that a person should look at. Without personal data."""

    column: str
    reason: str
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column holds which field (`places`), under which heading, and which columns write dates as m/d/y."""

    headings: tuple[str, ...]
    places: Mapping[str, int]
    months_lead: frozenset[str] = frozenset()

    def heading(self, field: str) -> str:
        """The heading of a field's column as the file has it, else the field's own name."""
        return self.headings[self.places[field]] if field in self.places else field


@dataclass(frozen=True, slots=True)
class Reading:
    """Every row of a list. `keys` are the employee numbers and addresses that occur, those of refused rows too."""

    entries: tuple[Entry, ...]
    refused: tuple[Refusal, ...]
    notices: tuple[Notice, ...]
    keys: frozenset[str]


@dataclass(slots=True)
class Reader:
    """Reads row after row and remembers what has been seen in this list."""

    layout: Layout
    today: date
    seen: dict[str, int] = field(default_factory=dict)
    rows: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))

    def read_row(self, row: int, values: Sequence[str]) -> Entry | Refusal:
        """One row; never raises."""
        got: dict[str, Any] = {}
        first: Refusal | None = None
        for name, place in self.layout.places.items():
            value = values[place] if place < len(values) else ""
            try:
                got[name] = self._cell(name, value, row)
            except Unreadable as problem:
                first = first or Refusal(row, self.layout.heading(name), cells.hint(value), str(problem))
        beyond = next((value for value in values[len(self.layout.headings) :] if value.strip()), None)
        if beyond is not None:
            first = Refusal(row, "", cells.hint(beyond), "more cells than the headings; a separator inside a cell?")
        twice = self._claim(row, got)
        return first or twice or self._entry(row, got)

    def notices(self) -> list[Notice]:
        """What was noticed over all rows read."""
        return [Notice(column, reason, tuple(rows)) for (column, reason), rows in self.rows.items()]

    def _cell(self, name: str, value: str, row: int) -> object:
        text = cells.text_of(value, name)
        found: object
        match name:
            case "hired_on" | "left_on":
                found = (cells.leave_day if name == "left_on" else cells.day)(text, name in self.layout.months_lead)
            case "level":
                found = self._or(cells.level(text), 0, name, "not a rank from 1 to 9; taken as unknown", row)
            case "language":
                found = cells.language(text) if text else ""
                found = self._or(found, "en", name, "not nl, fr or en; English taken", row)
            case _:
                found = PLAIN[name](text) if name in PLAIN else text
        return found

    def _or(self, found: object, default: object, name: str, reason: str, row: int) -> object:
        if found is None:
            self.rows[self.layout.heading(name), reason].append(row)
            return default
        return found

    def _claim(self, row: int, got: Mapping[str, Any]) -> Refusal | None:
        found = None
        for name, what in (("employee_number", "employee number"), ("email", "e-mail address")):
            if (key := got.get(name)) and (earlier := self.seen.setdefault(key, row)) != row and not found:
                found = Refusal(row, self.layout.heading(name), cells.hint(key), f"the same {what} as in row {earlier}")
        return found

    def _entry(self, row: int, got: dict[str, Any]) -> Entry | Refusal:
        for name in ("name", "last_first"):
            if whole := got.pop(name, ""):
                parts = cells.both_names(whole, name == "last_first")
                for part, text in zip(("given_name", "family_name"), parts, strict=True):
                    got[part] = got.get(part) or text
        if not got.get("given_name"):
            wanted = next((f for f in ("given_name", "name", "last_first") if f in self.layout.places), "given_name")
            return Refusal(row, self.layout.heading(wanted), "", "the name is missing")
        if not got.get("family_name"):
            self.rows[self.layout.heading("family_name"), "no family name"].append(row)
        if not (got.get("employee_number") or got.get("email")):
            wanted = "employee_number" if "employee_number" in self.layout.places else "email"
            return Refusal(row, self.layout.heading(wanted), "", "neither an employee number nor an e-mail address")
        return self._built(row, got)

    def _built(self, row: int, got: dict[str, Any]) -> Entry | Refusal:
        if {"manager", "manager_email"} & got.keys():
            got["manager"] = got.pop("manager_email", None) or got.get("manager") or None
        hired, left = got.get("hired_on"), got.get("left_on")
        if hired and left and left < hired:
            return Refusal(row, self.layout.heading("left_on"), "", "leaves before the day of arrival")
        if hired and not got.get("years"):
            birthday = (self.today.month, self.today.day) >= (hired.month, hired.day)
            got["years"] = max(0, self.today.year - hired.year - (not birthday))
        if not got.get("employee_number"):
            got.pop("employee_number", None)
        given = tuple(sorted(name for name in got if name != "language" or got[name]))
        got["language"] = got.get("language") or cells.default_language(got.get("country", ""), got.get("site", ""))
        return Entry(**{"family_name": "", **got, "row": row, "given": given})


def read_rows(
    headings: Sequence[str], places: Mapping[str, int], rows: Iterable[Sequence[str]], first: int, today: date
) -> Reading:
    """Every row but the empty ones; `first` is the number of the first, `today` decides the years since a hire date."""
    numbered = [(number, row) for number, row in enumerate(rows, first) if any(cell.strip() for cell in row)]
    months_lead, notices = set(), []
    for name in ("hired_on", "left_on"):
        column = [row[places[name]] for _, row in numbered if places.get(name, len(row)) < len(row)]
        order = cells.month_first(column)
        if order is None:
            notices.append(Notice(headings[places[name]], EITHER_WAY))
        elif order:
            months_lead.add(name)
    reader = Reader(Layout(tuple(headings), places, frozenset(months_lead)), today)
    read = [reader.read_row(number, row) for number, row in numbered]
    entries = tuple(entry for entry in read if isinstance(entry, Entry))
    refused = tuple(refusal for refusal in read if isinstance(refusal, Refusal))
    return Reading(entries, refused, tuple(notices + reader.notices()), frozenset(reader.seen))


@dataclass(frozen=True, slots=True, kw_only=True)
class Known(Person):
    """Somebody in the database: a person, the day of arrival, and what no rule may look at."""

    hired_on: date | None = None
    gender: str = ""


@dataclass(frozen=True, slots=True)
class Who:
    """A person as a plan names one: by id where known already, else by the row that adds the person."""

    person: int = 0
    row: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to one entry. `fields` names what changes; `manager` counts if "manager" is among them."""

    entry: Entry
    who: Who
    fields: tuple[str, ...] = ()
    manager: Who | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do. `left`: here until now, gone says the file; `missing`: ids, not in it, never removed."""

    added: tuple[Step, ...] = ()
    changed: tuple[Step, ...] = ()
    unchanged: tuple[Step, ...] = ()
    left: tuple[Step, ...] = ()
    missing: tuple[int, ...] = ()
    refused: tuple[Refusal, ...] = ()
    notices: tuple[Notice, ...] = ()


def plan(entries: Sequence[Entry], existing: Sequence[Known], today: date, keys: frozenset[str] = frozenset()) -> Plan:
    """What would change. `keys` are further numbers and addresses in the list, such as those of refused rows."""
    found, refused = _matched(entries, existing)
    people = {person.id: person for person in existing}
    gone = tuple(e.row for e in entries if found.get(e.row) == 0 and e.left_on is not None and e.left_on <= today)
    skipped = set(gone)
    known = [entry for entry in entries if entry.row in found and entry.row not in skipped]
    whos = {entry.row: Who(person=found[entry.row]) if found[entry.row] else Who(row=entry.row) for entry in known}
    bosses, notices = _managers(known, existing, whos)
    if gone:
        notices.append(Notice("left_on", "left already and not known here; not added", gone))
    steps: dict[str, list[Step]] = {"added": [], "changed": [], "unchanged": [], "left": []}
    for entry in known:
        kind, step = _step(entry, whos[entry.row], people.get(found[entry.row]), bosses, today)
        steps[kind].append(step)
    listed = keys | {key for entry in entries for key in (entry.employee_number, entry.email) if key}
    matched = set(found.values())
    away = [p for p in existing if p.id not in matched and p.is_here(today)]
    missing = tuple(p.id for p in away if not {p.employee_number, p.email} & listed)
    done = {kind: tuple(of_kind) for kind, of_kind in steps.items()}
    return Plan(**done, missing=missing, refused=tuple(refused), notices=tuple(notices))


def _matched(entries: Sequence[Entry], existing: Sequence[Known]) -> tuple[dict[int, int], list[Refusal]]:
    """Row -> id of the person it is about (0 for a new one), and the rows whose address is somebody else's."""
    by_number = {person.employee_number: person for person in existing if person.employee_number}
    by_email = {person.email: person for person in existing if person.email}
    numbered = {e.row: by_number[e.employee_number] for e in entries if e.employee_number in by_number}
    refused: dict[int, Refusal] = {}
    while True:
        kept = [entry for entry in entries if entry.row not in refused]
        moved = {numbered[e.row].id for e in kept if e.row in numbered and e.email and e.email != numbered[e.row].email}
        taken = {numbered[e.row].id for e in kept if e.row in numbered}
        found = {}
        before = len(refused)
        for entry in kept:
            person, holder = numbered.get(entry.row), by_email.get(entry.email or "")
            if person is None and holder and holder.id not in taken and _same(entry, holder):
                person = holder
            if holder and holder is not person and holder.id not in moved:
                reason = "the address of somebody else who is known here, under another employee number"
                refused[entry.row] = Refusal(entry.row, "email", cells.hint(entry.email or ""), reason)
            else:
                found[entry.row] = person.id if person else 0
        if len(refused) == before:
            return found, list(refused.values())


def _same(entry: Entry, holder: Known) -> bool:
    """Whether an address that both use means one person: no rival employee numbers, unless the name is the same too."""
    numbers = {entry.employee_number, holder.employee_number} - {None}
    return len(numbers) <= 1 or entry.name.casefold() == holder.name.casefold()


def _step(
    entry: Entry, who: Who, person: Known | None, bosses: Mapping[int, Who | None], today: date
) -> tuple[str, Step]:
    """The kind of change, and the step."""
    manager = bosses.get(entry.row)
    if person is None:
        return "added", Step(entry, who, (*(name for name in COMPARED if getattr(entry, name)), "manager"), manager)
    fields = [name for name in COMPARED if name in entry.given and getattr(entry, name) != getattr(person, name)]
    if entry.row in bosses and (Who(person=person.manager) if person.manager else None) != manager:
        fields.append("manager")
    gone = "left_on" in fields and person.is_here(today) and entry.left_on is not None and entry.left_on <= today
    return ("left" if gone else "changed" if fields else "unchanged"), Step(entry, who, tuple(fields), manager)


def _managers(
    entries: Sequence[Entry], existing: Sequence[Known], whos: Mapping[int, Who]
) -> tuple[dict[int, Who | None], list[Notice]]:
    """Row -> manager, for the rows that name one or say that there is none; and what is odd about them."""
    keys = {key: Who(person=p.id) for p in existing for key in (p.email, p.employee_number) if key}
    keys |= {key: whos[e.row] for e in entries for key in (e.email, e.employee_number) if key}
    bosses: dict[int, Who | None] = {}
    unknown, own = [], []
    for entry in entries:
        key = entry.manager or ""
        boss = keys.get(key) or keys.get(key.lower())
        if "manager" in entry.given and (boss or not key):
            bosses[entry.row] = None if boss == whos[entry.row] else boss
            own += [entry.row] if boss == whos[entry.row] else []
        elif key:
            unknown.append(entry.row)
    notices = [Notice("manager", NO_SUCH_MANAGER, tuple(unknown))] if unknown else []
    notices += [Notice("manager", "their own manager; taken as having none", tuple(own))] if own else []
    above = {Who(person=p.id): Who(person=p.manager) for p in existing if p.manager}
    above |= {whos[row]: boss for row, boss in bosses.items() if boss}
    for row in (row for row, boss in bosses.items() if not boss):
        above.pop(whos[row], None)
    rows = {who: row for row, who in whos.items()}
    return bosses, notices + [Notice("manager", "manage each other in a circle", ring) for ring in _rings(above, rows)]


def _rings(above: Mapping[Who, Who], rows: Mapping[Who, int]) -> list[tuple[int, ...]]:
    """The circles in who manages whom, each as its row numbers in order of the file; people not in it have no row."""
    done: set[Who] = set()
    rings = []
    for start in above:
        path: dict[Who, None] = {}
        at: Who | None = start
        while at is not None and at not in done and at not in path:
            path[at] = None
            at = above.get(at)
        if at is not None and at in path:
            ring = list(path)[list(path).index(at) :]
            rings.append(tuple(sorted(rows[who] for who in ring if who in rows)))
        done.update(path)
    return rings
