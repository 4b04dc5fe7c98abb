"""The ground of every table: the engine, one transaction at the edge, and instants that keep their zone."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from threading import RLock
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import insert as postgresql
from sqlalchemy.dialects.sqlite import insert as sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from models.settings import settings

READS = "postgresql_readonly"
"""The execution option of a connection that cannot write: PostgreSQL's own, and SQLite follows it here."""


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An instant, stored as UTC on every database. Raises ValueError for a datetime without a zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """To the database."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a datetime without a zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """From the database."""
        return value and (value if value.tzinfo else value.replace(tzinfo=UTC))


class Base(DeclarativeBase):
    """Every table of Baken."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own spelling
        dict[str, Any]: sa.JSON,
        list[str]: sa.JSON,
        list[Any]: sa.JSON,
        datetime: UtcDateTime,
    }

    held_by_session: ClassVar[bool] = False

    id: Mapped[int] = mapped_column(primary_key=True)


SIDE_BY_SIDE = 20
"""Connections to PostgreSQL of one process at most: sixteen shares of a mailing at once, and those that look on."""


@lru_cache(maxsize=8)
def engine_for(url: str) -> sa.Engine:
    """One engine a database address. SQLite begins every transaction at once, so that no update is lost.

    A transaction that only reads (`reading`) begins without waiting for anybody, and cannot write.
    """
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_pre_ping=True, pool_size=5, max_overflow=SIDE_BY_SIDE - 5)
    engine = sa.create_engine(url, connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def opened(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        erase = "secure_delete=ON"  # what is sealed or destroyed is gone from the file, too
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000", erase):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def began(connection: sa.Connection) -> None:
        reads = connection.get_execution_options().get(READS, False)
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reads else 'OFF'}")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def engine() -> sa.Engine:
    """The engine of the database that the settings name."""
    return engine_for(settings().url)


@lru_cache(maxsize=8)
def _step_engine(url: str) -> sa.Engine:
    found = engine_for(url)
    return found if url.startswith("sqlite") else found.execution_options(isolation_level="AUTOCOMMIT")


def step_engine() -> sa.Engine:
    """The same database for single statements: PostgreSQL keeps each at once, SQLite begins and ends for each."""
    return _step_engine(settings().url)


@lru_cache(maxsize=8)
def _reading_engine(url: str) -> sa.Engine:
    return engine_for(url).execution_options(**{READS: True})


_TURN, _ANY_TIME = RLock(), nullcontext()


def turn(dialect: sa.Dialect) -> AbstractContextManager[object]:
    """One writer at a time among the threads of this process: SQLite makes them sleep in its queue, a lock does not."""
    return _TURN if dialect.name == "sqlite" else _ANY_TIME


_REHEARSED: ContextVar[sa.Connection | None] = ContextVar("rehearsed", default=None)


def rehearsed() -> sa.Connection | None:
    """The connection of the dry run that is going on, or None."""
    return _REHEARSED.get()


@contextmanager
def dry_run() -> Iterator[None]:
    """Whatever is written within this block is undone at its end: the real code runs, and nothing stays.

    The block holds one transaction; on SQLite no other process writes meanwhile. It does not reach into other threads.
    """
    with engine().connect() as connection, connection.begin() as outer:
        before = _REHEARSED.set(connection)
        try:
            yield
        finally:
            _REHEARSED.reset(before)
            outer.rollback()


@event.listens_for(Session, "loaded_as_persistent")
def _hold(session: Session, row: Any) -> None:
    """A session forgets a row that nobody holds, and asks for it again; of some there are few, and all ask for them."""
    if row.held_by_session:
        session.info.setdefault("held", []).append(row)


@contextmanager
def transaction() -> Iterator[Session]:
    """One transaction: all of it is kept, or nothing."""
    outer = rehearsed()
    how: dict[str, Any] = {"join_transaction_mode": "create_savepoint"} if outer is not None else {}
    bind = engine() if outer is None else outer
    with turn(bind.dialect), Session(bind, expire_on_commit=False, **how) as session, session.begin():
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    """One transaction that only looks: it waits for no writer, and the database itself refuses whatever it would write.

    Raises sqlalchemy.exc.DBAPIError for a write. Within a dry run it is a part of that.
    """
    if rehearsed() is not None:
        with transaction() as session:
            yield session
        return
    with Session(_reading_engine(settings().url), expire_on_commit=False) as session, session.begin():
        yield session


def insert_once(session: Session, table: type[Base], **values: Any) -> bool:
    """Insert a row unless its unique key is there already; True for who was first."""
    return insert_many(session, table, [values]) == 1


def insert_many(session: Session, table: type[Base], rows: Sequence[dict[str, Any]]) -> int:
    """Insert rows that bear the same columns, but for those whose unique key is there already; how many were new."""
    return len(insert_telling(session, table, rows, table.id))


def insert_telling(
    session: Session, table: type[Base], rows: Sequence[dict[str, Any]], *columns: Any
) -> Sequence[sa.Row[Any]]:
    """As `insert_many`, with these columns of the rows that were new, in any order."""
    if not rows:
        return []
    # RETURNING tells who was first on both; the count of rows is not known on PostgreSQL
    insert = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return session.execute(insert(table).on_conflict_do_nothing().returning(*columns), rows).all()
