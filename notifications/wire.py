"""What the line to a relay carries: the text of a message, and addresses that nobody needs to mend."""

import re

LINE_END = re.compile(rb"\r\n|\r|\n")
NOT_BARE = re.compile(r"[\s\x00-\x1f\x7f<>(),]")


def is_bare(address: str) -> bool:
    """Whether this is an address and nothing else; the client would quietly mend anything else into another address."""
    return not NOT_BARE.search(address)


def on_the_line(raw: bytes) -> bytes:
    """A message as DATA carries it: CRLF alone ends a line, a leading dot is doubled, and a dot stands at the end."""
    text = LINE_END.sub(b"\r\n", raw)
    text = (b"." if text.startswith(b".") else b"") + text.replace(b"\r\n.", b"\r\n..")
    return text + (b".\r\n" if text.endswith(b"\r\n") else b"\r\n.\r\n")
