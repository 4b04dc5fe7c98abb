"""The company's logo: a small PNG or JPEG, kept as a data URI, sent inside the mail. Nothing is fetched."""

import base64
import binascii
from functools import lru_cache

LARGEST = 60_000  # bytes; a logo goes along with every mail
MAGIC = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}
PREFIX = "data:image/"


class BadLogo(ValueError):
    """A logo that mails cannot carry; the message says why, and what to do."""


def data_uri(raw: bytes) -> str:
    """The logo as a data URI. Raises BadLogo for what is not a PNG or a JPEG, or larger than 60 kB."""
    return f"{PREFIX}{_kind(raw)};base64,{base64.b64encode(raw).decode('ascii')}"


@lru_cache(maxsize=32)
def picture(uri: str) -> bytes | None:
    """The bytes of a logo's data URI; None where there is no logo. Raises BadLogo for what mails cannot carry."""
    if not uri:
        return None
    head, comma, text = uri.partition(",")
    if not (comma and head.startswith(PREFIX) and head.endswith(";base64")):
        raise BadLogo("the logo is not a data URI of a PNG or a JPEG")
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise BadLogo("the logo's data URI is damaged; give the file again") from None
    _kind(raw)
    return raw


def _kind(raw: bytes) -> str:
    kind = next((name for magic, name in MAGIC.items() if raw.startswith(magic)), None)
    if kind is None:
        start = raw[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        if start.startswith((b"<svg", b"<?xml", b"<!doctype svg")):
            raise BadLogo("the logo is an SVG, which mail programs do not show; save it as a PNG")
        raise BadLogo("the logo is neither a PNG nor a JPEG; save it as a PNG")
    if len(raw) > LARGEST:
        msg = f"the logo takes {len(raw) // 1000} kB; at most {LARGEST // 1000} kB goes along with a mail"
        raise BadLogo(msg)
    return kind
