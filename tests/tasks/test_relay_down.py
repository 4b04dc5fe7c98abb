"""An hour without a relay, and ten thousand mails: nothing is lost, nothing costs an attempt, nobody is flooded."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa

from framework import programme as rules
from models import delivery, installation, link, person, programme, sending
from models.base import transaction
from models.delivery import Delivery
from models.person import Person
from notifications.emails.common import Reminder
from notifications.emails.recruitment import ProgrammeAnnouncement
from notifications.emails.review import ReviewChanges, ReviewSupport
from notifications.sender import Undelivered
from tasks import mail
from tests.tasks.outbox import MONDAY, Clock

PEOPLE = 1000
TITLE = "How is it going?"
HOUR, EVERY = 3600.0, 600.0  # how long the relay is down, and how often the schedule posts
SHARE = 1  # mails a day


class Wire:
    """Stands where the connection is: it says `down` until the relay is back, then takes all. Time passes with each."""

    tries = 0
    taken: list[tuple[str, bytes]]

    def __init__(self, clock: Clock, back_at: float) -> None:
        self.clock, self.back_at, self.taken = clock, back_at, []

    def deliver(self, sender: str, recipient: str, raw: bytes) -> str:
        """One try."""
        if self.clock.at < self.back_at:
            self.tries += 1
            self.clock.at += 1
            raise Undelivered("down", "connect")
        self.clock.at += 0.01
        self.taken.append((recipient, raw))
        return "250 OK"

    def close(self) -> None:
        """Nothing to close."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that the sender and the rows follow."""
    told = Clock()
    monkeypatch.setattr(mail, "clock", told)
    monkeypatch.setattr(sending, "now", told.now)
    return told


@pytest.fixture
def wire(sqlite: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    """The relay is down for an hour from now."""
    monkeypatch.setenv("BAKEN_SMTP_HOST", "127.0.0.1")
    found = Wire(clock, clock.at + HOUR)
    monkeypatch.setattr(mail, "connect", lambda _: found)
    return found


def fill() -> int:
    """Ten messages for each of a thousand people: four reminders of one question, and six of other kinds."""
    rows = []
    with transaction() as session:
        installation.mark_as_rehearsal(session, MONDAY)
        settings = {
            "slug": "growth",
            "title": "Growth",
            "company": "Geheimenis",
            "track": "growth",
            "starts_on": MONDAY,
            "coordinator": "person0@baken.example",
            "mail": {"a_day": SHARE, "largest_mailing": 100_000},
        }
        own = programme.keep(session, rules.Programme.model_validate(settings)).id
        session.add_all(
            Person(given_name="Zoë", family_name="Zon", email=f"person{at}@baken.example") for at in range(PEOPLE + 1)
        )
        session.flush()
        for whom in person.all_people(session)[1:]:
            behind = link.new_link(
                session, purpose="form", programme_id=own, person_id=whom.id, expires_on=MONDAY + timedelta(90)
            ).id
            mails = [
                (ProgrammeAnnouncement.sample(), "programme"),
                *((ReviewChanges(given_name="Zoë", changed="More time."), f"pairing:{at}") for at in range(3)),
                *((ReviewSupport.sample(), f"pairing:{at}") for at in range(2)),
                *((Reminder(given_name="Zoë", title=TITLE, closes_on=MONDAY, number=at), "r:1") for at in range(1, 5)),
            ]
            rows += [
                {
                    "key": f"growth:{one.phase}:{one.name}:{about}:{whom.id}:{number}",
                    "programme_id": own,
                    "phase": one.phase,
                    "template": one.name,
                    "person_id": whom.id,
                    "link_id": behind,
                    "language": "en",
                    "fields": one.model_dump(mode="json", exclude={"link"}),
                    "due_on": MONDAY,
                }
                for number, (one, about) in enumerate(mails)
            ]
        return delivery.enqueue_all(session, rows)


def counts(column: sa.ColumnElement[object]) -> Counter[object]:
    """How often each value stands in a column."""
    with transaction() as session:
        return Counter(session.scalars(sa.select(column)))


def post_until(clock: Clock, moment: float, today: date) -> Counter[str]:
    """The schedule posts every five minutes until then; all that it says."""
    found: Counter[str] = Counter()
    while clock.at < moment:
        began = clock.at
        found.update(mail.post_due(today))
        clock.at = max(clock.at, began + EVERY)
    return found


@pytest.mark.slow
def test_hour_without_a_relay(wire: Wire, clock: Clock) -> None:
    assert fill() == 10 * PEOPLE
    post_until(clock, wire.back_at, MONDAY)
    assert wire.taken == []
    assert wire.tries <= HOUR / EVERY + 1, "one try each time that the schedule asks, at most"
    assert set(counts(Delivery.attempts)) == {0}
    assert set(counts(Delivery.retry_at)) == {None}
    assert counts(Delivery.state)["cancelled"] == 3 * PEOPLE, "the older reminders of each"

    for day in (1, 2, 3):
        post_until(clock, clock.at + HOUR, MONDAY + timedelta(day - 1))
        a_person = Counter(to for to, _ in wire.taken)
        assert len(a_person) == PEOPLE
        assert set(a_person.values()) == {min(day, 2)}, "one a day: the announcement, then one with the six others"
    assert counts(Delivery.state) == {"sent": 7 * PEOPLE, "cancelled": 3 * PEOPLE}
    assert len({raw.partition(b"Message-ID:")[2].partition(b"\r\n")[0] for _, raw in wire.taken}) == len(wire.taken)
    with transaction() as session:
        gone = session.scalars(sa.select(Delivery).where(Delivery.state == "cancelled"))
        assert {one.fields["number"] for one in gone} == {1, 2, 3}


@pytest.mark.slow
def test_senders_that_ask_all_the_time_try_a_few_times_an_hour(wire: Wire, clock: Clock) -> None:
    fill_one()
    dice = Random(1)
    while clock.at < wire.back_at:
        mail.post_due(MONDAY)
        clock.at += dice.uniform(4.5, 9.5)
    assert 10 <= wire.tries <= 24, "5, 10, 20 ... 300 seconds apart"
    mail.post_due(MONDAY)
    clock.at += 301
    mail.post_due(MONDAY)
    assert len(wire.taken) == 1


def test_without_the_breaker_every_question_is_a_try(wire: Wire, clock: Clock, monkeypatch) -> None:
    monkeypatch.setattr(mail.pace, "trip", lambda *_, **__: 0.0)
    fill_one()
    for _ in range(50):
        mail.post_due(MONDAY)
    assert wire.tries == 50


def fill_one() -> None:
    """One message."""
    from tests.tasks.outbox import Outbox, alone

    Outbox().put(alone())
