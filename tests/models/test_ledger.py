"""The ledger of erasures: names nobody, survives a crash in the middle of a line, and knows who came back."""

import json
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from models import ledger

TODAY = date(2027, 3, 1)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BAKEN_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("BAKEN_LEDGER", raising=False)
    return tmp_path


def test_line_names_nobody_and_is_its_owners_alone() -> None:
    assert ledger.entries() == ()
    ledger.append(7, "E-4711", "Zoe@x.example", TODAY)
    text = ledger.path().read_text()
    assert stat.S_IMODE(ledger.path().stat().st_mode) == 0o600
    assert "4711" not in text
    assert "zoe" not in text.lower()
    [one] = ledger.entries()
    assert (one.person, one.on, one.back) == (7, "2027-03-01", False)


@pytest.mark.parametrize("keys", [("e-4711", None), (None, " ZOE@x.example"), ("other", "zoe@x.example")])
def test_person_is_known_again_by_number_or_address(keys: tuple[str | None, str | None]) -> None:
    ledger.append(7, "E-4711", "zoe@x.example", TODAY)
    assert ledger.names(*keys, ledger.entries())


def test_others_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.append(7, "E-4711", None, TODAY)
    assert not ledger.names("4711", None, ledger.entries())
    assert not ledger.names(None, None, ledger.entries())
    assert not ledger.names(None, "E-4711", ledger.entries()), "a number is no address"
    monkeypatch.setenv("BAKEN_SECRET_KEY", "another secret")
    assert not ledger.names("E-4711", None, ledger.entries()), "the control: the secret decides"


def test_line_that_was_cut_off_harms_no_other() -> None:
    ledger.append(1, "a-1", None, TODAY)
    with ledger.path().open("ab") as file:
        file.write(b'{"on": "2027-0')
    ledger.append(2, "b-2", None, TODAY)
    assert [one.person for one in ledger.entries()] == [1, 2]


def test_who_came_back_is_erased_no_more_and_may_be_again() -> None:
    ledger.append(1, "a-1", "a@x.example", TODAY)
    ledger.append(2, "b-2", None, TODAY)
    ledger.lift(ledger.entries()[0], TODAY)
    assert [one.person for one in ledger.entries()] == [2]
    ledger.append(9, "a-1", None, TODAY)
    assert [one.person for one in ledger.entries()] == [2, 9]


def test_ledger_may_lie_elsewhere(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAKEN_LEDGER", str(home / "safe" / "kept.jsonl"))
    ledger.append(1, "a-1", None, TODAY)
    assert json.loads((home / "safe" / "kept.jsonl").read_text())["person"] == 1
    assert replace(ledger.entries()[0], back=True).marks == ledger.entries()[0].marks
