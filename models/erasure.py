"""Who was erased, and when: a tombstone by number, without a way back to the person (GDPR art. 17)."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import person  # noqa: F401 - the table that an erasure points to
from models.base import Base, engine, insert_once


class Erasure(Base):
    """One erasure: the number of the person, the day, and how many rows of each kind went."""

    __tablename__ = "erasure"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    erased_on: Mapped[date]
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)


def note(session: Session, person_id: int, today: date, counts: dict[str, int]) -> bool:
    """Write down that somebody was erased; False where it stands there already."""
    return insert_once(session, Erasure, person_id=person_id, erased_on=today, counts=counts)


def sweep() -> bool:
    """Take what was overwritten out of SQLite's files, too; False on PostgreSQL, where `VACUUM FULL` does that."""
    if engine().dialect.name != "sqlite":
        return False
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        raw = connection.connection.driver_connection
        if raw is not None:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return True
