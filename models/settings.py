"""Where Baken keeps things: `BAKEN_HOME`, the database, the portal's address, and the keys of links and of people."""

import os
import secrets
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache, lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal

from cryptography.fernet import Fernet
from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from framework.desk import AS_A_WHOLE


class Settings(BaseSettings):
    """Read from the environment at first use; `BAKEN_*` names, as in the README's table."""

    model_config = SettingsConfigDict(env_prefix="BAKEN_")

    home: Path = Path.home() / ".baken"
    database_url: str = ""
    portal_url: str = "http://127.0.0.1:8765"
    proxies: str = ""
    feed: Path | None = None
    feed_share: int = Field(default=10, ge=0, le=100)
    feed_silent_days: int = Field(default=8, ge=0)
    operator: str = Field(default="", pattern=r"^([^@\s<>\",;]+@[^@\s<>\",;]+)?$")
    secret_key: SecretStr = SecretStr("")
    master_keys: SecretStr = SecretStr("")
    ledger: str = ""
    ui_approvals: str = ""
    horizon_days: int = Field(default=731, ge=1, le=3660)
    prefect_ui: str = Field(default="", pattern=r"^(https?://[^\s\"'<>?#]+)?$")
    tasks: Literal["here", "dask"] = "here"
    dask: str = Field(default="", pattern=r"^((tcp|tls)://[^\s/@?#]+:\d+)?$")

    @property
    def url(self) -> str:
        """The database: SQLite in `BAKEN_HOME` unless `BAKEN_DATABASE_URL` names another."""
        return self.database_url or f"sqlite:///{self.home / 'baken.db'}"

    @field_validator("feed", mode="before")
    @classmethod
    def _no_folder(cls, given: object) -> object:
        return given or None  # an empty word would be the folder in which one happens to stand

    @field_validator("proxies")
    @classmethod
    def _networks(cls, given: str) -> str:
        for one in given.replace(",", " ").split():
            ip_network(one, strict=False)  # ValueError names what is wrong
        return given

    @field_validator("ui_approvals")
    @classmethod
    def _phases(cls, given: str) -> str:
        if unknown := sorted(set(given.replace(",", " ").split()) - set(AS_A_WHOLE)):
            msg = f"{', '.join(unknown)}: only {', '.join(AS_A_WHOLE)} can be approved as a whole"
            raise ValueError(msg)
        return given

    @field_validator("tasks")
    @classmethod
    def _shared(cls, given: str, info: ValidationInfo) -> str:
        if given == "dask" and not str(info.data.get("database_url", "")).startswith("postgresql"):
            msg = "dask needs PostgreSQL: SQLite is a file that one machine writes; set BAKEN_DATABASE_URL too"
            raise ValueError(msg)
        return given

    @property
    def approved_in_ui(self) -> frozenset[str]:
        """The phases that may be approved as a whole in Prefect's own pages; none unless they are named."""
        return frozenset(self.ui_approvals.replace(",", " ").split())

    @property
    def proxy_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The proxies whose word on a visitor's address is taken; none unless they are named."""
        return tuple(ip_network(one, strict=False) for one in self.proxies.replace(",", " ").split())


def settings() -> Settings:
    """The settings as the environment has them now."""
    return _read(tuple(sorted(item for item in os.environ.items() if item[0].startswith("BAKEN_"))))


@cache
def _read(environment: tuple[tuple[str, str], ...]) -> Settings:  # noqa: ARG001 - read again only when it has changed
    return Settings()


def secret_key() -> bytes:
    """The key that links are signed with; made on first use in `BAKEN_HOME`, readable by its owner alone."""
    given = settings().secret_key.get_secret_value()
    return (
        given.encode() if given else _kept_key(settings().home / "secret.key", lambda: secrets.token_hex(32).encode())
    )


def master_keys() -> tuple[bytes, ...]:
    """The keys that wrap people's own keys, the newest first: from the settings, or a file of one key a line.

    The file is made on first use in `BAKEN_HOME`, readable by its owner alone. Keep it out of the database's backups.
    """
    given = settings().master_keys.get_secret_value()
    text = given.replace(",", "\n").encode() if given else _kept_key(master_key_file(), Fernet.generate_key)
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def master_key_file() -> Path:
    """Where the master keys are kept when the settings hold none."""
    return settings().home / "master.key"


def _kept_key(path: Path, make: Callable[[], bytes]) -> bytes:
    """The key in that file; where there is none, a fresh one is put there whole, and who was first wins.

    The file is read again once it has changed: a new master key holds for every process at once.
    """
    try:
        seen = path.stat()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # its owner alone may read it
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(make())
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(name, path)
        finally:
            Path(name).unlink()
        seen = path.stat()
    return _read_key(path, (seen.st_ino, seen.st_mtime_ns, seen.st_size))


@lru_cache(maxsize=16)
def _read_key(path: Path, seen: tuple[int, int, int]) -> bytes:  # noqa: ARG001 - read again only when it has changed
    return path.read_bytes()
