"""The audit trail: who did what, when. Ids only; no name, address or answer (CAP-200)."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base
from models.installation import now


class Event(Base):
    """One deed. `actor` is `person:3`, `flow` or `operator`; `about` names the object."""

    __tablename__ = "event"

    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(sa.String(40))
    action: Mapped[str] = mapped_column(sa.String(40))
    about: Mapped[str] = mapped_column(sa.String(60), index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


def record(session: Session, actor: str, action: str, about: str, **detail: str | int | bool) -> None:
    """Write a line of the trail, in the transaction of the deed itself."""
    session.add(Event(at=now(), actor=actor, action=action, about=about, detail=detail))
