"""`baken database` and `baken audit`, and how every command meets the tables of another version."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from deployments import cli
from models import anchors, audit, event, schema
from models.base import engine, transaction


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    capsys.readouterr()
    cli.app([*words, "--json"])
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def write(number: int) -> None:
    for one in range(number):
        with transaction() as session:
            event.record(session, "flow", "asked", f"request:{one}")


def test_way_down_and_up_makes_a_backup_each_time(sqlite: Path, capsys: pytest.CaptureFixture[str]) -> None:
    newest = schema.revisions()[-1]
    assert told(capsys, "database", "status") == {"revision": newest, "newest": newest, "state": "current"}
    assert cli.app(["database", "downgrade", "0007", "--no-backup"]) == 2
    assert schema.revision() == newest
    down = told(capsys, "database", "downgrade", "0007", "--confirm", "0007")
    assert down["revision"] == "0007"
    assert Path(str(down["backup"])).exists()
    assert told(capsys, "database", "status")["state"] == "older"
    up = told(capsys, "database", "upgrade")
    assert (up["before"], up["revision"]) == ("0007", newest)
    assert Path(str(up["backup"])).exists()
    assert up["backup"] != down["backup"]
    assert told(capsys, "database", "upgrade")["backup"] == ""


def test_there_is_no_way_down_to_what_is_not_there(sqlite: Path) -> None:
    assert cli.app(["database", "downgrade", "0099", "--confirm", "0099"]) == 2
    schema.downgrade("0004")
    assert cli.app(["database", "downgrade", "0007", "--confirm", "0007"]) == 2
    assert schema.revision() == "0004"


def test_new_machine_has_no_tables_and_gets_no_file_by_asking(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("BAKEN_HOME", str(tmp_path / "new"))
    monkeypatch.delenv("BAKEN_DATABASE_URL", raising=False)
    assert told(capsys, "database", "status")["state"] == "no tables yet"
    assert not (tmp_path / "new" / "baken.db").exists()


def test_every_command_and_the_portal_refuse_newer_tables(sqlite: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with engine().begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine().dispose()
    for words in (["programme", "list"], ["audit", "verify"], ["database", "upgrade"], ["work"]):
        with pytest.raises(SystemExit) as ended:
            cli.main(words)
        assert ended.value.code == 1
        assert "newer version" in capsys.readouterr().err
    assert cli.app(["database", "status"]) == 1
    started = subprocess.run(
        [sys.executable, "-m", "portal", "--port", "1"], capture_output=True, text=True, check=False
    )
    assert (started.returncode, "newer version" in started.stderr) == (1, True)


def test_trail_is_verified_and_its_head_kept(sqlite: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(3)
    assert cli.app(["audit", "verify"]) == 0
    assert "3 rows" in capsys.readouterr().out
    first = told(capsys, "audit", "head", "--keep")
    assert (first["place"], first["kept"]) == (3, True)
    assert told(capsys, "audit", "head")["mark"] == anchors.read()[0].head.mark
    with engine().begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER event_no_update")
        connection.exec_driver_sql("UPDATE event SET actor = 'person:9' WHERE id = 2")
    assert cli.app(["audit", "verify"]) == 1
    assert "from link 2 on" in capsys.readouterr().err
    assert cli.app(["audit", "close", "--years", "3"]) == 1, "what does not hold is not thrown away"
    assert told(capsys, "audit", "verify")["holds"] is False


def test_old_part_is_closed_off(sqlite: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(2)
    assert told(capsys, "audit", "close", "--years", "3") == {"closed_off": 0}
    assert cli.app(["audit", "close", "--years", "0"]) == 2
    assert audit.verify().holds
