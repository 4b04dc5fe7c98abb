"""Links: neither the database nor the key alone makes one."""

import os
import stat
from pathlib import Path

import pytest

from models import link
from models.base import transaction
from models.link import Link
from models.settings import secret_key
from tests.models.rows import ground


def fresh(purpose: str = "form") -> tuple[int, str]:
    programme, person = ground()
    with transaction() as session:
        made = link.new_link(session, purpose=purpose, programme_id=programme, person_id=person, expires_on=None)
        return made.id, made.token


def opens(token: str, purpose: str = "form") -> bool:
    with transaction() as session:
        return link.open_link(session, token, purpose) is not None


def test_token_opens_its_link_and_stays_the_same(database: str) -> None:
    number, token = fresh()
    assert opens(token)
    with transaction() as session:
        assert session.get_one(Link, number).token == token
        assert session.get_one(Link, number).url.endswith(f"/f/{token}")


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1], lambda t: t + "A", lambda t: t[:22] + "A" * 22, lambda t: "", lambda t: "é" * 44]
)
def test_forged_token_opens_nothing(sqlite: Path, spoil) -> None:
    _, token = fresh()
    assert not opens(spoil(token))
    assert opens(token)  # the control


def test_every_character_of_the_token_counts(sqlite: Path) -> None:
    _, token = fresh()
    for place in range(len(token) - 1):  # the last one holds spare bits of base64
        other = "A" if token[place] != "A" else "B"
        assert not opens(token[:place] + other + token[place + 1 :])


def test_token_for_one_purpose_opens_no_other(sqlite: Path) -> None:
    _, token = fresh("desk")
    assert opens(token, "desk")
    assert not opens(token)


@pytest.mark.parametrize("change", [{"revoked": True}, {"version": 2}])
def test_revoked_or_renewed_link_is_closed(sqlite: Path, change: dict[str, object]) -> None:
    number, token = fresh()
    with transaction() as session:
        for name, value in change.items():
            setattr(session.get_one(Link, number), name, value)
    assert not opens(token)


def test_another_key_opens_nothing(sqlite: Path) -> None:
    _, token = fresh()
    os.environ["BAKEN_SECRET_KEY"] = "another"
    try:
        assert not opens(token)
    finally:
        del os.environ["BAKEN_SECRET_KEY"]
    assert opens(token)


def test_key_is_made_once_and_read_by_its_owner_alone(sqlite: Path) -> None:
    assert secret_key() == secret_key()
    file = sqlite / "secret.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(file.read_bytes()) == 64


def test_desk_link_is_the_same_each_time_until_it_is_revoked(database: str) -> None:
    programme, person = ground()
    with transaction() as session:
        first = link.desk_link(session, programme, person)
        assert link.desk_link(session, programme, person).id == first.id
        first.revoked = True
        session.flush()
        assert link.desk_link(session, programme, person).id != first.id
        assert "/desk/" in first.url
