"""What befalls an installation with workers: one is killed with the run it is in, or PostgreSQL goes away for a while.

The day is lived on as the product would. A run that broke, or that nobody will ever bring to an end, is followed by the
next advance; in service that is the one of the next hour. What the dead one held lapses by itself, after ten minutes at
most; here those minutes are made to pass.
"""

import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from uuid import UUID

import httpx
import psutil
import sqlalchemy as sa

from deployments.advance import Advanced
from models.base import transaction
from models.delivery import Delivery
from models.installation import now
from models.phase_lock import PhaseLock
from tests.deployments.installations import Crew, begun, done_on, ended, hire
from tests.deployments.own_postgres import Mode, OwnPostgres

MOST_TRIES, WITHIN = 12, 120.0
A_DAY = 2  # blows at most, so that they fall on many days
WELL = frozenset({"Active", "Completed"})
GONE_SECONDS = 45.0  # so long a run may stand open without a process before it counts as lost


@dataclass
class Hardship:
    """Trouble on some days, until as many as `planned` have struck home; `ends` counts how the runs of those days ended."""

    home: Path
    crew: Crew
    planned: int
    strike: Callable[["Hardship", UUID], str]
    share: float = 0.6
    struck: int = 0
    hired: int = 0
    lasts: float = 2.0  # seconds that the last undisturbed run took: a blow may fall at any moment of such a time
    ends: Counter[str] = field(default_factory=Counter)
    mood: random.Random = field(default_factory=lambda: random.Random(7))

    def __call__(self, slug: str, day: date) -> Advanced:
        """Live a day: trouble perhaps, and advances until one goes through with nothing in its way."""
        today = self.struck
        for _ in range(MOST_TRIES):
            wanted = self.struck < min(self.planned, today + A_DAY) and self.mood.random() < self.share
            run = begun(slug, day)
            blow = self.strike(self, run) if wanted else ""
            self.struck += bool(blow)
            name = "killed" if blow == "killed" else self.end_of(run)
            if blow or name not in WELL:
                self.ends[name] += 1
            if not blow and name in WELL:
                self.lasts = lasted(run)
                return done_on(slug, day)
            self.replace_the_dead()
            let_leases_lapse()
        message = f"{day}: no advance went through: {dict(self.ends)}"
        raise AssertionError(message)

    def end_of(self, run: UUID) -> str:
        """The name of the state that the run ends in; `lost` where it stands open and no process is left to end it."""
        idle: list[float] = []

        def lost() -> bool:
            if process_of(self.crew) is not None:
                idle.clear()
                return False
            self.replace_the_dead()
            idle.append(time.monotonic())
            return idle[-1] - idle[0] > GONE_SECONDS and not standing(run).is_scheduled()

        state = ended(run, lost)
        return str(state.name) if state.is_final() else "lost"

    def replace_the_dead(self) -> None:
        """For every worker who is dead another is hired, under another name."""
        for place, one in enumerate(self.crew):
            if one.poll() is not None:
                self.hired += 1
                self.crew[place] = hire(self.home, len(self.crew) + self.hired)


def standing(run: UUID):
    """The state of a run, as Prefect's server has it."""
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        while True:
            with suppress(httpx.HTTPError):
                return client.read_flow_run(run).state
            time.sleep(0.3)


def lasted(run: UUID) -> float:
    """How many seconds a run took that has ended."""
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        return client.read_flow_run(run).total_run_time.total_seconds()


def process_of(crew: Crew) -> psutil.Process | None:
    """The worker that has a run in hand: it has a process for it."""
    for one in crew:
        with suppress(psutil.Error):
            worker = psutil.Process(one.pid)
            if one.poll() is None and worker.children():
                return worker
    return None


def when_running(run: UUID, after: float) -> bool:
    """Wait until the run has begun, and so many seconds more; whether it goes on still."""
    until = time.monotonic() + WITHIN
    while not (state := standing(run)).is_running() and not state.is_final() and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(after)
    return not standing(run).is_final()


def kill_the_worker(hardship: Hardship, run: UUID) -> str:
    """SIGKILL for the worker, its whole group, and the process of the run that it is in."""
    worker = process_of(hardship.crew) if when_running(run, hardship.mood.uniform(0, hardship.lasts)) else None
    if worker is None:
        return ""
    for one in [worker, *worker.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            one.kill()
    next(one for one in hardship.crew if one.pid == worker.pid).wait(30)
    return "killed"


def restart(server: OwnPostgres) -> Callable[[Hardship, UUID], str]:
    """PostgreSQL goes and comes back in the middle of a run, each time in the other way."""

    def strike(hardship: Hardship, run: UUID) -> str:
        if not when_running(run, hardship.mood.uniform(0, hardship.lasts)):
            return ""
        mode: Mode = "immediate" if hardship.struck % 2 else "fast"
        server.restart(mode)
        return mode

    return strike


def let_leases_lapse() -> None:
    """The minutes pass that a dead run may hold a phase, and a dead sender a message."""
    with transaction() as session:
        session.execute(sa.update(PhaseLock).values(until=now()))
        session.execute(sa.update(Delivery).where(Delivery.lease_until.is_not(None)).values(lease_until=1.0))
