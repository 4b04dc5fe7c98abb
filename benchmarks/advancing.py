"""One advance in a process of its own: `python -m benchmarks.advancing prefect|plain 2027-08-05`; figures as JSON.

`prefect` is the advance as it runs in production, heartbeats and all. `plain` is the same code, with every flow and
every task called as the function that it wraps, and shares in threads of their own; the steps that do nothing but speak
to Prefect are left out there, so that all they cost counts as Prefect's. The rows, the mails and the end are the same.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent import futures
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext
from datetime import date
from functools import partial
from typing import Any, Self

from benchmarks.midlife import SLUG
from deployments import quiet  # noqa: F401 - before Prefect
from flows.programme import programme
from tasks import mail, spread

WAYS = ("plain", "prefect")
SPEAKS_ONLY = frozenset({"placing.place_runs", "offering.offer_programmes", "approval_runs.tend_approvals"})
NO_END = 86_400.0  # seconds; all that waits is posted in one round, or two ways would do different work


class _Share(Future[Any]):
    """What a thread gives, asked for as Prefect's futures are."""

    def wait(self, timeout: float | None = None) -> None:
        """Until it is done, or its time is over."""
        futures.wait([self], timeout)


class Threads:
    """The crew of `tasks.spread`, without Prefect: as many threads as it has. `counted` is told of each share."""

    def __init__(self, counted: Counter[str], shares: int) -> None:
        self.counted = counted
        self.pool = futures.ThreadPoolExecutor(min(shares, spread.MOST_AT_ONCE))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *fault: object) -> None:
        self.pool.shutdown()

    def submit(self, step: Any, given: dict[str, Any]) -> _Share:
        """Run a step for one share."""
        share = _Share()
        self.counted["task_runs"] += 1
        self.pool.submit(self._run, share, partial(step.fn, **given))
        return share

    def _run(self, share: _Share, work: Callable[[], Any]) -> None:
        try:
            share.set_result(work())
        except BaseException as fault:  # noqa: BLE001 - told to who waits for it
            share.set_exception(fault)


@contextmanager
def without_prefect() -> Iterator[Counter[str]]:
    """Within this block a flow or a task that is called is the function that it wraps, wherever the call stands.

    Gives how many runs of flows and of tasks it would have been.
    """
    from prefect import Flow, Task

    counted: Counter[str] = Counter()

    def called(self: Any, *given: Any, return_state: bool = False, **named: Any) -> Any:  # noqa: ARG001 - its shape
        counted["flow_runs" if isinstance(self, Flow) else "task_runs"] += 1
        return None if self.name in SPEAKS_ONLY else self.fn(*given, **named)

    kinds: tuple[Any, ...] = (Flow, Task)
    before, crew = [kind.__call__ for kind in kinds], spread.crew
    for kind in kinds:
        kind.__call__ = called
    spread.crew = partial(Threads, counted)  # type: ignore[assignment]
    try:
        yield counted
    finally:
        spread.crew = crew
        for kind, call in zip(kinds, before, strict=True):
            kind.__call__ = call


def advance(way: str, day: date) -> dict[str, Any]:
    """Advance the programme of the benchmark on that day; seconds and the state in which it ended."""
    mail.ROUND_SECONDS = NO_END
    run: Callable[..., Any] = programme
    began, used = time.perf_counter(), time.process_time()
    with without_prefect() if way == "plain" else nullcontext(Counter[str]()) as counted:
        ended = run(SLUG, day, return_state=True)
    wall, cpu = time.perf_counter() - began, time.process_time() - used
    return {"wall": wall, "cpu": cpu, "name": ended.name, "message": ended.message, **counted}


def main(given: list[str] | None = None) -> None:
    """Advance once and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.advancing")
    parser.add_argument("way", choices=WAYS)
    parser.add_argument("day", type=date.fromisoformat)
    asked = parser.parse_args(given)
    print(json.dumps(advance(asked.way, asked.day)))


if __name__ == "__main__":
    main()
