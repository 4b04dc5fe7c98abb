"""The files of the people feed: which were taken, held or refused, by digest. No names, of files or of people."""

from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base

Fate = Literal["taken", "held", "refused"]


class FeedFile(Base):
    """What became of one file: `digest` is the SHA-256 of its bytes, `refused` how many of its rows were not taken."""

    __tablename__ = "feed_file"

    digest: Mapped[str] = mapped_column(sa.String(64), index=True)
    fate: Mapped[str] = mapped_column(sa.String(10))
    refused: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]


def keep(session: Session, digest: str, fate: Fate, *, now: datetime, refused: int = 0) -> None:
    """Write down what became of a file."""
    session.add(FeedFile(digest=digest, fate=fate, refused=refused, at=now))
    session.flush()


def newest(session: Session, *fates: Fate) -> FeedFile | None:
    """The file that came last; of those with such an end."""
    query = sa.select(FeedFile).order_by(FeedFile.id.desc()).limit(1)
    return session.scalars(query.where(FeedFile.fate.in_(fates)) if fates else query).first()


def is_taken(session: Session, digest: str) -> bool:
    """Whether this very file was taken since it was last held: a person has applied it by hand."""
    mine = sa.select(FeedFile.fate).where(FeedFile.digest == digest).order_by(FeedFile.id.desc()).limit(1)
    return session.scalars(mine).first() == "taken"
