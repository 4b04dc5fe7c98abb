"""What a step tries again: a database or a network that was away, also where the step does the work of another."""

from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError, OperationalError

from tasks.step import StepFailed, step

AWAY = [
    OperationalError("select", None, Exception("the server is shutting down")),
    DBAPIError("select", None, Exception("the line broke"), connection_invalidated=True),
    ConnectionRefusedError("nobody listens"),
]
FOR_GOOD = [ValueError("wrong"), DBAPIError("select", None, Exception("no such column"))]


@step
def inner(error: Exception) -> None:
    """Break."""
    raise error


@step
def outer(error: Exception) -> None:
    """Do the work of another step."""
    inner.fn(error)


@pytest.mark.parametrize("which", [inner, outer], ids=["alone", "within"])
@pytest.mark.parametrize(
    ("error", "passes"), [*[(one, True) for one in AWAY], *[(one, False) for one in FOR_GOOD]], ids=repr
)
def test_step_passes_what_was_away_and_nothing_else(sqlite: Path, which, error: Exception, passes: bool) -> None:
    with pytest.raises(StepFailed) as failed:
        which.fn(error)
    assert failed.value.passing is passes
