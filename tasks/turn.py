"""Whose turn it is: a run of a phase holds the phase while it lasts, and says so again at each step.

`tasks.stage` takes the turn where a phase opens and lets go of it where the run ends; `tasks.step` renews it. So no
flow can forget it. It saves people and logs from two runs at once; that these would do no harm is the steps' own work.
"""

import os
import socket
from collections.abc import Iterable
from contextlib import suppress
from threading import get_ident
from typing import Protocol, runtime_checkable

from prefect.runtime import flow_run
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from models import phase_lock
from models.base import rehearsed, transaction

LEASE_SECONDS = 600.0
"""Longer than any step takes, and than the clocks of two machines differ; so long a killed run keeps its phase."""


@runtime_checkable
class Turn(Protocol):
    """What a step is given: the phase, and the name under which its run holds it (empty: nothing is held)."""

    @property
    def programme(self) -> int:
        """The programme's number."""

    @property
    def phase(self) -> str:
        """The phase."""

    @property
    def holder(self) -> str:
        """Who holds it."""


def take(session: Session, programme_id: int, phase: str) -> str | None:
    """Take the phase; the name under which it is held now, or None while another run has it.

    A dry run takes nothing: all that it does is undone.
    """
    if rehearsed() is not None:
        return ""
    name = _name()
    return name if phase_lock.hold(session, programme_id, phase, name, LEASE_SECONDS) else None


def _name() -> str:
    """A run's own name: Prefect's number for it, also when it is tried again; without Prefect, the thread's."""
    number = flow_run.id
    return str(number) if number else f"{socket.gethostname()[:40]}:{os.getpid()}:{get_ident()}"


def of(given: Iterable[object]) -> Turn | None:
    """The turn among what a step is given, if it has one."""
    return next((one for one in given if isinstance(one, Turn) and one.holder), None)


def renew(turn: Turn) -> None:
    """Another step begins: the phase is held for a whole lease from now. Who has lost it changes nothing."""
    with transaction() as session:
        phase_lock.renew(session, turn.programme, turn.phase, turn.holder, LEASE_SECONDS)


def release(session: Session, turn: Turn) -> None:
    """The run ends, in the transaction that says how."""
    if turn.holder:
        phase_lock.release(session, turn.programme, turn.phase, turn.holder)


def give_up(turn: Turn) -> None:
    """A step broke for good: the next run need not wait. If the database is away, the lease ends by itself."""
    with suppress(SQLAlchemyError), transaction() as session:
        release(session, turn)
