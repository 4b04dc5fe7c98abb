"""A health check: settings, database, mail relay, Prefect, the secret key. Each finding says what to do."""

import os
import stat
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

import httpx
import sqlalchemy as sa
from pydantic import ValidationError

from models import installation, keyring, schema
from models.base import engine, transaction
from models.settings import master_key_file, secret_key, settings
from notifications.sender import NotConfigured, connect
from notifications.settings import MailSettings

Verdict = Literal["ok", "note", "wrong"]
SAMPLE = 500  # people's keys that are opened to see whether they do


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `advice` says what to do where it is not ok."""

    what: str
    verdict: Verdict
    found: str
    advice: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)


def examine() -> list[Finding]:
    """Look at everything; never raises for what is wrong."""
    return [finding for look in (_home, _database, _key, _seals, _mail, _portal, _prefect) for finding in look()]


def _home() -> Iterator[Finding]:
    home = settings().home
    if not home.exists():
        yield Finding("BAKEN_HOME", "note", f"{home} does not exist yet", "It is made on first use.")
        return
    open_to_all = stat.S_IMODE(home.stat().st_mode) & 0o077
    if open_to_all:
        yield Finding("BAKEN_HOME", "note", f"{home} can be read by others", f"chmod 700 {home}")
    else:
        yield Finding("BAKEN_HOME", "ok", str(home))


def _database() -> Iterator[Finding]:
    shown = sa.make_url(settings().url).render_as_string(hide_password=True)
    try:
        if not schema.is_current():
            yield Finding("database", "note", f"{shown} has no tables yet", "They are made by the first command.")
            return
        with transaction() as session:
            rehearsal = installation.is_rehearsal(session)
            day = installation.today(session)
    except (sa.exc.SQLAlchemyError, OSError) as wrong:
        yield Finding(
            "database", "wrong", f"{shown}: {type(wrong).__name__}", "Check BAKEN_DATABASE_URL and that it runs."
        )
        return
    finally:
        engine().dispose()
    yield Finding("database", "ok", f"{shown}{f', a rehearsal on {day}' if rehearsal else ''}")


def _key() -> Iterator[Finding]:
    path = settings().home / "secret.key"
    if settings().secret_key.get_secret_value():
        yield Finding("secret key", "ok", "from BAKEN_SECRET_KEY")
        return
    secret_key()
    mode = stat.S_IMODE(path.stat().st_mode)
    verdict: Verdict = "ok" if mode == 0o600 else "wrong"  # noqa: PLR2004 - its owner alone
    yield Finding("secret key", verdict, f"{path}, mode {mode:o}", "" if verdict == "ok" else f"chmod 600 {path}")


def _seals() -> Iterator[Finding]:
    """The master key: its file is its owner's alone, and people's keys open with it."""
    path = master_key_file()
    if settings().master_keys.get_secret_value():
        where = "from BAKEN_MASTER_KEYS"
    elif path.exists() and (mode := stat.S_IMODE(path.stat().st_mode)) != 0o600:  # noqa: PLR2004 - its owner alone
        yield Finding("master key", "wrong", f"{path}, mode {mode:o}", f"chmod 600 {path}")
        return
    else:
        where = f"{path}, mode 600" if path.exists() else f"{path} does not exist yet"
    try:
        opens, lost = keyring.sample(SAMPLE) if schema.is_current() else (0, 0)
    except sa.exc.SQLAlchemyError:  # the finding on the database says so
        opens, lost = 0, 0
    except ValueError:
        yield Finding("master key", "wrong", f"{where}: it is not a key", "See docs/operator.md, Keys.")
        return
    finally:
        engine().dispose()
    if lost:
        advice = "Put the older master key back; see docs/operator.md, Keys."
        yield Finding("master key", "wrong", f"{where}: {lost} of {opens + lost} people's keys do not open", advice)
    else:
        yield Finding("master key", "ok", f"{where}; {opens} people's keys looked at")


def _mail() -> Iterator[Finding]:
    try:
        mail = MailSettings()
        sender = connect(mail)
    except NotConfigured:
        yield Finding("mail relay", "note", "not set", "Set BAKEN_SMTP_HOST; until then mails wait in the outbox.")
        return
    except (ValidationError, ValueError) as wrong:
        faults = [str(e["loc"][0]) for e in wrong.errors()] if isinstance(wrong, ValidationError) else [str(wrong)]
        yield Finding("mail relay", "wrong", ", ".join(faults), "See the settings table in the README.")
        return
    try:
        sender.login()
    except Exception as wrong:  # noqa: BLE001 - whatever the relay does, it is a finding
        yield Finding(
            "mail relay",
            "wrong",
            f"{mail.smtp_host}:{mail.smtp_port} {type(wrong).__name__}",
            "Check BAKEN_SMTP_* and the relay.",
        )
    else:
        yield Finding("mail relay", "ok", f"{mail.smtp_host}:{mail.smtp_port}, {mail.smtp_security}")
    finally:
        sender.close()


def _portal() -> Iterator[Finding]:
    url = settings().portal_url
    try:
        answered = httpx.get(f"{url.rstrip('/')}/health", timeout=5).status_code == httpx.codes.OK
    except httpx.HTTPError:
        answered = False
    if answered:
        yield Finding("portal", "ok", url)
    else:
        yield Finding(
            "portal", "note", f"{url} does not answer", "`baken serve` starts it; BAKEN_PORTAL_URL is its address."
        )


def _prefect() -> Iterator[Finding]:
    api = os.environ.get("PREFECT_API_URL", "")
    if not api:
        yield Finding(
            "Prefect", "note", "no PREFECT_API_URL: each command starts a server of its own", "`baken serve` runs one."
        )
        return
    try:
        answered = httpx.get(f"{api}/health", timeout=5).status_code == httpx.codes.OK
    except httpx.HTTPError:
        answered = False
    yield (
        Finding("Prefect", "ok", api)
        if answered
        else Finding("Prefect", "wrong", f"{api} does not answer", "Start it.")
    )
