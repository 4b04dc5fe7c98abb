"""Imports run one way: every contract holds, and each rule that is broken on purpose is reported by its name."""

import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

from framework.programme import PHASES
from tests.house.rooms import HOUSE, ROOMS

LINT = Path(sys.executable).parent / "lint-imports"
BROKEN = [
    ("framework/people.py", "import sqlalchemy", "framework-is-pure"),
    ("framework/people.py", "import prefect", "framework-is-pure"),
    ("framework/people.py", "import models.base", "layers"),
    ("notifications/brand.py", "import models.base", "layers"),
    ("portal/page.py", "import tasks.mail", "layers"),
    ("tasks/mail.py", "import flows.mail", "layers"),
    ("tasks/mail.py", "import portal.page", "layers"),
    ("notifications/brand.py", "import sqlalchemy", "sql"),
    ("flows/mail.py", "from sqlalchemy import select", "sql"),
    ("tasks/mail.py", "import alembic", "migrations"),
    ("models/event.py", "import prefect", "prefect"),
    ("portal/page.py", "from prefect.events import emit_event", "prefect"),
    ("tasks/mail.py", "import yagmail", "yagmail"),
    ("tasks/mail.py", "import smtplib", "yagmail"),
    ("notifications/sender.py", "import smtplib", "smtplib"),
    ("tasks/mail.py", "import jinja2", "words"),
    ("models/event.py", "from babel.dates import format_date", "words"),
    ("tasks/mail.py", "import starlette.requests", "web"),
    ("flows/mail.py", "import portal.page", "flows-and-portal"),
    ("flows/matching.py", "import flows.selection", "phases-apart"),
    ("tasks/mail.py", "import benchmarks", "tests-apart"),
]


def lint(tree: Path, contract: str = "") -> subprocess.CompletedProcess[str]:
    """Check the contracts of a tree, or one of them, without a cache."""
    only = ["--contract", contract] if contract else []
    command = [str(LINT), "--no-cache", "--no-logo", "--config", str(tree / ".importlinter"), *only]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False, timeout=120)


def rules(tree: Path = HOUSE) -> ConfigParser:
    """The contracts as written."""
    parser = ConfigParser()
    parser.read(tree / ".importlinter", encoding="utf-8")
    return parser


def contracts() -> set[str]:
    """The identifiers of all contracts."""
    return {name.rpartition(":")[2] for name in rules().sections() if ":contract:" in name}


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the rooms' code, to break."""
    tree = tmp_path_factory.mktemp("house")
    for room in ROOMS:
        shutil.copytree(
            HOUSE / room, tree / room, ignore=shutil.ignore_patterns("__pycache__", "*.po", "*.j2", "*.html")
        )
    shutil.copy(HOUSE / ".importlinter", tree)
    return tree


def test_every_contract_holds() -> None:
    found = lint(HOUSE)
    assert found.returncode == 0, found.stdout + found.stderr
    assert "0 broken" in found.stdout


def test_copy_is_judged_by_its_own_files(copied: Path) -> None:
    """The control: an unbroken copy passes, so what is reported below comes from the line that was added."""
    assert lint(copied).returncode == 0


@pytest.mark.parametrize(("file", "line", "contract"), BROKEN)
def test_broken_rule_is_reported(copied: Path, file: str, line: str, contract: str) -> None:
    path = copied / file
    whole = path.read_text(encoding="utf-8")
    path.write_text(f"{whole}\n{line}\n", encoding="utf-8")  # at the end: inside the docstring it would pass
    try:
        found = lint(copied, contract)
    finally:
        path.write_text(whole, encoding="utf-8")
    assert found.returncode == 1, found.stdout + found.stderr
    assert path.relative_to(copied).with_suffix("").as_posix().replace("/", ".") in found.stdout


def test_every_contract_is_broken_once_on_purpose() -> None:
    assert {contract for _, _, contract in BROKEN} == contracts()


def test_every_flow_but_the_calendar_is_kept_apart() -> None:
    kept = set(rules()["importlinter:contract:phases-apart"]["modules"].split())
    there = {f"flows.{path.stem}" for path in (HOUSE / "flows").glob("*.py")} - {"flows.__init__", "flows.programme"}
    assert kept == there
    assert {f"flows.{phase}" for phase in PHASES} <= kept


def test_every_room_is_checked() -> None:
    assert set(rules()["importlinter"]["root_packages"].split()) == set(ROOMS)
    packages = {path.parent.name for path in HOUSE.glob("*/__init__.py")}
    assert packages - {"tests", "benchmarks"} == set(ROOMS)
