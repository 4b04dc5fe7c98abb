"""The audit trail: who did what, when. Ids only; no name, address or answer (CAP-200).

Every row is a link of one chain. A link's mark is the SHA-256 of the mark before it and of its row, so that a row
which is changed, taken out, put in or moved no longer fits. The mark is written in the transaction of the deed, as the
last thing that happens in it: whoever writes the trail waits for others for the length of a commit, and no longer.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, Session, mapped_column, object_session

from models.base import Base, rehearsed
from models.installation import now

CHAIN = 0x42616B656E41
"""The name of the lock on PostgreSQL. It is the last one that a transaction takes, so nobody waits in a ring."""
WRITTEN = "written in the trail"


class Event(Base):
    """One deed, never changed. `actor` is `person:3`, `flow` or `operator`; `about` names the object."""

    __tablename__ = "event"

    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(sa.String(40))
    action: Mapped[str] = mapped_column(sa.String(40))
    about: Mapped[str] = mapped_column(sa.String(60), index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class EventMark(Base):
    """One link of the chain: `id` is its place, counted from 1 without a gap, and `mark` 64 hexadecimal digits."""

    __tablename__ = "event_mark"
    event_id: Mapped[int] = mapped_column(unique=True)
    mark: Mapped[str] = mapped_column(sa.String(64))


class EventClosing(Base):
    """An old part of the trail was closed off: up to that place its rows may go, and the chain stands on this mark."""

    __tablename__ = "event_closing"

    upto: Mapped[int] = mapped_column(unique=True)
    mark: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime]


class Head(NamedTuple):
    """Where the chain ends: the place of its last link, counted from 1, and that link's mark. 0 and "" for no link."""

    place: int
    mark: str


class Row(NamedTuple):
    """What a mark vouches for, as it stands in the table."""

    id: int
    at: datetime
    actor: str
    action: str
    about: str
    detail: dict[str, Any]


def mark_of(before: str, place: int, row: Row) -> str:
    """The mark of a row at that place, after the mark before it. This form never changes: old marks would not fit."""
    at = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    told = [before, place, row.id, at, row.actor, row.action, row.about, row.detail]
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def links(last: Head, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The links of these rows after that head, as rows of `event_mark`."""
    found: list[dict[str, Any]] = []
    place, mark = last
    for row in rows:
        place, mark = place + 1, mark_of(mark, place + 1, row)
        found.append({"id": place, "event_id": row.id, "mark": mark})
    return found


def head(session: Session | Connection) -> Head:
    """Where the chain ends now."""
    last = session.execute(sa.select(EventMark.id, EventMark.mark).order_by(EventMark.id.desc()).limit(1)).first()
    if last is None:  # a trail that was closed off as a whole goes on from there
        closed = sa.select(EventClosing.upto, EventClosing.mark).order_by(EventClosing.upto.desc())
        last = session.execute(closed.limit(1)).first()
    return Head(*last) if last else Head(0, "")


def record(session: Session, actor: str, action: str, about: str, **detail: str | int | bool) -> None:
    """Write a line of the trail, in the transaction of the deed itself."""
    session.add(Event(at=now(), actor=actor, action=action, about=about, detail=detail))


@sa.event.listens_for(Event, "after_insert")
def _remember(mapper: Mapper[Event], connection: Connection, row: Event) -> None:  # noqa: ARG001 - SQLAlchemy's shape
    if (session := object_session(row)) is not None:
        session.info.setdefault(WRITTEN, []).append(row)


@sa.event.listens_for(Session, "before_commit")
def _link(session: Session) -> None:
    """The last thing in a transaction; a dry run, of which nothing stays, has no part in the chain."""
    if session.in_nested_transaction() or rehearsed() is not None:
        return
    session.flush()
    written = [row for row in session.info.pop(WRITTEN, ()) if sa.inspect(row).persistent]
    if not written:
        return
    rows = sorted(Row(row.id, row.at, row.actor, row.action, row.about, row.detail) for row in written)
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time in any case
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(CHAIN)))
    session.execute(sa.insert(EventMark), links(head(session), rows))
