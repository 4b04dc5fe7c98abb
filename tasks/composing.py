"""From a row of the outbox to a message in words, and to the bytes that are posted."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import parseaddr
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from framework.people import Person as Someone
from framework.programme import Programme as Rules
from models import delivery, installation, link
from models.base import Base, transaction
from models.delivery import Delivery
from models.person import Person
from models.programme import Programme
from models.settings import secret_key, settings
from notifications import verp
from notifications.brand import brand
from notifications.email import Brand
from notifications.emails import EMAILS
from notifications.envelope import build
from notifications.render import Rendered, bundle
from notifications.settings import MailSettings
from tasks.requests import coordinator_of

Row = TypeVar("Row", bound=Base)


class NoMailbox(ValueError):
    """The person has no address that takes mail, by now: the message goes on paper."""


class NobodyCoordinates(LookupError):
    """Neither the coordinator nor the deputy is here: nobody signs, and nobody takes replies. The message waits."""


@dataclass(frozen=True, slots=True)
class Worded:
    """One message in words: to whom, what, in whose name, and behind which link."""

    to_name: str
    to_address: str
    rendered: Rendered
    brand: Brand
    link: str
    parts: int


@dataclass(frozen=True, slots=True)
class Ready:
    """One message ready to be posted. `parts` counts the messages that go inside it."""

    id: int
    sender: str
    to: str
    raw: bytes
    parts: int


@dataclass(frozen=True, slots=True)
class AtHand:
    """All that is needed to word some messages, read at once; from here on the database is left in peace.

    A programme without anybody to coordinate it has no entry in `coordinators`.
    """

    programmes: dict[int, Rules]
    people: dict[int, Person]
    links: dict[int, str]
    ways_out: dict[tuple[int, int], str]
    coordinators: dict[int, Someone]
    real: bool
    key: bytes


def at_hand(session: Session, rows: Sequence[Delivery]) -> AtHand:
    """Read what these messages need, and what goes inside them. Links are made here and kept nowhere."""
    portal, key = settings().portal_url, secret_key()
    delivery.read(session, rows)
    programmes = {one.id: one for one in _of(session, Programme, (row.programme_id for row in rows))}
    coordinators = {}
    for number in programmes:
        with suppress(LookupError):  # its messages cannot be worded; those of others can
            coordinators[number] = coordinator_of(session, number).value()
    calls = {(row.programme_id, row.person_id) for row in rows if EMAILS[row.template].campaign}
    return AtHand(
        programmes={number: one.rules for number, one in programmes.items()},
        people={one.id: one for one in _of(session, Person, (row.person_id for row in rows))},
        links={
            one.id: one.address(portal, key)
            for one in _of(session, link.Link, (row.link_id for row in rows if row.link_id))
        },
        ways_out={call: link.opt_out_link(session, *call).address(portal, key) for call in sorted(calls)},
        coordinators=coordinators,
        real=not installation.is_rehearsal(session),
        key=key,
    )


def _of(session: Session, kind: type[Row], ids: Iterable[int]) -> Sequence[Row]:
    return session.scalars(sa.select(kind).where(kind.id.in_(set(ids)))).all()


def word(session: Session, row: Delivery, parts: Sequence[Delivery] = ()) -> Worded:
    """One message of the outbox in words, with what goes inside it. Raises NobodyCoordinates."""
    return worded(row, parts, at_hand(session, [row, *parts]))


def worded(row: Delivery, parts: Sequence[Delivery], hand: AtHand) -> Worded:
    """As `word`, from what was read before."""
    rules, whom = hand.programmes[row.programme_id], hand.people[row.person_id]
    coordinator = hand.coordinators.get(row.programme_id)
    if coordinator is None:
        raise NobodyCoordinates
    face, also = brand(rules, coordinator, row.language), rules.mail.seats.get(whom.site)
    second = brand(rules, coordinator, also) if also else None
    every = [
        (EMAILS[one.template].model_validate(one.fields), hand.links.get(one.link_id or 0, "")) for one in (row, *parts)
    ]
    shown = bundle(every, row.language, face, texts=rules.mail.texts, also=also, also_brand=second)
    return Worded(whom.value().name, whom.mailbox or "", shown, face, every[0][1], len(parts))


def finished(row: Delivery, parts: Sequence[Delivery], hand: AtHand, relay: MailSettings, today: date) -> Ready:
    """One message as it goes over the line. Raises NobodyCoordinates, NoMailbox, and ValueError for bad content."""
    said, kind = worded(row, parts, hand), EMAILS[row.template]
    if not said.to_address:
        raise NoMailbox
    own, back = parseaddr(relay.mail_from)[1], relay.bounce_address
    raw = build(
        said.rendered,
        sender=relay.mail_from,
        to_name=said.to_name,
        to_address=said.to_address,
        reply_to=said.brand.coordinator_email,
        message_id=f"{row.message_id}@{own.rpartition('@')[2]}",
        key_digest=row.message_id,
        sent_at=installation.now() if hand.real else datetime.combine(today, time(8), UTC),
        appointment=None if parts else kind.model_validate(row.fields).appointment,
        unsubscribe=hand.ways_out.get((row.programme_id, row.person_id), "") if kind.campaign else "",
    )
    return Ready(row.id, verp.sender(row.id, back, hand.key) if back else own, said.to_address, raw, len(parts))


def compose(delivery_id: int, *, today: date) -> tuple[str, bytes]:
    """The finished message of one row, and whom it goes to."""
    with transaction() as session:
        row = session.get_one(Delivery, delivery_id)
        inside = delivery.parts_of(session, [delivery_id]).get(delivery_id, [])
        hand = at_hand(session, [row, *inside])
    made = finished(row, inside, hand, MailSettings(), today)
    return made.to, made.raw
