"""From a row of the outbox to a message in words, and to the bytes that are posted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import parseaddr

from sqlalchemy.orm import Session

from models import delivery, installation, link
from models.base import transaction
from models.delivery import Delivery
from models.person import Person
from models.programme import Programme
from models.settings import secret_key
from notifications import verp
from notifications.brand import brand
from notifications.email import Brand
from notifications.emails import EMAILS
from notifications.envelope import build
from notifications.render import Rendered, bundle
from notifications.settings import MailSettings
from tasks.requests import coordinator_of


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


def word(session: Session, row: Delivery, parts: Sequence[Delivery] = ()) -> Worded:
    """One message of the outbox in words, with what goes inside it; its links are made here and kept nowhere."""
    rules = session.get_one(Programme, row.programme_id).rules
    whom = session.get_one(Person, row.person_id)
    coordinator = coordinator_of(session, row.programme_id).value()
    face, also = brand(rules, coordinator, row.language), rules.mail.seats.get(whom.site)
    second = brand(rules, coordinator, also) if also else None
    every = [(EMAILS[one.template].model_validate(one.fields), _url(session, one)) for one in (row, *parts)]
    shown = bundle(every, row.language, face, texts=rules.mail.texts, also=also, also_brand=second)
    return Worded(whom.value().name, whom.mailbox or "", shown, face, every[0][1], len(parts))


def _url(session: Session, row: Delivery) -> str:
    return session.get_one(link.Link, row.link_id).url if row.link_id else ""


def ready(session: Session, row: Delivery, parts: Sequence[Delivery], settings: MailSettings, today: date) -> Ready:
    """One message as it goes over the line. Raises ValueError for what cannot be built."""
    worded, kind = word(session, row, parts), EMAILS[row.template]
    off = link.opt_out_link(session, row.programme_id, row.person_id).url if kind.campaign else ""
    real = not installation.is_rehearsal(session)
    raw = build(
        worded.rendered,
        sender=settings.mail_from,
        to_name=worded.to_name,
        to_address=worded.to_address,
        reply_to=worded.brand.coordinator_email,
        message_id=f"{row.message_id}@{parseaddr(settings.mail_from)[1].rpartition('@')[2]}",
        key_digest=row.message_id,
        sent_at=installation.now() if real else datetime.combine(today, time(8), UTC),
        appointment=None if parts else kind.model_validate(row.fields).appointment,
        unsubscribe=off,
    )
    own, back = parseaddr(settings.mail_from)[1], settings.bounce_address
    return Ready(row.id, verp.sender(row.id, back, secret_key()) if back else own, worded.to_address, raw, len(parts))


def compose(delivery_id: int, *, today: date) -> tuple[str, bytes]:
    """The finished message of one row, and whom it goes to."""
    with transaction() as session:
        row = session.get_one(Delivery, delivery_id)
        inside = delivery.parts_of(session, [delivery_id]).get(delivery_id, [])
        made = ready(session, row, inside, MailSettings(), today)
        return made.to, made.raw
