"""One machine or many: the same programme comes to the same end.

A short programme: from readiness over the pairs to their first meetings and the first review round, in twenty weeks
of fifty people. What is compared holds no number of a row: every person, pair, meeting, question, decision and signal by
name and day, every mail to its last word, and all figures.
"""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.conftest import new_database
from tests.deployments import dask_crew
from tests.deployments.installations import lived

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def one_machine(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """How it ends with everything in one process, on SQLite."""
    return lived(tmp_path_factory.mktemp("one") / "home")


def asyncpg(url: str) -> str:
    """The address of a PostgreSQL database as Prefect's server wants it."""
    return sa.make_url(url).set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)


def compare(found: dict[str, Any], wanted: dict[str, Any]) -> None:
    """The same end, to the last row and the last word of each mail."""
    for name, stands in wanted["state"].items():
        assert found["state"][name] == stands, name
    assert found["mails"] == wanted["mails"]
    assert found["figures"] == wanted["figures"]


def test_it_is_a_programme_that_got_somewhere(one_machine: dict[str, Any]) -> None:
    """The control: there is something to compare."""
    state = one_machine["state"]
    assert len(state["pairings"]) > 3
    assert len(state["requests"]) > 100
    assert one_machine["figures"]["meetings"].get("held", 0) > 3
    assert [one for one in state["milestones"] if one[:2] == ("review", 1) and one[4]]  # finished
    assert len(one_machine["mails"]["words"]) == one_machine["mails"]["received"] > 200


def test_two_workers_and_postgresql_come_to_the_same_end(
    one_machine: dict[str, Any], postgres: str, tmp_path: Path
) -> None:
    with new_database(postgres) as baken, new_database(postgres) as prefect:
        found = lived(tmp_path / "home", database=baken, prefect=asyncpg(prefect), workers=2)
    compare(found, one_machine)


def test_redis_and_dask_come_to_the_same_end(one_machine: dict[str, Any], postgres: str, tmp_path: Path) -> None:
    """Many machines: Prefect speaks through Redis, and Dask's workers post what is much."""
    with new_database(postgres) as baken, new_database(postgres) as prefect, dask_crew.redis(tmp_path / "redis") as at:
        found = lived(
            tmp_path / "home",
            database=baken,
            prefect=asyncpg(prefect),
            workers=2,
            env=dask_crew.settings(at),
            live=dask_crew.by_dask,
        )
    assert dask_crew.given[-1] > dask_crew.given[0], "Dask had something in hand"
    compare(found, one_machine)
