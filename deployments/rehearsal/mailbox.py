"""A mail server on loopback that keeps every message as a file, one folder a person."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Mailbox:
    """Takes what is posted; `collect` hands out what is new, in the order of arrival."""

    folder: Path
    new: list[tuple[str, EmailMessage]] = field(default_factory=list)
    received: int = 0
    by_id: dict[str, int] = field(default_factory=dict)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - aiosmtpd's name
        """One message, accepted once it is on disk."""
        raw = cast("bytes", envelope.content)
        message = message_from_bytes(raw, policy=default)
        for address in envelope.rcpt_tos:
            self.received += 1
            place = self.folder / address.replace("/", "_")
            place.mkdir(parents=True, exist_ok=True)
            (place / f"{self.received:05d}.eml").write_bytes(raw)
            self.new.append((address, message))
        key = str(message["Message-ID"])
        self.by_id[key] = self.by_id.get(key, 0) + 1
        return "250 kept"

    def collect(self) -> list[tuple[str, EmailMessage]]:
        """The messages since the last time."""
        found, self.new = self.new, []
        return found


@contextmanager
def mail_server(folder: Path, port: int) -> Iterator[Mailbox]:
    """Listen on that loopback port until the block ends."""
    box = Mailbox(folder)
    controller = Controller(box, hostname="127.0.0.1", port=port, ready_timeout=30)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
