"""Workers are killed, and the database goes away, in the middle of a programme: it ends as it would have.

Nothing is decided twice, nobody is asked twice, no mail is lost; a mail may come twice, once a blow, as the same message.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.deployments.hardships import Hardship, kill_the_worker, restart
from tests.deployments.installations import lived
from tests.deployments.own_postgres import own_postgres
from tests.deployments.test_installations import asyncpg, compare

pytestmark = pytest.mark.long
KILLS, RESTARTS = 20, 10
RESEND = {"BAKEN_MAIL_UNSURE": "resend"}
"""Every mail of which nobody knows whether it went goes again, so that both ends can be compared without an operator."""


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """How it ends when nothing happens, in one process on SQLite."""
    return lived(tmp_path_factory.mktemp("calm") / "home")


def suffer(home: Path, planned: int, strike: Callable[[Any], Any]) -> tuple[dict[str, Any], Hardship]:
    """The same programme on PostgreSQL with two workers, struck so many times; what came of it."""
    met: list[Hardship] = []
    with own_postgres() as server:
        baken, prefect = server.database("baken"), server.database("prefect")

        def live(folder: Path, crew: Any) -> Hardship:
            met.append(Hardship(folder, crew, planned, strike(server)))
            return met[0]

        found = lived(home, database=baken, prefect=asyncpg(prefect), workers=2, env=RESEND, live=live)
    (home / "ends.txt").write_text(f"{met[0].struck} struck, {met[0].hired} hired, ends {dict(met[0].ends)}")
    return found, met[0]


def test_killed_workers_change_nothing(calm: dict[str, Any], tmp_path: Path) -> None:
    torn, met = suffer(tmp_path / "home", KILLS, lambda _: kill_the_worker)
    assert met.struck == KILLS
    assert met.hired >= KILLS
    compare(torn, calm)
    assert torn["course"]["twice"] <= KILLS


def test_restarts_of_the_database_change_nothing(calm: dict[str, Any], tmp_path: Path) -> None:
    torn, met = suffer(tmp_path / "home", RESTARTS, restart)
    assert met.struck == RESTARTS
    compare(torn, calm)
    assert torn["course"]["twice"] <= RESTARTS
