"""An envelope sender of its own for every message (VERP), so that a mail that comes back says which one it was.

`bounce@example.org` becomes `bounce+<number>-<mark>@example.org`: the number of the message in base 36, and a mark that
only this installation can make. Nobody who writes to such an address by hand can have another's mail marked as refused.
"""

import hashlib
import hmac
import re
from string import ascii_lowercase, digits

FIGURES = digits + ascii_lowercase
MARK = 12  # hexadecimal digits: 48 bits
OWN = re.compile(rf"(?P<number>[1-9a-z][0-9a-z]{{0,12}})-(?P<mark>[0-9a-f]{{{MARK}}})")


def sender(delivery_id: int, base: str, key: bytes) -> str:
    """The envelope sender of one message; `base` is the address that takes what comes back.

    Raises ValueError when the number is not positive, or `base` is not one address with room for the number.
    """
    user, at, domain = base.rpartition("@")
    if delivery_id < 1 or not (user and at and domain) or len(user) > 64 - len("+-") - 13 - MARK:  # RFC 5321, 4.5.3.1.1
        raise ValueError("an envelope sender needs a message's number and a short base address")
    number = _in_base_36(delivery_id)
    return f"{user}+{number}-{_mark(number, key)}@{domain}"


def read(address: str, base: str, key: bytes) -> int | None:
    """The number of the message behind an envelope sender; None for a forged, foreign or plain address.

    Upper and lower case are one: mail servers on the way may change it.
    """
    user, _, domain = address.strip().strip("<>").lower().rpartition("@")
    own_user, _, own_domain = base.lower().rpartition("@")
    if not own_user or domain != own_domain or not user.startswith(f"{own_user}+"):
        return None
    found = OWN.fullmatch(user.removeprefix(f"{own_user}+"))
    if found is None or not hmac.compare_digest(found["mark"], _mark(found["number"], key)):
        return None
    return int(found["number"], 36)


def _mark(number: str, key: bytes) -> str:
    return hmac.new(key, f"envelope sender {number}".encode(), hashlib.sha256).hexdigest()[:MARK]


def _in_base_36(number: int) -> str:
    found = ""
    while number:
        number, figure = divmod(number, 36)
        found = FIGURES[figure] + found
    return found
