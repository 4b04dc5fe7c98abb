"""Whoever is named in what others wrote: found by whole name, address or number, and taken out (`framework.redaction`).

Every sealed text is opened for it, once. A mail that has still to go stays as it is, for it could not be read
otherwise; its words go with those of all mails when their time is over (framework/retention.py).
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from framework.mail import DeliveryStatus
from framework.redaction import without
from models import vault
from models.decision import Decision
from models.delivery import Delivery
from models.draft import Draft
from models.participant import Participant
from models.response import Response
from models.sealed import Sealed

Row = Response | Draft | Participant | Decision | Delivery
TABLES: tuple[type[Row], ...] = (Response, Draft, Participant, Decision, Delivery)
NOMINATION, LINE = "nomination", "person"
"""The form in which people are proposed, and the cell of its table that names one."""
S = DeliveryStatus
ON_ITS_WAY = frozenset({S.QUEUED, S.DRAFT, S.HELD, S.LEASED, S.SENDING, S.BUNDLED, S.UNSURE})
BATCH = 500


def redact(session: Session, wanted: re.Pattern[str], person_id: int) -> Counter[str]:
    """Take that name out of everything that others wrote or were sent; in how many rows of each table it stood.

    `unreadable` counts texts that do not open, because they were moved or changed.
    """
    found: Counter[str] = Counter()
    for table in TABLES:
        for row in _rows(session, table):
            if row.owner in {None, person_id} or (isinstance(row, Delivery) and row.state in ON_ITS_WAY):
                continue
            try:
                found[table.__tablename__] += _redacted(row, wanted)
            except vault.VaultError:
                found["unreadable"] += 1
    return +found


def _redacted(row: Sealed, wanted: re.Pattern[str]) -> bool:
    line = LINE if isinstance(row, Response) and row.form == NOMINATION else ""
    whole = row.loose() | row.told
    changed = {name: clean for name, value in whole.items() if (clean := without(value, wanted, line)) != value}
    for name, clean in changed.items():
        row.tell(name, clean)
    return bool(changed)


def _rows(session: Session, table: type[Row]) -> Iterator[Row]:
    after = 0
    while found := _batch(session, table, after):
        vault.load(session, {row.owner for row in found if row.owner})
        yield from found
        after = found[-1].id
        session.flush()


def _batch(session: Session, table: type[Row], after: int) -> Sequence[Row]:
    query = sa.select(table).where(table.id > after).order_by(table.id).limit(BATCH)
    return cast("Sequence[Row]", session.scalars(query.with_for_update(of=table)).all())
