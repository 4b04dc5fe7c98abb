"""What is held on a person, put together for that person: every row, and every mail in the words that were sent."""

import re
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from models import event, held
from models.base import transaction
from models.delivery import Delivery
from models.person import Person
from notifications.emails import EMAILS
from tasks.composing import NobodyCoordinates, word

LINK = re.compile(r"(/(?:f|r|desk|no)/)[\w-]{30,}")
SHUT = r"\1…"


@dataclass(frozen=True, slots=True)
class Holdings:
    """All of it: the staff record, and the rows by kind. `person` is the number here, `language` the own language."""

    person: int
    language: str
    record: dict[str, Any]
    rows: dict[str, list[dict[str, Any]]]

    def counts(self) -> dict[str, int]:
        """How many rows of each kind, the record as one; all zero for somebody who was erased."""
        return {"record": int(bool(self.record))} | {name: len(rows) for name, rows in self.rows.items()}


def collect(person_id: int, *, actor: str = "operator") -> Holdings:
    """Everything that is held on that person; the trail says that it was taken out."""
    with transaction() as session:
        who = session.get_one(Person, person_id)
        rows = held.everything(session, who)
        if who.erased_on is None:
            rows["mails"] = [_mail(session, row) for row in held.mails(session, who)]
        found = Holdings(who.id, who.language, held.record(session, who), rows)
        event.record(session, actor, "exported", f"person:{who.id}", rows=sum(found.counts().values()))
        return found


def _mail(session: Session, row: Delivery) -> dict[str, Any]:
    """One message: what it was, when it went, and its words as far as they are kept; personal links are cut off."""
    about = {"template": row.template, "state": str(row.state), "planned_on": held.plain(row.planned_on)}
    about |= {"sent_on": held.plain(row.sent_on), "language": row.language, "subject": "", "text": ""}
    if row.template not in EMAILS or not row.fields:
        return about
    try:
        said = word(session, row).rendered
    except (NobodyCoordinates, ValidationError, LookupError, ValueError):
        return about  # nobody signs any more, or an older version wrote it
    return about | {"subject": said.subject, "text": LINK.sub(SHUT, said.text)}
