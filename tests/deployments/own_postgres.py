"""A PostgreSQL server of one's own that keeps its word (fsync and all), and may be restarted while others use it."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa

from tests.conftest import _binaries

Mode = Literal["fast", "immediate"]


@dataclass(frozen=True)
class OwnPostgres:
    """A server in a folder of its own, without a TCP port; `url` is that of its administrator."""

    home: Path
    binaries: Path
    run: dict[str, Any]

    @property
    def url(self) -> str:
        """Where it is reached."""
        return f"postgresql+psycopg://postgres@/postgres?host={self.home}"

    def database(self, name: str) -> str:
        """A new database of that name; its address. It goes with the server."""
        admin = sa.create_engine(self.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        return sa.make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def restart(self, mode: Mode) -> None:
        """Stop and start it: `fast` says goodbye to everybody, `immediate` is a crash, and it has to recover."""
        self._ctl("restart", "-m", mode)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._ctl("start")

    def stop(self) -> None:
        """Stop it for good."""
        self._ctl("stop", "-m", "fast")

    def _ctl(self, *words: str) -> None:
        log, options = str(self.home / "log"), f"-k {self.home} -c listen_addresses= -c max_connections=200"
        subprocess.run(
            [self.binaries / "pg_ctl", *words, "-D", self.home / "data", "-l", log, "-w", "-t", "60", "-o", options],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self.run,
        )


@contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    """Start one, with every commit on disk before it is told; stop it, and take it away, at the end."""
    home = Path(tempfile.mkdtemp(prefix="pg-own-"))
    env = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(home)}
    run: dict[str, Any] = {"cwd": home, "env": env}
    if os.geteuid() == 0:  # Postgres refuses to run as root
        nobody = pwd.getpwnam("nobody")
        os.chown(home, nobody.pw_uid, nobody.pw_gid)
        run |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    made = OwnPostgres(home, _binaries(home, run), run)
    init = ["-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
    subprocess.run([made.binaries / "initdb", "-D", home / "data", *init], check=True, capture_output=True, **run)
    made.start()
    try:
        yield made
    finally:
        made.stop()
        shutil.rmtree(home, ignore_errors=True)
