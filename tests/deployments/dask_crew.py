"""What many machines have beside the others: Redis between Prefect's parts, and Dask with workers of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

from deployments.advance import Advanced
from deployments.processes import free_port
from tests.deployments import compose
from tests.deployments.compose import listening
from tests.deployments.installations import Crew, Live, by_worker

WORKERS = 2
given: list[int] = []
"""After each day that was lived: how much Dask's scheduler has had in hand so far."""


@contextmanager
def redis(home: Path) -> Iterator[str]:
    """A Redis server of one's own; where it listens."""
    port = free_port()
    home.mkdir(parents=True, exist_ok=True)
    command = [compose.redis_server(), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    server = subprocess.Popen(command, cwd=home, stdout=subprocess.DEVNULL)
    try:
        _answers(port)
        yield f"127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def settings(redis_at: str) -> dict[str, str]:
    """Prefect's parts speak through Redis, as in the compose file; large mailings and review rounds go to Dask."""
    written = compose.written()["services"]["prefect-services"]["environment"]
    through_redis = {name: value for name, value in written.items() if "redis" in str(value)}
    found = {name: compose.moved(value, {"redis:6379": redis_at}) for name, value in through_redis.items()}
    return found | {
        "BAKEN_TASKS": "dask",
        "BAKEN_DASK": f"tcp://127.0.0.1:{free_port()}",
        "BAKEN_SMTP_CONNECTIONS": "4",
        "DASK_LOGGING__DISTRIBUTED": "warning",
    }


def by_dask(home: Path, crew: Crew) -> Live:
    """Dask's scheduler and workers join the crew, each a process; then each day is a run that a worker takes."""
    address = os.environ["BAKEN_DASK"]
    port = address.rpartition(":")[2]
    crew.append(_begin(home, "scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"))
    _answers(int(port))
    crew.extend(_begin(home, "worker", address, "--nthreads", "4", "--no-dashboard") for _ in range(WORKERS))

    def lived(slug: str, day: date) -> Advanced:
        from distributed import Client

        done = by_worker(slug, day)
        with Client(address, set_as_default=False) as client:
            given.append(client.run_on_scheduler(lambda dask_scheduler: dask_scheduler.transition_counter))
        return done

    return lived


def _begin(home: Path, *words: str) -> "subprocess.Popen[bytes]":
    with (home / "log" / f"dask-{words[0]}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *words],
            cwd=home,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=listening,  # noqa: PLW1509 - no thread of ours holds a lock here
        )


def _answers(port: int, seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.2)
    message = f"nobody listens on {port}"
    raise AssertionError(message)
