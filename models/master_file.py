"""The file of master keys, one a line, the newest first: a new one is put at its head, old ones are taken out.

Whoever changes it holds a lock and puts the whole file in its place at once; every process reads it anew (`settings`).
"""

import fcntl
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from cryptography.fernet import Fernet
from sqlalchemy.orm import Session

from models.base import transaction
from models.keyring import under
from models.settings import master_key_file, master_keys, settings
from models.vault import PersonKey


class InEnvironment(RuntimeError):
    """`BAKEN_MASTER_KEYS` holds the master keys: they are changed there, by whoever set them."""


class StillInUse(RuntimeError):
    """An older master key still wraps somebody's key."""


def is_file() -> bool:
    """Whether the master keys are in the file, and not in the environment."""
    return not settings().master_keys.get_secret_value()


def add() -> int:
    """Put a new master key at the head of the file; how many there are now. Raises InEnvironment."""
    with _alone() as path:
        keys = (Fernet.generate_key(), *master_keys())
        _write(path, keys)
    return len(keys)


def drop() -> int:
    """Take out all master keys but the newest; how many went. Raises StillInUse and InEnvironment.

    Nobody makes a person's key meanwhile.
    """
    with _alone() as path, transaction() as session:
        _hold(session)
        newest, *old = master_keys()
        wraps = session.scalars(sa.select(PersonKey.wrapped).where(PersonKey.wrapped != ""))
        if not all(under(wrapped, newest) for wrapped in wraps):
            raise StillInUse("an older master key still wraps somebody's key; `baken keys rotate` goes on with it")
        if old:
            _write(path, [newest])
    return len(old)


def _hold(session: Session) -> None:
    """On SQLite every transaction is alone; on PostgreSQL who makes a key waits for us, and we for him."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("LOCK TABLE person_key IN SHARE MODE"))


@contextmanager
def _alone() -> Iterator[Path]:
    if not is_file():
        raise InEnvironment("BAKEN_MASTER_KEYS holds the master keys: change them there")
    master_keys()  # it is made on first use
    path = master_key_file()
    with path.with_name(f".{path.name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield path


def _write(path: Path, keys: Sequence[bytes]) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # its owner alone may read it
    with os.fdopen(handle, "wb") as file:
        file.write(b"\n".join(keys) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)
