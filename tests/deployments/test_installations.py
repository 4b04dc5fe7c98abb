"""One machine or many: the same programme comes to the same end."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.conftest import new_database
from tests.deployments.installations import lived

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def one_machine(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """How it ends with everything in one process, on SQLite."""
    return lived(tmp_path_factory.mktemp("one") / "home")


def test_it_is_a_programme_that_got_somewhere(one_machine: dict[str, dict[str, list[object]]]) -> None:
    """The control: there is something to compare."""
    assert len(one_machine["state"]["pairings"]) > 3
    assert len(one_machine["state"]["requests"]) > 100


def test_two_workers_and_postgresql_come_to_the_same_end(one_machine, postgres: str, tmp_path: Path) -> None:
    with new_database(postgres) as baken, new_database(postgres) as prefect:
        there = sa.make_url(prefect).set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)
        found = lived(tmp_path / "home", database=baken, prefect=there, workers=2)
    assert found == one_machine
