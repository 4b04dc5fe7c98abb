"""How often something was tried from one place: limits that hold for every process of the portal together."""

from hashlib import blake2b

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, insert_once
from models.settings import secret_key


class Attempt(Base):
    """One counter: `key` is a keyed digest of what is counted (an address is never kept), `began` its window (1970)."""

    __tablename__ = "attempt"

    key: Mapped[str] = mapped_column(sa.String(40), unique=True)
    began: Mapped[int] = mapped_column(sa.BigInteger, index=True)
    count: Mapped[int]


def within(session: Session, what: str, whose: str, *, most: int, seconds: int, at: float) -> bool:
    """Count one more; whether it is still at most `most` in the window of `seconds` that holds the instant `at`."""
    began = int(at) // seconds * seconds
    key = blake2b(f"{what}|{whose}|{began}".encode(), key=secret_key()[:64], digest_size=20).hexdigest()
    insert_once(session, Attempt, key=key, began=began, count=0)
    counted = sa.update(Attempt).where(Attempt.key == key).values(count=Attempt.count + 1).returning(Attempt.count)
    return session.execute(counted).scalar_one() <= most


def forget(session: Session, before: int) -> int:
    """Drop the counters of windows that began before that instant (seconds since 1970); how many there were."""
    return len(session.scalars(sa.delete(Attempt).where(Attempt.began < before).returning(Attempt.id)).all())
