"""After an erasure nothing that the person told is anywhere: not in the file, not opened, not in anybody's export."""

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from framework.visibility import Track
from models import keyring
from models.base import transaction
from models.delivery import Delivery
from models.mentions import ON_ITS_WAY
from tasks.access import collect
from tests.visibility.lived import CANARY, MENTEES, MENTORS, Life, address, at_home, begin
from tests.visibility.test_machines import files, said
from tests.world import FAMILY, SLUG

pytestmark = pytest.mark.slow
DAYS = 260


class Told(Life):
    """A life in which everybody tells, and nobody looks: what reached whom is for the other tests."""

    def look(self) -> None:
        """Nobody opens a page."""

    def see(self, who: int, token: str, browser: object) -> None:
        """Nobody looks back at what was sent."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> tuple[Path, Life]:
    """A growth programme until after its final evaluation; its home."""
    place = tmp_path_factory.mktemp("told")
    shutil.copy(migrated, place / "baken.db")
    (place / "mornings").mkdir()
    with at_home(place):
        life = begin(Track.GROWTH, Told)
        life.live(place / "mornings", until=life.today + timedelta(days=DAYS))
    return place, life


@pytest.fixture
def home(told: tuple[Path, Life], tmp_path: Path) -> Iterator[tuple[Path, Life]]:
    """The programme in a folder of its own, with all mail gone out."""
    place, life = told
    shutil.copy(place / "baken.db", tmp_path / "baken.db")
    with at_home(tmp_path):
        with transaction() as session:
            late = sa.update(Delivery).where(Delivery.state.in_(ON_ITS_WAY))
            session.execute(late.values(state="sent", carrier_id=None))
        yield tmp_path, life


def canaries(text: str, life: Life, who: int) -> set[str]:
    """What that person told, as far as it stands in the text."""
    return {word for word in CANARY.findall(text) if word in life.plants and life.plants[word].writer == who}


def opened() -> str:
    """Everything that is sealed and opens."""
    with transaction() as session:
        rows = [one for table in keyring.EVERY for one in session.scalars(sa.select(table)).unique()]
        return json.dumps([one.people if hasattr(one, "people") else one.told for one in rows], default=str)


@pytest.mark.parametrize("name", [MENTEES[0], MENTORS[0]])
def test_nothing_that_was_told_is_found_anywhere(home: tuple[Path, Life], name: str) -> None:
    folder, life = home
    who = life.ids[name]
    others = [number for other, number in life.ids.items() if other != name]
    assert len(canaries(opened(), life, who)) > 5, "the control: it opens before"
    exports = "".join(json.dumps(collect(one).rows, default=str) for one in others)
    assert f"{name} {FAMILY}" in exports, "the control: partners' mails name the person"
    done = json.loads(said("person", "erase", address(name), "--yes", "--json"))
    assert done["erased"]["answers"] > 5
    raw = (folder / "baken.db").read_bytes().decode("latin-1")
    assert canaries(raw, life, who) == set()
    assert name not in raw
    assert canaries(opened(), life, who) == set()
    exports = "".join(json.dumps(collect(one).rows, default=str) for one in others)
    assert canaries(exports, life, who) == set()
    assert f"{name} {FAMILY}" not in exports
    assert not any(collect(who).counts().values())
    told = said("report", SLUG, "--json") + said("mail", "list", SLUG) + said("matching", "runs", SLUG)
    assert canaries(told + files(folder, "*.log*", "*.json*"), life, who) == set()
    assert len(set(CANARY.findall(opened()))) > 5, "others keep theirs"
