"""What people confide is sealed: AES-GCM under a key of their own, which is itself wrapped with the master key.

A sealed text is bound to its person, its column and its row: moved elsewhere it does not open (NIST SP 800-38D, the
associated data). Erasing somebody destroys the keys, and with them every copy, in backups too. The database alone opens
nothing, nor does the master key alone.
"""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import person  # noqa: F401 - the table that a key points to
from models.base import Base, insert_once
from models.installation import now
from models.settings import master_keys

MARK, NONCE_BYTES, KEY_BITS, AT_ONCE = "v1", 12, 256, 500


class VaultError(RuntimeError):
    """A sealed text does not open: the master key is another one, or the text was moved or changed."""


class PersonKey(Base):
    """One person's key, wrapped. `number` rises with each new one; the newest seals, all of them open."""

    __tablename__ = "person_key"
    __table_args__ = (sa.UniqueConstraint("person_id", "number"),)

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    wrapped: Mapped[str] = mapped_column(sa.Text)
    made_at: Mapped[datetime]


def seal(session: Session, person_id: int, place: str, value: object) -> str:
    """`value` (anything that JSON holds) as a sealed text for `place`, such as `response.sealed|17`."""
    number, key = _newest(session, person_id)
    nonce = secrets.token_bytes(NONCE_BYTES)
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    closed = AESGCM(key).encrypt(nonce, plain, _bound(person_id, place))
    return f"{MARK}.{number}.{urlsafe_b64encode(nonce + closed).decode()}"


def unseal(session: Session, person_id: int, place: str, text: str) -> Any:
    """What was sealed there; None once that person's keys were destroyed. Raises VaultError."""
    mark, _, rest = text.partition(".")
    number, _, body = rest.partition(".")
    if mark != MARK or not number.isdecimal():
        raise VaultError("this is not a sealed text")
    key = _keys(session, [person_id]).get((person_id, int(number)))
    if key is None:
        return None
    raw = urlsafe_b64decode(body)
    try:
        plain = AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound(person_id, place))
    except InvalidTag:
        raise VaultError("a sealed text was moved or changed") from None
    return json.loads(plain)


def load(session: Session, people: Iterable[int]) -> None:
    """Open the keys of many people at once, before their texts are read one by one."""
    _keys(session, people)


def destroy(session: Session, person_id: int) -> int:
    """Destroy a person's keys: what was sealed with them never opens again. How many there were."""
    session.info.pop("vault", None)
    gone = session.execute(sa.delete(PersonKey).where(PersonKey.person_id == person_id).returning(PersonKey.id))
    return len(gone.all())


def rewrap(session: Session, *, after: int = 0, most: int = AT_ONCE) -> int:
    """Wrap the next `most` keys beyond id `after` with the newest master key; the last id done, 0 when all are."""
    rows = session.scalars(sa.select(PersonKey).where(PersonKey.id > after).order_by(PersonKey.id).limit(most)).all()
    wrap = _master()
    for row in rows:
        try:
            row.wrapped = wrap.rotate(row.wrapped.encode()).decode()
        except InvalidToken:
            raise VaultError("no master key opens a person's key; is an older master key missing?") from None
    return rows[-1].id if rows else 0


def renew(session: Session, person_id: int) -> None:
    """Give a person a new key; older texts still open with the older ones."""
    number, _ = _newest(session, person_id)
    _make(session, person_id, number + 1)


def _newest(session: Session, person_id: int) -> tuple[int, bytes]:
    found = _of(session, person_id)
    if not found:
        _make(session, person_id, 1)
        found = _of(session, person_id)
    number = max(found)
    return number, found[number]


def _of(session: Session, person_id: int) -> dict[int, bytes]:
    return {number: key for (who, number), key in _keys(session, [person_id]).items() if who == person_id}


def _make(session: Session, person_id: int, number: int) -> None:
    wrapped = _master().encrypt(AESGCM.generate_key(KEY_BITS)).decode()
    insert_once(session, PersonKey, person_id=person_id, number=number, wrapped=wrapped, made_at=now())
    session.info.get("vault", {}).pop(person_id, None)


def _keys(session: Session, people: Iterable[int]) -> dict[tuple[int, int], bytes]:
    """The opened keys of these people by person and number; each is fetched and unwrapped once a session."""
    known: dict[int, dict[int, bytes]] = session.info.setdefault("vault", {})
    asked = set(people)
    missing = sorted(asked - known.keys())
    for start in range(0, len(missing), AT_ONCE):
        some = missing[start : start + AT_ONCE]
        columns = (PersonKey.person_id, PersonKey.number, PersonKey.wrapped)
        for who, number, wrapped in session.execute(sa.select(*columns).where(PersonKey.person_id.in_(some))):
            known.setdefault(who, {})[number] = _unwrap(wrapped)
    return {(who, number): key for who in asked for number, key in known.get(who, {}).items()}


def _unwrap(wrapped: str) -> bytes:
    try:
        return _master().decrypt(wrapped.encode())
    except InvalidToken:
        raise VaultError("no master key opens a person's key; is an older master key missing?") from None


def _master() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in master_keys()])


def _bound(person_id: int, place: str) -> bytes:
    return f"{place}|person:{person_id}".encode()
