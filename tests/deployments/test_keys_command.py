"""`baken keys`: seal, unseal, rotate, status, give-up; and what `baken doctor` says of them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from deployments.cli import main
from models import keyring, vault
from models.base import transaction
from models.settings import master_key_file, master_keys
from models.vault import PersonKey
from tasks.checks import seals
from tests.models import confided

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def baken(sqlite: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command, with the master keys in their file: its exit code, what it says, and what it complains of."""
    monkeypatch.delenv("BAKEN_MASTER_KEYS")

    def run(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main(["keys", *words])
        said = capsys.readouterr()
        return int(stopped.value.code or 0), " ".join(said.out.split()), " ".join(said.err.split())

    return run


def found(told: tuple[int, str, str]) -> dict[str, object]:
    """The one object that a command printed."""
    data: dict[str, object] = json.loads(told[1])
    return data


def test_open_rows_are_told_and_sealed(baken: Run) -> None:
    confided.confide()
    written = confided.read()
    code, _, err = baken("unseal")
    assert code == 2
    assert "--confirm unseal" in err
    assert keyring.standing().open["response"] == 0, "nothing happens without the word"
    assert baken("unseal", "--confirm", "unseal")[0] == 0
    code, out, _ = baken("status")
    assert code == 1
    assert "5 rows stand open: `baken keys seal`" in out
    assert found(baken("seal", "--json"))["sealed"] == dict.fromkeys(
        ("response", "participant", "decision", "delivery", "matching_run"), 1
    )
    assert baken("status")[0] == 0
    assert baken("seal")[1] == "Rows sealed: nothing."
    assert confided.read() == written


def test_rotation_ends_with_one_new_key(baken: Run) -> None:
    confided.confide()
    written, [old] = confided.read(), master_keys()
    code, out, _ = baken("rotate")
    assert code == 0
    assert "`baken keys rotate --drop`" in out
    assert old in master_keys()
    told = found(baken("rotate", "--drop", "--json"))
    assert (told["master keys dropped"], told["masters"], told["old_master"]) == (1, 1, 0)
    assert master_keys() != (old,)
    assert found(baken("rotate", "--drop", "--json"))["master keys dropped"] == 0
    assert confided.read() == written


def test_rotation_that_was_stopped_makes_no_third_key(baken: Run) -> None:
    from models import master_file

    confided.confide()
    master_file.add()
    assert baken("status")[1].endswith("`baken keys rotate` goes on with it.")
    told = found(baken("rotate", "--json"))
    assert (told["masters"], told["old_master"]) == (2, 0)


def test_peoples_keys_are_renewed_and_dropped_an_hour_later(baken: Run) -> None:
    confided.confide()
    written = confided.read()
    told = found(baken("rotate", "--people", "--json"))
    assert (told["renewed"], told["sealed again"], told["replaced"]) == (1, 6, 1)
    assert "less than an hour old" in baken("rotate", "--drop")[1]
    with transaction() as session:
        for row in session.query(PersonKey):
            row.made_at -= 2 * keyring.LONGEST
    assert found(baken("rotate", "--drop", "--json"))["people's old keys dropped"] == 1
    assert confided.read() == written


def test_keys_of_the_environment_are_changed_by_hand(baken: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    monkeypatch.setenv("BAKEN_MASTER_KEYS", old)
    confided.confide()
    written = confided.read()
    code, _, err = baken("rotate")
    assert code == 1
    assert "BAKEN_MASTER_KEYS" in err
    monkeypatch.setenv("BAKEN_MASTER_KEYS", f"{new},{old}")
    code, out, _ = baken("rotate")
    assert code == 0
    assert "leave the first one alone in BAKEN_MASTER_KEYS" in out
    monkeypatch.setenv("BAKEN_MASTER_KEYS", new)
    assert confided.read() == written
    assert not master_key_file().exists()


def test_lost_master_key_stops_a_rotation_and_is_given_up_with_a_word(baken: Run) -> None:
    confided.confide()
    master_key_file().unlink()
    assert baken("status")[0] == 1
    code, _, err = baken("rotate")
    assert code == 1
    assert "put the older master key back" in err
    assert baken("give-up")[0] == 2
    assert keyring.standing().lost == 1
    assert found(baken("give-up", "--confirm", "give-up", "--json")) == {"given_up": 1}
    assert "nothing to give up" in baken("give-up")[1]
    assert confided.read()["profile"] == {}


def test_text_that_was_changed_is_counted_and_left(baken: Run) -> None:
    from models.participant import Participant

    _, who = confided.confide()
    with transaction() as session:
        session.query(Participant).one().sealed = vault.seal(session, who, "elsewhere", {"reason": "x"})
    code, out, _ = baken("rotate", "--people")
    assert code == 1
    assert "do not open" in out


def test_doctor_looks_at_the_file_and_the_keys(baken: Run) -> None:
    confided.confide()
    [well] = seals()
    assert (well.verdict, "1 people's keys" in well.found) == ("ok", True)
    master_key_file().chmod(0o644)
    [open_to_all] = seals()
    assert (open_to_all.verdict, open_to_all.advice[:9]) == ("wrong", "chmod 600")
    master_key_file().chmod(0o600)
    master_key_file().write_bytes(Fernet.generate_key())
    [other] = seals()
    assert (other.verdict, "1 of 1" in other.found) == ("wrong", True)
    master_key_file().write_text("not a key")
    assert next(seals()).verdict == "wrong"
