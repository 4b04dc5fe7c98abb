"""Much of one kind at once: a step run for share after share, side by side, in threads here or by Dask's workers.

`BAKEN_TASKS` says which; the shares, the steps and the end are the same. A share is ids and dates, and each of its
steps may run twice: so a worker that is lost takes nothing with it. Where no worker answers, the work is done here,
later rather than never. A dry run stays in its own thread, with its own transaction.
"""

import copyreg
import os
import pickle
import sys
import time
from asyncio import CancelledError
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, TypeVar

from prefect.flows import Flow
from prefect.futures import PrefectFuture
from prefect.logging import get_run_logger
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from prefect.tasks import Task

from models.base import rehearsed
from models.settings import settings
from tasks.step import StepFailed

R = TypeVar("R")
MOST_AT_ONCE = 16
PATIENCE_SECONDS = 1800.0
"""Longer than any share takes, and than a few that wait for a place; who is not back then is given up."""
KNOCK_SECONDS = 15
"""So long a scheduler, and a first worker of it, has to answer."""
MISSING = "BAKEN_TASKS is dask, which is not installed: pip install -c constraints.txt '.[many]'"
NOBODY = "No Dask worker answered: the work is done by this run. `baken doctor` tells more."


class Lost(RuntimeError):
    """Shares that did not come back; the text has their number. What they did is found by the next run."""


class DaskMissing(RuntimeError):
    """`BAKEN_TASKS` says dask, and it is not installed; the message says what to do."""


def _by_name(one: Flow[..., Any] | Task[..., Any]) -> str | tuple[Any, ...]:
    """A flow or step of a module travels by its name, and is the other side's own; any other travels whole.

    Whole, a flow would take the types of its signature along, and `State[None]` is known under another name elsewhere.
    """
    module, name = one.fn.__module__, one.fn.__name__
    known = getattr(sys.modules.get(module), name, None)
    if type(known) is type(one) and not module.startswith("__"):  # one that was loaded from a file has no module's name
        return _named, (module, name)
    return object.__reduce_ex__(one, pickle.HIGHEST_PROTOCOL)


def _named(module: str, name: str) -> object:
    return getattr(import_module(module), name)


copyreg.pickle(Flow, _by_name)
copyreg.pickle(Task, _by_name)


def chunks(ids: Sequence[int], most: int) -> list[list[int]]:
    """The same in pieces of at most so many."""
    return [list(ids[start : start + most]) for start in range(0, len(ids), most)]


def spread(step: Task[Any, R], shares: Sequence[Mapping[str, Any]]) -> list[R]:
    """Run a step once for each share, the arguments by name; what each gave, in the order of the shares.

    A single share is run here. All are waited for; then the fault of the first that broke is raised. Raises Lost.
    """
    if len(shares) < 2 or rehearsed() is not None:  # noqa: PLR2004 - one needs nobody beside it
        return [step(**one) for one in shares]
    with crew(len(shares)) as at_work:
        begun = [at_work.submit(step, dict(one)) for one in shares]
        return _all_of(begun)


def _all_of(begun: Sequence[PrefectFuture[R]]) -> list[R]:
    until = time.monotonic() + PATIENCE_SECONDS
    for one in begun:
        one.wait(timeout=max(until - time.monotonic(), 0.0))
    found, lost = list[R](), list[str]()
    for one in begun:
        try:
            found.append(one.result(timeout=0.1))
        except StepFailed:
            raise
        except (Exception, CancelledError) as fault:  # noqa: BLE001 - of the workers, not of the work
            lost.append(type(fault).__name__)
    if lost:
        msg = f"{len(lost)} of {len(begun)} shares did not come back: {lost[0]}"
        raise Lost(msg)
    return found


def crew(shares: int) -> TaskRunner[Any]:
    """Who takes the shares; not begun yet. Raises DaskMissing."""
    if settings().tasks == "dask" and (found := dask(shares)) is not None:
        return found
    return ThreadPoolTaskRunner(max_workers=min(shares, MOST_AT_ONCE))


def dask(shares: int) -> TaskRunner[Any] | None:
    """Dask's workers at `BAKEN_DASK`, or some of this machine's own; None while nobody answers. Raises DaskMissing."""
    try:
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError:
        raise DaskMissing(MISSING) from None
    if not settings().dask:
        some = {
            "n_workers": min(shares, os.cpu_count() or 1),
            "threads_per_worker": 4,
            "dashboard_address": "127.0.0.1:0",
        }
        return DaskTaskRunner(cluster_kwargs=some)
    if workers() == 0:
        get_run_logger().warning(NOBODY)
        return None
    return DaskTaskRunner(address=settings().dask)


def workers() -> int:
    """How many of Dask's workers are at `BAKEN_DASK`; 0 when nobody answers there. Raises DaskMissing."""
    try:
        from distributed import Client
    except ImportError:
        raise DaskMissing(MISSING) from None
    try:
        with Client(settings().dask, timeout=KNOCK_SECONDS, set_as_default=False) as client:  # type: ignore[no-untyped-call]
            client.wait_for_workers(1, timeout=KNOCK_SECONDS)
            return len(client.nthreads())
    except (OSError, TimeoutError):
        return 0
