"""A mail to the operator: past the outbox, straight to the relay.

An alarm must not wait in the queue that it is about, and the operator is nobody of the roster.
"""

import time as clock
from collections.abc import Callable
from email.utils import parseaddr
from hashlib import blake2b
from random import Random
from zoneinfo import ZoneInfo

from framework.programme import Words
from models import installation, pace, person, programme
from models.base import reading, transaction
from models.settings import settings
from notifications.email import Brand, Email
from notifications.envelope import build
from notifications.render import render
from notifications.sender import NotConfigured, Undelivered, connect
from notifications.settings import MailSettings

Worded = Callable[[ZoneInfo, str], Email]
"""The mail for a reader of that name, who lives by that clock."""


def post(worded: Worded, about: str) -> bool:
    """One mail to the operator, if there is one, unless the relay is known to be down; whether it was taken.

    `about` is all that the mail tells: the same is told under the same Message-ID.
    """
    if not settings().operator:
        return False
    relay = MailSettings()
    key = f"relay:{relay.smtp_host}:{relay.smtp_port}"
    with transaction() as session:
        if pace.closed(session, key, clock=clock.time()) > 0:
            return False
    try:
        line = connect(relay)
    except NotConfigured:
        return False
    try:
        line.deliver(parseaddr(relay.mail_from)[1], settings().operator, _message(worded, about, relay))
    except Undelivered as fault:
        if fault.ours:
            with transaction() as session:
                for_good = fault.kind == "down" and fault.phase == "login"
                pace.trip(session, key, clock=clock.time(), dice=Random(), for_good=for_good)  # noqa: S311 - a pause
        return False
    finally:
        line.close()
    with transaction() as session:
        pace.well(session, key)
    return True


def _message(worded: Worded, about: str, relay: MailSettings) -> bytes:
    """The mail as it goes over the line; its Message-ID follows from what it tells."""
    face, zone, language, name = _to_whom(relay)
    digest = blake2b(about.encode(), digest_size=20).hexdigest()
    return build(
        render(worded(zone, name), language, face),
        sender=relay.mail_from,
        to_name=name,
        to_address=settings().operator,
        reply_to="",
        message_id=f"{digest}@{parseaddr(relay.mail_from)[1].rpartition('@')[2]}",
        key_digest=digest,
        sent_at=installation.now(),
    )


def _to_whom(relay: MailSettings) -> tuple[Brand, ZoneInfo, str, str]:
    """The face, the zone, the language and the name: the first programme's, and the operator's where HR has one."""
    address = settings().operator
    with reading() as session:
        known = person.by_key(session, address.lower())
        first = next((one.rules for one in programme.all_programmes(session)), None)
    face = Brand(
        company=first.company if first else "Baken",
        programme="Baken",
        colour="#0b5d66",
        coordinator_name="Baken",
        coordinator_email=parseaddr(relay.mail_from)[1],
        **Words().model_dump(),
    )
    zone = ZoneInfo(first.time_zone if first else "Europe/Brussels")
    language, name = (known.language, known.given_name) if known else ("en", address.partition("@")[0])
    return face, zone, language, name
