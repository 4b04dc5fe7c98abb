"""Every fault of a relay, through to the rows: what becomes of the message, of the next one, and of the relay."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from models import sending
from models.base import transaction
from models.delivery import Delivery
from models.pace import DOWN, LOGIN
from notifications.sender import Sender
from tasks import mail
from tests.notifications.relays import HOST, USER, Authority, Faulty, Relay, listening
from tests.tasks.outbox import KINDS, MONDAY, Clock, Outbox, alone, either, pace_of, row, someone, states

HOUR = 3600.0
database = pytest.fixture(params=KINDS)(either)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that the sender and the rows follow."""
    told = Clock()
    monkeypatch.setattr(mail, "clock", told)
    monkeypatch.setattr(sending, "now", told.now)
    return told


@pytest.fixture
def smtp(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Say where the relay is."""

    def at(port: int, **more: str) -> None:
        values = {"HOST": HOST, "PORT": str(port), "SECURITY": "none"} | more
        for name, value in values.items():
            monkeypatch.setenv(f"BAKEN_SMTP_{name}", value)

    return at


@pytest.fixture
def two(database: Path, clock: Clock) -> tuple[int, int]:
    """Two messages to two people: the first meets the fault."""
    box = Outbox()
    return box.put(alone(), 1), box.put(alone(), 2)


def ids(relay: Faulty | Relay) -> set[bytes]:
    """The Message-IDs of the texts that the relay heard, and at the end took or not."""
    return {re.search(rb"^Message-ID: (\S+)", raw, re.MULTILINE)[1] for raw in relay.accepted}


def arrived(relay: Faulty | Relay) -> int:
    """How many different messages the relay took; none of them twice."""
    assert len(ids(relay)) == len(relay.accepted)
    return len(relay.accepted)


OWN = [
    ("mail", "451 later"),
    ("rcpt", "450 busy"),
    ("rcpt", "drop"),
    ("data", "451 later"),
    ("data", "drop"),
    ("dot", "451 later"),
]
"""Faults that cost the message an attempt, and no other message anything."""


@pytest.mark.parametrize(("step", "fault"), OWN)
def test_message_that_is_put_off_waits_a_minute_at_most_and_the_next_one_goes(two, clock, smtp, step, fault) -> None:
    relay = Faulty({step: [fault]})
    with relay.listening() as port:
        smtp(port)
        found = mail.post_due(MONDAY)
        first = row(two[0])
        assert (found["sent"], found["later"], found["down"]) == (1, 1, 0)
        assert (first.state, first.attempts) == ("queued", 1)
        assert 30 <= first.retry_at - clock.at <= 60
        assert row(two[1]).state == "sent"
        assert mail.post_due(MONDAY)["sent"] == 0, "not before its time"
        clock.at += 61
        assert mail.post_due(MONDAY)["sent"] == 1
    assert set(states().values()) == {"sent"}
    assert len(ids(relay)) == 2


DOWNS = [
    ("greeting", "421 too many", DOWN),
    ("greeting", "554 no service", DOWN),
    ("greeting", "drop", DOWN),
    ("ehlo", "drop", DOWN),
    ("mail", "550 not you", DOWN),
    ("mail", "530 log in", DOWN),
]
"""Faults that speak of us or of the relay: no message is to blame."""


@pytest.mark.parametrize(("step", "fault", "reason"), DOWNS)
def test_relay_that_is_down_costs_no_message_anything_and_is_left_alone_a_while(
    two, clock, smtp, step, fault, reason
) -> None:
    relay = Faulty({step: [fault]})
    with relay.listening() as port:
        smtp(port)
        assert mail.post_due(MONDAY)["down"] == 1
        for number in two:
            one = row(number)
            assert (one.state, one.attempts, one.retry_at, one.tried_at) == ("queued", 0, None, None)
        seen, breaker = relay.connections, pace_of(port)
        assert breaker is not None
        assert breaker.reason == reason
        assert mail.post_due(MONDAY)["down"] == 1
        assert relay.connections == seen == 1, "the breaker is open"
        clock.at = breaker.closed_until + 1
        assert mail.post_due(MONDAY)["sent"] == 2
        assert pace_of(port).failures == 0
    assert arrived(relay) == 2


def test_nobody_listens(two, clock, smtp) -> None:
    with Faulty({}).listening() as port:
        pass
    smtp(port)
    assert mail.post_due(MONDAY)["down"] == 1
    assert [row(number).attempts for number in two] == [0, 0]


@pytest.mark.parametrize("code", ["550", "551", "553"])
def test_recipient_that_does_not_exist_is_marked_and_the_coordinator_hears_of_it(two, smtp, code) -> None:
    relay = Faulty({"rcpt": [f"{code} nobody"]})
    with relay.listening() as port:
        smtp(port)
        found = mail.post_due(MONDAY)
        first = row(two[0])
        assert (found["refused"], found["sent"]) == (1, 2), "the next one, and the word to the coordinator"
        assert (first.state, first.code, first.evidence) == ("refused", int(code), f"{code} at rcpt")
        assert someone(1).mail_refused_on == MONDAY
        assert someone(2).mail_refused_on is None
    with transaction() as session:
        told = session.scalars(sa.select(Delivery).where(Delivery.template == "address_refused")).all()
    assert [(one.person_id, one.state) for one in told] == [(1, "sent")]
    assert arrived(relay) == 2


@pytest.mark.parametrize(("step", "fault"), [("mail", "552 too large"), ("data", "554 no"), ("dot", "554 spam")])
def test_text_that_is_not_wanted_is_refused_and_says_nothing_of_the_person(two, smtp, step, fault) -> None:
    relay = Faulty({step: [fault]})
    with relay.listening() as port:
        smtp(port)
        assert mail.post_due(MONDAY)["refused"] == 1
    assert (row(two[0]).state, row(two[1]).state) == ("refused", "sent")
    assert someone(1).mail_refused_on is None


@pytest.mark.parametrize("fault", ["drop", "late"])
@pytest.mark.parametrize(("how", "state", "attempts"), [("resend", "queued", 1), ("hold", "unsure", 1)])
def test_answer_that_never_comes_is_taken_for_what_it_is(
    two, clock, smtp, monkeypatch, fault, how, state, attempts
) -> None:
    monkeypatch.setattr(Sender, "patience", 0.5)
    monkeypatch.setenv("BAKEN_MAIL_UNSURE", how)
    relay = Faulty({"dot": [fault]})
    with relay.listening() as port:
        smtp(port)
        mail.post_due(MONDAY)
        first = row(two[0])
        assert (first.state, first.attempts) == (state, attempts)
        assert row(two[1]).state == "sent"
        clock.at += HOUR
        mail.post_due(MONDAY)
    texts = [raw for raw in relay.accepted if row(two[0]).message_id.encode() in raw]
    assert len(texts) == (2 if how == "resend" else 1), "again under the same Message-ID, or not at all"


def test_class_says_what_becomes_of_it_when_nobody_knows(database, clock, smtp) -> None:
    from notifications.emails.matching import PairingDeclined

    box = Outbox()
    once, again = box.put(PairingDeclined.sample(), 1), box.put(alone(), 2)
    with Faulty({"dot": ["drop", "drop"]}).listening() as port:
        smtp(port)
        mail.post_due(MONDAY)
    assert (row(once).state, row(again).state) == ("unsure", "queued")


def test_line_that_was_closed_between_two_messages_costs_nothing(two, smtp) -> None:
    relay = Faulty({"dot": ["bye"]})
    with relay.listening() as port:
        smtp(port)
        assert mail.post_due(MONDAY)["sent"] == 2
    assert [row(number).attempts for number in two] == [0, 0]
    assert relay.connections == 2
    assert arrived(relay) == 2


def test_relay_whose_certificate_nobody_knows_hears_nothing(two, smtp, tmp_path) -> None:
    relay = Faulty({}, Authority(tmp_path).server())
    with relay.listening() as port:
        smtp(port, SECURITY="starttls", USER=USER, PASSWORD="geheim")
        assert mail.post_due(MONDAY)["down"] == 1
    assert set(relay.heard) <= {"ehlo", "starttls"}
    assert [row(number).attempts for number in two] == [0, 0]


def test_wrong_password_shuts_the_breaker_for_an_hour(two, clock, smtp, tmp_path) -> None:
    authority, relay = Authority(tmp_path), Relay()
    with listening(relay, authority.server()) as port:
        smtp(port, SECURITY="starttls", USER=USER, PASSWORD="geheim", CAFILE=str(authority.file))
        assert mail.post_due(MONDAY)["down"] == 1
        breaker = pace_of(port)
        assert breaker.reason == LOGIN
        assert breaker.closed_until - clock.at > 0.8 * HOUR
        asked = len(relay.logins)
        clock.at += 600
        mail.post_due(MONDAY)
        assert len(relay.logins) == asked, "an account is locked by too many tries"
    assert [row(number).attempts for number in two] == [0, 0]


def test_message_that_is_put_off_for_two_days_is_dead(database, clock, smtp) -> None:
    number = Outbox().put(alone())
    relay = Faulty({"rcpt": ["450 busy"] * 99})
    with relay.listening() as port:
        smtp(port)
        began, waits = clock.at, []
        while row(number).state == "queued":
            mail.post_due(MONDAY)
            waits.append(row(number).retry_at - clock.at)
            clock.at = max(row(number).retry_at, clock.at) + 1
    assert row(number).state == "dead"
    assert 48 * HOUR < clock.at - began < 53 * HOUR
    assert max(waits) <= 4 * HOUR
    assert len(waits) > 12


def test_days_of_a_relay_that_is_down_do_not_count_towards_giving_up(database, clock, smtp) -> None:
    number = Outbox().put(alone())
    relay = Faulty({"greeting": ["drop"], "rcpt": ["450 grey"]})
    with relay.listening() as port:
        smtp(port)
        mail.post_due(MONDAY)
        clock.at += 72 * HOUR
        mail.post_due(MONDAY)
        assert (row(number).state, row(number).attempts) == ("queued", 1), (
            "its first refusal after three days of silence"
        )
        clock.at += 61
        assert mail.post_due(MONDAY)["sent"] == 1


def test_one_mailbox_that_asks_for_patience_does_not_slow_the_others(database, clock, smtp) -> None:
    box = Outbox(people=120, mail={"largest_mailing": 1000})
    for whom in range(1, 121):
        box.put(alone(), whom)
    relay = Faulty({"rcpt": ["451 grey"] * 5})
    with relay.listening() as port:
        smtp(port)
        began = clock.at
        assert mail.post_due(MONDAY)["sent"] == 115
    assert clock.at == began, "no waiting"


def test_relay_that_asks_for_less_gets_less(database, clock, smtp) -> None:
    box = Outbox(people=120, mail={"largest_mailing": 1000})
    for whom in range(1, 121):
        box.put(alone(), whom)
    relay = Faulty({"mail": ["421 too fast"]})
    with relay.listening() as port:
        smtp(port)
        began = clock.at
        mail.post_due(MONDAY)
        assert clock.at - began > 30, "sixty a minute from now on"
    assert arrived(relay) >= 119
