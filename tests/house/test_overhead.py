"""What Prefect costs is measured beside the same work without it, and does not grow with people."""

import json
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from benchmarks import advancing, midlife, overhead
from models.base import engine


@pytest.fixture
def cost(tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int, date], Counter[str]]:
    """What one advance takes with so many pairs on that day: runs of flows and of tasks, and statements of SQL."""

    def taken(pairs: int, day: date) -> Counter[str]:
        folder = tmp_path / f"{pairs}-{day}"
        folder.mkdir()
        shutil.copy(migrated, folder / "baken.db")
        monkeypatch.setenv("BAKEN_HOME", str(folder))
        midlife.make(pairs)
        if day == midlife.BUSY:
            midlife.come_to_busy()
        statements = Counter[str]()

        def said(*_: object) -> None:
            statements["statements"] += 1

        sa.event.listen(engine(), "before_cursor_execute", said)
        told = advancing.advance("plain", day)
        engine().dispose()
        if day == midlife.BUSY:  # the control of what is told of a run in Prefect: without it, steps are nearly all
            assert told["outside_wall"] < told["wall"] / 2
        return Counter({kind: told[kind] for kind in ("flow_runs", "task_runs")}) + statements

    return taken


def test_runs_do_not_grow_with_people(cost: Callable[[int, date], Counter[str]]) -> None:
    few, many, quiet = cost(5, midlife.BUSY), cost(60, midlife.BUSY), cost(5, midlife.QUIET)
    assert [few[kind] for kind in ("flow_runs", "task_runs")] == [many[kind] for kind in ("flow_runs", "task_runs")]
    assert quiet["task_runs"] < few["task_runs"]  # the control: what runs is really counted


def test_nobody_is_looked_at_one_by_one_where_nothing_is_due(cost: Callable[[int, date], Counter[str]]) -> None:
    few, many = cost(5, midlife.QUIET), cost(60, midlife.QUIET)
    assert few == many
    assert many["statements"] < cost(5, midlife.BUSY)["statements"]  # the control: statements are really counted


def test_moments_in_which_several_steps_run_count_once() -> None:
    steps = advancing.Steps(spans=[(4.0, 6.0), (1.0, 3.0), (2.0, 2.5), (5.0, 7.0)], used=[1.0, 0.5])
    assert steps.outside(10.0, 2.0) == {"outside_wall": 5.0, "outside_cpu": 0.5}


@pytest.mark.slow
def test_prefect_is_measured_beside_plain_calls(capsys: pytest.CaptureFixture[str]) -> None:
    overhead.main(["--json", "--pairs", "4", "--kinds", "sqlite"])
    figures = json.loads(capsys.readouterr().out)
    for day in overhead.DAYS:
        calls, within = figures[f"plain_task_runs_{day}_sqlite"], figures[f"flow_runs_{day}_sqlite"] - 1
        assert figures[f"task_runs_{day}_sqlite"] == calls + within, "a flow within a flow has a task run, too"
        assert figures[f"share_cpu_{day}_sqlite"] > 0, "to run in Prefect costs something"
        assert figures[f"server_cpu_s_{day}_sqlite"] > 0
        assert 0 < figures[f"outside_wall_{day}_sqlite"] < 1
        assert 0 < figures[f"outside_cpu_{day}_sqlite"] < 1
        assert figures[f"rounds_wall_{day}_sqlite"] == [figures[f"wall_s_{day}_sqlite"]]
    assert figures["flow_runs_quiet_sqlite"] == 1
    assert figures["flow_runs_busy_sqlite"] > 1
