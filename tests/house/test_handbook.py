"""The operator's procedures are run from the page itself, one after the other, on an installation of their own."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deployments import cli
from models.base import engine
from tests.conftest import environment
from tests.house.rooms import HOUSE
from tests.house.test_readme import commands

PAGE = HOUSE / "docs" / "operator.md"
UNITS = HOUSE / "deployments" / "service"
WANTED = (
    "Install",
    "Back up",
    "Restore",
    "Upgrade",
    "Go back",
    "master key",
    "Replace a worker",
    "Move a phase",
    "erase",
    "audit trail",
)
PEOPLE = """Employee number,First name,Last name,E-mail,Manager,Department,Country,Years,Hire date
1,An,Peeters,an@company.example,,Staff,Belgium,9,2018-01-01
2,Lotte,Claes,lotte@company.example,1,Sales,Belgium,2,2025-01-01
3,Wout,Maes,wout@company.example,1,Sales,Belgium,14,2013-01-01
"""


def procedures(text: str) -> dict[str, list[str]]:
    """The commands of each procedure of the page, by its heading."""
    whole = re.search(r"^## Procedures$(.*?)(?=^## )", text, re.MULTILINE | re.DOTALL)
    parts = re.split(r"^### (.+)$", whole[1] if whole else "", flags=re.MULTILINE)[1:]
    return {parts[at]: commands(parts[at + 1]) for at in range(0, len(parts), 2)}


def run(line: str) -> int:
    """One command, as somebody types it; its exit code."""
    given = shlex.split(line)
    assert given[0] == "baken", line
    try:
        cli.main(given[1:])
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def test_page_has_every_procedure() -> None:
    found = procedures(PAGE.read_text(encoding="utf-8"))
    assert [word for word in WANTED if not any(word in heading for heading in found)] == []
    assert all(found.values()), "each has at least one command"


def test_table_at_the_head_leads_to_every_section() -> None:
    text = PAGE.read_text(encoding="utf-8")
    slugs = {
        re.sub(r"[^\w -]", "", title).lower().replace(" ", "-"): title
        for title in re.findall("^##+ (.+)$", text, re.MULTILINE)
    }
    led = set(re.findall(r"\(#([\w-]+)\)", text.partition("## Install")[0]))
    sections = {slug for slug, title in slugs.items() if f"\n## {title}\n" in text}
    assert sections - led == set()
    assert set(re.findall(r"\(#([\w-]+)\)", text)) - set(slugs) == set(), "no link within the page leads nowhere"


@pytest.mark.slow
def test_every_procedure_runs_from_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BAKEN_MASTER_KEYS")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "people.csv").write_text(PEOPLE)
    with environment(BAKEN_HOME=str(tmp_path / "home")):
        for line in (
            "baken rehearsal 2027-01-11",
            "baken roster import people.csv --apply",
            "baken programme new growth-2027 --coordinator an@company.example",
        ):
            assert run(line) == 0, line
        for heading, lines in procedures(PAGE.read_text(encoding="utf-8")).items():
            for line in lines:
                assert run(line) == 0, f"{heading}: {line}"
        assert run("baken restore nothing.zip --replace") == 1, "the control: a command that fails is seen"
        engine().dispose()


def verified(folder: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    """What systemd says of the units, with a command that there is; and with these words changed."""
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("no systemd here")
    for unit in (*UNITS.glob("*.service"), *UNITS.glob("*.timer")):
        text = unit.read_text().replace("/opt/baken/.venv/bin/baken", sys.executable)
        for old, new in changes.items():
            text = text.replace(old, new)
        (folder / unit.name).write_text(text)
    units = sorted(str(one) for one in folder.iterdir())
    return subprocess.run([tool, "verify", "--man=no", *units], capture_output=True, text=True, check=False)


def test_units_are_such_that_systemd_takes_them(tmp_path: Path) -> None:
    (tmp_path / "bent").mkdir()
    (tmp_path / "whole").mkdir()
    assert "Unknown key" in verified(tmp_path / "bent", KillSignal="KillSingal").stderr, "the control"
    told = verified(tmp_path / "whole")
    assert (told.returncode, "baken" in told.stderr) == (0, False), told.stderr


def test_logs_are_rotated_but_not_the_anchors() -> None:
    text = (UNITS / "baken.logrotate").read_text()
    rotated = re.findall(r"/log/([\w-]+\.log)", text)
    assert sorted(rotated) == ["errors.log", "portal.log", "prefect.log"]
    assert {"copytruncate", "maxage 30"} <= {line.strip() for line in text.splitlines()}
