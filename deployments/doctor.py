"""A health check: home, database, keys, mail, Prefect, and all that the watchdog minds; each says what to do."""

import os
import stat
from collections.abc import Callable, Iterator

import httpx
import sqlalchemy as sa
from pydantic import ValidationError

from deployments import quiet  # noqa: F401 - before Prefect
from deployments.placing import calendar
from framework.watch import Finding
from models import installation, schema
from models.base import engine, transaction
from models.settings import settings
from notifications.sender import NotConfigured, connect
from notifications.settings import MailSettings
from tasks import checks, checks_prefect, spread
from tasks.auditing import trail


def examine() -> list[Finding]:
    """Look at everything; never raises for what is wrong."""
    first = (_home, _database, checks.secret, checks.seals, checks.disk, _mail, _portal, _prefect, _dask)
    found = [finding for look in first for finding in look()]
    return found + [finding for look in IN_THE_DATABASE for finding in _tried(look)]


IN_THE_DATABASE = (checks.tables, checks.rounds, checks.outbox, checks.programmes, checks.people_feed, trail, calendar)


def _tried(look: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """What is found there; nothing where there is no database, or without tables: that is told already."""
    try:
        return list(look()) if schema.is_current() else []
    except (sa.exc.SQLAlchemyError, OSError, ValidationError):
        return []
    finally:
        engine().dispose()


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
    if not answered:
        yield Finding("Prefect", "wrong", f"{api} does not answer", "Start it.")
        return
    yield Finding("Prefect", "ok", api)
    yield from checks_prefect.runs()


def _dask() -> Iterator[Finding]:
    """Nothing where runs do their own work, or begin workers of their own."""
    given = settings()
    if given.tasks != "dask" or not given.dask:
        return
    try:
        number = spread.workers()
    except spread.DaskMissing as missing:
        yield Finding("Dask", "wrong", "not installed", str(missing))
        return
    if number:
        yield Finding("Dask", "ok", f"{number} workers at {given.dask}")
    else:
        yield Finding(
            "Dask", "wrong", f"no worker at {given.dask}", "Start one; until then runs do their work themselves."
        )
