"""Personal links: a random id that we keep, and a signature that we don't.

The token is the id and the first 16 bytes of HMAC-SHA256 over purpose, id and version: neither the database alone nor
the key alone makes a link, and a repeated mail shows the same address. Raising `version` revokes it.
"""

import hmac
import secrets
from base64 import urlsafe_b64encode
from datetime import date, datetime
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import person, programme  # noqa: F401 - the tables that a link points to
from models.base import Base
from models.settings import secret_key, settings

SIGNATURE_BYTES, ID_LENGTH = 16, 22
PATHS = {"desk": "desk", "opt_out": "no"}


class Link(Base):
    """One link for one person and one purpose: `form` (its request), `desk` (the coordinator's), or `opt_out`."""

    __tablename__ = "link"

    public_id: Mapped[str] = mapped_column(sa.String(22), unique=True)
    purpose: Mapped[str] = mapped_column(sa.String(10))
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    expires_on: Mapped[date | None]
    expires_at: Mapped[datetime | None]
    revoked: Mapped[bool] = mapped_column(default=False)

    @property
    def token(self) -> str:
        """What stands in the address."""
        return self._token(secret_key())

    def _token(self, key: bytes) -> str:
        signed = hmac.new(key, f"{self.purpose}|{self.public_id}|{self.version}".encode(), sha256).digest()
        return self.public_id + urlsafe_b64encode(signed[:SIGNATURE_BYTES]).decode().rstrip("=")

    @property
    def url(self) -> str:
        """The whole address, as it stands in a mail."""
        return self.address(settings().portal_url, secret_key())

    def address(self, portal: str, key: bytes) -> str:
        """As `url`, for who makes many: with the portal's address and the key of links, read once."""
        return f"{portal.rstrip('/')}/{PATHS.get(self.purpose, 'f')}/{self._token(key)}"


def new_link(session: Session, *, purpose: str, programme_id: int, person_id: int, expires_on: date | None) -> Link:
    """A fresh link; its id has 128 random bits."""
    link = Link(
        public_id=urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("="),
        purpose=purpose,
        programme_id=programme_id,
        person_id=person_id,
        expires_on=expires_on,
    )
    session.add(link)
    session.flush()
    return link


def desk_link(session: Session, programme_id: int, person_id: int) -> Link:
    """The desk of that coordinator for that programme; the same one each time."""
    return _lasting(session, "desk", programme_id, person_id)


def opt_out_link(session: Session, programme_id: int, person_id: int) -> Link:
    """Where that person says that calls and announcements are no longer wanted; the same one each time (RFC 8058)."""
    return _lasting(session, "opt_out", programme_id, person_id)


def _lasting(session: Session, purpose: str, programme_id: int, person_id: int) -> Link:
    wanted = (
        Link.purpose == purpose,
        Link.programme_id == programme_id,
        Link.person_id == person_id,
        Link.revoked.is_(False),
    )
    found = session.scalars(sa.select(Link).where(*wanted)).first()
    return found or new_link(session, purpose=purpose, programme_id=programme_id, person_id=person_id, expires_on=None)


def open_link(session: Session, token: str, purpose: str) -> Link | None:
    """The link behind a token, or None: unknown, forged, revoked, or for another purpose."""
    found = session.scalars(sa.select(Link).where(Link.public_id == token[:ID_LENGTH], Link.purpose == purpose)).first()
    if found is None or found.revoked or not hmac.compare_digest(found.token.encode(), token.encode()):
        return None
    return found
