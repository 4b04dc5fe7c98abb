"""The ledger of erasures: a file outside the database, so that a restored backup does not bring anybody back.

One line an erasure, as JSON: the day, the person's number in the database, and keyed digests of employee number and
address. Whoever reads it learns no name; who holds the installation's secret can tell whether somebody is in it.
"""

import fcntl
import hmac
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from models.settings import secret_key, settings

NAME, MODE = "erasures.jsonl", 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line. `back` says that the company wants to list this person again, and that the erasure is over."""

    on: str
    person: int
    number: str = ""
    address: str = ""
    back: bool = False

    @property
    def marks(self) -> frozenset[str]:
        """The digests that there are."""
        return frozenset(filter(None, (self.number, self.address)))


def path() -> Path:
    """Where the ledger is: `BAKEN_LEDGER`, or beside the keys."""
    given = settings().ledger
    return Path(given) if given else settings().home / NAME


def mark(kind: str, key: str | None) -> str:
    """What stands for an employee number (`number`) or an address (`address`); empty for none."""
    text = (key or "").strip().lower()
    return hmac.new(secret_key(), f"erased|{kind}|{text}".encode(), sha256).hexdigest() if text else ""


def append(person: int, number: str | None, address: str | None, on: date) -> None:
    """Write a line, and wait until it is on disk. Raises OSError."""
    _write(Entry(on=on.isoformat(), person=person, number=mark("number", number), address=mark("address", address)))


def lift(entry: Entry, on: date) -> None:
    """The company lists that person again: whoever comes in by a file is somebody new. Raises OSError."""
    _write(replace(entry, on=on.isoformat(), back=True))


def _write(line: Entry) -> None:
    place = path()
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(place, os.O_RDWR | os.O_CREAT | os.O_APPEND, MODE), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        whole = file.read()
        gap = b"" if not whole or whole.endswith(b"\n") else b"\n"  # a line that was cut off stays alone
        file.write(gap + json.dumps(asdict(line)).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def entries() -> tuple[Entry, ...]:
    """Who counts as erased, in the order written: without those whom the company took back. A torn line is left out."""
    place = path()
    try:
        seen = place.stat()
    except FileNotFoundError:
        return ()
    return _standing(_read(place, (seen.st_ino, seen.st_mtime_ns, seen.st_size)))


def names(number: str | None, address: str | None, among: Iterable[Entry]) -> bool:
    """Whether any of these lines is about whoever has that employee number or address."""
    mine = {mark("number", number), mark("address", address)} - {""}
    return any(not mine.isdisjoint(one.marks) for one in among)


@lru_cache(maxsize=4)
def _read(place: Path, seen: tuple[int, int, int]) -> tuple[Entry, ...]:  # noqa: ARG001 - read again once it has changed
    found = []
    for line in place.read_bytes().splitlines():
        try:
            found.append(Entry(**json.loads(line)))
        except (ValueError, TypeError):
            continue
    return tuple(found)


def _standing(every: tuple[Entry, ...]) -> tuple[Entry, ...]:
    standing: list[Entry] = []
    for one in every:
        standing = [other for other in standing if one.marks.isdisjoint(other.marks)] if one.back else [*standing, one]
    return tuple(standing)
