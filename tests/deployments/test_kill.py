"""kill -9 of the process that runs the flows, at random moments; then the same advance again.

The programme ends as it would have: nothing decided twice, nobody asked twice, at most one mail twice a kill.
"""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

pytestmark = pytest.mark.long
CHILD = """
import sys
from datetime import date
from deployments.advance import advance
import flows.programme
import tasks.mail
import tasks.turn
tasks.mail.LEASE_SECONDS = tasks.turn.LEASE_SECONDS = 2.0
print("ready", flush=True)
advance(sys.argv[1], date.fromisoformat(sys.argv[2]))
"""
KILLS, PEOPLE, MONTHS = 5, 40, 22
UNTIL = date(2027, 7, 15)  # readiness to the first meetings: where most is decided


def advance_and_kill(slug: str, day: date, after: float) -> bool:
    """Advance in a process of its own and kill it; True if it was still at work."""
    root = Path(__file__).parents[2]
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, slug, day.isoformat()],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert child.stdout
    assert child.stdout.readline().strip() == "ready"
    time.sleep(after)
    alive = child.poll() is None
    child.send_signal(signal.SIGKILL)
    child.wait()
    if alive:
        time.sleep(2.2)  # until the lease that it held has run out
    return alive


def live(folder: Path, kill_on: dict[int, float]) -> tuple[dict, int]:
    """A rehearsal until mid-summer, killed at these steps; its summary, and how many kills struck home."""
    from deployments.rehearsal import run

    kills = 0
    with run.world(run.Plan(home=folder, people=PEOPLE, months=MONTHS, seed=3)) as world:

        def before(day: date) -> None:
            nonlocal kills
            if world.steps in kill_on:
                kills += advance_and_kill(run.SLUG, day, kill_on[world.steps])

        world.before, world.until = before, UNTIL
        seconds = run.timed(lambda: run.rehearse(world))
        return run.summary(world, seconds), kills


@pytest.fixture
def environment() -> object:
    kept = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(kept)


def test_killed_programme_ends_in_the_same_state(environment: object, tmp_path: Path) -> None:
    calm, none = live(tmp_path / "calm", {})
    assert none == 0
    mood = random.Random(11)
    steps = mood.sample(range(calm["steps"] - 2), KILLS)
    torn, kills = live(tmp_path / "torn", {step: mood.uniform(0.1, 1.2) for step in steps})
    assert kills >= 1
    for key in ("phases", "participants", "pairings", "meetings", "asked", "answers", "mails", "signals"):
        assert torn[key] == calm[key], key
    assert torn["duplicates"] <= kills  # under the same Message-ID, which is how they are counted
    assert torn["received"] - torn["duplicates"] == calm["received"]
