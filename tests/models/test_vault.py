"""What is sealed opens for its place and its person, and never again once the key is gone."""

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from models import keyring, vault
from models.base import transaction
from models.person import Person
from models.vault import PersonKey, VaultError

SECRET = "Zoë's doubts, \U0001f33b and a tab\t"


def anybody(name: str = "Zoë") -> int:
    with transaction() as session:
        one = Person(given_name=name, family_name="Bo")
        session.add(one)
        session.flush()
        return one.id


def sealed(person: int, place: str = "response.sealed|1", value: object = SECRET) -> str:
    with transaction() as session:
        return vault.seal(session, person, place, value)


def opened(person: int, text: str, place: str = "response.sealed|1") -> object:
    with transaction() as session:
        return vault.unseal(session, person, place, text)


@pytest.mark.parametrize("value", [SECRET, "", {"a": [1, "é"]}, None, [], 7])
def test_what_is_sealed_opens_as_it_was(database, value):
    who = anybody()
    text = sealed(who, value=value)
    assert opened(who, text) == value
    assert SECRET not in text


def test_same_words_never_look_the_same(database):
    who = anybody()
    assert len({sealed(who) for _ in range(20)}) == 20


def test_moved_text_does_not_open(database):
    who, other = anybody(), anybody("Tom")
    text = sealed(who)
    sealed(other)
    for person, place in ((who, "response.sealed|2"), (who, "draft.sealed|1"), (other, "response.sealed|1")):
        with pytest.raises(VaultError):
            opened(person, text, place)


def test_changed_text_does_not_open(database):
    who = anybody()
    text = sealed(who)
    middle = len(text) // 2
    changed = text[:middle] + ("A" if text[middle] != "A" else "B") + text[middle + 1 :]
    with pytest.raises(VaultError):
        opened(who, changed)
    for other in ("", "plain words", "v1.x.abc", "v2.1.abc"):
        with pytest.raises(VaultError):
            opened(who, other)


def test_destroyed_key_leaves_nothing(database):
    who, other = anybody(), anybody("Tom")
    mine, theirs = sealed(who), sealed(other)
    with transaction() as session:
        assert vault.destroy(session, who) == 1
    assert opened(who, mine) is None
    assert opened(other, theirs) == SECRET


def test_renewed_key_still_opens_what_was_sealed_before(database):
    who = anybody()
    before = sealed(who)
    with transaction() as session:
        vault.renew(session, who)
    after = sealed(who)
    assert (opened(who, before), opened(who, after)) == (SECRET, SECRET)
    assert before.split(".")[1] == "1"
    assert after.split(".")[1] == "2"


def test_master_key_is_replaced_while_old_texts_stay(database, monkeypatch):
    who = anybody()
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    monkeypatch.setenv("BAKEN_MASTER_KEYS", old)
    text = sealed(who)
    monkeypatch.setenv("BAKEN_MASTER_KEYS", f"{new},{old}")
    assert list(keyring.rewrap()) == [1]
    monkeypatch.setenv("BAKEN_MASTER_KEYS", new)
    assert opened(who, text) == SECRET
    monkeypatch.setenv("BAKEN_MASTER_KEYS", old)
    with pytest.raises(VaultError):
        opened(who, text)
    with pytest.raises(VaultError):
        list(keyring.rewrap())


def test_keys_of_many_are_fetched_together(database):
    people = [anybody(str(number)) for number in range(5)]
    texts = [sealed(who) for who in people]
    with transaction() as session:
        vault.load(session, people)
        asked: list[str] = []
        sa.event.listen(session.get_bind(), "before_cursor_execute", lambda *told: asked.append(told[2]))
        assert [vault.unseal(session, who, "response.sealed|1", t) for who, t in zip(people, texts, strict=True)]
        assert asked == []


def test_database_holds_no_key_that_opens(database):
    who = anybody()
    sealed(who)
    with transaction() as session:
        (row,) = session.scalars(sa.select(PersonKey))
        assert row.wrapped.startswith("gAAAA")
