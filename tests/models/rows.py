"""The fewest rows that others hang on: a programme, people, a link, a request, a mail."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from framework import programme as rules
from framework.visibility import Track
from models import delivery, link, person, programme, request
from models.base import transaction

TODAY = date(2027, 3, 1)


def settings(slug: str = "p1", **changes: Any) -> rules.Programme:
    """The settings of a programme, as few as one can."""
    return rules.Programme.model_validate(
        {
            "slug": slug,
            "title": "Growth",
            "company": "Invented",
            "track": Track.GROWTH,
            "starts_on": TODAY,
            "coordinator": "boss@x.example",
        }
        | changes
    )


def someone(session: Session, name: str = "zoe", **values: Any) -> person.Person:
    """A person with a mailbox."""
    given = {"given_name": name.title(), "family_name": "Bo", "email": f"{name}@x.example"} | values
    row = person.Person(**given)
    session.add(row)
    session.flush()
    return row


def ground() -> tuple[int, int]:
    """A programme and a person; their ids."""
    with transaction() as session:
        return programme.keep(session, settings()).id, someone(session).id


def mail(session: Session, programme_id: int, person_id: int, key: str, **values: Any) -> bool:
    """A message in the outbox; whether it is new."""
    given = {
        "key": key,
        "programme_id": programme_id,
        "phase": "review",
        "template": "reminder",
        "person_id": person_id,
        "language": "en",
        "fields": {},
        "due_on": TODAY,
    }
    return delivery.enqueue(session, **(given | values))


def fill(count: int, **values: Any) -> tuple[int, int]:
    """So many messages to one person; the ids of the programme and the person."""
    programme_id, person_id = ground()
    with transaction() as session:
        for number in range(count):
            assert mail(session, programme_id, person_id, f"k{number}", **values)
    return programme_id, person_id


def states() -> list[str]:
    """How every message stands, in the order in which they were written."""
    with transaction() as session:
        return list(session.scalars(sa.select(delivery.Delivery.state).order_by(delivery.Delivery.id)))


def question(session: Session, programme_id: int, person_id: int, key: str = "q", **values: Any) -> request.Request:
    """An open question with a link of its own."""
    own = link.new_link(session, purpose="form", programme_id=programme_id, person_id=person_id, expires_on=None)
    given = {
        "key": key,
        "programme_id": programme_id,
        "phase": "review",
        "round": 1,
        "form": "check_in_mentor",
        "person_id": person_id,
        "link_id": own.id,
        "opened_on": TODAY,
        "due_on": TODAY,
    }
    row = request.Request(**(given | values))
    session.add(row)
    session.flush()
    return row
