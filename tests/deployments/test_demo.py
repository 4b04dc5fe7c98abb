"""The rehearsal, as a stranger runs it: one command, and a programme of real parts from beginning to end."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from framework.programme import PHASES
from tests.conftest import environment
from tests.deployments.afterwards import written

pytestmark = pytest.mark.slow
PEOPLE, MONTHS = 70, 22


def rehearse(folder: Path, *, people: int = PEOPLE, months: int = MONTHS, seed: int = 1) -> dict:
    options = ["--people", str(people), "--months", str(months), "--seed", str(seed), "--home", str(folder), "--json"]
    env = {k: v for k, v in os.environ.items() if not k.startswith(("BAKEN_", "PREFECT_"))}
    done = subprocess.run(
        [sys.executable, "-m", "deployments.cli", "demo", *options],
        capture_output=True,
        text=True,
        env=env,
        timeout=1500,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def lasting(found: dict) -> dict:
    """The summary without what the machine decides: seconds and memory."""
    return {key: value for key, value in found.items() if key not in {"seconds", "peak_rss_mb"}}


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict]:
    folder = tmp_path_factory.mktemp("rehearsal") / "home"
    return folder, rehearse(folder)


def test_every_phase_ends_completed(rehearsal: tuple[Path, dict]) -> None:
    found = rehearsal[1]
    assert set(PHASES) <= set(found["phases"])
    assert set(found["phases"].values()) == {"Completed"}


def test_people_lived_through_it(rehearsal: tuple[Path, dict]) -> None:
    found = rehearsal[1]
    assert found["meetings"]["held"] > 15
    assert found["certificates"] > 5
    assert found["closed"]["completed"] > 2
    assert sum(found["answers"].values()) > 200
    assert found["goals_told"] >= found["goals_reached"] > 0
    assert found["mail_states"]["sent"] == found["received"]
    assert found["duplicates"] == 0


def test_life_happens_too(rehearsal: tuple[Path, dict]) -> None:
    found = rehearsal[1]
    assert found["closed"].get("rematch", 0) == 1  # one pair asked for another partner
    assert found["participants"]["mentor"].get("withdrawn", 0) == 1  # one mentor left the company
    assert found["pairings"].get("struck", 0) >= 1
    assert found["lapsed"] > 0  # some never answered
    assert found["signals"]


def test_report_and_mailbox_are_there(rehearsal: tuple[Path, dict]) -> None:
    folder, found = rehearsal
    assert "<svg" in (folder / "report.html").read_text()
    assert len(list((folder / "mailbox").rglob("*.eml"))) == found["received"]


def canaries(folder: Path) -> set[str]:
    """Names, addresses and answers of the rehearsed company, as strings that stand nowhere by chance."""
    with sqlite3.connect(folder / "baken.db") as db:
        people = db.execute("select given_name || ' ' || family_name, email from person").fetchall()
    with environment(BAKEN_HOME=str(folder)), pytest.MonkeyPatch.context() as patch:
        patch.delenv("BAKEN_MASTER_KEYS")  # it has a key of its own
        texts = written()
    assert texts
    return {part for row in people for part in row if part} | texts


def test_nothing_personal_reached_prefect(rehearsal: tuple[Path, dict]) -> None:
    folder = rehearsal[0]
    words = canaries(folder)
    assert len(words) > PEOPLE
    with sqlite3.connect(folder / "prefect" / "prefect.db") as db:
        tables = [name for (name,) in db.execute("select name from sqlite_master where type = 'table'")]
        runs = db.execute("select count(*) from flow_run").fetchone()[0]
        everything = "\n".join(
            str(cell)
            for table in tables
            for row in db.execute(f'select * from "{table}"')
            for cell in row
            if cell is not None
        )
    assert runs > 200
    assert "growth-2027" in everything  # the search looks where things stand
    assert sorted(word for word in words if word in everything) == []


@pytest.mark.long
def test_the_same_seed_gives_the_same_summary_and_another_another(rehearsal: tuple[Path, dict], tmp_path: Path) -> None:
    assert lasting(rehearse(tmp_path / "again")) == lasting(rehearsal[1])
    assert lasting(rehearse(tmp_path / "other", seed=2)) != lasting(rehearsal[1])
