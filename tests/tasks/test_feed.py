"""The people feed: whole files are taken once, unusual ones wait for a person, broken ones come with a report."""

import os
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from deployments.cli import main
from models import feed, installation, watch
from models.base import transaction
from models.event import Event
from models.person import Person
from tasks import feed as steps
from tasks.checks import people_feed
from tests.tasks.outbox import KINDS, either

database = pytest.fixture(params=KINDS)(either)
HEAD = "Employee number,First name,Last name,E-mail,Leaving date\n"
SECRET = "Geheimenis"


@pytest.fixture
def folder(database: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """HR's folder; files in it count as whole at once, but where a test says otherwise."""
    there = database / "from hr"
    there.mkdir()
    monkeypatch.setenv("BAKEN_FEED", str(there))
    monkeypatch.setattr(steps, "SETTLED_SECONDS", -1.0)
    return there


def put(folder: Path, name: str, *rows: str, age: float = 0) -> Path:
    path = folder / name
    path.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def staff(count: int, *, leaving: int = 0, host: str = "x.example") -> list[str]:
    """So many people, of whom the first ones have left."""
    return [f"{n},{SECRET}{n},Bo,p{n}@{host},{'2026-11-01' if n <= leaving else ''}" for n in range(1, count + 1)]


def take() -> dict[str, int]:
    token = steps.begin_round.fn()
    found = steps.take_files.fn(token)
    steps.end_round.fn(token)
    return found


def people() -> int:
    with transaction() as session:
        return session.scalar(sa.select(sa.func.count(Person.id)).where(Person.left_on.is_(None))) or 0


def names(folder: Path) -> list[str]:
    return sorted(path.name.partition("-")[2] or path.suffix for path in folder.iterdir())


def codes() -> set[str]:
    return {one.code for one in people_feed() if one.code}


def test_a_file_is_taken_once_and_put_away(folder: Path) -> None:
    put(folder, "people.csv", *staff(3))
    assert take() == {"taken": 1}
    assert (people(), names(folder / "done"), codes()) == (3, ["people.csv"], set())
    assert take() == {}
    with transaction() as session:
        assert session.scalars(sa.select(Event.actor).where(Event.action == "roster-import")).all() == ["feed"]


def test_files_are_taken_in_the_order_in_which_they_came(folder: Path) -> None:
    """The second brings back what the first changed: the last word counts, also where it was said before."""
    put(folder, "b.csv", "1,Zoë,Bo,zoe@x.example,", age=300)
    put(folder, "a.csv", "1,Zoé,Bo,zoe@x.example,", age=200)
    put(folder, "c.csv", "1,Zoë,Bo,zoe@x.example,", age=100)
    assert take()["taken"] == 3
    with transaction() as session:
        assert session.scalars(sa.select(Person.given_name)).all() == ["Zoë"]


def test_the_same_file_again_changes_nothing_but_counts_as_a_sign_of_life(folder: Path) -> None:
    put(folder, "monday.csv", *staff(2))
    take()
    put(folder, "tuesday.csv", *staff(2))
    assert take() == {"same": 1}
    with transaction() as session:
        assert len(session.scalars(sa.select(feed.FeedFile)).all()) == 2
        assert len(session.scalars(sa.select(Event)).all()) == 1


def test_what_is_still_being_written_is_left_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (".people.csv", "people.csv.part", "people.xlsx.tmp", "columns.toml"):
        put(folder, name, *staff(1))
    put(folder, "touched.csv", *staff(2), age=3600)  # its own time says an hour; the disk knows better
    (folder / "link.csv").symlink_to(folder / "touched.csv")
    monkeypatch.setattr(steps, "SETTLED_SECONDS", 60.0)
    (folder / "columns.toml").unlink()
    assert take() == {}
    monkeypatch.setattr(steps, "SETTLED_SECONDS", 0.0)
    assert take()["taken"] == 1
    assert (people(), (folder / "link.csv").is_symlink(), (folder / "people.csv.part").exists()) == (2, True, True)


def test_a_file_with_bad_rows_is_taken_but_for_these_and_a_report_names_them(folder: Path) -> None:
    put(folder, "people.csv", *staff(2), f"3,{SECRET},Bo,not an address,")
    assert take() == {"taken": 1, "rows refused": 1}
    [report] = (folder / "refused").iterdir()
    assert 'Row 4, column "E-mail"' in report.read_text()
    assert SECRET not in report.read_text()
    assert "not an address" not in report.read_text()
    assert report.stat().st_mode & 0o777 == 0o600
    assert (people(), codes()) == (2, {"feed-rows"})
    put(folder, "mended.csv", *staff(3))
    take()
    assert codes() == set()


def test_a_file_that_is_no_table_is_refused_and_stops_no_other(folder: Path) -> None:
    (folder / "letter.csv").write_bytes(b"Dear all,\nbest wishes\n")
    (folder / "broken.xlsx").write_bytes(b"PK\x03\x04 nothing")
    assert take() == {"refused": 2}
    assert codes() == {"feed-refused"}
    assert [name for name in names(folder / "refused") if name != ".report"] == ["broken.xlsx", "letter.csv"]
    put(folder, "people.csv", *staff(2))
    assert take()["taken"] == 1
    assert codes() == set()


@pytest.mark.parametrize("unusual", [staff(60, leaving=7), staff(60, host="elsewhere.example")])
def test_an_unusual_file_is_held_until_a_person_applies_it(
    folder: Path, unusual: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    put(folder, "first.csv", *staff(60))
    take()
    put(folder, "second.csv", *unusual)
    assert take() == {"held": 1}
    assert (people(), codes()) == (60, {"feed-held"})
    assert take() == {}
    [held] = [path for path in (folder / "held").iterdir() if path.suffix != ".report"]
    with pytest.raises(SystemExit, match="0"):
        main(["roster", "import", str(held), "--apply"])
    assert SECRET not in capsys.readouterr().out
    assert take() == {}
    assert (list((folder / "held").iterdir()), codes()) == ([], set())
    assert names(folder / "done") == ["first.csv", "second.csv"]


def test_a_usual_file_of_the_same_kind_is_not_held(folder: Path) -> None:
    """The control."""
    put(folder, "first.csv", *staff(60))
    take()
    put(folder, "second.csv", *staff(60, leaving=6))
    assert take()["taken"] == 1
    assert people() == 54


def test_a_held_file_that_is_taken_away_is_over(folder: Path) -> None:
    put(folder, "first.csv", *staff(60))
    take()
    put(folder, "second.csv", *staff(60, leaving=7))
    take()
    for path in (folder / "held").iterdir():
        if path.suffix != ".report":
            path.unlink()
    take()
    assert (list((folder / "held").iterdir()), codes()) == ([], set())


def test_a_crash_at_any_moment_loses_and_doubles_nothing(folder: Path) -> None:
    """Killed after the file was set aside; killed after it was written down; both are found by the next round."""
    (folder / "taking").mkdir()
    put(folder / "taking", "people.csv", *staff(2))
    assert take()["taken"] == 1
    [done] = (folder / "done").iterdir()
    shutil.move(done, folder / "taking" / "people.csv")
    assert take() == {"same": 1}
    with transaction() as session:
        assert len(session.scalars(sa.select(Event)).all()) == 1


def test_a_round_that_was_lost_writes_nothing(folder: Path) -> None:
    put(folder, "people.csv", *staff(2))
    token = steps.begin_round.fn()
    assert steps.begin_round.fn() == ""  # one at a time
    with transaction() as session:  # it slept for so long that another one took over
        session.execute(sa.update(watch.Beat).values(until=installation.now() - timedelta(seconds=1)))
    other = steps.begin_round.fn()
    with pytest.raises(Exception, match="feed.take_files: LostRound"):
        steps.take_files.fn(token)
    assert people() == 0
    steps.take_files.fn(other)
    assert people() == 2


def test_what_was_done_long_ago_is_thrown_away(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, "people.csv", *staff(2))
    take()
    assert names(folder / "done")
    monkeypatch.setattr(steps, "KEEP", timedelta(seconds=-1))
    take()
    assert names(folder / "done") == []


def test_a_folder_that_is_gone_and_a_feed_that_is_silent_are_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, "people.csv", *staff(2))
    take()
    with transaction() as session:
        session.execute(sa.update(feed.FeedFile).values(at=installation.now() - timedelta(days=8, minutes=1)))
    assert codes() == {"feed-silent"}
    monkeypatch.setenv("BAKEN_FEED_SILENT_DAYS", "0")
    assert codes() == set()
    shutil.rmtree(folder)
    assert codes() == {"feed-away"}
    assert take() == {"away": 1}
    monkeypatch.delenv("BAKEN_FEED")
    assert not steps.is_set.fn()
    assert list(people_feed()) == []
