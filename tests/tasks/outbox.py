"""An outbox with real rows, for tests of what posting does to them: people, a programme, messages, and a clock."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from framework import programme as rules
from models import delivery, installation, link, person, programme
from models.base import engine, transaction
from models.delivery import Delivery
from models.pace import Pace
from models.person import Person
from notifications.email import Email
from notifications.emails.matching import Introduction
from notifications.emails.review import ReviewChanges, ReviewSupport
from tests.conftest import _empty, environment

MONDAY = date(2027, 1, 11)
KINDS = ["sqlite", "postgresql"]
COORDINATOR = "els@baken.example"


def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """An empty migrated database of either kind, as the environment names it; a folder."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite")
        return
    url = request.getfixturevalue("migrated_postgres")
    with environment(BAKEN_HOME=str(tmp_path), BAKEN_DATABASE_URL=url):
        _empty()
        yield tmp_path
        engine().dispose()


@dataclass
class Clock:
    """A clock that goes when it is told to; it stands in for the module `time`, and gives instants."""

    at: float = datetime(2027, 1, 11, 9, tzinfo=UTC).timestamp()

    def time(self) -> float:
        """Seconds since 1970."""
        return self.at

    monotonic = time

    def sleep(self, seconds: float) -> None:
        """Time passes."""
        self.at += seconds

    def now(self) -> datetime:
        """The instant."""
        return datetime.fromtimestamp(self.at, UTC)


@dataclass
class Outbox:
    """One programme and its people, in the database that the environment names."""

    mail: dict[str, Any] = field(default_factory=dict)
    rehearsal: bool = True
    people: int = 3
    ids: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Els coordinates; the others are person1@..., person2@... and so on."""
        with transaction() as session:
            if self.rehearsal:
                installation.mark_as_rehearsal(session, MONDAY)
            for number in range(self.people + 1):
                email = f"person{number}@baken.example" if number else COORDINATOR
                session.add(Person(given_name="Zoë", family_name=f"Zon{number}", email=email))
            session.flush()
            self.ids = list(session.scalars(sa.select(Person.id).order_by(Person.id)))
            settings = {
                "slug": "growth",
                "title": "Growth",
                "company": "Geheimenis",
                "track": "growth",
                "starts_on": MONDAY,
                "coordinator": COORDINATOR,
                "mail": self.mail,
            }
            self.programme = programme.keep(session, rules.Programme.model_validate(settings)).id

    def put(self, mail: Email, whom: int = 1, *, about: str = "", **values: Any) -> int:
        """A message to one of them; its number."""
        with transaction() as session:
            number = (session.scalar(sa.select(sa.func.max(Delivery.id))) or 0) + 1
            fresh = {
                "key": f"growth:{mail.phase}:{mail.name}:{about or number}:{whom}:{number}",
                "programme_id": self.programme,
                "phase": mail.phase,
                "template": mail.name,
                "person_id": self.ids[whom],
                "link_id": self._link(session, whom),
                "language": "en",
                "fields": mail.model_dump(mode="json", exclude={"link"}),
                "due_on": MONDAY,
                "domain": "baken.example",
            }
            assert delivery.enqueue(session, **fresh | values)
            return session.scalars(sa.select(Delivery.id).order_by(Delivery.id.desc())).first() or 0

    def _link(self, session: sa.orm.Session, whom: int) -> int:
        values = {"programme_id": self.programme, "person_id": self.ids[whom], "expires_on": MONDAY + timedelta(400)}
        return link.new_link(session, purpose="form", **values).id


def alone() -> Email:
    """A message that goes by itself, and waits for nobody's share."""
    return Introduction.sample()


def plain(text: str = "More time.") -> Email:
    """A message of which several may go together."""
    return ReviewChanges(given_name="Zoë", changed=text)


def other() -> Email:
    """Another such."""
    return ReviewSupport.sample()


def row(number: int) -> Delivery:
    """A message as it stands."""
    with transaction() as session:
        return session.get_one(Delivery, number)


def change(number: int, **values: Any) -> None:
    """Set a message so."""
    with transaction() as session:
        session.execute(sa.update(Delivery).where(Delivery.id == number).values(**values))


def states() -> dict[int, str]:
    """How each message stands."""
    with transaction() as session:
        found = session.execute(sa.select(Delivery.id, Delivery.state).order_by(Delivery.id))
        return {number: state for number, state in found}  # noqa: C416 - a result is a mapping to `dict`


def tally() -> Counter[str]:
    """How the outbox stands."""
    return Counter(states().values())


def pace_of(port: int) -> Pace | None:
    """What is remembered of the relay at that port."""
    with transaction() as session:
        return session.scalar(sa.select(Pace).where(Pace.key == f"relay:127.0.0.1:{port}"))


def someone(number: int) -> Person:
    """One of the people."""
    with transaction() as session:
        return person.all_people(session)[number]
