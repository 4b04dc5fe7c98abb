"""A mail as its reader sees it: where its links lead, and the words in which each question is put."""

import re
from email.message import EmailMessage

LINK, PART = r"[\w\-/]+", re.compile(r"\n(?=[^\n]+\n-{3,}\n)")
"""How an address goes on; and where a part begins, in a mail that has several: at a line that is underlined."""


def links_in(message: EmailMessage, start: str) -> list[str]:
    """The addresses in a mail's text that begin with `start`."""
    return list(dict.fromkeys(re.findall(re.escape(start) + LINK, _text(message))))


def questions_in(message: EmailMessage, start: str) -> dict[str, str]:
    """Each address that begins with `start`, with the words about it: of its part, where a mail has several parts."""
    found: dict[str, str] = {}
    for part in PART.split(_text(message)):
        words = " ".join(re.sub(r"https?://\S+", "", part).split())
        for url in re.findall(re.escape(start) + LINK, part):
            found.setdefault(url, f"{message['Subject']} {words}")
    return found


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    return body.get_content() if body else ""
