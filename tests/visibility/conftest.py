"""One lived programme for each track, shared by all tests that look into it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from framework.visibility import Track
from tests.visibility.lived import Life, at_home, begin

EARLIER = timedelta(days=8)  # what a mail tells was written down by then, weekends and bundles counted in


@pytest.fixture(scope="session")
def lives(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> dict[Track, tuple[Path, Life]]:
    """Each track from beginning to end: its home, and the life with all that everybody got."""
    found = {}
    for track in Track:
        home = tmp_path_factory.mktemp(track.value)
        shutil.copy(migrated, home / "baken.db")
        (home / "mornings").mkdir()
        with at_home(home):
            life = begin(track)
            life.live(home / "mornings")
            life.look_back()
        found[track] = (home, life)
    return found


@pytest.fixture
def again(tmp_path: Path, migrated: Path) -> Iterator[Callable[..., Life]]:
    """Lives some days of a life once more, in a database of its own."""

    @contextmanager
    def home() -> Iterator[None]:
        shutil.copy(migrated, tmp_path / "baken.db")
        (tmp_path / "mornings").mkdir(exist_ok=True)
        with at_home(tmp_path):
            yield

    with home():

        def lived(life: Life, first: object) -> Life:
            on = first.on  # type: ignore[attr-defined]
            once_more = life.again(on - EARLIER)
            once_more.live(tmp_path / "mornings", until=on)
            return once_more

        yield lived
