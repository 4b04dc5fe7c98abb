"""Prefect lets go of runs that ended long ago, and of nothing else: on a server of its own, with Baken's settings."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from deployments.processes import prefect_server
from deployments.quiet import DEFAULTS, RUNS_KEPT_DAYS

pytestmark = pytest.mark.slow
RUNS = {"old": RUNS_KEPT_DAYS + 1, "recent": RUNS_KEPT_DAYS - 1}  # days since its end


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name, value in DEFAULTS.items():
        if "VACUUM" in name:
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("PREFECT_SERVER_SERVICES_DB_VACUUM_LOOP_SECONDS", "2")
    with prefect_server(tmp_path) as api:
        yield api


def run(client: httpx.Client, flow: str, name: str, state: dict[str, object]) -> str:
    made = client.post("/flow_runs/", json={"flow_id": flow, "name": name, "state": {"type": "SCHEDULED"}})
    number = str(made.raise_for_status().json()["id"])
    client.post(f"/flow_runs/{number}/set_state", json={"state": state, "force": True}).raise_for_status()
    return number


def test_runs_that_ended_long_ago_go_and_placed_ones_stay(server: str, tmp_path: Path) -> None:
    with httpx.Client(base_url=server, timeout=30) as client:
        flow = client.post("/flows/", json={"name": f"growth-{uuid4()}"}).json()["id"]
        ends = {"type": "COMPLETED", "name": "Completed"}
        made = {name: run(client, flow, name, ends) for name in RUNS}
        placed = {"type": "SCHEDULED", "state_details": {"scheduled_time": "2031-03-01T09:00:00+00:00"}}
        made["placed"] = run(client, flow, "placed", placed)
        made["suspended"] = run(client, flow, "suspended", {"type": "PAUSED", "name": "Suspended"})
        client.post("/artifacts/", json={"key": "old-one", "flow_run_id": made["old"]}).raise_for_status()
        with closing(sqlite3.connect(tmp_path / "prefect" / "prefect.db", timeout=30)) as database, database:
            for name, days in RUNS.items():
                moved = f"strftime('%Y-%m-%d %H:%M:%f000', 'now', '-{days} days')"
                database.execute(f"UPDATE flow_run SET end_time = {moved} WHERE name = ?", (name,))
            database.execute("UPDATE flow_run SET created = '2020-01-01 00:00:00.000000'")
        until = time.monotonic() + 60
        while client.get(f"/flow_runs/{made['old']}").status_code == httpx.codes.OK and time.monotonic() < until:
            time.sleep(1)
        found = {name: client.get(f"/flow_runs/{number}").status_code for name, number in made.items()}
        assert found == {"old": 404, "recent": 200, "placed": 200, "suspended": 200}
