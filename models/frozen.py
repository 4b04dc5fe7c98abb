"""Figures that are kept as they were, because what they rest on is about to go (docs/operator.md, Erase a person).

`basis` says what a figure was made from, as a number; once there is more than that, it is made anew from what is left.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import programme  # noqa: F401 - the table that a figure points to
from models.base import Base


class Frozen(Base):
    """One figure of one round, in counts alone."""

    __tablename__ = "frozen"
    __table_args__ = (sa.UniqueConstraint("programme_id", "name", "round"),)

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(sa.String(40))
    round: Mapped[int]
    basis: Mapped[int]
    figures: Mapped[dict[str, Any]]


def keep(
    session: Session, programme_id: int, name: str, number: int, basis: int, make: Callable[[], dict[str, Any]]
) -> None:
    """Keep a figure as it is now, unless it was kept on the same basis before: then what it rests on may have gone."""
    if of(session, programme_id, name, number, basis) is not None:
        return
    where = {"programme_id": programme_id, "name": name, "round": number}
    session.execute(sa.delete(Frozen).where(*(getattr(Frozen, key) == at for key, at in where.items())))
    session.add(Frozen(**where, basis=basis, figures=make()))
    session.flush()


def of(session: Session, programme_id: int, name: str, number: int, basis: int) -> dict[str, Any] | None:
    """The figure as it was kept; None where it never was, or there is more to count by now."""
    wanted = (Frozen.programme_id == programme_id, Frozen.name == name, Frozen.round == number, Frozen.basis == basis)
    found = session.scalars(sa.select(Frozen).where(*wanted)).first()
    return found.figures if found else None
