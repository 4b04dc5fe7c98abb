"""What people confide is sealed: AES-GCM under a key of their own, which is itself wrapped with the master key.

A sealed text is bound to its person, its column and its row: moved elsewhere it does not open (NIST SP 800-38D, the
associated data). The database alone opens nothing, nor does the master key alone. Destroying a person's keys takes
every text sealed with them along, wherever a copy of the text lies; a backup in which the wrapped key still lies opens
with the master key of its time, until that one is gone too (docs/operator.md, Keys).
"""

import json
import secrets
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import person  # noqa: F401 - the table that a key points to
from models.base import Base, insert_many
from models.installation import now
from models.settings import master_keys

MARK, NONCE_BYTES, TAG_BYTES, KEY_BITS, AT_ONCE = "v1", 12, 16, 256, 500
NO_MASTER = "no master key opens a person's key; is the key file, or an older master key, missing?"
Place = tuple[int, str, object]
"""Whose it is, where it stands, and what is to be sealed there."""


class VaultError(RuntimeError):
    """A sealed text does not open: the master key is another one, or the text was moved or changed."""


class PersonKey(Base):
    """One person's key, wrapped. `number` rises with each new one; the newest seals, all of them open.

    Of a destroyed key the number stays, with nothing in it: no other key ever bears it.
    """

    __tablename__ = "person_key"
    __table_args__ = (sa.UniqueConstraint("person_id", "number"),)

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    wrapped: Mapped[str] = mapped_column(sa.Text)
    made_at: Mapped[datetime]


def seal(session: Session, person_id: int, place: str, value: object) -> str:
    """`value` (anything that JSON holds) as a sealed text for `place`, such as `response.sealed|17`."""
    return seal_all(session, [(person_id, place, value)])[0]


def seal_all(session: Session, places: Sequence[Place]) -> list[str]:
    """As `seal`, for many people at once: their keys are fetched, and made where there are none, in few statements."""
    people = {who for who, _, _ in places}
    known = _keys(session, people)
    if new := sorted(who for who in people if not any(known[who].values())):
        _make(session, {who: max(known[who], default=0) + 1 for who in new})
        known |= _keys(session, new)
    newest = {who: max((n, key) for n, key in known[who].items() if key) for who in people}
    return [_closed(who, place, value, *newest[who]) for who, place, value in places]


def unseal(session: Session, person_id: int, place: str, text: str) -> Any:
    """What was sealed there; None once that person's keys were destroyed. Raises VaultError."""
    number = number_of(text)
    mine = _keys(session, [person_id])[person_id]
    if number not in mine:  # made by somebody else since we looked
        forget(session, [person_id])
        mine = _keys(session, [person_id])[person_id]
    key = mine.get(number)
    if not key:
        return None
    try:
        raw = b64decode(text.rpartition(".")[2], altchars=b"-_", validate=True)
        if len(raw) < NONCE_BYTES + TAG_BYTES:
            raise VaultError("a sealed text is cut off")
        plain = AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound(person_id, place))
    except (InvalidTag, ValueError):
        raise VaultError("a sealed text was moved or changed") from None
    return json.loads(plain)


def number_of(text: str) -> int:
    """The number of the key that a text is sealed with. Raises VaultError for anything else."""
    mark, _, rest = text.partition(".")
    number = rest.partition(".")[0]
    if mark != MARK or not (number.isascii() and number.isdigit()):
        raise VaultError("this is not a sealed text")
    return int(number)


def load(session: Session, people: Iterable[int]) -> None:
    """Open the keys of many people at once, before their texts are read one by one."""
    _keys(session, people)


def forget(session: Session, people: Iterable[int]) -> None:
    """Ask the database again for the keys of these people."""
    known = session.info.get("vault", {})
    for who in people:
        known.pop(who, None)


def destroy(session: Session, person_id: int) -> int:
    """Destroy a person's keys: what was sealed with them never opens again. How many there were."""
    mine = sa.and_(PersonKey.person_id == person_id, PersonKey.wrapped != "")
    gone = session.scalars(sa.update(PersonKey).where(mine).values(wrapped="").returning(PersonKey.id)).all()
    forget(session, [person_id])
    return len(gone)


def renew(session: Session, person_id: int) -> None:
    """Give a person a new key; older texts still open with the older ones. Who has none gets none."""
    forget(session, [person_id])
    mine = _keys(session, [person_id])[person_id]
    if any(mine.values()):
        _make(session, {person_id: max(mine) + 1})


def newest(session: Session, person_id: int) -> int:
    """The number of the key that seals for that person now; 0 where there is none."""
    return max((number for number, key in _keys(session, [person_id])[person_id].items() if key), default=0)


def _closed(person_id: int, place: str, value: object, number: int, key: bytes) -> str:
    nonce = secrets.token_bytes(NONCE_BYTES)
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    closed = AESGCM(key).encrypt(nonce, plain, _bound(person_id, place))
    return f"{MARK}.{number}.{urlsafe_b64encode(nonce + closed).decode()}"


def _make(session: Session, numbers: dict[int, int]) -> None:
    """A new key for each of these people, under that number; who was first wins."""
    _same_master(session)
    wrap, at = master(), now()
    rows = [
        {"person_id": who, "number": n, "wrapped": wrap.encrypt(AESGCM.generate_key(KEY_BITS)).decode(), "made_at": at}
        for who, n in numbers.items()
    ]
    insert_many(session, PersonKey, rows)
    forget(session, numbers)


def _same_master(session: Session) -> None:
    """A new key is made only where the keys that exist open: two master keys that don't know each other lose texts."""
    if not session.info.get("vault_opens"):
        last = sa.select(PersonKey.wrapped).where(PersonKey.wrapped != "").order_by(PersonKey.id.desc()).limit(1)
        if found := session.scalars(last).first():
            unwrap(found)
        session.info["vault_opens"] = True


def _keys(session: Session, people: Iterable[int]) -> dict[int, dict[int, bytes]]:
    """The opened keys of these people by number, empty bytes for one destroyed; each is unwrapped once a session."""
    known: dict[int, dict[int, bytes]] = session.info.setdefault("vault", {})
    asked = set(people)
    missing = sorted(asked - known.keys())
    wrap = master() if missing else None  # to ask for it costs more than to open a key
    for start in range(0, len(missing), AT_ONCE):
        some = missing[start : start + AT_ONCE]
        columns = (PersonKey.person_id, PersonKey.number, PersonKey.wrapped)
        found: dict[int, dict[int, bytes]] = {who: {} for who in some}
        for who, number, wrapped in session.execute(sa.select(*columns).where(PersonKey.person_id.in_(some))):
            found[who][number] = unwrap(wrapped, wrap) if wrapped else b""
        known |= found
    return {who: known[who] for who in asked}


@event.listens_for(Session, "after_soft_rollback")
def _undone(session: Session, _: object) -> None:
    """A key that was made in what is undone now does not exist: nothing may be sealed with it any more."""
    session.info.pop("vault", None)


def unwrap(wrapped: str, wrap: MultiFernet | None = None) -> bytes:
    """A person's key, opened with the master keys, or with these. Raises VaultError."""
    try:
        return (wrap or master()).decrypt(wrapped.encode())
    except InvalidToken:
        raise VaultError(NO_MASTER) from None


def master() -> MultiFernet:
    """The master keys as they are now, the newest first."""
    return _wrapper(master_keys())


@lru_cache(maxsize=4)
def _wrapper(keys: tuple[bytes, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _bound(person_id: int, place: str) -> bytes:
    return f"{place}|person:{person_id}".encode()
