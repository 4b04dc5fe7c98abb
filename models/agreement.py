"""What a pair agreed, and who has signed."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from framework.agreement import MOVES, AgreementStatus
from framework.moves import move
from models.base import Base
from models.pairing import Pairing


class Agreement(Base):
    """The agreement of one pair. Its text is the answer to the drafting form; this row keeps the dates of signing."""

    __tablename__ = "agreement"

    pairing_id: Mapped[int] = mapped_column(sa.ForeignKey("pairing.id", ondelete="CASCADE"), unique=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    status: Mapped[AgreementStatus] = mapped_column(sa.String(12), default=AgreementStatus.DRAFTING)
    draft_request_id: Mapped[int | None] = mapped_column(sa.ForeignKey("request.id", ondelete="SET NULL"))
    drafts: Mapped[int] = mapped_column(default=1)
    drafted_on: Mapped[date | None]
    signed_on: Mapped[date | None]
    consented_on: Mapped[date | None]
    active_on: Mapped[date | None]

    pairing: Mapped[Pairing] = relationship(lazy="joined")

    def move(self, to: AgreementStatus) -> None:
        """Move on, if the table of moves allows it. Raises IllegalMove."""
        self.status = move(MOVES, AgreementStatus(self.status), to)


def of_programme(session: Session, programme_id: int, *statuses: AgreementStatus) -> Sequence[Agreement]:
    """The agreements, in the order begun; all statuses unless named."""
    query = sa.select(Agreement).where(Agreement.programme_id == programme_id)
    if statuses:
        query = query.where(Agreement.status.in_(statuses))
    return session.scalars(query.order_by(Agreement.id)).all()


def of_pairing(session: Session, pairing_id: int) -> Agreement | None:
    """The agreement of that pair, if it was begun."""
    return session.scalars(sa.select(Agreement).where(Agreement.pairing_id == pairing_id)).first()
