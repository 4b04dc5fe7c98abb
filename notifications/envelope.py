"""From a worded message to the bytes that are posted: headers, plain text, page and calendar entry.

The standard library builds the message. Three small header classes fold it, for its own folding spoils long headers
that are not ASCII, and encodes long tokens as if they were words.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from email.header import Header
from email.headerregistry import Address, HeaderRegistry, UniqueUnstructuredHeader
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP, Policy
from email.utils import parseaddr
from typing import Any
from zoneinfo import ZoneInfo

import icalendar

from notifications.attachment import Attachment
from notifications.email import Appointment
from notifications.render import CONTROL, Rendered

LINE = 76  # characters in a folded line of a header
UNFOLDED = 70  # shorter headers in ASCII stay as they are
NAME = 64  # characters of a name that are shown
TOKEN = 960  # characters of a token: with its header's name, a line keeps within 998 (RFC 5322, 2.1.1)
LOGO = "logo@baken"  # the page shows it as cid:logo@baken
PICTURES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}  # by how the file begins
PAGE = re.compile(r"https?://[!#-;=?-~]+")  # an address in ASCII that brackets and commas cannot end


def _folded(text: str, name: str, end: str) -> str:
    plain = text.isascii() and len(text) < UNFOLDED and "=?" not in text  # that would be read as an encoded word
    return text if plain else Header(text, "utf-8", LINE, name).encode(linesep=end)


class _Text(UniqueUnstructuredHeader):
    """Words, taken as they are written: the library's own would decode `=?utf-8?q?...?=`, line breaks and all."""

    name: str

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        kwds |= {"parse_tree": None, "decoded": value}

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {_folded(str(self), self.name, policy.linesep)}{policy.linesep}"


class _Mailbox(_Text):
    """As `mailbox` writes it: a name, and one address in angle brackets."""

    def fold(self, *, policy: Policy) -> str:
        shown, _, address = str(self).rpartition(" <")
        return f"{self.name}: {_folded(shown, self.name, policy.linesep)}{policy.linesep} <{address}{policy.linesep}"


class _Token(_Text):
    """A key, or an id in angle brackets: never folded, never encoded."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


class _Registry(HeaderRegistry):
    """The library makes a new class for every header that it meets, which is a fifth of the work; here, one a name."""

    def __init__(self) -> None:
        super().__init__()
        self.made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        kind = self.made.get(name.lower())
        if kind is None:
            kind = self.made[name.lower()] = super().__getitem__(name)
        return kind

    def map_to_type(self, name: str, cls: Any) -> None:
        """Another class for this header."""
        self.made.pop(name.lower(), None)
        super().map_to_type(name, cls)


def _policy() -> Policy:
    registry = _Registry()
    kinds: dict[str, Any] = {"subject": _Text, "from": _Mailbox, "to": _Mailbox, "reply-to": _Mailbox}
    tokens = ("message-id", "x-idempotency-key", "list-unsubscribe", "list-unsubscribe-post")
    for name, kind in (kinds | dict.fromkeys(tokens, _Token)).items():
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
    quoted = plain.isascii() and "=?" not in plain
    return f'"{plain}" <{postal(address)}>' if quoted else f"{plain} <{postal(address)}>"


def build(  # noqa: PLR0913 - what a message is made of, each by its name
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
    unsubscribe: str = "",
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """The message as it goes over the line.

    `sender` and `reply_to` may carry a name (`Baken <baken@example.org>`); an empty `reply_to` is left out.
    `message_id` is `something@domain`, with or without angle brackets; `sent_at` is an instant with its zone.
    `unsubscribe` is the page that takes a person off with one POST (RFC 8058); empty leaves it out.
    Raises ValueError for control characters in any header, for what is not one e-mail address or one web address, and
    for a logo that is neither PNG nor JPEG.
    """
    message = EmailMessage(policy=POLICY)
    message["From"] = mailbox(*_parted(sender))
    message["To"] = mailbox(to_name, to_address)
    if reply_to:
        message["Reply-To"] = mailbox(*_parted(reply_to))
    message["Subject"] = _clean("Subject", rendered.subject)
    message["Message-ID"] = f"<{_token('Message-ID', message_id).strip('<>')}>"
    message["X-Idempotency-Key"] = _token("X-Idempotency-Key", key_digest)
    message["Date"] = sent_at
    message["Auto-Submitted"] = "auto-generated"
    if unsubscribe:
        if not PAGE.fullmatch(_token("List-Unsubscribe", unsubscribe)):
            raise ValueError("List-Unsubscribe is not one web address")
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    entry = ""
    if appointment is not None:
        entry = calendar_entry(appointment, organiser=parseaddr(reply_to or sender)[1], sent_at=sent_at)
    _fill(message, rendered, entry, attachments)
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{key_digest[:40]}_{number}")  # no quoted-printable line can hold it
    return message.as_bytes()


def _fill(message: EmailMessage, rendered: Rendered, entry: str, attachments: Sequence[Attachment]) -> None:
    """mixed[related[alternative[text, page, calendar], logo], attachments]: of these layers, those that are needed."""
    twins: MIMEPart = message
    if rendered.logo is not None:
        message.make_related()
        twins = MIMEPart(policy=POLICY)
    twins.set_content(rendered.text, cte="quoted-printable")
    twins.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    if entry:
        twins.add_alternative(entry, subtype="calendar", params={"method": "PUBLISH"}, cte="quoted-printable")
    if rendered.logo is not None:
        kind = next((kind for start, kind in PICTURES.items() if rendered.logo.startswith(start)), None)
        if kind is None:
            raise ValueError("the logo is neither PNG nor JPEG")
        message.attach(twins)  # type: ignore[arg-type]  # a part below the first needs no version
        message.add_related(rendered.logo, "image", kind, cid=f"<{LOGO}>", disposition="inline")
        message.set_param("type", "multipart/alternative")  # RFC 2387, 3.1
    for file in attachments:
        main, _, sub = file.content_type.partition("/")
        charset = {"charset": "utf-8"} if main == "text" else {}
        message.add_attachment(file.content, main, sub, filename=file.name, params=charset)
    if "MIME-Version" not in message:
        message["MIME-Version"] = "1.0"


def _clean(name: str, value: str) -> str:
    if CONTROL.search(value):
        msg = f"{name} holds a control character"
        raise ValueError(msg)
    return value


def _token(name: str, value: str) -> str:
    """What is never folded nor encoded must be ASCII, and fit on a line."""
    if not _clean(name, value).isascii() or len(value) > TOKEN:
        msg = f"{name} is not in ASCII, or longer than {TOKEN} characters"
        raise ValueError(msg)
    return value


def _parted(written: str) -> tuple[str, str]:
    """Name and address of `Baken <baken@example.org>`."""
    return parseaddr(_clean("From or Reply-To", written))


def calendar_entry(appointment: Appointment, *, organiser: str, sent_at: datetime) -> str:
    """The appointment as an iCalendar text; a later `sequence` under the same `uid` replaces the entry.

    An instant without a named zone is written in UTC: calendars know no zone called +02:00.
    """
    named = isinstance(appointment.starts_at.tzinfo, ZoneInfo)
    starts_at = appointment.starts_at if named else appointment.starts_at.astimezone(UTC)
    made_on = appointment.made_on
    stamp = datetime.combine(made_on, time(), UTC) if made_on else sent_at.astimezone(UTC)
    event = icalendar.Event()
    event.add("uid", appointment.uid)
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", stamp)
    event.add("dtstart", starts_at)
    event.add("dtend", starts_at + timedelta(minutes=appointment.minutes))
    event.add("summary", appointment.title)
    event.add("organizer", icalendar.vCalAddress(f"mailto:{postal(organiser)}"))
    if appointment.place:
        event.add("location", appointment.place)
    entry = icalendar.Calendar()
    entry.add("prodid", "-//Baken//Mentoring//EN")
    entry.add("version", "2.0")
    entry.add("method", "PUBLISH")
    entry.add_component(event)
    year = starts_at.date()  # only this year's changes of the clock, not seventy years of them
    entry.add_missing_timezones(first_date=year.replace(month=1, day=1), last_date=year.replace(month=12, day=31))
    return str(entry.to_ical().decode())
