"""Asking many people at once: what `tasks.requests.ask` does for one, in few statements for all of them.

A round that opens asks everybody on the same day. Each question is still a row and a message of its own, under the
same keys, in one transaction: whoever runs it again, or beside it, asks nobody twice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from framework.requests import RequestStatus
from models import delivery, event, link, request
from models.person import Person
from notifications.email import Email
from tasks.requests import days_of, key_of, saying, tell
from tasks.stage import GRACE_DAYS, Stage

AT_ONCE = 250
"""So many questions go in one transaction: a second or two, and whoever else waits for the database gets it then."""


@dataclass(frozen=True, slots=True)
class Question:
    """A form for a person, the e-mail that brings it, and what it is about, such as `pairing:7`."""

    whom: Person
    form: str
    mail: Email
    about: str


def some(numbers: Sequence[int], most: int = AT_ONCE) -> Iterator[Sequence[int]]:
    """The same in pieces of at most so many: each is for a transaction of its own."""
    return (numbers[at : at + most] for at in range(0, len(numbers), most))


def ask_all(session: Session, stage: Stage, asked: Sequence[Question]) -> int:
    """Open these questions and send their invitations; how many are new. Asked before, a question stays as it is."""
    wanted = {key_of(stage, one.form, one.about, one.whom): one for one in asked}
    there = request.known(session, list(wanted))
    fresh = {key: one for key, one in wanted.items() if key not in there}
    days = {key: days_of(session, stage, one.whom, one.form) for key, one in fresh.items()}
    until = [(one.whom.id, days[key][1] + timedelta(days=GRACE_DAYS)) for key, one in fresh.items()]
    behind = link.new_links(session, programme_id=stage.programme, until=until)
    rows = [
        {
            "key": key,
            "programme_id": stage.programme,
            "phase": stage.phase,
            "round": stage.round,
            "form": one.form,
            "person_id": one.whom.id,
            "link_id": own,
            "about": one.about,
            "options": {},
            "status": RequestStatus.OPEN,
            "opened_on": days[key][0],
            "due_on": days[key][1],
            "reminders": 0,
        }
        for (key, one), own in zip(fresh.items(), behind, strict=True)
    ]
    made = request.open_all(session, rows)
    with delivery.together(session):
        for key, opened in made.items():
            one = fresh[key]
            event.record(session, "flow", "asked", f"request:{opened.id}", form=one.form)
            tell(session, stage, one.whom, saying(one.mail, days[key][1]), about=one.about, asked=opened)
    return len(made)
