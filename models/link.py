"""Personal links: a random id that we keep, and a signature that we don't.

The token is the id and the first 16 bytes of HMAC-SHA256 over purpose, id and version: neither the database alone nor
the key alone makes a link, and a repeated mail shows the same address. Raising `version` revokes it: the address that
was sent is dead, and the next mail shows the new one.
"""

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import person, programme  # noqa: F401 - the tables that a link points to
from models.base import Base
from models.settings import secret_key, settings

SIGNATURE_BYTES, ID_LENGTH = 16, 22
TOKEN = re.compile(r"[A-Za-z0-9_-]{44}", re.ASCII)
PATHS = {"desk": "desk", "opt_out": "no", "fresh": "r"}
FRESH = timedelta(minutes=30)
AWAY_FROM_MAILBOX = ("form", "desk", "fresh")  # `opt_out` opens nothing, and has to work from an old mail too


class Link(Base):
    """One link for one person and one purpose.

    `form` (its request), `desk` (the coordinator's), `opt_out`, or `fresh`: for half an hour, to show anew that one
    reads the mailbox which the form's link (`for_id`) went to. `expires_on` is the last day, `expires_at` an instant.
    """

    __tablename__ = "link"

    public_id: Mapped[str] = mapped_column(sa.String(22), unique=True)
    purpose: Mapped[str] = mapped_column(sa.String(10))
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    expires_on: Mapped[date | None]
    expires_at: Mapped[datetime | None]
    for_id: Mapped[int | None] = mapped_column(sa.ForeignKey("link.id", ondelete="CASCADE"), index=True)
    revoked: Mapped[bool] = mapped_column(default=False)

    @property
    def token(self) -> str:
        """What stands in the address."""
        return self._token(secret_key())

    def _token(self, key: bytes, version: int | None = None) -> str:
        text = f"{self.purpose}|{self.public_id}|{version or self.version}"
        signed = hmac.new(key, text.encode(), sha256).digest()
        return self.public_id + urlsafe_b64encode(signed[:SIGNATURE_BYTES]).decode().rstrip("=")

    def was(self, token: str) -> bool:
        """Whether this token opened the link once, before it was revoked."""
        key = secret_key()
        return any(
            hmac.compare_digest(self._token(key, version).encode(), token.encode())
            for version in range(1, self.version + (1 if self.revoked else 0))
        )

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
        public_id=_public_id(),
        purpose=purpose,
        programme_id=programme_id,
        person_id=person_id,
        expires_on=expires_on,
    )
    session.add(link)
    session.flush()
    return link


def new_links(session: Session, *, programme_id: int, until: Sequence[tuple[int, date]]) -> list[int]:
    """Fresh links for forms in few statements, one for each person and last day; their ids, in that order."""
    rows = [
        {
            "public_id": _public_id(),
            "purpose": "form",
            "programme_id": programme_id,
            "person_id": person_id,
            "expires_on": expires_on,
        }
        for person_id, expires_on in until
    ]
    if not rows:
        return []
    made = sa.insert(Link).returning(Link.id, sort_by_parameter_order=True)
    return list(session.scalars(made, rows))


def _public_id() -> str:
    return urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")


def fresh_link(session: Session, of: Link, at: datetime) -> Link:
    """A link for half an hour from the instant `at`, to show anew that one reads the mailbox of the form link `of`."""
    made = new_link(session, purpose="fresh", programme_id=of.programme_id, person_id=of.person_id, expires_on=None)
    made.for_id, made.expires_at = of.id, at + FRESH
    session.flush()
    return made


def form_of(session: Session, fresh: Link, at: datetime) -> Link | None:
    """The form's link that a fresh one leads to; None when its half hour was over at the instant `at`."""
    if fresh.for_id is None or fresh.expires_at is None or at >= fresh.expires_at:
        return None
    return session.get(Link, fresh.for_id)


def desk_link(session: Session, programme_id: int, person_id: int) -> Link:
    """The desk of that coordinator for that programme; the same one each time."""
    return _lasting(session, "desk", programme_id, person_id)


def desks_of(session: Session, person_id: int) -> dict[int, Link]:
    """The desks of that person that were made already and still open, by programme; nothing is made."""
    wanted = (Link.purpose == "desk", Link.person_id == person_id, Link.revoked.is_(False))
    found = session.scalars(sa.select(Link).where(*wanted).order_by(Link.id.desc()))
    return {one.programme_id: one for one in found}


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
    found = _by_id(session, token, purpose)
    if found is None or found.revoked or not hmac.compare_digest(found.token.encode(), token.encode()):
        return None
    return found


def hold(session: Session, token: str, purpose: str) -> Link | None:
    """Whoever else writes through that link waits until this transaction ends; None for an unknown token."""
    if found := _by_id(session, token, purpose):
        session.refresh(found, with_for_update=True)
    return found


def dead_link(session: Session, token: str, purpose: str) -> Link | None:
    """The link that a token opened once, before it was revoked; None for what was never ours."""
    found = _by_id(session, token, purpose)
    return found if found is not None and found.was(token) else None


def _by_id(session: Session, token: str, purpose: str) -> Link | None:
    if not TOKEN.fullmatch(token):  # PostgreSQL takes no NUL
        return None
    wanted = (Link.public_id == token[:ID_LENGTH], Link.purpose == purpose)
    return session.scalars(sa.select(Link).where(*wanted)).first()


def revoke(session: Session, link: Link) -> None:
    """The address that was sent opens nothing any more; what is sent from now on shows another one."""
    _raise(session, Link.id == link.id)
    session.refresh(link)


def revoke_for_person(session: Session, person_id: int) -> None:
    """Somebody's address has changed: what lies in the old mailbox opens nothing any more."""
    _raise(session, Link.person_id == person_id, Link.purpose.in_(AWAY_FROM_MAILBOX))


def revoke_all(session: Session) -> int:
    """Every address that was sent opens nothing any more, but for those that only say no to calls; how many."""
    wanted = (Link.purpose.in_(AWAY_FROM_MAILBOX), Link.revoked.is_(False))
    number = session.scalar(sa.select(sa.func.count()).select_from(Link).where(*wanted)) or 0
    _raise(session, *wanted)
    return number


def _raise(session: Session, *where: sa.ColumnElement[bool]) -> None:
    raised = sa.update(Link).where(*where).values(version=Link.version + 1)
    session.execute(raised.execution_options(synchronize_session="fetch"))
