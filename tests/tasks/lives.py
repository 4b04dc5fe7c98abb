"""Processes of ours, and the lives of their children."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOUSE = Path(__file__).parents[2]


@contextmanager
def process(module: str, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A Python process of ours; it says when it is `ready`, and is stopped at the end."""
    with subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=HOUSE,
        env=os.environ | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def ready(running: subprocess.Popen[str]) -> None:
    """Wait till it says so."""
    assert running.stdout
    assert running.stdout.readline() == "ready\n"


class Life:
    """One child of a sender, from its birth to its end."""

    def __init__(self, parent: subprocess.Popen[str]) -> None:
        assert parent.stdin
        assert parent.stdout
        self.ask, self.told = parent.stdin, parent.stdout
        self.pid = int(self._said("go"))

    def _said(self, word: str) -> str:
        self.ask.write(f"{word}\n")
        self.ask.flush()
        return self.told.readline()

    def stop(self, seconds: float) -> bool:
        """Stop it for so long; whether it was alive to be stopped."""
        os.kill(self.pid, signal.SIGSTOP)
        time.sleep(seconds)
        alive = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"
        os.kill(self.pid, signal.SIGCONT)
        return alive

    def kill(self) -> None:
        """Kill it, dead or alive: until `end` its number is nobody else's."""
        os.kill(self.pid, signal.SIGKILL)

    def end(self) -> int:
        """Wait for its end; the signal it died of, 0 for a good end, 256 for an error of its own."""
        status = int(self._said("and?"))
        return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 256 * bool(status)
