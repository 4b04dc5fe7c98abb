"""Runs that start in one moment, in threads and in processes, and runs that are killed between two of their steps."""

import os
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from threading import Barrier
from typing import Any

from prefect.client.schemas.objects import State
from prefect.states import Completed

from models.base import engine
from tasks import turn
from tests.world import PLAIN, SLUG, World

LEASE = 0.02
"""Seconds: so soon after a kill the next run may take the phase over."""


def threads(runs: list[Callable[[], object]]) -> None:
    """All of these at once, in threads."""
    start = Barrier(len(runs))

    def one(run: Callable[[], object]) -> object:
        start.wait(30)
        return run()

    with ThreadPoolExecutor(len(runs)) as crowd:
        for done in [crowd.submit(one, run) for run in runs]:
            done.result()


def processes(runs: list[Callable[[], object]]) -> None:
    """All of these at once, each in a process of its own; raises AssertionError when one breaks."""
    engine().dispose()
    starts_at = time.time() + 0.5
    children = [_child(run, starts_at) for run in runs]
    ends = [os.waitpid(child, 0)[1] for child in children]
    assert ends == [0] * len(runs)


def _child(run: Callable[[], object], starts_at: float = 0.0) -> int:
    """Fork; the child does its run and is gone, with 1 when it broke."""
    if child := os.fork():
        return child
    try:
        time.sleep(max(0.0, starts_at - time.time()))
        run()
    except BaseException as error:  # noqa: BLE001 - the child must not come back into the tests
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        os._exit(1)
    os._exit(0)


@dataclass
class Torn(World):
    """A world in which every kind of run is killed before each of its steps in turn, until one comes to its end."""

    kills: int = 0
    seen: set[tuple[str, str]] = field(default_factory=set)

    def run(self, phase: str, today: date | None = None, **values: Any) -> State[None]:
        """Run a phase that stands so for the first time in pieces, and any other as usual."""
        self.today = today or self.today
        stands = (phase, str(sorted((m.round > 1, m.state) for m in self.milestones() if m.phase == phase)))
        if stands in self.seen:
            return super().run(phase, **values)
        self.seen.add(stands)
        boundary = 0
        while self._killed(phase, boundary):
            boundary += 1
        self.kills += boundary
        return Completed()

    def _killed(self, phase: str, boundary: int) -> bool:
        """Whether a run that was to be killed after so many steps had that many."""
        engine().dispose()

        def run() -> None:
            turn.LEASE_SECONDS, steps, found = LEASE, iter(range(boundary)), turn.of

            def counted(given: Any) -> turn.Turn | None:
                if next(steps, None) is None:
                    os.kill(os.getpid(), signal.SIGKILL)
                return found(given)

            turn.of = counted
            PLAIN[phase](SLUG, self.today)

        end = os.waitpid(_child(run), 0)[1]
        time.sleep(2 * LEASE)
        assert end == 0 or os.WTERMSIG(end) == signal.SIGKILL
        return end != 0
