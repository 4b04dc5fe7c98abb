"""Where Baken keeps things: `BAKEN_HOME`, the database, the portal's address and the key of its links."""

import os
import secrets
from functools import cache
from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read from the environment at first use; `BAKEN_*` names, as in the README's table."""

    model_config = SettingsConfigDict(env_prefix="BAKEN_")

    home: Path = Path.home() / ".baken"
    database_url: str = ""
    portal_url: str = "http://127.0.0.1:8765"
    secret_key: SecretStr = SecretStr("")

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
    return given.encode() if given else _kept_key(settings().home / "secret.key")


@cache
def _kept_key(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_hex(32).encode())
    return path.read_bytes()
