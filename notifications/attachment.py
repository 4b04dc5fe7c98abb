"""A file that goes with a mail."""

import re
from dataclasses import dataclass

from notifications.render import CONTROL

TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]*")
MISLEADING = re.compile("[\u202a-\u202e\u2066-\u2069/\\\\]")  # what turns text around, and what parts folders


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file: its name in any language, its bytes, and its kind as `application/pdf` says it.

    Raises ValueError for a name that is empty, holds a control character, a slash, or a sign that turns text around,
    and for what is not a kind of file.
    """

    name: str
    content: bytes
    content_type: str = "application/octet-stream"

    def __post_init__(self) -> None:
        """Refuse what would break a header, or mislead about the file."""
        if not self.name.strip() or CONTROL.search(self.name) or MISLEADING.search(self.name):
            raise ValueError("the name of an attachment is empty, or holds a control character or a slash")
        if not TYPE.fullmatch(self.content_type):
            raise ValueError("an attachment's kind is written as application/pdf")
