"""What programs and whoever runs them get of the canaries: commands, logs, reports, raw files, and all that Prefect keeps."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from prefect.settings import (
    PREFECT_API_DATABASE_CONNECTION_URL,
    PREFECT_LOGGING_LEVEL,
    PREFECT_LOGGING_TO_API_ENABLED,
    temporary_settings,
)

from deployments.cli import main
from flows.programme import FLOWS
from framework.visibility import TABLE, Cell, Reader, Track, Visibility, Whose
from models.base import transaction
from models.person import Person
from tests.visibility.lived import CANARY, MENTEES, MENTORS, Life, address, at_home
from tests.world import DECIDES, SLUG

pytestmark = pytest.mark.slow
OPEN = {Visibility.PROFILE}  # of these canaries one stands in the place of a choice, which is counted and not sealed
OFTEN = (
    ("mail", "list", SLUG, "--json"),
    ("mail", "held", SLUG, "--json"),
    ("mail", "dry-run", SLUG, "--folder", "eml", "--json"),
    ("mail", "dry-run", SLUG),
    ("mail", "preview", "thanks_from_partner"),
    ("programme", "show", SLUG, "--json"),
    ("programme", "calendar", SLUG, "--json"),
    ("matching", "runs", SLUG, "--json"),
    ("matching", "fairness", SLUG, "--json"),
    *(("matching", "why", SLUG, address(name), "--not", address(MENTORS[0])) for name in MENTEES),
    ("report", SLUG),
    ("report", SLUG, "--html", "report.html", "--json"),
    ("doctor", "--json"),
)


def said(*words: str) -> str:
    """What a command says and complains of."""
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out), pytest.raises(SystemExit):
        main(list(words))
    return out.getvalue()


def files(folder: Path, *names: str) -> str:
    """All that stands in the files of a folder, as text."""
    found = [path for name in names for path in sorted(folder.rglob(name)) if path.is_file()]
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in found)


@pytest.fixture(scope="module")
def operated(lives: dict[Track, tuple[Path, Life]]) -> dict[Track, str]:
    """All that commands said in the middle and at the end, the files that they left, and the logs."""
    found = {}
    for track, (home, life) in lives.items():
        with at_home(home), pytest.MonkeyPatch.context() as patch:
            patch.chdir(home)
            told = [said(*words) for words in OFTEN]
        found[track] = "\n".join([*told, files(home, "*.log*", "*.eml", "*.html", "*.json")])
        assert "learning_progress" in found[track] or track is Track.GROWTH
        assert "matching" in found[track]
        assert life.plants
    return found


@pytest.mark.parametrize("key", [key for key in TABLE if key[2] is Reader.OPERATOR], ids="-".join)
def test_operator_gets_nothing(lives, operated: dict[Track, str], key: tuple[Any, Any, Any, Any]) -> None:
    assert TABLE[key] is Cell.NO
    life = lives[key[1]][1]
    assert [word for word in CANARY.findall(operated[key[1]]) if life.plants[word].what is key[0]] == []


@pytest.mark.parametrize("track", Track)
def test_raw_files_hold_no_answer_in_words(lives, track: Track) -> None:
    home, life = lives[track]
    raw = b"".join(path.read_bytes() for path in [home / "baken.db", *life.mornings.values()])
    assert b"answer_on" in raw or b"answered_on" in raw
    found = {word for word in set(CANARY.findall(raw.decode("latin-1"))) if life.plants[word].what not in OPEN}
    assert found == set()


def test_search_would_find_a_canary_in_a_file(lives, tmp_path: Path) -> None:
    """The control."""
    word = next(iter(lives[Track.GROWTH][1].plants))
    (tmp_path / "some.log").write_text(f"... {word} ...", encoding="utf-8")
    assert CANARY.findall(files(tmp_path, "*.log*")) == [word]


def kept() -> str:
    """All that stands in Prefect's own database, as one text: every row of every table."""
    engine = sa.create_engine(str(PREFECT_API_DATABASE_CONNECTION_URL.value()).replace("+aiosqlite", ""))
    found: list[Any] = []
    with engine.connect() as connection:
        for table in sa.inspect(engine).get_table_names():
            rows = connection.exec_driver_sql(f'SELECT * FROM "{table}"').mappings()
            found += [{"table": table} | {k: str(v) for k, v in row.items()} for row in rows]
    engine.dispose()
    return json.dumps(found, ensure_ascii=False)


@pytest.fixture(scope="module")
def prefect(lives, prefect_server, migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[Track, str]:
    """What Prefect keeps once every phase of each track ran there, on a day on which everybody had just answered."""
    found = {}
    with temporary_settings({PREFECT_LOGGING_TO_API_ENABLED: True, PREFECT_LOGGING_LEVEL: "DEBUG"}):
        for track, (home, life) in lives.items():
            with at_home(home):
                opened = {one.phase: one.opened_on for one in life.milestones() if one.opened_on}
            place = tmp_path_factory.mktemp(f"prefect-{track.value}")
            (place / "baken.db").write_bytes(migrated.read_bytes())
            with at_home(place):
                for phase, flow in FLOWS.items():
                    now = life.again(opened[phase])
                    now.advance()
                    now.tell()
                    for where, choice in DECIDES:
                        now.decide(where, choice)
                    flow(SLUG, now.today, return_state=True)
                    assert now.plants
            found[track] = kept()
    return found


@pytest.mark.parametrize("key", [key for key in TABLE if key[2] is Reader.PREFECT], ids="-".join)
def test_prefect_gets_nothing(lives, prefect: dict[Track, str], key: tuple[Any, Any, Any, Any]) -> None:
    assert TABLE[key] is Cell.NO
    assert SLUG in prefect[key[1]], "we look in the right place"
    life = lives[key[1]][1]
    found = [word for word in CANARY.findall(prefect[key[1]]) if word in life.plants]
    assert [word for word in found if life.plants[word].what is key[0]] == []


@pytest.mark.parametrize("track", Track)
def test_prefect_knows_nobody_by_name(lives, prefect: dict[Track, str], track: Track) -> None:
    with at_home(lives[track][0]), transaction() as session:
        people = [one.email for one in session.scalars(sa.select(Person))]
    assert len(people) > len(MENTEES)
    assert [one for one in people if one and one in prefect[track]] == []
    assert CANARY.findall(prefect[track]) == []


WHOSE = {Whose.OWN, Whose.ANOTHER}


def test_machines_have_a_cell_for_every_class() -> None:
    for reader in (Reader.OPERATOR, Reader.PREFECT):
        cells = {key for key in TABLE if key[2] is reader}
        assert cells == {(what, track, reader, whose) for what in Visibility for track in Track for whose in WHOSE}
