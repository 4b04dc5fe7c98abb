"""How much is too much: posts to a link, unknown links from an address, and whose word on the address is taken."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from models import installation
from models.attempt import Attempt
from models.base import transaction
from models.settings import Settings
from portal import limits

AT = datetime(2027, 4, 20, 9, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The instant, in one window whatever the hour."""
    monkeypatch.setattr(limits, "now", lambda: AT)
    monkeypatch.setattr(installation, "now", lambda: AT)


def counted():
    """The counts in the database."""
    with transaction() as session:
        return sorted(session.scalars(sa.select(Attempt.count)))


def test_posts_to_one_link_are_sixty_an_hour(stage, browser, monkeypatch):
    token, other = stage.ask("pairing_mentor"), stage.ask("pairing_mentor", "tom")
    answers = [browser.post(f"/f/{token}", data={}).status_code for _ in range(62)]
    assert answers == [422] * 60 + [429] * 2
    late = browser.post(f"/f/{token}/fresh")
    assert late.status_code == 429
    assert late.headers["retry-after"] == str(50 * 60)
    assert "That was a lot at once" in late.text
    assert browser.get(f"/f/{token}").status_code == 200  # reading goes on
    assert browser.post(f"/f/{other}", data={}).status_code == 422
    monkeypatch.setattr(limits, "now", lambda: AT + timedelta(hours=1))
    assert browser.post(f"/f/{token}", data={}).status_code == 422


def test_a_crowd_from_one_address_is_not_held_up(stage, browser):
    tokens = [stage.ask("pairing_mentor") for _ in range(30)]
    assert {browser.post(f"/f/{token}", data={}).status_code for token in tokens for _ in range(3)} == {422}


def test_desk_takes_more(stage, browser, monkeypatch):
    monkeypatch.setitem(limits.POSTS, "desk", 65)  # the real one is 600
    answers = [browser.post(f"/desk/{stage.desk}/review", data={}).status_code for _ in range(66)]
    assert 429 not in answers[:65]
    assert answers[65] == 429


def test_unknown_links_are_twenty_a_minute_and_never_hold_up_one_that_works(stage, browser, monkeypatch):
    token = stage.ask("pairing_mentor")
    paths = ("/f/", "/r/", "/desk/", "/no/")
    answers = [browser.get(paths[n % 4] + f"{n:044}").status_code for n in range(25)]
    assert answers == [404] * 20 + [429] * 5
    late = browser.post(f"/f/{'x' * 44}", data={})
    assert (late.status_code, late.headers["retry-after"]) == (429, "60")
    assert browser.get(f"/f/{token}").status_code == 200
    assert browser.get("/static/nothing.css").status_code == 404
    assert counted() == []  # nothing was written for a stranger
    monkeypatch.setattr(limits, "now", lambda: AT + timedelta(minutes=1))
    assert browser.get("/f/" + "0" * 44).status_code == 404


def test_memory_of_strangers_has_an_end(monkeypatch):
    monkeypatch.setattr(limits, "ADDRESSES", 3)
    found = limits.Strangers()
    assert not any(found.too_many(f"192.0.2.{n}", AT) for n in range(20))
    assert len(found.seen) == 4
    assert any(found.too_many(f"198.51.100.{n}", AT) for n in range(20))  # they share one count
    assert not found.too_many("192.0.2.1", AT)


def scope(peer, *forwarded):
    """A request from that end of the line."""
    return {
        "type": "http",
        "client": (peer, 1) if peer else None,
        "headers": [(b"x-forwarded-for", value.encode()) for value in forwarded],
    }


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "whose"),
    [
        ("", "198.51.100.9", ["203.0.113.5"], "198.51.100.9"),
        ("", "127.0.0.1", ["203.0.113.5"], "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1", ["203.0.113.5"], "203.0.113.5"),
        ("127.0.0.1", "127.0.0.1", ["1.2.3.4, 203.0.113.5"], "203.0.113.5"),
        ("127.0.0.1", "127.0.0.1", ["1.2.3.4", "203.0.113.5"], "203.0.113.5"),
        ("127.0.0.1, 10.0.0.0/8", "127.0.0.1", ["1.2.3.4, 203.0.113.5, 10.9.9.9"], "203.0.113.5"),
        ("127.0.0.1", "198.51.100.9", ["203.0.113.5"], "198.51.100.9"),
        ("127.0.0.1", "127.0.0.1", ["203.0.113.5, nonsense"], "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1", [], "127.0.0.1"),
        ("::1", "::1", ["2001:db8:1:2:aaaa::7"], "2001:0db8:0001:0002::/64"),
        ("", "", ["203.0.113.5"], ""),
    ],
)
def test_address_is_the_last_hop_that_is_not_ours(monkeypatch, trusted, peer, forwarded, whose):
    monkeypatch.setenv("BAKEN_PROXIES", trusted)
    assert limits.address_of(scope(peer, *forwarded)) == whose


def test_two_machines_of_one_network_are_one_address(monkeypatch):
    monkeypatch.delenv("BAKEN_PROXIES", raising=False)
    near, far = (limits.address_of(scope(f"2001:db8:1:2::{n}")) for n in (1, 2))
    assert near == far != limits.address_of(scope("2001:db8:1:3::1"))


def test_proxies_that_are_no_addresses_are_refused():
    assert Settings(proxies="10.0.0.1, 192.168.0.0/16").proxy_networks
    with pytest.raises(ValidationError, match="proxies"):
        Settings(proxies="the proxy")
