"""The `@step` of every phase: a Prefect task that retries what passes, and tells Prefect nothing personal.

An exception's text would stand in Prefect's database and logs (and a database error repeats names); so what leaves a
step is the kind of error alone, and the whole of it goes to a file that only its owner reads. A step also says that its
run still holds its phase (`tasks.turn`).
"""

import os
import traceback
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from uuid import uuid4

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task
from sqlalchemy.exc import DBAPIError, OperationalError

from models.installation import now
from models.settings import settings
from tasks import turn

WAITS = (1, 4, 15)
"""Seconds before each new try: a database that is restarted, or has to recover, is back within such a time."""
P = ParamSpec("P")
R = TypeVar("R")


class StepFailed(RuntimeError):
    """A step broke; the text names the step, the kind of error, and where the rest of it stands."""

    def __init__(self, name: str, error: Exception) -> None:
        within = isinstance(error, StepFailed) and error.passing  # one step may do another's work
        self.passing: bool = within or isinstance(error, OSError) or _is_away(error)
        number = keep_error(name, error)
        super().__init__(f"{name}: {type(error).__name__}; see {number} in log/errors.log of BAKEN_HOME")

    def __reduce__(self) -> tuple[Any, ...]:
        """To another process, with what it says, and without writing it down again."""
        return _failed_there, (str(self), self.passing)


def _failed_there(said: str, passing: bool) -> StepFailed:
    """A step that broke in another process; the rest of it stands in that machine's `BAKEN_HOME`."""
    found = StepFailed.__new__(StepFailed, said)
    found.args, found.passing = (said,), passing
    return found


def _is_away(error: Exception) -> bool:
    """Whether the database was not there, or went away in the middle of a statement."""
    return isinstance(error, OperationalError) or (isinstance(error, DBAPIError) and error.connection_invalidated)


def keep_error(name: str, error: Exception) -> str:
    """Write an error down where only its owner reads it; its number."""
    number, folder = uuid4().hex[:8], settings().home / "log"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(folder / "errors.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
        file.write(f"{now().isoformat()} {number} {name}\n{''.join(traceback.format_exception(error))}\n")
    return number


async def _passes(task: Task[..., Any], run: TaskRun, state: State[Any]) -> bool:  # noqa: ARG001 - Prefect's shape
    error = await state.aresult(raise_on_failure=False)
    return bool(getattr(error, "passing", False))


def step(function: Callable[P, R]) -> Task[P, R]:
    """Make a function a step: tried again while the database or the network is away, never cached or persisted."""
    name = f"{function.__module__.removeprefix('tasks.')}.{function.__name__.lstrip('_')}"

    @wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        held = turn.of(args)
        try:
            if held:
                turn.renew(held)
            return function(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - whatever it is, its text stays here
            failed = StepFailed(name, error)
        if held and not failed.passing:
            turn.give_up(held)
        raise failed

    return task(
        name=name,
        retries=len(WAITS),
        retry_delay_seconds=list(WAITS),
        retry_condition_fn=_passes,
        persist_result=False,
        cache_policy=NO_CACHE,
    )(guarded)
