"""One advance in a process of its own: `python -m benchmarks.advancing prefect|plain 2027-08-05`; figures as JSON.

`prefect` is the advance as it runs in production, heartbeats and all. `plain` is the same code, with every flow and
every task called as the function that it wraps, and shares in threads of their own; the steps that do nothing but speak
to Prefect are left out there, so that all they cost counts as Prefect's. The rows, the mails and the end are the same.

`outside_wall` and `outside_cpu`: the seconds of the clock in which no step's own function ran, and the CPU seconds of
whatever is not such a function. Two runs of the same code differ by more than Prefect takes; these tell it of one run.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent import futures
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from importlib import import_module
from typing import Any, Self

from benchmarks.midlife import SLUG
from deployments import quiet  # noqa: F401 - before Prefect
from flows.programme import programme
from tasks import mail, spread

WAYS = ("plain", "prefect")
SPEAKS_ONLY = frozenset({"placing.place_runs", "offering.offer_programmes", "approval_runs.tend_approvals"})
NO_END = 86_400.0  # seconds; all that waits is posted in one round, or two ways would do different work


@dataclass
class Steps:
    """When the steps' own functions ran, on the clock, and the CPU seconds that their threads used."""

    spans: list[tuple[float, float]] = field(default_factory=list)
    used: list[float] = field(default_factory=list)

    def run(self, function: Callable[..., Any], *given: Any, **named: Any) -> Any:
        """Run such a function, and note it."""
        began, used = time.perf_counter(), time.thread_time()
        try:
            return function(*given, **named)
        finally:
            self.used.append(time.thread_time() - used)
            self.spans.append((began, time.perf_counter()))

    def outside(self, wall: float, cpu: float) -> dict[str, float]:
        """What is left of those seconds; a moment in which several ran counts once."""
        inside, until = 0.0, 0.0
        for began, ended in sorted(self.spans):
            inside += max(ended - max(began, until), 0.0)
            until = max(until, ended)
        return {"outside_wall": wall - inside, "outside_cpu": cpu - sum(self.used)}


class _Share(Future[Any]):
    """What a thread gives, asked for as Prefect's futures are."""

    def wait(self, timeout: float | None = None) -> None:
        """Until it is done, or its time is over."""
        futures.wait([self], timeout)


class Threads:
    """The crew of `tasks.spread`, without Prefect: as many threads as it has. `counted` is told of each share."""

    def __init__(self, counted: Counter[str], steps: Steps, shares: int) -> None:
        self.counted, self.steps = counted, steps
        self.pool = futures.ThreadPoolExecutor(min(shares, spread.MOST_AT_ONCE))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *fault: object) -> None:
        self.pool.shutdown()

    def submit(self, step: Any, given: dict[str, Any]) -> _Share:
        """Run a step for one share."""
        share = _Share()
        self.counted["task_runs"] += 1
        self.pool.submit(self._run, share, partial(self.steps.run, step.fn, **given))
        return share

    def _run(self, share: _Share, work: Callable[[], Any]) -> None:
        try:
            share.set_result(work())
        except BaseException as fault:  # noqa: BLE001 - told to who waits for it
            share.set_exception(fault)


@contextmanager
def without_prefect(steps: Steps) -> Iterator[Counter[str]]:
    """Within this block a flow or a task that is called is the function that it wraps, wherever the call stands.

    Gives how many runs of flows and of tasks it would have been.
    """
    from prefect import Flow, Task

    counted: Counter[str] = Counter()

    def called(self: Any, *given: Any, return_state: bool = False, **named: Any) -> Any:  # noqa: ARG001 - its shape
        counted["flow_runs" if isinstance(self, Flow) else "task_runs"] += 1
        if isinstance(self, Flow):
            return self.fn(*given, **named)
        return None if self.name in SPEAKS_ONLY else steps.run(self.fn, *given, **named)

    kinds: tuple[Any, ...] = (Flow, Task)
    before, crew = [kind.__call__ for kind in kinds], spread.crew
    for kind in kinds:
        kind.__call__ = called
    spread.crew = partial(Threads, counted, steps)  # type: ignore[assignment]
    try:
        yield counted
    finally:
        spread.crew = crew
        for kind, call in zip(kinds, before, strict=True):
            kind.__call__ = call


@contextmanager
def with_prefect(steps: Steps) -> Iterator[Counter[str]]:
    """Within this block all runs as it does in production, and is noted where Prefect calls the steps' functions."""
    engine: Any = import_module("prefect.task_engine")
    call = engine.call_with_parameters

    def noted(function: Any, parameters: dict[str, Any]) -> Any:
        name = f"{function.__module__.removeprefix('tasks.')}.{function.__name__}"
        return call(function, parameters) if name in SPEAKS_ONLY else steps.run(call, function, parameters)

    engine.call_with_parameters = noted
    try:
        yield Counter()
    finally:
        engine.call_with_parameters = call


def advance(way: str, day: date) -> dict[str, Any]:
    """Advance the programme of the benchmark on that day; seconds and the state in which it ended."""
    mail.ROUND_SECONDS = NO_END
    run: Callable[..., Any] = programme
    steps, around = Steps(), {"plain": without_prefect, "prefect": with_prefect}[way]
    began, used = time.perf_counter(), time.process_time()
    with around(steps) as counted:
        ended = run(SLUG, day, return_state=True)
    wall, cpu = time.perf_counter() - began, time.process_time() - used
    figures = {"wall": wall, "cpu": cpu, **steps.outside(wall, cpu), "name": ended.name, "message": ended.message}
    return {**figures, **counted}


def main(given: list[str] | None = None) -> None:
    """Advance once and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.advancing")
    parser.add_argument("way", choices=WAYS)
    parser.add_argument("day", type=date.fromisoformat)
    asked = parser.parse_args(given)
    print(json.dumps(advance(asked.way, asked.day)))


if __name__ == "__main__":
    main()
