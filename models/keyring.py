"""Looking after the keys: sealing what an older version left open, changing keys, and telling how they stand.

Everything goes in batches, each a short transaction of its own beside the running product; what was done is found and
not done again, so that it may be stopped at any moment and run again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy.orm import Session

from models import vault
from models.base import Base, transaction
from models.decision import Decision
from models.delivery import Delivery
from models.draft import Draft
from models.installation import now
from models.matching_run import MatchingRun
from models.participant import Participant
from models.response import Response, parted
from models.settings import master_keys
from models.vault import PersonKey, VaultError

TABLES: tuple[type[Base], ...] = (Response, Participant, Decision, Delivery, MatchingRun)
"""What holds sealed texts beside open columns."""
EVERY: tuple[type[Base], ...] = (*TABLES, Draft)
"""Drafts have no open column."""
BATCH = 200
LONGEST = timedelta(hours=1)
"""No transaction lasts so long: a key that was replaced before seals nothing any more."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch of a table: how many rows were looked at, how many changed, and how many did not open."""

    table: str
    seen: int
    changed: int
    broken: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the keys stand.

    `old_master` counts people's keys that an older master key wraps, `lost` those that none opens, `replaced` those
    that have a newer one, `destroyed` those of people who were erased. `open` and `sealed` are rows by table.
    """

    master: int
    keys: int
    old_master: int
    lost: int
    replaced: int
    destroyed: int
    open: dict[str, int]
    sealed: dict[str, int]


def seal() -> Iterator[Batch]:
    """Seal what stands open, table by table."""
    return (one for table in TABLES for one in _sweep(table, "tighten"))


def unseal() -> Iterator[Batch]:
    """Lay open what is sealed, for an older version; what belongs to a destroyed key stays shut."""
    return (one for table in TABLES for one in _sweep(table, "loosen"))


def reseal() -> Iterator[Batch]:
    """Seal anew, each with its person's newest key, what an older one seals."""
    return (one for table in EVERY for one in _sweep(table, "reseal"))


def rows() -> int:
    """How many rows there are to look at."""
    with transaction() as session:
        return sum(session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in EVERY)


def _sweep(table: type[Base], deed: str) -> Iterator[Batch]:
    after = 0
    while True:
        with transaction() as session:
            wanted = sa.select(table).where(table.id > after).order_by(table.id).limit(BATCH)
            found = session.scalars(wanted.with_for_update(of=table)).all()
            vault.load(session, {who for row in found if (who := getattr(row, "owner", None))})
            done = [_do(session, row, deed) for row in found]
        if not found:
            return
        after = found[-1].id
        yield Batch(table.__tablename__, len(found), done.count(True), done.count(None))


def _do(session: Session, row: Base, deed: str) -> bool | None:
    """Whether the row changed; None where its text does not open."""
    act: Callable[[Session], bool] = getattr(row, deed)
    try:
        return act(session)
    except VaultError:
        return None


def rewrap() -> Iterator[int]:
    """Wrap people's keys with the newest master key; how many of each batch. Raises VaultError."""
    after = 0
    while True:
        with transaction() as session:
            wanted = sa.select(PersonKey).where(PersonKey.id > after, PersonKey.wrapped != "")
            found = session.scalars(wanted.order_by(PersonKey.id).limit(BATCH).with_for_update()).all()
            newest, wrap = master_keys()[0], vault.master()
            for row in found:
                if not under(row.wrapped, newest):
                    vault.unwrap(row.wrapped, wrap)
                    row.wrapped = wrap.rotate(row.wrapped.encode()).decode()
        if not found:
            return
        after = found[-1].id
        yield len(found)


def under(wrapped: str, master: bytes) -> bool:
    """Whether that master key wraps it."""
    try:
        Fernet(master).decrypt(wrapped.encode())
    except InvalidToken:
        return False
    return True


def renew() -> Iterator[int]:
    """A new key for everybody who has one; how many of each batch. Who has a replaced one still was done before."""
    after = 0
    while True:
        with transaction() as session:
            alive = sa.select(PersonKey.person_id, sa.func.count()).where(PersonKey.wrapped != "")
            wanted = alive.where(PersonKey.person_id > after).group_by(PersonKey.person_id)
            found = session.execute(wanted.order_by(PersonKey.person_id).limit(BATCH)).all()
            alone = [who for who, keys in found if keys == 1]
            vault.load(session, alone)
            for who in alone:
                vault.renew(session, who)
        if not found:
            return
        after = found[-1][0]
        yield len(found)


def drop_replaced() -> int:
    """Forget people's keys that a newer one replaced more than an hour ago; how many. First `reseal` everything."""
    newer = sa.orm.aliased(PersonKey)
    replaced = sa.exists().where(
        newer.person_id == PersonKey.person_id,
        newer.number > PersonKey.number,
        newer.wrapped != "",
        newer.made_at < now() - LONGEST,
    )
    with transaction() as session:
        gone = sa.delete(PersonKey).where(replaced, PersonKey.wrapped != "").returning(PersonKey.id)
        return len(session.scalars(gone, execution_options={"synchronize_session": False}).all())


def give_up() -> int:
    """The master key is lost: the keys that no master key opens count as destroyed. How many there were."""
    with transaction() as session:
        alive = session.scalars(sa.select(PersonKey).where(PersonKey.wrapped != "").with_for_update()).all()
        masters = master_keys()
        lost = [row for row in alive if not any(under(row.wrapped, key) for key in masters)]
        for row in lost:
            row.wrapped = ""
        return len(lost)


def standing() -> Standing:
    """How the keys stand, and what stands open."""
    masters = master_keys()
    with transaction() as session:
        wraps = session.execute(sa.select(PersonKey.person_id, PersonKey.number, PersonKey.wrapped)).all()
        newest: dict[int, int] = {}
        for who, number, wrapped in wraps:
            if wrapped:
                newest[who] = max(newest.get(who, 0), number)
        alive = [(who, number, wrapped) for who, number, wrapped in wraps if wrapped]
        behind = [wrapped for _, _, wrapped in alive if not under(wrapped, masters[0])]
        return Standing(
            master=len(masters),
            keys=len(alive),
            old_master=sum(any(under(one, key) for key in masters[1:]) for one in behind),
            lost=sum(not any(under(one, key) for key in masters) for one in behind),
            replaced=sum(number < newest[who] for who, number, _ in alive),
            destroyed=len(wraps) - len(alive),
            open={table.__tablename__: _open(session, table) for table in TABLES},
            sealed={table.__tablename__: _sealed(session, table) for table in EVERY},
        )


def _sealed(session: Session, table: type[Base]) -> int:
    if table is MatchingRun:
        return sum(run.is_sealed for run in session.scalars(sa.select(MatchingRun)))
    column = table.__table__.c.sealed
    return session.scalar(sa.select(sa.func.count()).where(column != "")) or 0


def _open(session: Session, table: type[Base]) -> int:
    """How many rows hold in the open what is to be sealed."""
    if table is MatchingRun:
        return sum(bool(run.loose()) for run in session.scalars(sa.select(MatchingRun)))
    if table is Response:
        told = session.execute(sa.select(Response.form, Response.open).execution_options(yield_per=1000))
        return sum(bool(parted(form, answers)) for form, answers in told)
    columns = [table.__table__.c[name] for name in ("profile", "reason", "fields") if name in table.__table__.c]
    some = sa.or_(*(sa.cast(column, sa.Text).not_in(("", "{}", "null")) for column in columns))
    return session.scalar(sa.select(sa.func.count()).where(some)) or 0


def sample(most: int) -> tuple[int, int]:
    """Of so many people's keys, drawn by lot: how many open, and how many do not."""
    with transaction() as session:
        drawn = sa.select(PersonKey.wrapped).where(PersonKey.wrapped != "").order_by(sa.func.random()).limit(most)
        masters = master_keys()
        opens = [any(under(one, key) for key in masters) for one in session.scalars(drawn)]
    return opens.count(True), opens.count(False)
