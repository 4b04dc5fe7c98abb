"""The answers, keyed by question id, tied to the version of the wording that was asked (CAP-209).

What people confide or write in their own words is sealed (`vault.py`); the rest stands open, so that it can be counted.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship
from sqlalchemy.orm.attributes import flag_modified

from framework.content import FORMS
from framework.questions import Answers
from models import vault, wording
from models.base import Base, insert_once
from models.request import Request
from models.sealed import Sealed


class Response(Sealed, Base):
    """What one person answered to one request; a later answer to the same request takes its place.

    `open` are the answers that may be counted, `sealed` the others; `answers` are both together, without those whose
    key was destroyed. Of one that was emptied nothing stands here any more (models/tally.py).
    """

    __tablename__ = "response"

    request_id: Mapped[int] = mapped_column(sa.ForeignKey("request.id", ondelete="CASCADE"), unique=True)
    form: Mapped[str] = mapped_column(sa.String(60), index=True)
    version: Mapped[int]
    language: Mapped[str] = mapped_column(sa.String(5))
    open: Mapped[dict[str, Any]] = mapped_column("answers")
    answered_on: Mapped[date]
    emptied_on: Mapped[date | None]

    request: Mapped[Request] = relationship(lazy="joined")

    @property
    def owner(self) -> int | None:
        """Who answered."""
        return self.request.person_id

    @property
    def seal_place(self) -> str:
        """One request has one answer."""
        return _place(self.request_id)

    @property
    def answers(self) -> Answers:
        """Everything that was answered and still opens, in the order of the form. Raises VaultError."""
        return _in_order(self.form, {**self.open, **self.told})

    def loose(self) -> Answers:
        """What stands open and is confided: an older version wrote it, or the question's class has changed."""
        return parted(self.form, self.open)

    def _leave_open(self, told: Mapping[str, Any]) -> None:
        shut = self.loose()
        self.open = _in_order(self.form, {n: v for n, v in self.open.items() if n not in shut} | dict(told))
        flag_modified(self, "open")


def keep(
    session: Session, asked: Request, *, form: str, version: int, language: str, answers: Answers, answered_on: date
) -> None:
    """Write an answer down, or put it in the place of an earlier one."""
    wording.keep(session, form, version)
    confided = parted(form, answers)
    text = vault.seal(session, asked.person_id, _place(asked.id), confided) if confided else ""
    values: dict[str, Any] = {
        "form": form,
        "version": version,
        "language": language,
        "open": {name: value for name, value in answers.items() if name not in confided},
        "sealed": text,
        "answered_on": answered_on,
    }
    if insert_once(session, Response, request_id=asked.id, **values):
        return
    if earlier := of_request(session, asked.id):
        for name, value in values.items():
            setattr(earlier, name, value)
            flag_modified(earlier, name)  # written even where we think it is so: somebody may have sealed it meanwhile


def parted(form: str, answers: Answers) -> Answers:
    """Those of the answers that are sealed; an answer to a question that is no longer asked is one of them."""
    known = {q.id: q for q in FORMS[form].questions} if form in FORMS else {}
    return {name: value for name, value in answers.items() if name not in known or known[name].confided}


def _in_order(form: str, answers: Mapping[str, Any]) -> Answers:
    """The answers in the order of the questions; those to questions that are no longer asked come last."""
    asked = [q.id for q in FORMS[form].questions] if form in FORMS else []
    return {name: answers[name] for name in asked if name in answers} | dict(answers)


def of_programme(session: Session, programme_id: int, form: str, *, about: str | None = None) -> Sequence[Response]:
    """All answers to one form in a programme, in the order given."""
    query = sa.select(Response).join(Request).where(Request.programme_id == programme_id, Response.form == form)
    if about:
        query = query.where(Request.about == about)
    found = session.scalars(query.order_by(Response.id)).all()
    vault.load(session, (one.request.person_id for one in found if one.sealed))
    return found


def of_request(session: Session, request_id: int) -> Response | None:
    """The answer to that request, if there is one."""
    return session.scalars(sa.select(Response).where(Response.request_id == request_id)).first()


def _place(request_id: int) -> str:
    return f"response.sealed|{request_id}"


@dataclass(frozen=True, slots=True)
class Given:
    """One answer to a form, in a few values: about what, by whom, in which round, on which day."""

    about: str
    person_id: int
    form: str
    round: int
    answered_on: date
    answers: Answers


def latest(
    session: Session, programme_id: int, forms: Collection[str], *, about: str | None = None, number: int | None = None
) -> list[Given]:
    """The newest answer of each person about each thing to any of these forms: quick where there are thousands.

    `about` limits it to one thing, `number` to one round.
    """
    columns: tuple[Any, ...] = (Response.request_id, Request.about, Request.person_id, Response.form, Request.round)
    columns += (Response.answered_on, Response.open.label("open"), Response.sealed)
    query = sa.select(*columns).join(Request, Response.request_id == Request.id)
    query = query.where(Request.programme_id == programme_id, Response.form.in_(forms)).order_by(Response.id)
    if about:
        query = query.where(Request.about == about)
    if number is not None:
        query = query.where(Request.round == number)
    newest = {(row.about, row.person_id): row for row in session.execute(query)}
    vault.load(session, {row.person_id for row in newest.values() if row.sealed})
    found = []
    for row in newest.values():
        told = vault.unseal(session, row.person_id, _place(row.request_id), row.sealed) if row.sealed else None
        answers: Answers = {**row.open, **(told or {})}
        found.append(Given(row.about, row.person_id, row.form, row.round, row.answered_on, answers))
    return found
