"""Mail that came back: from its raw bytes to what it says about which of our messages.

Delivery reports as RFC 3464 describes them are read with the standard library; what older servers write in their own
way, flufl.bounce reads. Replies, out-of-office notes and receipts are no delivery reports.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.message import Message
from email.utils import getaddresses, parseaddr
from hashlib import blake2b
from pathlib import Path

from flufl.bounce import all_failures
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from notifications import verp

OURS = re.compile(r"<\s*([0-9a-fA-F]{40})@[^\s<>]*>")
STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)")  # and no IP address
ARRIVED = frozenset({"delivered", "relayed", "expanded"})
SENT_TO = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To")
ROBOT = re.compile(
    r"\A(?:mailer-daemon|postmaster|mail-daemon|microsoftexchange\w*|system administrator)", re.IGNORECASE
)
MESSAGE_FAULTS = ("5.2.3", "5.3.4", "5.6.")  # too large, or not to be converted: no fault of the address
MOST = 20  # recipients of one report that are looked at
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)  # its words repeat addresses


class BounceSettings(BaseSettings):
    """How to fetch what came back over IMAP, always with TLS that is verified.

    `bounce_imap_cafile` names a file of certificates to trust, for a server that the company signed itself.
    """

    model_config = SettingsConfigDict(env_prefix="BAKEN_", env_ignore_empty=True)

    bounce_imap_host: str = ""
    bounce_imap_port: int = Field(default=993, ge=1, le=65535)
    bounce_imap_user: str = ""
    bounce_imap_password: SecretStr = SecretStr("")
    bounce_imap_folder: str = "INBOX"
    bounce_imap_cafile: Path | None = None


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a delivery report says of one message of ours.

    `delivery_id` is known from the envelope sender, `message_id` (40 hexadecimal digits) from the returned headers;
    `sent_to` is the address that we wrote to, as far as the report repeats it, `recipient` the one that failed, which
    may lie behind a forward. `action` is `failed` or `delayed`, `status` as in RFC 3463. `permanent`: trying again
    makes no sense. `mark` is the same for every copy of this report.
    """

    delivery_id: int | None
    message_id: str | None
    recipient: str | None
    sent_to: str | None
    action: str
    status: str
    permanent: bool
    mark: str

    @property
    def spoils_address(self) -> bool:
        """Whether later mail to the same address will come back too."""
        return self.permanent and not self.status.startswith(MESSAGE_FAULTS)


def bounce_of(raw: bytes, base: str = "", key: bytes = b"") -> Bounce | None:
    """What a mail says as a delivery report; None when it is none, or when the message arrived after all.

    `base` and `key` are those of the envelope senders (`notifications.verp`). Never raises for what a mail holds.
    """
    message = message_from_bytes(raw)
    original = _original(message)
    returned = _address(original.get("To")) if original is not None else None
    said = _standard(message, returned)
    if said is None:
        said = _by_detectors(message, raw)
    if said is None or said.action not in {"failed", "delayed"}:
        return None
    ids = OURS.search(str(original.get("Message-ID", ""))) if original is not None else None
    ids = ids or _quoted_id(message, raw)
    return Bounce(
        delivery_id=_number(message, original, base, key),
        message_id=ids[1].lower() if ids else None,
        recipient=said.recipient,
        sent_to=returned or said.sent_to,
        action=said.action,
        status=said.status,
        permanent=said.action == "failed" and not said.status.startswith("4."),
        mark=_mark(message, raw),
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """What is said of one recipient."""

    recipient: str | None
    sent_to: str | None
    action: str
    status: str


def _standard(message: Message, returned: str | None) -> _Said | None:
    """What the machine's own part says; of several recipients the one that we wrote to."""
    parts = [part for part in message.walk() if part.get_content_type() in STATUS_PARTS]
    said = [one for part in parts for one in _recipients(part)][:MOST]
    mine = [one for one in said if returned and returned in {one.sent_to, one.recipient}]
    for one in mine[:1]:
        return one
    if any(one.action in ARRIVED for one in said):  # some of a list's members have it: the address works
        return next(one for one in said if one.action in ARRIVED)
    return next((one for one in said if one.action == "failed"), said[0] if said else None)


STATUS_PARTS = ("message/delivery-status", "message/global-delivery-status")


def _recipients(part: Message) -> Iterator[_Said]:
    for block in _blocks(part):
        action = str(block.get("Action", "")).strip().lower()
        given = STATUS.search(str(block.get("Status", ""))) or STATUS.search(str(block.get("Diagnostic-Code", "")))
        if not action and not given:
            continue  # the block about the whole message
        status = given[1] if given else {"failed": "5.0.0", "delayed": "4.0.0"}.get(action, "")
        action = action or {"5": "failed", "4": "delayed"}.get(status[:1], "delivered")
        final, first = _typed(block.get("Final-Recipient")), _typed(block.get("Original-Recipient"))
        yield _Said(final or first, first, action, status)


def _blocks(part: Message) -> list[Message]:
    """The blocks of the machine's part; a server that encodes it, against the rule, is read all the same."""
    held = part.get_payload()
    if isinstance(held, list):
        blocks = [block for block in held if isinstance(block, Message)]
        if any(block.get("Action") or block.get("Status") for block in blocks):
            return blocks
    text = held if isinstance(held, str) else ""
    if isinstance(held, list):
        inner = Message()
        inner["Content-Transfer-Encoding"] = str(part.get("Content-Transfer-Encoding", "7bit"))
        inner.set_payload("\n\n".join(block.as_string() for block in blocks))
        decoded = inner.get_payload(decode=True)
        text = decoded.decode("utf-8", "replace") if isinstance(decoded, bytes) else ""
    return [message_from_string(block) for block in re.split(r"\r?\n\s*\r?\n", text.strip()) if block.strip()]


def _by_detectors(message: Message, raw: bytes) -> _Said | None:
    """What servers say in their own words; only where a mail server wrote, for a person's reply is no report."""
    shown, address = parseaddr(str(message.get("From", "")))
    written_by_robot = ROBOT.match(address) or ROBOT.match(shown) or message.get("X-Failed-Recipients")
    if not written_by_robot or message.get_param("report-type", "") == "disposition-notification":
        return None
    try:
        passing, lasting = all_failures(message)
    except Exception:  # noqa: BLE001 - heuristics of others, on whatever the network sends
        passing, lasting = frozenset(), frozenset()
    found = [_plain(one) for one in (*sorted(lasting), *sorted(passing))]
    named = _address(message.get("X-Failed-Recipients"))
    if not found and not named:
        return None
    action = "failed" if lasting or not passing else "delayed"
    digit = "5" if action == "failed" else "4"
    text = raw.decode("utf-8", "replace")
    status = next((one for one in STATUS.findall(text) if one.startswith((digit, "4"))), f"{digit}.0.0")
    return _Said(found[0] if found else named, None, action, status)


def _original(message: Message) -> Message | None:
    """The headers of our own message, as the report gives them back."""
    for part in message.walk():
        if part is message:
            continue
        held = part.get_payload()
        if part.get_content_type() in {"message/rfc822", "message/global"} and isinstance(held, list) and held:
            return held[0] if isinstance(held[0], Message) else None
        if part.get_content_type() in {"text/rfc822-headers", "message/global-headers", "message/rfc822-headers"}:
            decoded = part.get_payload(decode=True)
            text = decoded.decode("utf-8", "replace") if isinstance(decoded, bytes) else part.as_string()
            return message_from_string(text.lstrip())
    return None


def _quoted_id(message: Message, raw: bytes) -> re.Match[str] | None:
    """Our Message-ID where a report without returned headers still names it."""
    named = " ".join(str(message.get(name, "")) for name in ("In-Reply-To", "References", "X-Original-Message-ID"))
    text = raw.decode("utf-8", "replace").replace("=\r\n", "").replace("=\n", "").replace("=40", "@")
    return OURS.search(named) or OURS.search(text)


def _number(message: Message, original: Message | None, base: str, key: bytes) -> int | None:
    """The message's number, from the address to which the report came, or the sender that it repeats."""
    given = [str(value) for name in SENT_TO for value in message.get_all(name, [])]
    given += [str(value) for value in original.get_all("Return-Path", [])] if original is not None else []
    read = (verp.read(address, base, key) for _, address in getaddresses(given, **LENIENT))
    return next((number for number in read if number is not None), None)


LENIENT: dict[str, bool] = {"strict": False} if "strict" in getaddresses.__code__.co_varnames else {}


def _mark(message: Message, raw: bytes) -> str:
    """The same for each copy of a report, however it is fetched."""
    own = str(message.get("Message-ID", "")).strip()
    return blake2b(own.encode("utf-8", "replace") or b"\n".join(raw.split()), digest_size=8).hexdigest()


def _typed(value: object) -> str | None:
    """An address with its type before it: `rfc822; zoe@example.org`."""
    return _address(str(value).rpartition(";")[2]) if value else None


def _address(value: object) -> str | None:
    address = parseaddr(str(value))[1].lower() if value else ""
    return address if "@" in address else None


def _plain(found: bytes | str) -> str:
    return found.decode("utf-8", "replace").lower() if isinstance(found, bytes) else found.lower()
