"""What people answered and what was written to them, as far as a coordinator may read it (`framework.visibility`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from framework.content.review import FORM_OF
from framework.people import Role
from framework.visibility import readable
from models.delivery import Delivery
from models.response import Response
from portal import outbox, shown
from portal.shown import Shown
from portal.visit import DeskVisit


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One message: its number, its subject as far as a coordinator may read it, the day and how it stands."""

    id: int
    subject: str
    on: date
    state: str
    whom: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """One review of a pair: each question with what the two said, each apart."""

    kind: str
    on: date
    rows: tuple[tuple[str, str, str], ...]


def answer(session: Session, visit: DeskVisit, given: Response) -> Shown | None:
    """An answer in words, section by section; None where a coordinator may read nothing of it."""
    page, form = visit.page, shown.as_asked(session, visit.page, given)
    told = readable(form, given.answers, Role.COORDINATOR, visit.programme.track)
    parts = []
    for section in form.sections:
        here = [q for q in section.questions if q.id in told]
        if lines := tuple((page.say(q.ask), shown.told(page, q, told[q.id])) for q in here):
            parts.append((page.say(section.title), lines))
    return Shown(page.say(form.title), given.answered_on, tuple(parts)) if parts else None


def apart(session: Session, visit: DeskVisit, answers: Sequence[Response]) -> list[Apart]:
    """The reviews of one pair, the newest first, with the two side by side."""
    rounds: dict[tuple[int, str], dict[Role, Response]] = {}
    kinds = {form: (kind, role) for (kind, role), form in FORM_OF.items()}
    for given in answers:
        kind, role = kinds[given.form]
        rounds.setdefault((given.request.round, kind), {})[role] = given
    found = [_apart(session, visit, kind, both) for (_, kind), both in rounds.items()]
    return sorted((one for one in found if one.rows), key=lambda one: one.on, reverse=True)


def _apart(session: Session, visit: DeskVisit, kind: str, both: dict[Role, Response]) -> Apart:
    page, asks, said = visit.page, dict[str, str](), dict[tuple[str, Role], str]()
    for role, given in both.items():
        form = shown.as_asked(session, page, given)
        told = readable(form, given.answers, Role.COORDINATOR, visit.programme.track)
        for question in form.questions:
            if question.id in told:
                asks.setdefault(question.id, page.say(question.ask))
                said[question.id, role] = shown.told(page, question, told[question.id])
    rows = ((ask, said.get((name, Role.MENTOR), ""), said.get((name, Role.MENTEE), "")) for name, ask in asks.items())
    return Apart(kind=kind, on=max(one.answered_on for one in both.values()), rows=tuple(rows))


def mails(session: Session, visit: DeskVisit, rows: Sequence[Delivery], names: dict[int, str]) -> list[Mail]:
    """These messages, each with its subject; `names` are the people by id."""
    return [
        Mail(
            id=row.id,
            subject=outbox.titled(session, visit, row),
            on=row.sent_on or row.due_on,
            state=outbox.state_of(visit, row),
            whom=names.get(row.person_id, ""),
        )
        for row in rows
    ]
