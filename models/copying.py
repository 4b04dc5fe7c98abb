"""Copies of the whole database, made while others write, and put back: SQLite by VACUUM INTO, PostgreSQL by pg_dump."""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import sqlalchemy as sa
from psycopg.conninfo import make_conninfo

from models import event, schema
from models.base import engine
from models.event import Head
from models.settings import settings

Kind = Literal["sqlite", "postgresql"]
DEBIAN = Path("/usr/lib/postgresql")
FUNCTIONS = ("event_only_grows", "event_no_delete", "event_mark_no_delete", "event_closing_no_delete")
COMPLAINT = 300  # characters of what a tool said


class CopyFailed(RuntimeError):
    """The database could not be copied or put back; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a database holds: its revision, the rows of each table, and where the trail's chain ends."""

    revision: str
    counts: dict[str, int]
    head: Head


def kind() -> Kind:
    """Of which kind the database is."""
    return "sqlite" if engine().dialect.name == "sqlite" else "postgresql"


def sqlite_file() -> Path:
    """The file of an SQLite database."""
    return Path(str(sa.make_url(settings().url).database))


def standing() -> Standing:
    """How the database stands now; raises CopyFailed where there is none."""
    if not schema.revision():
        raise CopyFailed("there is no database yet: nothing to copy")
    with engine().connect() as connection:
        return _standing(connection)


def _standing(connection: sa.Connection) -> Standing:
    names = sorted(sa.inspect(connection).get_table_names())
    counts = {
        name: connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) or 0
        for name in names
        if name != "alembic_version"
    }
    at = connection.scalar(sa.select(sa.column("version_num", sa.String())).select_from(sa.table("alembic_version")))
    return Standing(str(at or ""), counts, event.head(connection) if "event_mark" in names else Head(0, ""))


def copy_out(to: Path) -> Standing:
    """Write a copy of this moment to a file that is not there yet, and tell what it holds. Raises CopyFailed."""
    if not schema.revision():
        raise CopyFailed("there is no database yet: nothing to copy")
    os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    return _vacuum_into(to) if kind() == "sqlite" else _dump(to)


def _vacuum_into(to: Path) -> Standing:
    try:
        with closing(sqlite3.connect(sqlite_file(), timeout=60)) as connection:
            connection.execute("VACUUM INTO ?", (str(to),))
    except sqlite3.Error as wrong:
        msg = f"the database could not be copied: {wrong}"
        raise CopyFailed(msg) from None
    return look_into(to)


def look_into(file: Path) -> Standing:
    """What a copy of an SQLite database holds. Raises CopyFailed for one that is damaged."""
    as_it_is = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
    copy = sa.create_engine("sqlite://", creator=lambda: sqlite3.connect(as_it_is, uri=True))
    try:
        with copy.connect() as connection:
            if connection.exec_driver_sql("PRAGMA integrity_check").scalar() != "ok":
                raise CopyFailed("the copy is damaged; look at the disk, and try again")
            return _standing(connection)
    except sa.exc.DatabaseError:
        raise CopyFailed("the copy is damaged, or is no database; look at the disk, and try again") from None
    finally:
        copy.dispose()


def _dump(to: Path) -> Standing:
    with engine().connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        moment = connection.scalar(sa.select(sa.func.pg_export_snapshot()))
        found = _standing(connection)
        _run("pg_dump", ["--format=custom", f"--snapshot={moment}", "--no-owner", "--no-privileges", f"--file={to}"])
    return found


def others() -> int:
    """How many others are connected to a PostgreSQL database."""
    mine = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with engine().connect() as connection:
        return int(connection.exec_driver_sql(mine).scalar() or 0)


def set_aside(folder: Path) -> None:
    """Keep the database that is there in that folder, and leave none behind. Raises CopyFailed while others use it."""
    running = "something still uses the database: stop `baken serve` and whatever else runs, and try again"
    engine().dispose()
    if kind() == "sqlite":
        try:
            with closing(sqlite3.connect(sqlite_file(), timeout=1)) as connection:
                connection.execute("PRAGMA journal_mode=DELETE")  # asks to be alone
        except sqlite3.OperationalError:
            raise CopyFailed(running) from None
        sqlite_file().replace(folder / "baken.db")
        return
    if others():
        raise CopyFailed(running)
    copy_out(folder / "baken.dump")
    _drop()


def _drop() -> None:
    with engine().begin() as connection:
        there = set(sa.inspect(connection).get_table_names()) & {*schema.METADATA.tables, "alembic_version"}
        if there:
            connection.exec_driver_sql(f"DROP TABLE {', '.join(sorted(there))} CASCADE")
        for name in FUNCTIONS:
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {name}() CASCADE")
    engine().dispose()


def put_in(file: Path) -> None:
    """Make a copy the database, where there is none. Raises CopyFailed."""
    engine().dispose()
    if kind() == "sqlite":
        sqlite_file().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for rest in ("-wal", "-shm"):
            sqlite_file().with_name(sqlite_file().name + rest).unlink(missing_ok=True)
        file.chmod(0o600)
        shutil.move(file, sqlite_file())
        return
    _drop()
    _run("pg_restore", ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", str(file)])


def _run(tool: str, arguments: Sequence[str]) -> None:
    """Run one of PostgreSQL's own tools on the database; a password goes through the environment alone."""
    url = sa.make_url(settings().url)
    _, given = url.get_dialect()().create_connect_args(url)
    password = given.pop("password", None)
    env = os.environ | ({"PGPASSWORD": str(password)} if password else {})
    command = [str(_tool(tool)), f"--dbname={make_conninfo(**given)}", *arguments]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode:
        msg = f"{tool} could not do it: {' '.join(done.stderr.split())[:COMPLAINT]}"
        raise CopyFailed(msg)


def _tool(name: str) -> Path:
    with engine().connect() as connection:
        server = int(connection.exec_driver_sql("SHOW server_version_num").scalar() or 0) // 10000
    found = {path: _version(path) for path in _candidates(name)}
    for path, version in found.items():
        if version >= server:
            return path
    has = f"there is only version {max(found.values())}" if found else "there is none"
    msg = (
        f"the server is PostgreSQL {server}, and its {name} is needed: {has}. Put that of {server} or newer on the PATH"
    )
    raise CopyFailed(msg)


def _candidates(name: str) -> Iterator[Path]:
    if on_path := shutil.which(name):
        yield Path(on_path)
    yield from sorted(DEBIAN.glob(f"*/bin/{name}"), reverse=True)


def _version(path: Path) -> int:
    asked = [str(path), "--version"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout  # noqa: S603 - as found on the PATH
    number = re.search(r"\) (\d+)", said)
    return int(number[1]) if number else 0
