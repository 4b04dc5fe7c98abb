"""Links: neither the database nor the key alone makes one."""

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models import link
from models.base import transaction
from models.link import Link
from models.settings import secret_key
from tests.models.rows import ground, someone


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
    "spoil",
    [
        lambda t: t[:-1],
        lambda t: t + "A",
        lambda t: t[:22] + "A" * 22,
        lambda t: "",
        lambda t: "é" * 44,
        lambda t: t[:10] + "\0" + t[11:],
        lambda t: "\ud800" + t[1:],
        lambda t: t + "\n",
    ],
)
def test_forged_token_opens_nothing(database: str, spoil) -> None:
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


AT = datetime(2027, 4, 20, 9, tzinfo=UTC)


def test_revoking_closes_the_address_that_was_sent_and_opens_another(database: str) -> None:
    number, token = fresh()
    with transaction() as session:
        mine = session.get_one(Link, number)
        link.revoke(session, mine)
        assert mine.version == 2
        new = mine.token
    assert new != token
    assert not opens(token)
    assert opens(new)


def test_two_who_revoke_at_once_raise_it_twice(database: str) -> None:
    number, _ = fresh()
    with transaction() as session:
        stale = session.get_one(Link, number)
    for _ in range(2):
        with transaction() as session:
            link.revoke(session, session.merge(stale, load=False))
    with transaction() as session:
        assert session.get_one(Link, number).version == 3


def test_dead_token_is_known_as_once_ours_and_a_forged_one_is_not(sqlite: Path) -> None:
    number, token = fresh()
    with transaction() as session:
        assert link.dead_link(session, token, "form") is None
        link.revoke(session, session.get_one(Link, number))
    forged = token[:22] + ("A" if token[22] != "A" else "B") + token[23:]
    with transaction() as session:
        found = link.dead_link(session, token, "form")
        assert found is not None
        assert found.id == number
        assert link.dead_link(session, forged, "form") is None
        assert link.dead_link(session, token, "desk") is None


def test_another_address_closes_every_link_but_the_way_out_of_calls(database: str) -> None:
    programme, whom = ground()
    with transaction() as session:
        form = link.new_link(session, purpose="form", programme_id=programme, person_id=whom, expires_on=None)
        every = [
            form,
            link.desk_link(session, programme, whom),
            link.fresh_link(session, form, AT),
            link.opt_out_link(session, programme, whom),
        ]
        before = {one.purpose: one.token for one in every}
        link.revoke_for_person(session, whom)
    with transaction() as session:
        still = {purpose for purpose, token in before.items() if link.open_link(session, token, purpose)}
    assert still == {"opt_out"}


def test_nobody_else_s_links_are_closed(sqlite: Path) -> None:
    _, token = fresh()
    with transaction() as session:
        link.revoke_for_person(session, someone(session, "tom").id)
    assert opens(token)


def test_fresh_link_leads_to_its_form_for_half_an_hour(database: str) -> None:
    number, _ = fresh()
    with transaction() as session:
        made = link.fresh_link(session, session.get_one(Link, number), AT)
        assert "/r/" in made.url
    half = timedelta(minutes=30)
    with transaction() as session:
        made = session.get_one(Link, made.id)
        ends = {at: link.form_of(session, made, at) for at in (AT, AT + half - timedelta(seconds=1), AT + half)}
        assert [one.id if one else None for one in ends.values()] == [number, number, None]
        form = session.get_one(Link, number)
        assert link.form_of(session, form, AT) is None
