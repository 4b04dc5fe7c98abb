"""What Prefect costs: `python -m benchmarks.overhead [--json] [--pairs 10000] [--kinds sqlite] [--days quiet]`.

The daily advance of a programme in the middle of its life, as it runs in production against a Prefect server in a
process of its own, beside the same code as plain calls. Each is a process of its own, on a copy of the same database,
posts to a real SMTP server on loopback, and they take turns. Baken on PostgreSQL has Prefect's rows there, too.

- `outside_wall_<day>_<kind>`: the share of the clock, of the advance in production, in which no step's own code ran;
  `outside_cpu_`: the same of the CPU time of its process. Told of one run, so what the machine does beside it is out.
- `share_wall_<day>_<kind>`: (with - without) / with, in seconds of the clock, the quickest round of each way.
  `share_cpu_`: the same in CPU time of the advance alone; `share_cpu_all_`: with all that the server used, too.
- `added_ms_<day>_<kind>`: the difference in milliseconds, for days on which nothing is due.
- `spread_wall_<day>_<kind>`: the longest of the plain rounds against the shortest, which is chance alone: a share
  that is smaller than the spread less one is not known from so few rounds.
- `rounds_wall_<day>_<kind>`, `rounds_plain_wall_`: every round.
- `flow_runs_`, `task_runs_`: what Prefect recorded of one advance, with a task run for each flow within the flow;
  `plain_task_runs_`: how often the plain way called a task.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import sqlalchemy as sa

from benchmarks import midlife
from benchmarks.advancing import WAYS
from benchmarks.portal import KINDS, NoPostgresError, database
from benchmarks.relay import HOST, relay
from deployments import deploy, processes
from models.base import engine
from models.settings import settings

DAYS = {"quiet": midlife.QUIET, "busy": midlife.BUSY}
SETTLED_SECONDS, GIVE_UP, TICKS = 5.0, 600.0, os.sysconf("SC_CLK_TCK")
COUNTED: dict[str, Any] = {"flow_runs": {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}}, "task_runs": {}}
AS_IT_IS = ("PREFECT_API_URL", "PREFECT_LOGGING_TO_API_ENABLED", *processes.LIGHT)
"""What a test may have set otherwise: the server that is measured is the whole one."""
SERVER = b"prefect\0server\0start"
Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Server:
    """Prefect's server: the address of its API, and its process."""

    api: str
    pid: int

    def cpu(self) -> float:
        """CPU seconds that it has used so far."""
        return sum(int(one) for one in _stat(self.pid)[11:13]) / TICKS

    def recorded(self) -> dict[str, int]:
        """How many flow runs and task runs it knows."""
        return {
            kind: int(httpx.post(f"{self.api}/{kind}/count", json=asked, timeout=60).json())
            for kind, asked in COUNTED.items()
        }

    def settle(self) -> dict[str, int]:
        """Wait until nothing more is recorded; what it knows then. Raises TimeoutError."""
        until, found, since = time.monotonic() + GIVE_UP, self.recorded(), time.monotonic()
        while time.monotonic() < since + SETTLED_SECONDS:
            if time.monotonic() > until:
                raise TimeoutError("Prefect's server goes on recording")
            time.sleep(0.5)
            if (now := self.recorded()) != found:
                found, since = now, time.monotonic()
        return found


def _stat(pid: int | str) -> list[str]:
    """What Linux tells of a process, from its state on."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _server_process() -> int:
    """The server that this process has started. Raises LookupError."""
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if SERVER in one.read_bytes() and int(_stat(one.parent.name)[1]) == os.getpid():
                return int(one.parent.name)
        except (FileNotFoundError, ProcessLookupError):
            continue
    raise LookupError("Prefect's server is not there")


@contextmanager
def served() -> Iterator[Server]:
    """Prefect's server with every deployment and the calendar in it, its rows in a database of the same kind."""
    from prefect.settings import PREFECT_API_URL, temporary_settings

    ours = {"PREFECT_API_DATABASE_CONNECTION_URL": ""}
    if (url := sa.make_url(settings().url)).get_backend_name() == "postgresql":
        with _admin(url) as run:
            run("CREATE DATABASE prefect")
        there = url.set(drivername="postgresql+asyncpg", database="prefect")
        ours["PREFECT_API_DATABASE_CONNECTION_URL"] = there.render_as_string(hide_password=False)
    before = {name: os.environ.pop(name, None) for name in (*ours, *AS_IT_IS)}
    os.environ.update({name: value for name, value in ours.items() if value})
    processes.STARTUP_SECONDS = GIVE_UP  # on a busy machine it takes its time
    try:
        with processes.prefect_server(settings().home) as api:
            os.environ["PREFECT_API_URL"] = api
            with temporary_settings({PREFECT_API_URL: api}):
                deploy.register()
            yield Server(api, _server_process())
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


@contextmanager
def _admin(url: sa.URL) -> Iterator[Any]:
    every = sa.create_engine(url.set(database="template1"), isolation_level="AUTOCOMMIT")
    with every.connect() as connection:
        yield connection.exec_driver_sql
    every.dispose()


@contextmanager
def copied() -> Iterator[dict[str, str]]:
    """A copy of the database and its keys; what names them in the environment."""
    engine().dispose()
    url = sa.make_url(settings().url)
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="baken-")))
        for one in settings().home.glob("*"):
            if one.is_file():
                shutil.copy(one, home / one.name)
        named = {"BAKEN_HOME": str(home)}
        if url.get_backend_name() == "postgresql":
            copy = f"c{uuid4().hex}"
            run = stack.enter_context(_admin(url))
            run(f'CREATE DATABASE {copy} TEMPLATE "{url.database}"')
            stack.callback(run, f"DROP DATABASE {copy} WITH (FORCE)")
            named["BAKEN_DATABASE_URL"] = url.set(database=copy).render_as_string(hide_password=False)
        yield named


def advance(way: str, day: str, port: int, server: Server) -> Figures:
    """One advance in a process of its own; its figures. Raises AssertionError where it did not end well."""
    to = {"BAKEN_SMTP_HOST": HOST, "BAKEN_SMTP_PORT": str(port), "BAKEN_SMTP_SECURITY": "none"}
    command = [sys.executable, "-m", "benchmarks.advancing", way, DAYS[day].isoformat()]
    before, cpu = server.settle(), server.cpu()
    with copied() as named:
        done = subprocess.run(command, env=os.environ | to | named, stdout=subprocess.PIPE, text=True, check=False)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else {"name": "broken"}
    if told["name"] != "Active":
        msg = f"the advance did not end well: {told}"
        raise AssertionError(msg)
    after = server.settle()
    runs = {kind: float(told.get(kind, after[kind] - before[kind])) for kind in after}
    own = {name: float(told[name]) for name in ("wall", "cpu", "outside_wall", "outside_cpu")}
    return {**own, "server_cpu": server.cpu() - cpu, **runs}


def measure(pairs: int, kinds: Sequence[str] = KINDS, days: Sequence[str] = tuple(DAYS), rounds: int = 1) -> Figures:
    """The figures that the page above names, for so many pairs."""
    figures: Figures = {"pairs": pairs}
    for kind in kinds:
        try:
            with database(kind), relay() as port:
                midlife.make(pairs)
                with served() as server:
                    for day in days:
                        if day == "busy":
                            midlife.come_to_busy()
                        orders = [WAYS[:: 1 if one % 2 else -1] for one in range(rounds)]  # nobody is always first
                        taken = [{way: advance(way, day, port, server) for way in order} for order in orders]
                        figures |= {f"{name}_{day}_{kind}": value for name, value in _figures(taken).items()}
        except NoPostgresError:
            continue
    return figures


def _figures(taken: Sequence[dict[str, Figures]]) -> Figures:
    """The quickest round of each way, since what a machine does beside it only ever adds; shares within, medians."""
    quickest = {way: min((one[way] for one in taken), key=lambda one: float(one["wall"])) for way in WAYS}
    plain, prefect = quickest["plain"], quickest["prefect"]
    walls = {way: [round(one[way]["wall"], 2) for one in taken] for way in WAYS}
    used = prefect["cpu"] + prefect["server_cpu"]
    return {
        **{
            f"outside_{kind}": round(statistics.median(_outside(one["prefect"], kind) for one in taken), 4)
            for kind in ("wall", "cpu")
        },
        "share_wall": round(1 - plain["wall"] / prefect["wall"], 4),
        "share_cpu": round(1 - plain["cpu"] / prefect["cpu"], 4),
        "share_cpu_all": round(1 - plain["cpu"] / used, 4),
        "spread_wall": round(max(walls["plain"]) / min(walls["plain"]), 4),
        "added_ms": round(1000 * (prefect["wall"] - plain["wall"])),
        "wall_s": round(prefect["wall"], 2),
        "plain_wall_s": round(plain["wall"], 2),
        "rounds_wall": walls["prefect"],
        "rounds_plain_wall": walls["plain"],
        "cpu_s": round(prefect["cpu"], 2),
        "plain_cpu_s": round(plain["cpu"], 2),
        "server_cpu_s": round(prefect["server_cpu"], 2),
        "flow_runs": prefect["flow_runs"],
        "task_runs": prefect["task_runs"],
        "plain_task_runs": plain["task_runs"],
    }


def _outside(one: Figures, kind: str) -> float:
    return float(one[f"outside_{kind}"] / one[kind])


def main(given: list[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.overhead", description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    parser.add_argument("--pairs", type=int, default=10_000, help="pairs in the programme")
    parser.add_argument("--rounds", type=int, default=1, help="how often each way; the quickest is told")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS, help="databases to measure")
    parser.add_argument("--days", nargs="+", choices=tuple(DAYS), default=tuple(DAYS), help="days to measure")
    asked = parser.parse_args(given)
    days = [day for day in DAYS if day in asked.days]  # the quiet one comes first: there is no way back
    figures: dict[str, Any] = measure(asked.pairs, asked.kinds, days, asked.rounds)
    figures |= {"machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"}
    figures |= {"load": round(os.getloadavg()[2], 1)}
    if asked.json:
        print(json.dumps(figures, indent=2))
        return
    for name, value in figures.items():
        print(f"{name:32} {value}")


if __name__ == "__main__":
    main()
