"""A person in a programme, as mentor or as mentee."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from framework.moves import move
from framework.participation import MOVES, ParticipantStatus
from framework.people import Role
from models import vault
from models.base import Base
from models.person import Person
from models.programme import Programme
from models.sealed import Sealed


class Participant(Sealed, Base):
    """One role of one person in one programme. `score` is the selection score, 0 to 100, where one was given.

    `profile` is what the application told, for the matching; `reason` the coordinator's words to this person. Both are
    sealed under this person's key; `open_profile` and `open_reason` are where an older version kept them.

    `waiting_since` is the day on which this mentee first found nobody; who has waited longer comes first (CAP-101).
    """

    __tablename__ = "participant"
    __table_args__ = (sa.UniqueConstraint("programme_id", "person_id", "role"),)
    SEALS: ClassVar[Mapping[str, str]] = {"profile": "open_profile", "reason": "open_reason"}

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = mapped_column(sa.String(20))
    status: Mapped[ParticipantStatus] = mapped_column(sa.String(20), default=ParticipantStatus.INVITED)
    score: Mapped[int | None]
    open_reason: Mapped[str] = mapped_column("reason", sa.Text, default="")
    capacity: Mapped[int] = mapped_column(default=1)
    open_profile: Mapped[dict[str, Any]] = mapped_column("profile", default=dict)
    waiting_since: Mapped[date | None]

    person: Mapped[Person] = relationship(lazy="joined")

    @property
    def owner(self) -> int | None:
        """The person who takes part."""
        return self.person_id

    @property
    def seal_place(self) -> str:
        """One person has one such row."""
        return f"participant.sealed|{self.programme_id}:{Role(self.role).value}"

    @property
    def profile(self) -> dict[str, Any]:
        """What the application told, by question; empty once the key is destroyed."""
        return self.value_of("profile") or {}

    @profile.setter
    def profile(self, value: dict[str, Any]) -> None:
        self.tell("profile", value)

    @property
    def reason(self) -> str:
        """Why this person was selected later, or not."""
        return self.value_of("reason") or ""

    @reason.setter
    def reason(self, value: str) -> None:
        self.tell("reason", value)

    def move(self, to: ParticipantStatus) -> ParticipantStatus:
        """Move on, if the table of moves allows it; the new status. Raises IllegalMove."""
        self.status = now = move(MOVES, ParticipantStatus(self.status), to)
        return now


def of_programme(
    session: Session, programme_id: int, role: Role | None = None, *statuses: ParticipantStatus
) -> Sequence[Participant]:
    """The participants, in the order they joined; all roles and statuses unless named."""
    query = sa.select(Participant).where(Participant.programme_id == programme_id)
    if role:
        query = query.where(Participant.role == role)
    if statuses:
        query = query.where(Participant.status.in_(statuses))
    found = session.scalars(query.order_by(Participant.id)).all()
    vault.load(session, (one.person_id for one in found if one.sealed))
    return found


def leaving(session: Session, programme_id: int, by: date) -> Sequence[Participant]:
    """Who takes part, or did, and whose last day in the company is `by` or earlier, in the order they joined."""
    query = sa.select(Participant).join(Person, Participant.person_id == Person.id)
    query = query.where(Participant.programme_id == programme_id, Person.left_on <= by)
    found = session.scalars(query.order_by(Participant.id)).all()
    vault.load(session, (one.person_id for one in found if one.sealed))
    return found


def last_days(session: Session, programme_id: int, *statuses: ParticipantStatus) -> list[date]:
    """The last days in the company of those who are in these statuses, as far as they are known."""
    query = sa.select(Person.left_on).join(Participant, Participant.person_id == Person.id).distinct()
    wanted = (Participant.programme_id == programme_id, Participant.status.in_(statuses))
    return [day for day in session.scalars(query.where(*wanted, Person.left_on.is_not(None))) if day]


def of_person(session: Session, programme_id: int, person_id: int, role: Role) -> Participant | None:
    """That person in that role, if he or she is known to the programme."""
    wanted = (Participant.programme_id == programme_id, Participant.person_id == person_id, Participant.role == role)
    return session.scalars(sa.select(Participant).where(*wanted)).first()


def once(session: Session, role: Role) -> set[int]:
    """People who completed a programme in that role."""
    done = (Participant.role == role, Participant.status == ParticipantStatus.COMPLETED)
    return set(session.scalars(sa.select(Participant.person_id).where(*done)))


def ids(session: Session, programme_id: int, role: Role, *statuses: ParticipantStatus) -> list[int]:
    """The ids of who has that role and one of these statuses: quick where there are thousands."""
    wanted = (Participant.programme_id == programme_id, Participant.role == role, Participant.status.in_(statuses))
    return list(session.scalars(sa.select(Participant.id).where(*wanted)))


def by_ids(session: Session, programme_id: int, ids: Collection[int]) -> dict[int, Participant]:
    """These participants of the programme by id; unknown ones are left out."""
    query = sa.select(Participant).where(Participant.programme_id == programme_id, Participant.id.in_(ids))
    found = session.scalars(query).all()
    vault.load(session, (one.person_id for one in found if one.sealed))
    return {one.id: one for one in found}


def lock(session: Session, participant_id: int) -> None:
    """Let no other transaction decide about this participant's places before this one is over."""
    session.execute(sa.select(Participant.id).where(Participant.id == participant_id).with_for_update())


def everywhere(session: Session, person_id: int) -> list[dict[str, str]]:
    """What somebody takes part in, or took part in: programme, role and status."""
    query = sa.select(Programme.slug, Participant.role, Participant.status)
    query = query.join(Programme, Participant.programme_id == Programme.id).where(Participant.person_id == person_id)
    rows = session.execute(query.order_by(Participant.id))
    return [{"programme": slug, "role": str(role), "status": str(status)} for slug, role, status in rows]
