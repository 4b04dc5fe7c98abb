"""Posting the outbox: every mail of a life can be built, and one that cannot stops no other."""

import re
import socket
from collections import Counter
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller

from models import person
from models.base import transaction
from models.delivery import Delivery
from models.link import Link
from notifications.emails import EMAILS
from tasks.composing import compose
from tasks.mail import send_due
from tests.world import DOMAIN, STAFF, World, address


def composed(world: World) -> list[tuple[Delivery, str, bytes]]:
    """Every mail with a mailbox, built."""
    return [(d, *compose(d.id, today=world.today)) for d in world.rows(Delivery) if d.state != "held"]


def test_every_mail_of_a_life_can_be_built(world_at) -> None:
    world = world_at("evaluation", 2)
    every = composed(world)
    assert len({d.template for d, _, _ in every}) >= 30
    for row, to, raw in every:
        message = message_from_bytes(raw, policy=policy.default)
        assert to.endswith(DOMAIN)
        assert to in str(message["To"])
        assert address(STAFF[0]) in str(message["Reply-To"])
        body = message.get_body(("plain",))
        assert body
        text = body.get_content()
        assert "None" not in text
        assert "%(" not in text
        assert bool(re.search(r"/(f|desk)/[\w-]{40,}", text)) is (row.link_id is not None), row.template
    ids = Counter(message_from_bytes(raw)["Message-ID"] for _, _, raw in every)
    assert max(ids.values()) == 1


def test_same_mail_built_twice_is_the_same_message(world_at) -> None:
    world = world_at("selection")
    one = world.rows(Delivery)[0]
    first, again = (message_from_bytes(compose(one.id, today=world.today)[1]) for _ in range(2))
    assert first["Message-ID"] == again["Message-ID"]
    assert first["X-Idempotency-Key"] == again["X-Idempotency-Key"]


def test_no_token_lies_in_the_outbox(world_at) -> None:
    world = world_at("closure")
    with transaction() as session:
        tokens = [one.token for one in session.scalars(sa.select(Link))]
    stored = " ".join(str(d.fields) for d in world.rows(Delivery))
    assert tokens
    assert not [token for token in tokens if token in stored]


def test_every_kind_of_mail_in_the_outbox_is_known(world_at) -> None:
    assert {d.template for d in world_at("evaluation", 2).rows(Delivery)} <= set(EMAILS)


@pytest.fixture
def relay_that_takes_all(sqlite: Path, monkeypatch):
    """A real SMTP server on this machine; what it took."""

    class Taker:
        def __init__(self) -> None:
            self.taken: list[bytes] = []

        async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
            self.taken.append(envelope.content)
            return "250 OK"

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    taker = Taker()
    controller = Controller(taker, hostname="127.0.0.1", port=port)
    controller.start()
    for name, value in (("HOST", "127.0.0.1"), ("PORT", str(port)), ("SECURITY", "none")):
        monkeypatch.setenv(f"BAKEN_SMTP_{name}", value)
    yield taker.taken
    controller.stop()


def test_all_that_is_due_is_posted_once_within_days_in_few_mails(relay_that_takes_all, world_at) -> None:
    world = world_at("recruitment")
    due = {d.message_id for d in world.rows(Delivery) if d.state == "queued"}
    posted = 0
    for day in range(14):
        posted += send_due.fn(world.today + timedelta(days=day))["sent"]
    assert posted == len(relay_that_takes_all) < len(due)
    ids = [str(message_from_bytes(raw)["Message-ID"]) for raw in relay_that_takes_all]
    inside = [d for d in world.rows(Delivery) if d.carrier_id]
    assert len(set(ids)) == len(ids) == len(due) - len(inside)
    assert {d.state for d in world.rows(Delivery)} <= {"sent", "cancelled"}


def test_mail_that_a_dead_sender_left_half_sent_goes_again_under_the_same_message_id(
    relay_that_takes_all, world_at
) -> None:
    world = world_at("recruitment")
    with transaction() as session:
        first = session.scalars(sa.select(Delivery).where(Delivery.state == "queued").order_by(Delivery.id)).all()[0]
        first.state, first.lease, first.lease_until = "sending", "dead", 0.0
    sent_before = message_from_bytes(compose(first.id, today=world.today)[1])["Message-ID"]
    send_due.fn(world.today)
    assert [message_from_bytes(raw)["Message-ID"] for raw in relay_that_takes_all].count(sent_before) == 1


def test_mail_that_cannot_be_built_stops_no_other(relay_that_takes_all, world_at) -> None:
    world = world_at("recruitment")
    with transaction() as session:
        first = session.scalars(sa.select(Delivery).where(Delivery.state == "queued").order_by(Delivery.id)).all()[0]
        first.fields = {"no": "such field"}
    send_due.fn(world.today)
    states = Counter(d.state for d in world.rows(Delivery))
    assert states["dead"] == 1
    assert not states["queued"]


def test_message_id_has_a_domain_as_mail_servers_expect(world_at) -> None:
    world = world_at("recruitment")
    raw = compose(world.rows(Delivery)[0].id, today=world.today)[1]
    assert re.fullmatch(r"<[0-9a-f]{40}@[\w.-]+>", message_from_bytes(raw)["Message-ID"])


def test_mail_waits_while_nobody_coordinates(relay_that_takes_all, world_at) -> None:
    world = world_at("recruitment")
    with transaction() as session:
        for name in STAFF[:2]:
            person.by_key(session, address(name)).left_on = world.today
    send_due.fn(world.today)
    states = Counter(d.state for d in world.rows(Delivery))
    assert not relay_that_takes_all
    assert states["queued"]
    assert not states["dead"]


def test_mail_to_an_address_that_was_lost_meanwhile_goes_on_paper(relay_that_takes_all, world_at) -> None:
    world = world_at("recruitment")
    with transaction() as session:
        row = session.scalars(sa.select(Delivery).where(Delivery.state == "queued").order_by(Delivery.id)).first()
        who = session.get_one(person.Person, row.person_id)
        who.mail_refused_on = world.today
        mine = who.id
    for day in range(3):
        send_due.fn(world.today + timedelta(days=day))
    held = [d for d in world.rows(Delivery) if d.person_id == mine]
    assert {d.state for d in held} == {"held"}
    assert {d.state for d in world.rows(Delivery) if d.person_id != mine} <= {"sent", "cancelled", "queued"}
