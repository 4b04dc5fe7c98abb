"""Runs that were missed start together; runs that die leave their phase behind: the end is that of one calm advance."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from models import phase_lock
from models.base import engine
from models.delivery import Delivery
from tests.flows.storms import Torn, processes, threads
from tests.world import World, build, live

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")]
MISSED = {"recruitment": 17, "training": 9, "review": 15}
"""Phases in the middle of which no worker ran for so many days: reminders, and more, fell due meanwhile."""


def seen(world: World) -> dict[str, list[object]]:
    """How it stands, whoever came first."""
    return {name: sorted(rows, key=str) for name, rows in world.snapshot().items()}


def before_the_gap(world: World, phase: str) -> None:
    """The phase has opened and asked; half of the people are as busy as they are, and nobody answers."""
    world.advance(world.today + timedelta(days=4))
    world.today += timedelta(days=MISSED[phase])


@pytest.mark.parametrize("phase", MISSED)
@pytest.mark.parametrize("together", [threads, processes])
@pytest.mark.parametrize("locked", [True, False])
def test_ten_late_runs_and_the_advance_do_what_one_advance_does(
    world_at, monkeypatch, phase: str, together: Callable[..., None], locked: bool
) -> None:
    calm = world_at(phase)
    before_the_gap(calm, phase)
    had = len(calm.rows(Delivery))
    calm.advance()
    wanted, told = seen(calm), len(calm.rows(Delivery)) - had
    assert told > 0, "something fell due in the gap"
    world = world_at(phase)
    before_the_gap(world, phase)
    if not locked:
        monkeypatch.setattr(phase_lock, "hold", lambda *_: True)
    runs = [world.advance, *[partial(world.run, phase)] * 10]
    together(runs)
    world.advance()
    assert seen(world) == wanted
    reminded = [(d.request_id, d.template) for d in world.rows(Delivery) if d.template == "reminder"]
    assert len(reminded) == len(set(reminded)), "of several reminders that were missed, one goes"


def test_run_killed_before_any_of_its_steps_is_gone_on_with_to_the_same_end(sqlite, tmp_path, migrated) -> None:
    calm = build()
    live(calm)
    wanted = calm.snapshot()
    torn = fresh(tmp_path, migrated)
    live(torn)
    assert torn.kills > 100
    assert torn.snapshot() == wanted


def fresh(folder: Path, migrated: Path) -> Torn:
    """The same company once more, in an empty database, and a world that tears every run."""
    engine().dispose()
    for name in ("baken.db-wal", "baken.db-shm"):
        (folder / name).unlink(missing_ok=True)
    shutil.copy(migrated, folder / "baken.db")
    built = build()
    return Torn(built.today, built.ids)
