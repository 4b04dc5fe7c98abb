"""From a worded message to the bytes that are posted: headers, plain text, page and calendar entry.

The standard library builds the message. Three small header classes fold it, for its own folding spoils long headers
that are not ASCII, and encodes long tokens as if they were words.
"""

import re
from datetime import UTC, datetime, timedelta
from email.header import Header
from email.headerregistry import Address, HeaderRegistry, UniqueUnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import parseaddr
from typing import Any

import icalendar

from notifications.email import Appointment
from notifications.render import CONTROL, Rendered

LINE = 76  # characters in a folded line of a header
UNFOLDED = 70  # shorter headers in ASCII stay as they are
NAME = 64  # characters of a name that are shown


def _folded(text: str, name: str, end: str) -> str:
    return text if text.isascii() and len(text) < UNFOLDED else Header(text, "utf-8", LINE, name).encode(linesep=end)


class _Text(UniqueUnstructuredHeader):
    name: str

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {_folded(str(self), self.name, policy.linesep)}{policy.linesep}"


class _Mailbox(UniqueUnstructuredHeader):
    """As `mailbox` writes it: a name, and one address in angle brackets."""

    name: str

    def fold(self, *, policy: Policy) -> str:
        shown, _, address = str(self).rpartition(" <")
        return f"{self.name}: {_folded(shown, self.name, policy.linesep)}{policy.linesep} <{address}{policy.linesep}"


class _Token(UniqueUnstructuredHeader):
    """A key, or an id in angle brackets: never folded, never encoded."""

    name: str

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


def _policy() -> Policy:
    registry = HeaderRegistry()
    kinds: dict[str, Any] = {"subject": _Text, "from": _Mailbox, "to": _Mailbox, "reply-to": _Mailbox}
    for name, kind in (kinds | {"message-id": _Token, "x-idempotency-key": _Token}).items():
        registry.map_to_type(name, kind)
    return SMTP.clone(header_factory=registry)


POLICY = _policy()


def postal(address: str) -> str:
    """The address as SMTP carries it: its domain in ASCII (IDNA). Raises ValueError for what is not one address."""
    user, at, domain = address.rpartition("@")
    if not (user and at and domain) or CONTROL.search(address) or re.search(r"\s", address):
        raise ValueError("this is not one e-mail address")
    plain = f"{user}@{domain.encode('idna').decode('ascii')}"
    Address(addr_spec=plain)  # refuses two addresses in one, and a user name that is not ASCII
    return plain


def mailbox(shown: str, address: str) -> str:
    """A name and an address for a header; the name can neither hold a second address nor break the line."""
    if CONTROL.search(shown):
        raise ValueError("a name holds a control character")
    plain = re.sub(r'[<>@"\\]', "", shown)[:NAME].strip() or address.partition("@")[0]
    return f'"{plain}" <{postal(address)}>' if plain.isascii() else f"{plain} <{postal(address)}>"


def build(
    rendered: Rendered,
    *,
    sender: str,
    to_name: str,
    to_address: str,
    reply_to: str,
    message_id: str,
    key_digest: str,
    sent_at: datetime,
    appointment: Appointment | None = None,
) -> bytes:
    """The message as it goes over the line.

    `sender` and `reply_to` may carry a name (`Baken <baken@example.org>`); an empty `reply_to` is left out.
    `message_id` is `something@domain`, with or without angle brackets; `sent_at` is an instant with its zone.
    Raises ValueError for control characters in any header, and for what is not one e-mail address.
    """
    message = EmailMessage(policy=POLICY)
    message["From"] = mailbox(*parseaddr(sender))
    message["To"] = mailbox(to_name, to_address)
    if reply_to:
        message["Reply-To"] = mailbox(*parseaddr(reply_to))
    for name, value in (
        ("Subject", rendered.subject),
        ("Message-ID", f"<{message_id.strip('<>')}>"),
        ("X-Idempotency-Key", key_digest),
    ):
        if CONTROL.search(value):
            msg = f"{name} holds a control character"
            raise ValueError(msg)
        message[name] = value
    message["Date"] = sent_at
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(rendered.text, cte="quoted-printable")
    message.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    if appointment is not None:
        entry = calendar_entry(appointment, organiser=parseaddr(reply_to or sender)[1], sent_at=sent_at)
        message.add_alternative(entry, subtype="calendar", params={"method": "PUBLISH"}, cte="quoted-printable")
    return message.as_bytes()


def calendar_entry(appointment: Appointment, *, organiser: str, sent_at: datetime) -> str:
    """The appointment as an iCalendar text; a later `sequence` under the same `uid` replaces the entry."""
    ends_at = appointment.starts_at + timedelta(minutes=appointment.minutes)
    event = icalendar.Event()
    event.add("uid", appointment.uid)
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", sent_at.astimezone(UTC))
    event.add("dtstart", appointment.starts_at)
    event.add("dtend", ends_at)
    event.add("summary", appointment.title)
    event.add("organizer", icalendar.vCalAddress(f"mailto:{postal(organiser)}"))
    if appointment.place:
        event.add("location", appointment.place)
    entry = icalendar.Calendar()
    entry.add("prodid", "-//Baken//Mentoring//EN")
    entry.add("version", "2.0")
    entry.add("method", "PUBLISH")
    entry.add_component(event)
    year = appointment.starts_at.date()  # only this year's changes of the clock, not seventy years of them
    entry.add_missing_timezones(first_date=year.replace(month=1, day=1), last_date=year.replace(month=12, day=31))
    return str(entry.to_ical().decode())
