"""The answers, keyed by question id, tied to the version of the wording that was asked (CAP-209).

What people confide or write in their own words is sealed (`vault.py`); the rest stands open, so that it can be counted.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship

from framework.content import FORMS
from framework.questions import Answers
from models import vault
from models.base import Base, insert_once
from models.request import Request


class Response(Base):
    """What one person answered to one request; a later answer to the same request takes its place.

    `open` are the answers that may be counted, `sealed` the others; `answers` are both together, without those whose
    key was destroyed.
    """

    __tablename__ = "response"

    request_id: Mapped[int] = mapped_column(sa.ForeignKey("request.id", ondelete="CASCADE"), unique=True)
    form: Mapped[str] = mapped_column(sa.String(60), index=True)
    version: Mapped[int]
    language: Mapped[str] = mapped_column(sa.String(5))
    open: Mapped[dict[str, Any]] = mapped_column("answers")
    sealed: Mapped[str] = mapped_column(sa.Text, default="")
    answered_on: Mapped[date]

    request: Mapped[Request] = relationship(lazy="joined")

    @property
    def answers(self) -> Answers:
        """Everything that was answered and still opens. Raises VaultError."""
        session = object_session(self)
        if not self.sealed or session is None:
            return dict(self.open)
        told = vault.unseal(session, self.request.person_id, _place(self.request_id), self.sealed)
        return {**self.open, **(told or {})}


def keep(
    session: Session, asked: Request, *, form: str, version: int, language: str, answers: Answers, answered_on: date
) -> None:
    """Write an answer down, or put it in the place of an earlier one."""
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


def parted(form: str, answers: Answers) -> Answers:
    """Those of the answers that are sealed; an answer to a question that is no longer asked is one of them."""
    known = {q.id: q for q in FORMS[form].questions} if form in FORMS else {}
    return {name: value for name, value in answers.items() if name not in known or known[name].confided}


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
