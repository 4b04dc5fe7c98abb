"""What somebody has typed so far, and not sent: sealed, for that person alone (`../vault`)."""

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import blake2b

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models import vault
from models.base import Base, insert_once
from models.request import Request
from models.response import Response
from models.sealed import Sealed


class Draft(Sealed, Base):
    """One a request: everything typed so far, as typed, right or wrong. It goes when the answer is sent, or is old."""

    __tablename__ = "draft"

    request_id: Mapped[int] = mapped_column(sa.ForeignKey("request.id", ondelete="CASCADE"), unique=True)
    saved_on: Mapped[date] = mapped_column(index=True)

    request: Mapped[Request] = relationship(lazy="joined")

    @property
    def owner(self) -> int | None:
        """Who types it."""
        return self.request.person_id

    @property
    def seal_place(self) -> str:
        """One request has one draft."""
        return _place(self.request_id)


def of_request(session: Session, request: Request) -> dict[str, list[str]]:
    """What was typed so far, by field; empty where nothing was."""
    found = session.scalars(sa.select(Draft).where(Draft.request_id == request.id)).first()
    return found.told if found else {}


def save(session: Session, request: Request, typed: Mapping[str, Sequence[str]], today: date) -> None:
    """Keep all that was typed so far, in the place of what was kept before."""
    text = vault.seal(session, request.person_id, _place(request.id), {k: list(v) for k, v in typed.items()})
    if not insert_once(session, Draft, request_id=request.id, sealed=text, saved_on=today):
        session.execute(sa.update(Draft).where(Draft.request_id == request.id).values(sealed=text, saved_on=today))
        session.expire_all()


def mark(session: Session, request_id: int) -> str:
    """What stands for all that is sealed for that request, draft and answer: another one after each writing.

    Empty where nothing is.
    """
    typed = session.scalar(sa.select(Draft.sealed).where(Draft.request_id == request_id)) or ""
    sent = session.scalar(sa.select(Response.sealed).where(Response.request_id == request_id)) or ""
    return blake2b(f"{typed}|{sent}".encode(), digest_size=20).hexdigest() if typed or sent else ""


def drop(session: Session, request_id: int) -> None:
    """The answer was sent, or the person threw the draft away."""
    session.execute(sa.delete(Draft).where(Draft.request_id == request_id))


def drop_before(session: Session, day: date) -> int:
    """Drop what was saved before `day` and never sent; how many there were."""
    return len(session.scalars(sa.delete(Draft).where(Draft.saved_on < day).returning(Draft.id)).all())


def _place(request_id: int) -> str:
    return f"draft.sealed|{request_id}"
