"""What figures keep of answers that were emptied: how often each value was given, tied to nobody (LEG-28).

An emptied answer stays as a row that says only that it was given. Here stands, by form, round and question, how many of
those gave which value. The two together count as the answers did, and no line of it leads back to a person.
"""

import json
from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.orm.attributes import flag_modified

from framework.content import FORMS
from framework.counted import of_form
from framework.questions import Answers
from models import response
from models.base import Base, insert_once
from models.request import Request
from models.response import Response


class Tally(Base):
    """How many emptied answers to a question in a round had one value; `value` is that value as JSON."""

    __tablename__ = "tally"
    __table_args__ = (sa.UniqueConstraint("programme_id", "form", "round", "question", "value"),)

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    form: Mapped[str] = mapped_column(sa.String(60))
    round: Mapped[int]
    question: Mapped[str] = mapped_column(sa.String(60))
    value: Mapped[str] = mapped_column(sa.Text)
    number: Mapped[int]


def empty(session: Session, given: Response, today: date) -> bool:
    """Empty an answer: what is counted of it goes into the tally, the rest is gone. False where it was emptied before.

    The caller holds the row; of an answer whose key was destroyed what stood open is counted.
    """
    if given.emptied_on is not None:
        return False
    asked = given.request
    kept = of_form(FORMS[given.form], given.answers) if given.form in FORMS else {}
    for question, value in kept.items():
        where = {
            "programme_id": asked.programme_id,
            "form": given.form,
            "round": asked.round,
            "question": question,
            "value": json.dumps(value, sort_keys=True),
        }
        insert_once(session, Tally, **where, number=0)
        mine = [getattr(Tally, name) == at for name, at in where.items()]
        session.execute(sa.update(Tally).where(*mine).values(number=Tally.number + 1))
    given.open, given.sealed, given.emptied_on = {}, "", today
    flag_modified(given, "open")
    session.flush()
    return True


def by_round(session: Session, programme_id: int, form: str) -> list[tuple[int, Answers]]:
    """Every answer to a form as figures count it, with its round: those that stand, and emptied ones dealt out anew.

    An emptied one holds a value that was given in that round, and not the values that one person gave together.
    """
    found = [
        (one.request.round, one.answers)
        for one in response.of_programme(session, programme_id, form)
        if one.emptied_on is None
    ]
    return found + [(number, one) for number, every in dealt(session, programme_id, form).items() for one in every]


def given(session: Session, programme_id: int, form: str, number: int | None = None) -> list[Answers]:
    """As `by_round`, without the rounds; of one round if it is named."""
    return [dict(one) for at, one in by_round(session, programme_id, form) if number in {None, at}]


def dealt(session: Session, programme_id: int, form: str) -> dict[int, Sequence[Answers]]:
    """The emptied answers to a form by round: as many as there were, each value as often as it was given."""
    emptied = (Request.programme_id == programme_id, Response.form == form, Response.emptied_on.is_not(None))
    many = sa.select(Request.round, sa.func.count()).join(Response, Response.request_id == Request.id)
    rounds = session.execute(many.where(*emptied).group_by(Request.round))
    hands: dict[int, Sequence[Answers]] = {number: [{} for _ in range(count)] for number, count in rounds}
    wanted = (Tally.programme_id == programme_id, Tally.form == form)
    dealer: dict[tuple[int, str], int] = {}
    for row in session.scalars(sa.select(Tally).where(*wanted).order_by(Tally.question, Tally.value)):
        first = dealer.get((row.round, row.question), 0)
        for hand in hands.get(row.round, ())[first : first + row.number]:
            hand[row.question] = json.loads(row.value)
        dealer[row.round, row.question] = first + row.number
    return hands
