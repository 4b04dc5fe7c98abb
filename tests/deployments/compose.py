"""What stands in the compose file, read as Docker would; and its services started as processes of this machine."""

import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).parents[2] / "deployments" / "compose"
FILE, ENTRYPOINT, EXAMPLE = FOLDER / "compose.yaml", FOLDER / "entrypoint", FOLDER / "baken.env.example"
OURS = "baken:local"


def written() -> dict[str, Any]:
    """The file, with its anchors resolved."""
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def secrets_of(service: Mapping[str, Any]) -> dict[str, str]:
    """Which secret is mounted under which name."""
    given = [one if isinstance(one, dict) else {"source": one, "target": one} for one in service.get("secrets", [])]
    return {one["source"]: one["target"] for one in given}


def example() -> dict[str, str]:
    """The settings of the example, as Docker reads them."""
    lines = [line for line in EXAMPLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def redis_server() -> str:
    """A Redis server: of this machine, or the one that a package carries."""
    carried = Path(sysconfig.get_path("scripts")) / "redis-server"
    found = shutil.which("redis-server") or (str(carried) if carried.exists() else "")
    if not found:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no redis-server, and no package that carries one")
    return found


def moved(text: str, places: Mapping[str, str]) -> str:
    """A word of the file with the places of this machine in it."""
    text = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)
    for there, here in places.items():
        text = text.replace(there, here)
    return text


def command_of(service: Mapping[str, Any], places: Mapping[str, str]) -> list[str]:
    """The service's own command, through the image's entrypoint, for this machine."""
    first, *rest = (moved(word, places) for word in service["command"])
    known = {"python": [sys.executable], "baken": [sys.executable, "-m", "deployments.cli"]}
    known |= {"prefect": [sys.executable, "-m", "prefect"], "dask": [sys.executable, "-m", "dask"]}
    return ["sh", str(ENTRYPOINT), *known[first], *rest]


def environment_of(service: Mapping[str, Any], places: Mapping[str, str], secrets: Path, home: Path) -> dict[str, str]:
    """The service's own settings for this machine; its secrets stand in a folder of its own."""
    own = Path(tempfile.mkdtemp(dir=home, prefix="secrets-"))
    for source, target in secrets_of(service).items():
        shutil.copy(secrets / source, own / target)
    given = {name: moved(str(value), places) for name, value in service.get("environment", {}).items()}
    return given | {"SECRETS_FOLDER": str(own), "PYTHONPATH": str(FILE.parents[2])}


@contextmanager
def started(name: str, service: Mapping[str, Any], env: dict[str, str], places: Mapping[str, str]) -> Iterator[int]:
    """A service as a process in a folder of its own, until the block ends; its number."""
    home = Path(env["HOME"])
    with (home / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            command_of(service, places),
            cwd=home,
            env=env,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=listening,  # noqa: PLW1509 - no thread of ours holds a lock here
        )
        try:
            yield process.pid
            assert process.poll() is None, (home / f"{name}.log").read_text()[-3000:]
        finally:
            process.send_signal(getattr(signal, service.get("stop_signal", "SIGINT")))
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def listening() -> None:
    """In the new process: stop on Ctrl-C, which a shell's background job ignores."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def run_once(name: str, service: Mapping[str, Any], env: dict[str, str], places: Mapping[str, str]) -> None:
    """A service that comes to its end by itself."""
    done = subprocess.run(
        command_of(service, places), cwd=env["HOME"], env=env, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, f"{name}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
