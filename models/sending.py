"""The chain of posting: a sender takes rows under its own token, and of these one at a time may be on its way.

`queued -> leased -> sending -> sent`. One statement settles the last message and claims the next, fenced by the token
and the lease: a sender that was stopped and wakes up late finds its lease gone, and does not send. What nobody can
close is the moment between the relay's word and our commit (RFC 1047); so one message a sender is at stake, never more.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from framework.mail import DeliveryStatus
from models.base import rehearsed, step_engine, turn
from models.delivery import Delivery
from models.installation import now

S = DeliveryStatus
_ONE, _NEXT = sa.bindparam("done", type_=sa.Integer), sa.bindparam("following", type_=sa.Integer)
_TOKEN, _CLOCK = sa.bindparam("token", type_=sa.String), sa.bindparam("clock", type_=sa.Double)
_ROWS = cast("sa.Table", Delivery.__table__)  # as Core: a statement a mail, without the ORM's book-keeping
_IS_DONE = Delivery.id == _ONE
ADVANCE = (
    sa.update(_ROWS)
    .where(
        Delivery.lease == _TOKEN,
        sa.or_(
            sa.and_(_IS_DONE, Delivery.state == S.SENDING.value),
            sa.and_(Delivery.id == _NEXT, Delivery.state == S.LEASED.value, Delivery.lease_until > _CLOCK),
        ),
    )
    .values(
        state=sa.case((_IS_DONE, S.SENT.value), else_=S.SENDING.value),
        queue_id=sa.case((_IS_DONE, sa.bindparam("answer", type_=sa.String)), else_=None),
        sent_on=sa.case((_IS_DONE, sa.bindparam("today", type_=sa.Date)), else_=None),
        sent_at=sa.case((_IS_DONE, sa.bindparam("instant", type_=Delivery.sent_at.type)), else_=None),
        tried_at=sa.func.coalesce(Delivery.tried_at, _CLOCK),
        began_at=sa.case((_IS_DONE, Delivery.began_at), else_=_CLOCK),
        lease=sa.case((_IS_DONE, None), else_=Delivery.lease),
        lease_until=sa.case((_IS_DONE, None), else_=sa.bindparam("until", type_=sa.Double)),
    )
    .returning(Delivery.id)
)
CARRY = (
    sa.update(_ROWS)
    .where(Delivery.carrier_id == _ONE, Delivery.state == S.BUNDLED.value)
    .values(
        state=S.SENT.value,
        sent_on=sa.bindparam("today", type_=sa.Date),
        sent_at=sa.bindparam("instant", type_=Delivery.sent_at.type),
    )
)


@contextmanager
def line() -> Iterator[sa.Connection]:
    """A connection for many short steps, each kept as soon as it is made."""
    if (outer := rehearsed()) is not None:
        yield outer
        return
    with step_engine().connect() as connection:
        yield connection


def lease(
    session: Session,
    token: str,
    *,
    today: date,
    seconds: float,
    rows: int,
    places: Collection[tuple[int, str]] | None = None,
    at_once: Collection[str] = (),
) -> list[int]:
    """Take the next messages that may go; two senders never take the same one.

    `places` are programmes and places where mail may leave now (`waiting_places`); None is everywhere. The e-mails in
    `at_once` go before all others, wherever they go.
    """
    until = now().timestamp() + seconds
    first = _take(session, token, today, until, rows, Delivery.template.in_(list(at_once))) if at_once else []
    if len(first) == rows:
        return first
    where = sa.true() if places is None else sa.tuple_(Delivery.programme_id, Delivery.place).in_(list(places))
    return first + _take(session, token, today, until, rows - len(first), where)


def _take(
    session: Session, token: str, today: date, until: float, rows: int, where: sa.ColumnElement[bool]
) -> list[int]:
    clock = now().timestamp()
    open_ = sa.or_(
        sa.and_(Delivery.state == S.QUEUED, sa.or_(Delivery.retry_at.is_(None), Delivery.retry_at <= clock)),
        sa.and_(Delivery.state == S.LEASED, Delivery.lease_until < clock),
    )
    due = sa.select(Delivery.id).where(Delivery.due_on <= today, open_, where).order_by(Delivery.id).limit(rows)
    due = due.with_for_update(skip_locked=True)  # SQLite leaves this out; BEGIN IMMEDIATE does it there
    chosen = due.cte("chosen")  # PostgreSQL may run a plain subquery more than once, and take more than was asked for
    taken = (
        sa.update(Delivery)
        .where(Delivery.id.in_(sa.select(chosen.c.id)))
        .values(state=S.LEASED.value, lease=token, lease_until=until)
    )
    return sorted(session.scalars(taken.returning(Delivery.id)))


def waiting_places(session: Session, today: date) -> list[tuple[int, str]]:
    """Of which programmes, and in which places, somebody waits for mail."""
    waiting = (Delivery.state.in_((S.QUEUED, S.LEASED)), Delivery.due_on <= today)
    query = sa.select(Delivery.programme_id, Delivery.place).where(*waiting).distinct()
    return [(programme, place) for programme, place in session.execute(query)]


def advance(
    connection: sa.Connection,
    token: str,
    done: int | None,
    following: int | None,
    *,
    today: date,
    seconds: float,
    answer: str = "",
    carried: bool = False,
) -> bool:
    """One statement, one commit: `done` is sent, `following` is about to be. True if `following` may go out.

    `answer` is the relay's word on `done`; `carried` says that other messages went inside it.
    """
    clock = now()
    values: dict[str, Any] = {
        "done": done or -1,
        "following": following or -1,
        "token": token,
        "clock": clock.timestamp(),
        "instant": clock,
        "until": clock.timestamp() + seconds,
        "today": today,
        "answer": answer[:120],
    }
    with _own(connection):
        moved = set(connection.execute(ADVANCE, values).scalars())
        if carried:
            connection.execute(CARRY, {"done": done, "today": today, "instant": clock})
    return following in moved


@contextmanager
def _own(connection: sa.Connection) -> Iterator[None]:
    if connection.in_transaction():  # a dry run: nothing is kept
        yield
        return
    with turn(connection.dialect), connection.begin():
        yield


def settle(
    session: Session,
    delivery_id: int,
    token: str,
    state: str,
    *,
    code: int = 0,
    retry_in: float | None = 0,
    evidence: str = "",
) -> None:
    """Write down how a message that was not accepted ended: queued again, unsure, refused, or dead.

    `retry_in` in seconds; None costs the message no attempt, and it may go at once: the relay was down.
    """
    mine = sa.and_(
        Delivery.id == delivery_id, Delivery.lease == token, Delivery.state.in_((S.LEASED.value, S.SENDING.value))
    )
    end: dict[str, Any] = {
        "state": state,
        "code": code,
        "evidence": evidence,
        "lease": None,
        "lease_until": None,
        "attempts": Delivery.attempts + (0 if retry_in is None else 1),
        "retry_at": None if retry_in is None else now().timestamp() + retry_in,
    }
    if retry_in is None:  # its time to give up has not begun
        end["tried_at"] = sa.case((Delivery.attempts == 0, None), else_=Delivery.tried_at)
    found = session.scalars(sa.update(Delivery).where(mine).values(**end).returning(Delivery.id)).first()
    if found is not None and state in {S.REFUSED, S.DEAD}:
        inside = sa.and_(Delivery.carrier_id == delivery_id, Delivery.state == S.BUNDLED)
        session.execute(sa.update(Delivery).where(inside).values(state=state, code=code, evidence=evidence))


def part(session: Session, delivery_id: int, token: str) -> None:
    """A bundle that cannot be built: each of its messages goes by itself, so that one stops no other."""
    alone = {"state": S.QUEUED.value, "carrier_id": None, "lease": None, "lease_until": None, "attempts": 1}
    mine = sa.and_(Delivery.id == delivery_id, Delivery.lease == token)
    inside = sa.and_(Delivery.carrier_id == delivery_id, Delivery.state == S.BUNDLED)
    session.execute(sa.update(Delivery).where(sa.or_(mine, inside)).values(**alone))


def put_back(session: Session, ids: Sequence[int], token: str, *, wait: float) -> None:
    """Rows that were taken and may not go yet, for pace: they wait so many seconds, and it costs them nothing."""
    mine = sa.and_(Delivery.id.in_(ids), Delivery.lease == token, Delivery.state == S.LEASED)
    later = {"state": S.QUEUED.value, "lease": None, "lease_until": None, "retry_at": now().timestamp() + wait}
    session.execute(sa.update(Delivery).where(mine).values(**later))


def revive(session: Session, hold: Collection[str] = ()) -> dict[str, int]:
    """Messages that a dead sender left half sent: those of the e-mails in `hold` are unsure, the others go again."""
    stale = sa.and_(Delivery.state == S.SENDING, Delivery.lease_until < now().timestamp())
    found = {"unsure": 0, "again": 0}
    for name, state, which in (
        ("unsure", S.UNSURE, Delivery.template.in_(list(hold))),
        ("again", S.QUEUED, sa.true()),
    ):
        gone = sa.update(Delivery).where(stale, which).values(state=state.value, lease=None, lease_until=None)
        found[name] = len(list(session.scalars(gone.returning(Delivery.id))))
    gone_with = aliased(Delivery)  # its sender died between the two statements
    carried = sa.exists().where(gone_with.id == Delivery.carrier_id, gone_with.state == S.SENT)
    inside = sa.update(Delivery).where(Delivery.state == S.BUNDLED, carried)
    session.execute(inside.values(state=S.SENT.value, sent_on=_of_carrier("sent_on"), sent_at=_of_carrier("sent_at")))
    return found


def _of_carrier(column: str) -> sa.ScalarSelect[Any]:
    gone_with = aliased(Delivery)
    return sa.select(getattr(gone_with, column)).where(gone_with.id == Delivery.carrier_id).scalar_subquery()


def release(session: Session, token: str) -> None:
    """Give back what a sender took and did not begin."""
    mine = sa.and_(Delivery.lease == token, Delivery.state == S.LEASED)
    session.execute(sa.update(Delivery).where(mine).values(state=S.QUEUED.value, lease=None, lease_until=None))
