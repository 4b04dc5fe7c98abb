"""The answers, keyed by question id, tied to the version of the wording that was asked (CAP-209)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base
from models.request import Request


class Response(Base):
    """What one person answered to one request; a later answer to the same request takes its place."""

    __tablename__ = "response"

    request_id: Mapped[int] = mapped_column(sa.ForeignKey("request.id", ondelete="CASCADE"), unique=True)
    form: Mapped[str] = mapped_column(sa.String(60), index=True)
    version: Mapped[int]
    language: Mapped[str] = mapped_column(sa.String(5))
    answers: Mapped[dict[str, Any]]
    answered_on: Mapped[date]

    request: Mapped[Request] = relationship(lazy="joined")


def of_programme(session: Session, programme_id: int, form: str, *, about: str | None = None) -> Sequence[Response]:
    """All answers to one form in a programme, in the order given."""
    query = sa.select(Response).join(Request).where(Request.programme_id == programme_id, Response.form == form)
    if about:
        query = query.where(Request.about == about)
    return session.scalars(query.order_by(Response.id)).all()


def of_request(session: Session, request_id: int) -> Response | None:
    """The answer to that request, if there is one."""
    return session.scalars(sa.select(Response).where(Response.request_id == request_id)).first()
