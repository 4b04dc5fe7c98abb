"""What the coordinator decided on the desk: once a subject, bound to a digest of what was shown."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import vault
from models.base import Base, insert_once
from models.pairing import Pairing
from models.participant import Participant
from models.sealed import Sealed
from models.signal import Signal
from models.training import Enrolment


class Decision(Sealed, Base):
    """One choice on one subject (`readiness`, `participant:3`, `pairing:7`, `enrolment:5`) in one round.

    `reason` is sealed under the key of the person whom it is about, `concerns_id`: of a pair the mentee, and where it
    is about nobody, who decided. `open_reason` is where an older version kept it.
    """

    __tablename__ = "decision"
    __table_args__ = (sa.UniqueConstraint("programme_id", "phase", "round", "subject"),)
    SEALS: ClassVar[Mapping[str, str]] = {"reason": "open_reason"}

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id", ondelete="CASCADE"))
    phase: Mapped[str] = mapped_column(sa.String(20))
    round: Mapped[int]
    subject: Mapped[str] = mapped_column(sa.String(60))
    choice: Mapped[str] = mapped_column(sa.String(30))
    open_reason: Mapped[str] = mapped_column("reason", sa.Text, default="")
    concerns_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"), index=True)
    digest: Mapped[str] = mapped_column(sa.String(64))
    decided_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    decided_on: Mapped[date]
    applied: Mapped[bool] = mapped_column(default=False)

    @property
    def owner(self) -> int | None:
        """Whom it is about."""
        return self.concerns_id

    @property
    def seal_place(self) -> str:
        """The decision's own key."""
        return _place(self.programme_id, self.phase, self.round, self.subject)

    @property
    def reason(self) -> str:
        """Why, in the words of who decided; empty once the key is destroyed."""
        return self.value_of("reason") or ""

    def tighten(self, session: Session) -> bool:
        """As every row; first it is found whom the reason is about."""
        if self.loose() and self.concerns_id is None:
            self.concerns_id = concerned(session, self.subject) or self.decided_by
        return super().tighten(session)


def decide(session: Session, **values: object) -> bool:
    """Record a decision; False when somebody was first. `reason` is sealed."""
    row: dict[str, Any] = {"open_reason": "", "sealed": "", "concerns_id": None, "applied": False, **values}
    if reason := row.pop("reason", ""):
        place = _place(row["programme_id"], row["phase"], row["round"], row["subject"])
        row["concerns_id"] = who = concerned(session, row["subject"]) or row["decided_by"]
        row["sealed"] = vault.seal(session, who, place, {"reason": reason})
    return insert_once(session, Decision, **row)


def concerned(session: Session, subject: str) -> int | None:
    """The person whom a subject is about: the participant, or of a pair the mentee; None where it is nobody.

    A signal is about whom it was raised for.
    """
    kind, _, number = subject.partition(":")
    if not (number.isascii() and number.isdigit()):
        return None
    if kind == "signal":
        noticed = session.get(Signal, int(number))
        return concerned(session, noticed.about) if noticed else None
    match kind:
        case "participant":
            found = session.get(Participant, int(number))
        case "pairing":
            found = pair.mentee if (pair := session.get(Pairing, int(number))) else None
        case "enrolment":
            found = place.participant if (place := session.get(Enrolment, int(number))) else None
        case _:
            found = None
    return found.person_id if found else None


def _read(session: Session, query: sa.Select[tuple[Decision]]) -> Sequence[Decision]:
    found = session.scalars(query.order_by(Decision.id)).all()
    vault.load(session, (one.concerns_id for one in found if one.sealed and one.concerns_id))
    return found


def _place(programme_id: int, phase: str, number: int, subject: str) -> str:
    return f"decision.sealed|{programme_id}:{phase}:{number}:{subject}"


def of_round(
    session: Session, programme_id: int, phase: str, number: int, *, applied: bool | None = None
) -> Sequence[Decision]:
    """The decisions of a round, in the order taken."""
    query = sa.select(Decision).where(
        Decision.programme_id == programme_id, Decision.phase == phase, Decision.round == number
    )
    if applied is not None:
        query = query.where(Decision.applied.is_(applied))
    return _read(session, query)


def of_phase(
    session: Session, programme_id: int, phase: str, *, applied: bool | None = None, subject: str = ""
) -> Sequence[Decision]:
    """The decisions of a phase in all its rounds, in the order taken; about one subject alone if it is named."""
    query = sa.select(Decision).where(Decision.programme_id == programme_id, Decision.phase == phase)
    if applied is not None:
        query = query.where(Decision.applied.is_(applied))
    if subject:
        query = query.where(Decision.subject == subject)
    return _read(session, query)


def about(session: Session, programme_id: int, subjects: Collection[str]) -> Sequence[Decision]:
    """Every decision about these subjects, in the order taken."""
    query = sa.select(Decision).where(Decision.programme_id == programme_id, Decision.subject.in_(subjects))
    return _read(session, query)


def claim(session: Session, number: int) -> bool:
    """Mark a decision as carried out; True for who is to do it, in the same transaction."""
    mine = sa.update(Decision).where(Decision.id == number, Decision.applied.is_(False))
    return session.scalars(mine.values(applied=True).returning(Decision.id)).first() is not None
