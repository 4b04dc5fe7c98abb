"""A company whose outbox never runs dry, with a mark in each message, and a log of every move that a message makes."""

from datetime import date
from threading import Lock

import sqlalchemy as sa

from framework import programme as rules
from models import delivery, installation, person, programme
from models.base import engine, transaction
from models.delivery import Delivery
from notifications.email import Email
from notifications.emails.matching import Introduction
from notifications.emails.review import ReviewChanges

DAY = date(2027, 1, 11)
OPEN = ("queued", "leased", "sending")

LOG = {
    "sqlite": (
        "CREATE TABLE moved (before TEXT, after TEXT)",
        (
            "CREATE TRIGGER seen AFTER UPDATE OF state ON delivery WHEN OLD.state <> NEW.state "
            "BEGIN INSERT INTO moved VALUES (OLD.state, NEW.state); END"
        ),
    ),
    "postgresql": (
        "CREATE TABLE moved (before TEXT, after TEXT)",
        (
            "CREATE FUNCTION seen() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN INSERT INTO moved VALUES (OLD.state, NEW.state); RETURN NEW; END'"
        ),
        (
            "CREATE TRIGGER seen AFTER UPDATE OF state ON delivery FOR EACH ROW "
            "WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION seen()"
        ),
    ),
}


class Company:
    """Writes messages into the outbox: for each person three that go alone, and three that go as one."""

    def __init__(self) -> None:
        self.marks = 0
        self.people = 0
        self.lock = Lock()
        settings = {
            "slug": "carnage",
            "title": "Growth 2027",
            "company": "Geheimenis",
            "track": "growth",
            "starts_on": DAY,
            "coordinator": "person0@geheimenis.example",
            "mail": {"a_day": 50, "a_week": 200, "largest_mailing": 1_000_000},
        }
        with transaction() as session:
            installation.mark_as_rehearsal(session, DAY)
            session.add(person.Person(given_name="Feikje", family_name="Zee", email=settings["coordinator"]))
            self.programme = programme.keep(session, rules.Programme.model_validate(settings)).id
            for statement in LOG[engine().dialect.name]:
                session.execute(sa.text(statement))

    def write(self, people: int) -> None:
        """Messages for so many new people, and one more for some who wait already."""
        with self.lock, transaction() as session, delivery.together(session):
            for _ in range(people):
                self.people += 1
                email = f"person{self.people}@geheimenis.example"
                someone = person.Person(given_name="Zoë", family_name="Zon", email=email)
                session.add(someone)
                session.flush()
                for at in range(6):
                    self._put(session, someone.id, together=at % 2 == 1)
                if someone.id % 3 == 0 and self.people > people:
                    self._put(session, someone.id - people, together=True)

    def _put(self, session: sa.orm.Session, whom: int, *, together: bool) -> None:
        mark = f"mark{self.marks:06}"
        self.marks += 1
        mail: Email = ReviewChanges(given_name="Zoë", changed=mark)
        if not together:
            mail = Introduction(
                given_name="Zoë",
                partner=mark,
                partner_title="Planner",
                partner_email="a@geheimenis.example",
                own_role="mentee",
                first_on=DAY,
            )
        delivery.enqueue(
            session,
            key=f"carnage:{mail.phase}:{mail.name}:{mark}:{whom}:1",
            programme_id=self.programme,
            phase=mail.phase,
            template=mail.name,
            person_id=whom,
            language="en",
            fields=mail.model_dump(mode="json", exclude={"link"}),
            due_on=DAY,
        )

    def waiting(self) -> int:
        """How many messages have still to go."""
        with transaction() as session:
            return session.scalar(sa.select(sa.func.count()).where(Delivery.state.in_(OPEN))) or 0
