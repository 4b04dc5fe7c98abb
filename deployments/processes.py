"""The servers that run beside a flow: Prefect's and the portal, each a process of its own on loopback."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

STARTUP_SECONDS = 90.0


class NotStarted(RuntimeError):
    """A server did not come up; the message says which one and where its log is."""


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


PR_SET_PDEATHSIG = 1


def _child() -> None:
    """In the new process: stop on Ctrl-C, which a shell's background job ignores, and when the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@contextmanager
def running(name: str, command: list[str], health: str, log: Path, env: Mapping[str, str]) -> Iterator[int]:
    """Start a server, wait until `health` answers 200, stop it at the end; gives its process id. Raises NotStarted."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        server = subprocess.Popen(
            command,
            env={**os.environ, **env},
            stdout=out,
            stderr=out,
            start_new_session=True,  # Ctrl-C is for us; we stop it in our own time
            stdin=subprocess.DEVNULL,
            preexec_fn=_child,
        )
    try:
        _await(name, server, health, log)
        yield server.pid
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _await(name: str, server: "subprocess.Popen[bytes]", health: str, log: Path) -> None:
    until = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            if httpx.get(health, timeout=2).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    msg = f"{name} did not start; its log is {log}"
    raise NotStarted(msg)


LIGHT = {
    f"PREFECT_SERVER_SERVICES_{name}_ENABLED": "false" for name in ("TASK_RUN_RECORDER", "EVENT_PERSISTER", "TRIGGERS")
}
"""A rehearsal's hundreds of runs would make these services and its own calls wait for one another on SQLite: each such
wait is two seconds. Flow runs, their states and graphs, and artifacts are kept all the same."""


@contextmanager
def prefect_server(home: Path, port: int | None = None, *, light: bool = False) -> Iterator[str]:
    """Prefect's server and UI; gives the address of its API. `light` leaves out the record of single steps."""
    at = port or free_port()
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(at)]
    api = f"http://127.0.0.1:{at}/api"
    env = {"PREFECT_HOME": str(home / "prefect"), "PREFECT_API_URL": api, **(LIGHT if light else {})}
    with running("Prefect's server", command, f"{api}/health", home / "log" / "prefect.log", env):
        yield api


@contextmanager
def portal(home: Path, port: int | None = None) -> Iterator[str]:
    """The portal; gives its address."""
    at = port or free_port()
    command = [sys.executable, "-m", "portal", "--host", "127.0.0.1", "--port", str(at)]
    url = f"http://127.0.0.1:{at}"
    env = {"BAKEN_HOME": str(home), "BAKEN_PORTAL_URL": url}
    with running("the portal", command, f"{url}/health", home / "log" / "portal.log", env):
        yield url
