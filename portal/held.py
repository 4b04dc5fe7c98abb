"""All that is held on somebody as one page to read, in the own language (GDPR art. 15): for a file, not for the web.

Codes stand in the desk's plain words, answers beside the questions as they were asked. What has no words of ours, such
as a day or a number, stands as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session
from starlette.datastructures import QueryParams

from framework.content import FORMS
from framework.questions import Questionnaire
from framework.wordings import worded
from models import programme, wording
from portal import words
from portal.downloads import worded as codes
from portal.page import ISO_DAY, Page, brand_of, environment
from portal.shown import told

Rows = Sequence[Mapping[str, Any]]
FIELDS = {
    "given_name": "Given name",
    "family_name": "Family name",
    "employee_number": "Employee number",
    "email": "E-mail",
    "language": "Language",
    "line_manager": "Line manager",
    "department": "Department",
    "site": "Site",
    "country": "Country",
    "job_title": "Job title",
    "level": "Grade",
    "years": "Years of experience",
    "hired_on": "In service since",
    "left_on": "Left on",
    "gender": "Gender",
    "skills": "Skills",
    "interests": "Interests",
}
COLUMNS = {
    "programme": "Programme",
    "role": "Role",
    "status": "Status",
    "score": "Score",
    "reason": "Why",
    "round": "Round",
    "partner": "Partner",
    "origin": "Made by",
    "reasons": "What speaks for it",
    "accepted_on": "Together since",
    "closed_on": "Ended on",
    "close_reason": "Why it ended",
    "phase": "Phase",
    "choice": "Decided",
    "decided_on": "On",
    "planned_on": "Planned for",
    "held_on": "Held",
    "minutes": "Minutes",
    "number": "Number",
    "issued_on": "On",
    "signed_on": "Signed on",
    "rank": "Rank",
    "name": "Name",
    "place": "Place",
    "on": "On",
    "made_on": "On",
    "scores": "Score",
    "purpose": "Opens",
    "expires_on": "Works until",
    "at": "On",
    "action": "What",
    "about": "About",
    "form": "Form",
    "opened_on": "Asked on",
}
"""The heading of each column that is shown; the others stand in the files alone."""
SECTIONS = {
    "roles": ("Where you take part", ("programme", "role", "status", "score", "reason")),
    "pairs": (
        "Your pairs, and how they came about",
        ("programme", "partner", "status", "score", "reasons", "origin", "accepted_on", "closed_on", "close_reason"),
    ),
    "matchings": ("When the matching looked at you", ("programme", "round", "made_on", "scores")),
    "wishes": ("Your list of wishes", ("programme", "round", "rank", "name")),
    "decisions": ("Decisions about you", ("programme", "phase", "choice", "reason", "decided_on")),
    "agreements": ("Your agreements", ("status", "signed_on")),
    "meetings": ("Your meetings", ("planned_on", "status", "held_on", "minutes")),
    "training": ("Your training", ("on", "place", "status")),
    "certificates": ("Your certificates", ("number", "issued_on")),
    "links": ("Your personal links", ("purpose", "expires_on")),
    "trail": ("What was done, and when", ("at", "action", "about")),
}
IN_WORDS: Mapping[str, Mapping[str, str]] = {
    "role": codes.ROLES,
    "origin": codes.MADE,
    "close_reason": codes.ENDS,
    "phase": words.PHASES,
}
STATUSES: Mapping[str, Mapping[str, str]] = {"roles": codes.PEOPLE, "pairs": codes.PAIRS, "training": codes.TRAINING}


@dataclass(frozen=True, slots=True)
class Table:
    """One section: its title, the headings, and the rows in words."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One form that was answered: its title, the day, and each question with the answer."""

    title: str
    on: str
    lines: tuple[tuple[str, str], ...]


def page(session: Session, language: str, record: Mapping[str, Any], rows: Mapping[str, Rows], today: date) -> str:
    """The whole page."""
    drawn = _page(session, language, rows)
    mine = [
        (drawn.say(title), _value(drawn, "", name, record[name])) for name, title in FIELDS.items() if record.get(name)
    ]
    return (
        environment()
        .get_template("held.html")
        .render(
            page=drawn,
            _=drawn.say,
            today=drawn.day(today),
            record=mine,
            tables=[_table(drawn, kind, found) for kind in SECTIONS if (found := rows.get(kind))],
            answered=[_sheet(session, drawn, one) for one in rows.get("questions", ()) if one.get("answers")],
            others=[_sheet(session, drawn, one) for one in rows.get("others_answers", ())],
            drafts=[drawn.say(form.title) for one in rows.get("drafts", ()) if (form := FORMS.get(one["form"]))],
            mails=[
                one | {"on": _value(drawn, "", "sent_on", one["sent_on"] or one["planned_on"])}
                for one in map(dict, rows.get("mails", ()))
            ],
        )
    )


def _page(session: Session, language: str, rows: Mapping[str, Rows]) -> Page:
    """A page in that language, with the words of the programme in which this person took part last."""
    known = programme.all_programmes(session)
    mine = [one.get("programme") for one in rows.get("roles", ())]
    last = next((row for row in reversed(known) if row.slug in mine), known[-1] if known else None)
    return Page(QueryParams(), language, brand_of(last.rules, None, language) if last else None)


def _table(page: Page, kind: str, rows: Rows) -> Table:
    title, columns = SECTIONS[kind]
    return Table(
        page.say(title),
        tuple(page.say(COLUMNS[name]) for name in columns),
        tuple(tuple(_value(page, kind, name, row.get(name)) for name in columns) for row in rows),
    )


def _value(page: Page, kind: str, name: str, value: object) -> str:
    """A value in words."""
    known = (STATUSES.get(kind, {}) if name == "status" else IN_WORDS.get(name, {})).get(str(value))
    if known:
        return page.say(known)
    if name == "reasons" and isinstance(value, Mapping):
        return page.listed(
            [page.say(words.FACTORS[code]) for code, points in value.items() if points and code in words.FACTORS]
        )
    if isinstance(value, list):
        return page.listed([str(one) for one in value])
    text = "" if value is None else str(value)
    return page.day(date.fromisoformat(text[:10])) if ISO_DAY.fullmatch(text[:10]) else text.replace("_", " ")


def _sheet(session: Session, page: Page, one: Mapping[str, Any]) -> Sheet:
    form = FORMS.get(one["form"])
    if form is None:
        return Sheet(one["form"], "", tuple((name, str(value)) for name, value in one["answers"].items()))
    asked = _as_asked(session, page, form, one["version"])
    given = dict(one["answers"])
    lines = [(page.say(q.ask), told(page, q, given.pop(q.id))) for q in asked.questions if q.id in given]
    lines += [(name, str(value)) for name, value in given.items()]  # what is no longer asked
    return Sheet(page.say(form.title), _value(page, "", "answered_on", one["answered_on"]), tuple(lines))


def _as_asked(session: Session, page: Page, form: Questionnaire, version: int) -> Questionnaire:
    if version == form.version:
        return form
    return replace(worded(form, wording.asked(session, form.id, version, page.language)), id=form.id)
