"""A run holds its phase from the opening to its end; whoever comes second ends at once, and a killed one lapses."""

import os
import signal
import time

import pytest
import sqlalchemy as sa

from models import phase_lock
from models.base import dry_run, engine, transaction
from models.phase_lock import PhaseLock
from tasks import stage as stages
from tasks import turn
from tasks.stage import ALREADY_RUNNING, Stage, await_turns, open_stage
from tasks.step import StepFailed, step
from tests.world import SLUG, World, build


def taken_by_another(seconds: float = 60.0, phase: str = "readiness") -> None:
    """Another run has that phase in hand."""
    with transaction() as session:
        assert phase_lock.hold(session, 1, phase, "another", seconds)


def holders() -> list[str]:
    """Who holds anything."""
    with transaction() as session:
        return list(session.scalars(sa.select(PhaseLock.holder)))


def test_second_run_ends_at_once_in_a_state_with_a_sentence_and_changes_nothing(database: str) -> None:
    world = build()
    taken_by_another()
    before = world.snapshot()
    ended = world.run("readiness")
    assert (ended.name, ended.is_completed()) == (ALREADY_RUNNING, True)
    assert "Another run has it in hand" in str(ended.message)
    assert world.snapshot() == before
    assert holders() == ["another"]


def test_turn_is_let_go_of_at_every_end(database: str) -> None:
    world = build()
    assert world.run("readiness").name == "Awaiting-Team"
    assert world.run("matching").name == "Not-Due"
    assert holders() == []


def test_turn_is_held_while_the_steps_last_and_each_renews_it(sqlite, monkeypatch) -> None:
    build()
    stage = open_stage.fn(SLUG, "readiness", None)
    assert isinstance(stage, Stage)
    assert holders() == [stage.holder] != [""]
    ends = []

    @step
    def look(stage: Stage) -> None:
        with transaction() as session:
            ends.append(session.scalars(sa.select(PhaseLock.until)).one())

    look.fn(stage)
    monkeypatch.setattr(turn, "LEASE_SECONDS", turn.LEASE_SECONDS * 2)
    look.fn(stage)
    assert ends[1] > ends[0]


def test_step_that_breaks_for_good_lets_go_and_one_that_may_pass_does_not(sqlite) -> None:
    build()
    stage = open_stage.fn(SLUG, "readiness", None)
    assert isinstance(stage, Stage)

    @step
    def breaks(stage: Stage, error: Exception) -> None:
        raise error

    with pytest.raises(StepFailed):
        breaks.fn(stage, OSError("away for a moment"))
    assert holders() == [stage.holder]
    with pytest.raises(StepFailed):
        breaks.fn(stage, ValueError("for good"))
    assert holders() == []


def test_dry_run_holds_nothing_and_waits_for_nobody(sqlite) -> None:
    world = build()
    taken_by_another()
    with dry_run():
        assert world.run("readiness").name == "Awaiting-Team"
        assert holders() == ["another"]


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_killed_run_keeps_its_phase_until_the_lease_is_over(sqlite, monkeypatch) -> None:
    world = build()
    monkeypatch.setattr(turn, "LEASE_SECONDS", 1.5)
    engine().dispose()
    if (child := os.fork()) == 0:
        open_stage.fn(SLUG, "readiness", None)
        os.kill(os.getpid(), signal.SIGKILL)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    assert world.run("readiness").name == ALREADY_RUNNING
    time.sleep(1.6)
    assert world.run("readiness").name == "Awaiting-Team"


def test_advance_waits_for_another_run_and_no_longer_than_it_has_patience(sqlite, monkeypatch) -> None:
    build()
    taken_by_another(0.4)
    began = time.monotonic()
    assert await_turns.fn(SLUG, ["readiness", "matching"]) == []
    assert time.monotonic() - began < stages.PATIENCE_SECONDS
    monkeypatch.setattr(stages, "PATIENCE_SECONDS", 0.1)
    taken_by_another()
    assert await_turns.fn(SLUG, ["readiness", "matching"]) == ["readiness"]


@pytest.mark.slow
@pytest.mark.usefixtures("prefect_server")
def test_programme_skips_a_phase_in_other_hands_and_comes_back(sqlite, monkeypatch) -> None:
    from flows.programme import programme

    monkeypatch.setattr(stages, "PATIENCE_SECONDS", 0.1)
    world: World = build()
    taken_by_another()
    assert programme(SLUG, world.today, return_state=True).name == "Active"
    assert world.milestone("readiness").opened_on is None
    with transaction() as session:
        phase_lock.release(session, 1, "readiness", "another")
        assert phase_lock.hold(session, 1, "readiness", "another", 1.0)
    monkeypatch.setattr(stages, "PATIENCE_SECONDS", 20.0)
    assert programme(SLUG, world.today, return_state=True).name == "Active"
    assert world.milestone("readiness").state == "Awaiting-Team", "it waited, and took its turn in the same advance"
