"""Keys are changed beside what runs, may be stopped at any moment, and nothing that was sealed is lost."""

import os
import stat
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from models import keyring, master_file, vault
from models.base import transaction
from models.keyring import standing
from models.master_file import InEnvironment, StillInUse
from models.person import Person
from models.settings import master_key_file, master_keys
from models.vault import PersonKey, VaultError
from tests.models import confided

MANY = 5


@pytest.fixture
def file(database: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The master keys are in a file, as they are unless somebody sets them elsewhere."""
    monkeypatch.delenv("BAKEN_MASTER_KEYS")
    return master_key_file()


@pytest.fixture
def texts(file: Path) -> dict[int, str]:
    """A sealed text of each of some people."""
    with transaction() as session:
        people = [Person(given_name=str(n), family_name="Bo") for n in range(MANY)]
        session.add_all(people)
        session.flush()
        return {one.id: vault.seal(session, one.id, "x|1", one.given_name) for one in people}


def opened(texts: dict[int, str]) -> list[str]:
    with transaction() as session:
        return [vault.unseal(session, who, "x|1", text) for who, text in texts.items()]


def test_master_key_is_replaced_and_the_old_one_dropped(texts: dict[int, str], file: Path) -> None:
    [old] = master_keys()
    assert master_file.add() == 2
    assert standing().old_master == MANY
    with pytest.raises(StillInUse):
        master_file.drop()
    assert sum(keyring.rewrap()) == MANY
    assert standing().old_master == 0
    assert master_file.drop() == 1
    assert old not in file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert opened(texts) == [str(n) for n in range(MANY)]
    assert master_file.drop() == 0


def test_change_stopped_halfway_goes_on(texts: dict[int, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "BATCH", 2)
    master_file.add()
    next(keyring.rewrap())  # killed after its first batch
    assert standing().old_master == MANY - 2
    assert opened(texts) == [str(n) for n in range(MANY)]
    list(keyring.rewrap())
    assert standing().old_master == 0
    master_file.drop()
    assert opened(texts) == [str(n) for n in range(MANY)]


def test_running_process_follows_the_file(texts: dict[int, str], file: Path) -> None:
    """`master_keys` was read by this process before; what it seals now is under the new one."""
    master_file.add()
    with transaction() as session:
        one = Person(given_name="new", family_name="Bo")
        session.add(one)
        session.flush()
        vault.seal(session, one.id, "x|1", "new")
    assert standing().old_master == MANY
    assert standing().keys == MANY + 1


def test_other_master_key_makes_no_key_beside_those_that_it_does_not_open(texts: dict[int, str], file: Path) -> None:
    kept = file.read_bytes()
    file.unlink()
    with transaction() as session:
        one = Person(given_name="new", family_name="Bo")
        session.add(one)
        session.flush()
        with pytest.raises(VaultError):
            vault.seal(session, one.id, "x|1", "new")
    assert standing().lost == MANY
    with pytest.raises(VaultError):
        list(keyring.rewrap())
    file.write_bytes(kept)
    assert opened(texts) == [str(n) for n in range(MANY)]


def test_lost_master_key_is_given_up_on_purpose(texts: dict[int, str], file: Path) -> None:
    file.unlink()
    assert keyring.give_up() == MANY
    assert opened(texts) == [None] * MANY
    with transaction() as session:
        again = {who: vault.seal(session, who, "x|1", "again") for who in texts}
    assert opened(again) == ["again"] * MANY
    assert (standing().lost, standing().destroyed) == (0, MANY)


def test_everybodys_key_is_renewed_and_the_old_ones_go(file: Path) -> None:
    _, who = confided.confide()
    before = confided.read()
    assert sum(keyring.renew()) == 1
    assert sum(keyring.renew()) == 1  # stopped and run again: it is not renewed twice
    assert standing().replaced == 1
    assert sum(one.changed for one in keyring.reseal()) == 6
    assert sum(one.changed for one in keyring.reseal()) == 0
    assert confided.read() == before
    assert keyring.drop_replaced() == 0, "a step that began before may still seal with it"
    with transaction() as session:
        for row in session.scalars(sa.select(PersonKey)):
            row.made_at -= 2 * keyring.LONGEST
    assert keyring.drop_replaced() == 1
    with transaction() as session:
        assert [row.number for row in session.scalars(sa.select(PersonKey))] == [2]
    assert confided.read() == before
    assert who


def test_renewing_killed_halfway_loses_nothing(file: Path) -> None:
    confided.confide()
    before = confided.read()
    list(keyring.renew())
    sweep = keyring.reseal()
    next(sweep)
    next(sweep)
    assert confided.read() == before
    list(keyring.reseal())
    assert confided.read() == before


def test_erased_person_gets_no_key_by_a_renewal(texts: dict[int, str]) -> None:
    who = next(iter(texts))
    with transaction() as session:
        vault.destroy(session, who)
    list(keyring.renew())
    list(keyring.rewrap())
    with transaction() as session:
        assert vault.newest(session, who) == 0
    assert standing().destroyed == 1


def test_key_made_elsewhere_meanwhile_is_found(texts: dict[int, str]) -> None:
    who, text = next(iter(texts.items()))
    with transaction() as session:
        vault.load(session, [who])
        before = session.info["vault"]
    with transaction() as session:
        vault.renew(session, who)
        newer = vault.seal(session, who, "x|1", "newer")
    with transaction() as session:
        session.info["vault"] = before  # as a long transaction that looked before
        assert vault.unseal(session, who, "x|1", newer) == "newer"
        assert vault.unseal(session, who, "x|1", text) == "0"


def test_keys_in_the_environment_are_changed_there(database: str) -> None:
    assert os.environ["BAKEN_MASTER_KEYS"]
    for deed in (master_file.add, master_file.drop):
        with pytest.raises(InEnvironment):
            deed()


def test_sample_tells_keys_that_do_not_open(texts: dict[int, str], file: Path) -> None:
    assert keyring.sample(100) == (MANY, 0)
    file.write_bytes(Fernet.generate_key())
    assert keyring.sample(100) == (0, MANY)
    assert keyring.sample(2) == (0, 2)
