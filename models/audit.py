"""Looking after the audit trail: whether its chain holds, and closing off what is too old to keep (CAP-200)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import anchors
from models.base import reading, transaction
from models.event import CHAIN, Event, EventClosing, EventMark, Head, Row, head, mark_of, record
from models.installation import now

BATCH = 5000
COLUMNS = (Event.id, Event.at, Event.actor, Event.action, Event.about, Event.detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was found. `place` is the first link that does not hold, `fault` says why in a line; empty where all holds.

    `rows` were looked at, `closed` is the last place of the part that was closed off, `anchors` bind the chain,
    `restores` are the backups that were put back.
    """

    rows: int
    closed: int
    anchors: int
    restores: int
    head: Head
    fault: str = ""
    place: int = 0

    @property
    def holds(self) -> bool:
        """Whether the trail is what it was."""
        return not self.fault


class Broken(Exception):
    """The chain does not hold from that place on."""

    def __init__(self, place: int, fault: str) -> None:
        super().__init__(place, fault)
        self.place, self.fault = place, fault


def size() -> int:
    """How many links there are to look at."""
    with reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(EventMark)) or 0


class Inspection:
    """One walk along the chain: `steps` yields how many links were looked at, then `verdict` tells."""

    def __init__(self, given: Head | None = None) -> None:
        """`given` is an end of the chain that was kept elsewhere, such as in a mail: it has to be met on the way."""
        self.given = given
        self.rows, self.head, self.closed, self.bound, self.restores = 0, Head(0, ""), 0, 0, 0
        self._broken: Broken | None = None

    def steps(self) -> Iterator[int]:
        """Look along the whole chain, batch by batch; stops at the first fault."""
        try:
            known = anchors.binding(anchors.read())  # read first: the chain may have grown by then, and never shrinks
            self.bound, self.restores = len(known), sum(one.kind == "restored" for one in known)
            known += [anchors.Anchor(now(), "head", self.given)] if self.given else []
            with reading() as session:
                yield from self._walk(session, known)
                self._ends(session, known)
        except Broken as found:
            self._broken = found
        except anchors.BadAnchor as found:
            self._broken = Broken(0, str(found))

    @property
    def verdict(self) -> Verdict:
        """What was found."""
        found = self._broken or Broken(0, "")
        seen = {"rows": self.rows, "closed": self.closed, "anchors": self.bound, "restores": self.restores}
        return Verdict(**seen, head=self.head, fault=found.fault, place=found.place)

    def _walk(self, session: Session, anchored: list[anchors.Anchor]) -> Iterator[int]:
        known: dict[int, list[anchors.Anchor]] = {}
        for one in anchored:
            known.setdefault(one.head.place, []).append(one)
        closing = session.scalars(sa.select(EventClosing).order_by(EventClosing.upto.desc()).limit(1)).first()
        if closing is not None:
            self.closed, self.head = closing.upto, Head(closing.upto, closing.mark)
            told = known.get(closing.upto, [])
            _agrees(self.head, told)
            if known and not any(one.kind == "closed" for one in told):
                raise Broken(closing.upto, "an old part was closed off, and no anchor knows of it")
        query = sa.select(EventMark.id, EventMark.mark, EventMark.event_id, *COLUMNS)
        query = query.outerjoin(Event, Event.id == EventMark.event_id).order_by(EventMark.id).limit(BATCH)
        while found := session.execute(query.where(EventMark.id > self.head.place)).all():
            for place, mark, number, *row in found:
                self._link(place, mark, number, row)
                _agrees(self.head, known.get(place, ()))
            yield len(found)

    def _link(self, place: int, mark: str, number: int, row: list[Any]) -> None:
        if place != self.head.place + 1:
            raise Broken(self.head.place + 1, "this link is missing")
        if row[0] is None:
            raise Broken(place, f"row {number} was taken out")
        if mark_of(self.head.mark, place, Row(*row)) != mark:
            raise Broken(place, f"row {number} is not what was written, or not where it was")
        self.rows, self.head = self.rows + 1, Head(place, mark)

    def _ends(self, session: Session, known: list[anchors.Anchor]) -> None:
        last = max((one.head.place for one in known), default=0)
        if last > self.head.place:
            raise Broken(self.head.place + 1, f"the end is cut off: an anchor knows of {last} links")
        alone = sa.select(sa.func.min(Event.id)).where(~sa.exists().where(EventMark.event_id == Event.id))
        if (number := session.scalar(alone)) is not None:
            raise Broken(self.head.place + 1, f"row {number} was put in and is no link of the chain")


def _agrees(found: Head, told: Iterable[anchors.Anchor]) -> None:
    for one in told:
        if one.head != found:
            raise Broken(found.place, f"the anchor of {one.at:%Y-%m-%d} has another mark: the trail was written anew")


def verify() -> Verdict:
    """Look along the whole chain, and at the anchors."""
    walk = Inspection()
    for _ in walk.steps():
        pass
    return walk.verdict


def glance() -> str:
    """Why the last anchor does not hold, in a line; empty where it does. Looks at two rows, and not at the chain."""
    try:
        known = anchors.binding(anchors.read())
    except anchors.BadAnchor as wrong:
        return str(wrong)
    if not known:
        return ""
    anchor = known[-1]
    with reading() as session:
        last = head(session)
        mark = session.scalar(sa.select(EventMark.mark).where(EventMark.id == anchor.head.place))
        mark = mark or session.scalar(sa.select(EventClosing.mark).where(EventClosing.upto == anchor.head.place))
        closed = session.scalar(sa.select(sa.func.max(EventClosing.upto))) or 0
    if last.place < anchor.head.place:
        return f"the end is cut off: an anchor knows of {anchor.head.place} links, there are {last.place}"
    try:
        _agrees(Head(anchor.head.place, mark or ""), [anchor] if mark or anchor.head.place > closed else [])
    except Broken as found:
        return found.fault
    return ""


def keep_head() -> tuple[Head, bool]:
    """Anchor where the chain ends now; whether that is a new line."""
    with reading() as session:
        last = head(session)
    return last, anchors.keep(last)


def close_off(before: datetime) -> int:
    """Take out the oldest rows, all of before that instant, and stand the chain on the last of their marks; how many.

    The one way in which rows leave the trail: the closing is a row that the database asks for, a line of the trail, and
    an anchor. Look first whether the chain holds (`verify`); what is gone cannot be looked at again.
    """
    with transaction() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(sa.select(sa.func.pg_advisory_xact_lock(CHAIN)))
        since = sa.select(sa.func.min(EventMark.id)).join(Event, Event.id == EventMark.event_id)
        young = session.scalar(since.where(Event.at >= before))
        upto = (young - 1) if young else head(session).place
        mark = session.scalar(sa.select(EventMark.mark).where(EventMark.id == upto))
        if not upto or mark is None:
            return 0
        session.add(EventClosing(upto=upto, mark=mark, at=now()))
        session.flush()
        old = sa.select(EventMark.event_id).where(EventMark.id <= upto)
        unsynced = {"synchronize_session": False}
        gone = session.scalars(
            sa.delete(Event).where(Event.id.in_(old)).returning(Event.id), execution_options=unsynced
        )
        number = len(gone.all())
        session.execute(sa.delete(EventMark).where(EventMark.id <= upto), execution_options=unsynced)
        record(session, "operator", "closed off", "audit", upto=upto, mark=mark, rows=number)
        session.flush()
        anchors.keep(
            Head(upto, mark), "closed"
        )  # before the commit: an anchor too many is harmless, one too few is not
    return number
