"""What is shown beside the questions: what the other one wrote before, as far as the reader may read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from framework.content import FORMS
from framework.people import Role
from framework.questions import Column, Kind, Question, Questionnaire
from framework.visibility import Track, readable
from framework.wordings import worded
from models import response, wording
from models.request import Request
from portal.page import Page

SHOWS: Mapping[str, tuple[str, ...]] = {
    "preparation_shared": ("meeting_preparation",),
    "contract_signature": ("growth_contract", "new_hire_agreement"),
    "manager_consent": ("growth_contract", "new_hire_agreement"),
}
"""The form that is open, and the forms whose latest answer about the same pair or meeting stands beside it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What was answered: its title and date, and the sections with a question and an answer each."""

    title: str
    on: date
    parts: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def beside(session: Session, page: Page, request: Request, reader: Role, track: Track) -> Shown | None:
    """The latest answer about the same thing; nothing where a request is about no pair or meeting of its own."""
    if ":" not in request.about:
        return None
    programme, about, names = request.programme_id, request.about, SHOWS.get(request.form, ())
    found = [row for name in names for row in response.of_programme(session, programme, name, about=about)]
    if not found:
        return None
    latest = max(found, key=lambda r: (r.answered_on, r.id))
    form = as_asked(session, page, latest)
    given = readable(form, latest.answers, reader, track)
    parts = []
    for section in form.sections:
        lines = tuple((page.say(q.ask), told(page, q, given[q.id])) for q in section.questions if q.id in given)
        if lines:
            parts.append((page.say(section.title), lines))
    return Shown(page.say(form.title), latest.answered_on, tuple(parts))


def as_asked(session: Session, page: Page, given: response.Response) -> Questionnaire:
    """The form in the words that its answer was given to: an older version than today's may have asked otherwise."""
    form = FORMS[given.form]
    if given.version == form.version:
        return form
    return worded(form, wording.asked(session, given.form, given.version, page.language))


def told(page: Page, question: Question, value: object) -> str:
    """An answer in words."""
    labels = {option.id: page.worded(option.label) for option in question.options}
    match question.kind:
        case Kind.YES_NO | Kind.CONFIRM:
            return page.say("Yes") if value == "yes" else page.say("No")
        case Kind.SCALE:
            return page.say("%(value)s of 5", value=value)
        case Kind.NUMBER:
            return f"{value} {page.say(question.unit)}".strip()
        case Kind.DATE:
            return page.day(date.fromisoformat(str(value)))
        case Kind.ROWS if isinstance(value, list):
            return "\n".join(_row(page, question, row) for row in value)
        case Kind.CHOICES | Kind.PRIORITIES | Kind.RANKING if isinstance(value, list | dict):
            return page.listed([labels.get(str(v), str(v).removeprefix("own:")) for v in value])
        case _:
            return labels.get(str(value), str(value))


def _row(page: Page, question: Question, row: Mapping[str, object]) -> str:
    """One line of a table: each cell behind the name of its column."""
    cells = [(c, row[c.id]) for c in question.columns if c.id in row]
    return "; ".join(f"{page.say(c.label)}: {_cell(page, c, value)}" for c, value in cells)


def _cell(page: Page, column: Column, value: object) -> str:
    if column.kind is Kind.DATE:
        return page.day(date.fromisoformat(str(value)))
    return next((page.worded(o.label) for o in column.options if o.id == value), str(value))
