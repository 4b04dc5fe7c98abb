"""The outbox that the mail benchmark fills and posts: real rows, made by the product itself, in a database of its own.

It is marked as a rehearsal, so that the hour of the day holds nothing up. Each mailing is a week after the one before:
nobody's share of mails is ever used up, and every round finds the same work.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parseaddr
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from framework import programme as rules
from models import delivery, installation, link, person, programme, schema, sending
from models.base import engine, transaction
from models.delivery import Delivery
from models.person import Person
from notifications.emails import EMAILS
from notifications.emails.recruitment import ProgrammeAnnouncement
from notifications.settings import MailSettings
from tasks.composing import at_hand, finished, word
from tasks.mail import post_due
from tasks.requests import tell
from tasks.stage import Stage

START, FAR = date(2027, 1, 11), date(2099, 1, 5)
FROM = "baken@baken.example"
WEEK = timedelta(days=7)
NAMES = ("Zoë", "Anna", "Łukasz", "Jan", "Mehmet", "François", "Emma", "Noor")
LANGUAGES = ("nl", "nl", "fr", "en")
LEASE_SECONDS = 600.0
PROGRAMME = {
    "slug": "growth-2027",
    "title": "Growth 2027",
    "company": "Baken Example",
    "track": "growth",
    "starts_on": START,
    "languages": ("nl", "fr", "en"),
    "coordinator": "person0@baken.example",
    "mail": {"largest_mailing": 1_000_000},
}


@dataclass(frozen=True, slots=True)
class Words:
    """One message worded beforehand: what `build` is given, and to whom it goes."""

    to: str
    given: dict[str, Any]


@dataclass
class Outbox:
    """A database with so many people, each of whom gets one mail a mailing; every kind of e-mail in turn."""

    url: str
    home: Path
    people: int
    day: date = START
    programme: int = 0
    links: dict[int, int] = field(default_factory=dict)

    @contextmanager
    def named(self, port: int = 0, connections: int = 1) -> Iterator[None]:
        """The environment names this database, and the relay at that port, while the block runs."""
        before = {name: value for name, value in os.environ.items() if name.startswith("BAKEN_")}
        ours = {
            "BAKEN_HOME": str(self.home),
            "BAKEN_DATABASE_URL": self.url,
            "BAKEN_MAIL_FROM": f"Baken <{FROM}>",
            "BAKEN_SMTP_HOST": "127.0.0.1",
            "BAKEN_SMTP_PORT": str(port or 25),
            "BAKEN_SMTP_SECURITY": "none",
            "BAKEN_SMTP_CONNECTIONS": str(connections),
        }
        for name in before:
            del os.environ[name]
        os.environ.update(ours)
        try:
            yield
        finally:
            for name in ours:
                del os.environ[name]
            os.environ.update(before)

    def make(self) -> None:
        """The tables, the programme, its people, and a link for each."""
        with self.named():
            schema.upgrade()
            with transaction() as session:
                installation.mark_as_rehearsal(session, START)
                self.programme = programme.keep(session, rules.Programme.model_validate(PROGRAMME)).id
                session.add_all([_person(number) for number in range(self.people + 1)])
                session.flush()
                for one in person.all_people(session)[1:]:
                    made = link.new_link(
                        session, purpose="form", programme_id=self.programme, person_id=one.id, expires_on=None
                    )
                    self.links[one.id] = made.id

    def rows(self, due_on: date) -> list[dict[str, Any]]:
        """One message a person, as `models.delivery.enqueue` takes it; no two mailings share a key."""
        mailing = uuid4().hex[:8]
        kinds = islice(cycle(EMAILS.values()), len(self.links))
        return [
            {
                "key": f"growth-2027:{kind.phase}:{kind.name}:{mailing}:{whom}:1",
                "programme_id": self.programme,
                "phase": kind.phase,
                "template": kind.name,
                "person_id": whom,
                "link_id": behind,
                "language": LANGUAGES[whom % len(LANGUAGES)],
                "fields": kind.sample().model_dump(mode="json", exclude={"link"}),
                "due_on": due_on,
                "place": "BE Europe/Brussels",
                "domain": "baken.example",
            }
            for (whom, behind), kind in zip(self.links.items(), kinds, strict=True)
        ]

    def fill(self) -> None:
        """A mailing, due a week after the one before."""
        self.day += WEEK
        with self.named(), transaction() as session, delivery.together(session):
            for row in self.rows(self.day):
                delivery.enqueue(session, **row)

    def post(self, port: int, connections: int = 1) -> None:
        """All that waits, as the product posts it. Raises AssertionError unless every message was sent."""
        with self.named(port, connections):
            found = post_due(self.day)
        if found["sent"] != self.people:
            msg = f"not every message was sent: {found}"
            raise AssertionError(msg)

    def words(self) -> list[Words]:
        """What waits, in words, as the product says it."""
        with self.named(), transaction() as session:
            waiting = (Delivery.state == "queued", Delivery.due_on == self.day)
            return [self._words(session, row) for row in session.scalars(sa.select(Delivery).where(*waiting))]

    def _words(self, session: Session, row: Delivery) -> Words:
        made, kind = word(session, row), EMAILS[row.template]
        off = link.opt_out_link(session, row.programme_id, row.person_id).url if kind.campaign else ""
        given = {
            "rendered": made.rendered,
            "sender": f"Baken <{FROM}>",
            "to_name": made.to_name,
            "to_address": made.to_address,
            "reply_to": made.brand.coordinator_email,
            "message_id": f"{row.message_id}@{parseaddr(FROM)[1].rpartition('@')[2]}",
            "key_digest": row.message_id,
            "sent_at": datetime.combine(self.day, time(8), UTC),
            "appointment": kind.model_validate(row.fields).appointment,
            "unsubscribe": off,
        }
        return Words(made.to_address, given)

    def finished(self) -> list[bytes]:
        """What waits, as the product would post it."""
        with self.named(), transaction() as session:
            waiting = (Delivery.state == "queued", Delivery.due_on == self.day)
            settings = MailSettings()
            found = session.scalars(sa.select(Delivery).where(*waiting)).all()
            hand = at_hand(session, found)
            return [finished(row, (), hand, settings, self.day).raw for row in found]

    def mark(self, number: int, token: str, before: str, after: str) -> None:
        """One step of an outbox as it is usually written: one statement in a transaction. Raises AssertionError."""
        mine = sa.and_(Delivery.id == number, Delivery.lease == token, Delivery.state == before)
        with engine().begin() as connection:
            if connection.execute(sa.update(Delivery).where(mine).values(state=after)).rowcount != 1:
                raise AssertionError("a message could not be marked")

    def enqueue_twice(self, times: int) -> int:
        """A large mailing in one transaction, and once more as a retry would; how many messages are new."""
        rows = [row for _ in range(times) for row in self.rows(FAR)]
        for _ in range(2):
            with transaction() as session, delivery.together(session):
                for row in rows:
                    delivery.enqueue(session, **row)
        return len(rows)

    def tell_twice(self, times: int) -> int:
        """The same through `tasks.requests.tell`, which knows languages, days off and who left."""
        said = uuid4().hex[:8]
        stage = Stage(0, self.programme, "growth-2027", "recruitment", 1, "call", FAR, FAR, FAR)
        told = 0
        for _ in range(2):
            with transaction() as session, delivery.together(session):
                everyone = [one for one in person.here_on(session, FAR) if one.id in self.links]
                for number in range(times):
                    for one in everyone:
                        mail = ProgrammeAnnouncement(given_name=one.given_name, calls_on=FAR)
                        told += tell(session, stage, one, mail, about=said, occasion=str(number))
        return told // 2

    def clear(self) -> int:
        """Call off what was queued and never meant to go; how many messages."""
        with self.named(), transaction() as session:
            return delivery.cancel(session, Delivery.due_on >= FAR)

    def lease(self) -> tuple[str, list[int]]:
        """All that waits, under one token."""
        token = uuid4().hex
        with transaction() as session:
            return token, sending.lease(session, token, today=self.day, seconds=LEASE_SECONDS, rows=self.people)

    def close(self) -> None:
        """Let go of the database."""
        with self.named():
            engine().dispose()


def _person(number: int) -> Person:
    return Person(
        email=f"person{number}@baken.example",
        given_name=NAMES[number % len(NAMES)],
        family_name=f"Janssens-{number}",
        language=LANGUAGES[number % len(LANGUAGES)],
        country="BE",
    )
