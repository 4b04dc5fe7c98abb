"""The outbox: one row a message, written in the transaction of what it tells of (house idea 4).

Its states, and the clock of each, are in `framework.mail`; the chain of posting is in `models.sending`, and what may go
together or must wait is in `models.mailing`.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from hashlib import blake2b
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from framework.mail import OPEN, DeliveryStatus
from models import request, vault  # noqa: F401 - the tables that a message points to
from models.base import Base, insert_many, insert_once
from models.installation import now
from models.sealed import Sealed

S = DeliveryStatus
COMES_BACK_DAYS = 30
STOPPABLE = (S.QUEUED, S.DRAFT, S.HELD, S.BUNDLED)


class Delivery(Sealed, Base):
    """One message to one person for one occasion; `key` is `programme:phase:template:about:whom:round`.

    `message_id` is a digest of the key: the same for every copy, and telling nothing. `fields` are those of the
    e-mail's class, without its link: the link is made when the message is built. They are sealed under the key of who
    gets the message; `open_fields` is where an older version kept them. `planned_on` is the day that was
    meant, `due_on` the one from which it may go; `place` is the recipient's country and time zone, `domain` that of
    the address.
    `lease_until`, `retry_at`, `tried_at` (the first try) and `began_at` (the last one) are real time, in seconds since
    1970. `carrier_id` is the message inside which this one goes; `evidence` says how its end is known.
    """

    __tablename__ = "delivery"
    __table_args__ = (sa.Index("ix_delivery_due", "state", "due_on"),)
    SEALS: ClassVar[Mapping[str, str]] = {"fields": "open_fields"}

    key: Mapped[str] = mapped_column(sa.String(250), unique=True)
    message_id: Mapped[str] = mapped_column(sa.String(40), index=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    phase: Mapped[str] = mapped_column(sa.String(20))
    template: Mapped[str] = mapped_column(sa.String(60))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)
    link_id: Mapped[int | None] = mapped_column(sa.ForeignKey("link.id", ondelete="SET NULL"))
    request_id: Mapped[int | None] = mapped_column(sa.ForeignKey("request.id", ondelete="SET NULL"), index=True)
    carrier_id: Mapped[int | None] = mapped_column(sa.ForeignKey("delivery.id", ondelete="SET NULL"), index=True)
    language: Mapped[str] = mapped_column(sa.String(5))
    open_fields: Mapped[dict[str, Any]] = mapped_column("fields", default=dict)
    state: Mapped[str] = mapped_column(sa.String(12), default=S.QUEUED.value)
    planned_on: Mapped[date]
    due_on: Mapped[date]
    place: Mapped[str] = mapped_column(sa.String(60), default="")
    domain: Mapped[str] = mapped_column(sa.String(255), default="")
    released: Mapped[bool] = mapped_column(default=False)
    lease: Mapped[str | None] = mapped_column(sa.String(40))
    lease_until: Mapped[float | None] = mapped_column(sa.Double)
    attempts: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[float | None] = mapped_column(sa.Double)
    tried_at: Mapped[float | None] = mapped_column(sa.Double)
    began_at: Mapped[float | None] = mapped_column(sa.Double)
    code: Mapped[int | None]
    evidence: Mapped[str] = mapped_column(sa.String(60), default="")
    queue_id: Mapped[str | None] = mapped_column(sa.String(120))
    sent_on: Mapped[date | None]
    sent_at: Mapped[datetime | None]

    @property
    def owner(self) -> int | None:
        """Who gets it."""
        return self.person_id

    @property
    def seal_place(self) -> str:
        """The occasion, as its digest."""
        return _place(self.message_id)

    @property
    def fields(self) -> dict[str, Any]:
        """What the message says, by field of its class; empty once the key is destroyed."""
        return self.value_of("fields") or {}

    @fields.setter
    def fields(self, value: dict[str, Any]) -> None:
        self.tell("fields", value)


def digest(key: str) -> str:
    """The part of the Message-ID before the @: 40 hexadecimal digits."""
    return blake2b(key.encode(), digest_size=20).hexdigest()


def _place(message_id: str) -> str:
    return f"delivery.sealed|{message_id}"


def _row(values: dict[str, Any]) -> dict[str, Any]:
    standard = {
        "state": S.QUEUED.value,
        "attempts": 0,
        "released": False,
        "place": "",
        "domain": "",
        "evidence": "",
        "planned_on": values["due_on"],
        "message_id": digest(values["key"]),
    }
    return standard | values


def enqueue(session: Session, **values: Any) -> bool:
    """Put a message in the outbox, once an occasion; False when it is there already."""
    if gathered := session.info.get("gathered"):
        gathered.append(_row(values))
        return True
    return insert_once(session, Delivery, **_sealed(session, [_row(values)])[0])


def enqueue_all(session: Session, rows: Sequence[dict[str, Any]]) -> int:
    """Put many messages in the outbox, each once an occasion; how many were new."""
    return insert_many(session, Delivery, _sealed(session, [_row(values) for values in rows]))


@contextmanager
def together(session: Session) -> Iterator[None]:
    """Within this block messages are gathered, and written at its end in few statements: for large mailings."""
    rows = session.info["gathered"] = _Gathered()
    try:
        yield
    finally:
        del session.info["gathered"]
    session.flush()
    insert_many(session, Delivery, _sealed(session, rows))


def _sealed(session: Session, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with their fields sealed."""
    told = [(row["person_id"], _place(row["message_id"]), {"fields": row["fields"]}) for row in rows]
    texts = vault.seal_all(session, told)
    closed = [{**row, "open_fields": {}, "sealed": text} for row, text in zip(rows, texts, strict=True)]
    for row in closed:
        del row["fields"]
    return closed


def read(session: Session, rows: Iterable[Delivery]) -> None:
    """Open what these messages say, so that it can be read when the transaction is over."""
    sealed = [row for row in rows if row.sealed]
    vault.load(session, (row.person_id for row in sealed))
    for row in sealed:
        _ = row.told


class _Gathered(list[dict[str, Any]]):
    """A list that is true even when it is empty."""

    def __bool__(self) -> bool:
        return True


def by_ids(session: Session, ids: Collection[int]) -> Sequence[Delivery]:
    """These messages, in the order of their ids."""
    return session.scalars(sa.select(Delivery).where(Delivery.id.in_(ids)).order_by(Delivery.id)).all()


def of_people(session: Session, programme_id: int, people: Collection[int], *templates: str) -> Sequence[Delivery]:
    """What a programme wrote to these people, of these kinds, whatever became of it."""
    wanted = (Delivery.programme_id == programme_id, Delivery.person_id.in_(people), Delivery.template.in_(templates))
    return session.scalars(sa.select(Delivery).where(*wanted).order_by(Delivery.id)).all()


def abouts(session: Session, programme_id: int, template: str) -> set[str]:
    """What a programme's mails of that kind were about, such as `meeting:7`, as their keys have it."""
    keys = session.scalars(
        sa.select(Delivery.key).where(Delivery.programme_id == programme_id, Delivery.template == template)
    )
    return {":".join(key.split(":")[3:-2]) for key in keys}


def by_message_id(session: Session, found: str) -> Delivery | None:
    """The message with that digest, as it stands before the @ of its Message-ID."""
    return session.scalars(sa.select(Delivery).where(Delivery.message_id == found.lower())).first()


def parts_of(session: Session, carriers: Collection[int]) -> dict[int, list[Delivery]]:
    """What goes inside each of these messages, in the order in which it was written."""
    query = sa.select(Delivery).where(Delivery.carrier_id.in_(carriers), Delivery.state != S.CANCELLED)
    found: dict[int, list[Delivery]] = {}
    for row in session.scalars(query.order_by(Delivery.id)):
        found.setdefault(row.carrier_id or 0, []).append(row)
    return found


def in_state(session: Session, *states: DeliveryStatus, programme_id: int | None = None) -> Sequence[Delivery]:
    """The messages that stand so, oldest first; of one programme, or of all."""
    query = sa.select(Delivery).where(Delivery.state.in_(states))
    if programme_id is not None:
        query = query.where(Delivery.programme_id == programme_id)
    return session.scalars(query.order_by(Delivery.id)).all()


def unsure(session: Session) -> Sequence[Delivery]:
    """The messages of which nobody knows whether they arrived."""
    return in_state(session, S.UNSURE)


def counts(session: Session, programme_id: int | None = None) -> dict[str, Counter[str]]:
    """How many messages stand in each state, by template; what went inside another message counts as `inside`."""
    inside = sa.and_(Delivery.state == S.SENT, Delivery.carrier_id.is_not(None))
    state = sa.case((inside, "inside"), else_=Delivery.state)
    query = sa.select(Delivery.template, state, sa.func.count()).group_by(Delivery.template, state)
    if programme_id is not None:
        query = query.where(Delivery.programme_id == programme_id)
    found: dict[str, Counter[str]] = {}
    for template, standing, number in session.execute(query.order_by(Delivery.template, state)):
        found.setdefault(template, Counter())[standing] = number
    return found


def waits(session: Session, today: date) -> bool:
    """Whether anything in the outbox may go on `today`."""
    open_ = (Delivery.state.in_(OPEN), Delivery.due_on <= today)
    return session.scalars(sa.select(Delivery.id).where(*open_).limit(1)).first() is not None


def waiting(session: Session, today: date) -> int:
    """How many messages may go on `today`, were there no hours and no days off."""
    return session.scalar(sa.select(sa.func.count()).where(Delivery.state.in_(OPEN), Delivery.due_on <= today)) or 0


def next_due(session: Session, programme_id: int, after: date) -> date | None:
    """The next day on which a message waits to go."""
    waiting = (Delivery.programme_id == programme_id, Delivery.state.in_(OPEN), Delivery.due_on > after)
    return session.scalar(sa.select(sa.func.min(Delivery.due_on)).where(*waiting))


def cancel(session: Session, *where: Any) -> int:
    """Call off what has not gone yet and is not going; what would have gone inside it waits for itself again."""
    stop = sa.update(Delivery).where(Delivery.state.in_(STOPPABLE), *where).values(state=S.CANCELLED.value)
    stopped = list(session.scalars(stop.returning(Delivery.id)))
    if stopped:
        inside = sa.and_(Delivery.carrier_id.in_(stopped), Delivery.state == S.BUNDLED)
        session.execute(sa.update(Delivery).where(inside).values(state=S.QUEUED.value, carrier_id=None))
    return len(stopped)


def cancel_for_request(session: Session, request_id: int) -> None:
    """Mails of a question that is answered or closed are stale: they do not go."""
    cancel(session, Delivery.request_id == request_id)


def cancel_for_person(session: Session, person_id: int) -> None:
    """Who has left gets no more mail."""
    cancel(session, Delivery.person_id == person_id)


def cancel_erased(session: Session) -> int:
    """What was written to people whose keys were destroyed has no words any more: it does not go. How many."""
    key = vault.PersonKey
    alive = sa.exists().where(key.person_id == Delivery.person_id, key.wrapped != "")
    return cancel(session, Delivery.sealed != "", sa.not_(alive))


def readdress(session: Session, person_id: int, address: str | None) -> None:
    """Somebody has another address, or none any more: what waits goes there, or on paper; what came back, too."""
    mine = Delivery.person_id == person_id
    if address is None:
        hold = sa.update(Delivery).where(mine, Delivery.state == S.QUEUED).values(state=S.HELD.value)
        inside = sa.and_(
            Delivery.carrier_id.in_(session.scalars(hold.returning(Delivery.id)).all()), Delivery.state == S.BUNDLED
        )
        session.execute(sa.update(Delivery).where(inside).values(state=S.QUEUED.value, carrier_id=None))
        session.execute(hold)
        return
    waiting = (mine, Delivery.state.in_((S.HELD, S.QUEUED)))
    now_there = {"state": S.QUEUED.value, "domain": address.rpartition("@")[2]}
    session.execute(sa.update(Delivery).where(*waiting).values(**now_there))
    lately = Delivery.began_at > now().timestamp() - COMES_BACK_DAYS * 86400
    back = {**now_there, "attempts": 0, "retry_at": None, "tried_at": None, "carrier_id": None, "evidence": ""}
    session.execute(sa.update(Delivery).where(mine, Delivery.state == S.REFUSED, lately).values(**back))


def requeue(session: Session, *where: Any) -> int:
    """Messages that were given up, or are unsure, wait to go again under their own Message-ID; how many."""
    gone = sa.and_(Delivery.state.in_((S.DEAD, S.UNSURE)), *where)
    fresh = {"state": S.QUEUED.value, "attempts": 0, "retry_at": None, "tried_at": None, "evidence": ""}
    fresh |= {"carrier_id": None}  # what was inside another goes by itself
    again = list(session.scalars(sa.update(Delivery).where(gone).values(**fresh).returning(Delivery.id)))
    return len(again)


def resolve(session: Session, delivery_id: int, state: str, evidence: str) -> bool:
    """What is known by now of an unsure message: it was sent, or is to go again (`queued`). False if it is not unsure.

    What went inside it ends with it. `evidence` says how it is known, in a few words without personal data.
    """
    end: dict[str, Any] = {"state": state, "evidence": evidence}
    if state == S.QUEUED:
        end |= {"retry_at": None}
    mine = sa.and_(Delivery.id == delivery_id, Delivery.state == S.UNSURE)
    done = session.scalars(sa.update(Delivery).where(mine).values(**end).returning(Delivery.id)).first()
    if done is not None and state != S.QUEUED:
        inside = sa.and_(Delivery.carrier_id == delivery_id, Delivery.state == S.BUNDLED)
        session.execute(sa.update(Delivery).where(inside).values(state=state, evidence=evidence))
    return done is not None


def mark_refused(session: Session, delivery_id: int, code: str, today: date) -> bool:
    """A message came back for good on `today`; `code` is its status (RFC 3463), such as 5.1.1. False when known."""
    back = sa.and_(
        sa.or_(Delivery.id == delivery_id, Delivery.carrier_id == delivery_id),
        Delivery.state.in_((S.SENT, S.SENDING, S.UNSURE, S.QUEUED, S.BUNDLED, S.LEASED)),
    )
    end = {"state": S.REFUSED.value, "evidence": f"bounce {code} {today}"[:60], "lease": None, "lease_until": None}
    done = session.scalars(sa.update(Delivery).where(back).values(**end).returning(Delivery.id)).all()
    return delivery_id in done
