"""Anchors of the audit trail: where its chain ended on a day, kept in a file beside the database (CAP-200).

A chain alone does not tell that its end was cut off, or that all of it was written anew. So its head is written down
elsewhere: `log/audit-heads.log` in `BAKEN_HOME`, the desk in Prefect, the operator's mail. A line reads
`2027-03-01T05:00:00+00:00 head 1234 9f2c...`: when, what, the place of the link, its mark. A hash tells of nobody.
"""

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from models.event import Head
from models.installation import now
from models.settings import settings

Kind = Literal["head", "closed", "restored"]
NOTHING = "-"
"""Stands for the mark of a chain without a link: a backup may be of before the first deed."""

KINDS: dict[str, Kind] = {kind: kind for kind in get_args(Kind)}


class BadAnchor(ValueError):
    """A line of the file cannot be read; the text says which."""


class Anchor(NamedTuple):
    """One line. `head`: the chain ended here. `closed`: older rows may be gone. `restored`: later links are gone."""

    at: datetime
    kind: Kind
    head: Head


def anchor_file() -> Path:
    """Where the anchors are kept."""
    return settings().home / "log" / "audit-heads.log"


def read(path: Path | None = None) -> list[Anchor]:
    """Every anchor, oldest first; none where there is no file. Raises BadAnchor."""
    file = path or anchor_file()
    if not file.exists():
        return []
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    return [_parsed(line, number, file) for number, line in enumerate(lines, 1) if line.strip()]


def _parsed(line: str, number: int, file: Path) -> Anchor:
    parts = line.split()
    try:
        at, kind, place, mark = datetime.fromisoformat(parts[0]), KINDS[parts[1]], int(parts[2]), parts[3]
        mark = "" if mark == NOTHING else mark
    except (ValueError, LookupError):
        msg = f"line {number} of {file} cannot be read"
        raise BadAnchor(msg) from None
    return Anchor(at, kind, Head(place, mark))


def keep(head: Head, kind: Kind = "head") -> bool:
    """Write a line; False where it says what the last one says. An empty chain has no head to keep."""
    known = read()
    if kind == "head" and (not head.place or (known and known[-1].head == head)):
        return False
    line = f"{now().isoformat(timespec='seconds')} {kind} {head.place} {head.mark or NOTHING}\n"
    append([line])
    return True


def append(lines: Sequence[str]) -> None:
    """Add lines to the file, which its owner alone may read."""
    file = anchor_file()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as out:
        out.write("".join(lines))
        out.flush()
        os.fsync(out.fileno())


def binding(known: Sequence[Anchor]) -> list[Anchor]:
    """Those that still hold: what a restored backup did not know of yet binds nobody any more."""
    held: list[Anchor] = []
    for one in known:
        if one.kind == "restored":
            held = [earlier for earlier in held if earlier.head.place <= one.head.place]
        held.append(one)
    return held
