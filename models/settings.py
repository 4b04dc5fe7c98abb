"""Where Baken keeps things: `BAKEN_HOME`, the database, the portal's address, and the keys of links and of people."""

import os
import secrets
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

from cryptography.fernet import Fernet
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read from the environment at first use; `BAKEN_*` names, as in the README's table."""

    model_config = SettingsConfigDict(env_prefix="BAKEN_")

    home: Path = Path.home() / ".baken"
    database_url: str = ""
    portal_url: str = "http://127.0.0.1:8765"
    secret_key: SecretStr = SecretStr("")
    master_keys: SecretStr = SecretStr("")

    @property
    def url(self) -> str:
        """The database: SQLite in `BAKEN_HOME` unless `BAKEN_DATABASE_URL` names another."""
        return self.database_url or f"sqlite:///{self.home / 'baken.db'}"


def settings() -> Settings:
    """The settings as the environment has them now."""
    return _read(tuple(sorted(item for item in os.environ.items() if item[0].startswith("BAKEN_"))))


@cache
def _read(environment: tuple[tuple[str, str], ...]) -> Settings:  # noqa: ARG001 - read again only when it has changed
    return Settings()


def secret_key() -> bytes:
    """The key that links are signed with; made on first use in `BAKEN_HOME`, readable by its owner alone."""
    given = settings().secret_key.get_secret_value()
    return given.encode() if given else _kept_key(settings().home / "secret.key", secrets.token_hex(32).encode())


def master_keys() -> tuple[bytes, ...]:
    """The keys that wrap people's own keys, the newest first: from the settings, or a file of one key a line.

    The file is made on first use in `BAKEN_HOME`, readable by its owner alone. Keep it out of the database's backups.
    """
    given = settings().master_keys.get_secret_value()
    text = given.replace(",", "\n").encode() if given else _kept_key(master_key_file(), Fernet.generate_key())
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def master_key_file() -> Path:
    """Where the master keys are kept when the settings hold none."""
    return settings().home / "master.key"


def forget_keys() -> None:
    """Read the key files again: one of them has changed."""
    _read_key.cache_clear()


def _kept_key(path: Path, fresh: bytes) -> bytes:
    """The key in that file; where there is none, `fresh` is put there whole, and who was first wins."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # its owner alone may read it
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(fresh)
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(name, path)
        finally:
            Path(name).unlink()
    return _read_key(path)


@cache
def _read_key(path: Path) -> bytes:
    return path.read_bytes()
