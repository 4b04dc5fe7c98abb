"""Takes finished messages instead of a relay, and keeps them to be looked at: for dry runs and previews."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from pathlib import Path

LINK = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True, slots=True)
class Taken:
    """One message as its reader would get it. `digest` is the part of its Message-ID before the @."""

    digest: str
    to: str
    subject: str
    links: Sequence[str]
    size: int
    file: Path | None


@dataclass
class Capture:
    """A transport that delivers nothing. With a `folder`, each message is kept there as an .eml file."""

    folder: Path | None = None
    taken: list[Taken] = field(default_factory=list)

    def deliver(self, sender: str, recipient: str, raw: bytes) -> str:  # noqa: ARG002 - as the sender to a relay
        """Keep one message."""
        message = message_from_bytes(raw, policy=default)
        body = message.get_body(("plain",))
        text = body.get_content() if body else ""
        file = None
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            file = self.folder / f"{len(self.taken) + 1:05d}.eml"
            file.write_bytes(raw)
        links = tuple(dict.fromkeys(LINK.findall(text)))
        digest = str(message["Message-ID"]).strip("<>").partition("@")[0]
        self.taken.append(Taken(digest, recipient, str(message["Subject"]), links, len(raw), file))
        return "kept"

    def close(self) -> None:
        """Nothing to take leave of."""
