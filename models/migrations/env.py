"""Alembic's doorstep: migrations run in one transaction, on the database that the settings name."""

import sqlite3

import sqlalchemy as sa
from alembic import context

from models.schema import METADATA
from models.settings import settings

engine = sa.create_engine(settings().url)
with engine.connect() as connection:
    raw = connection.connection.driver_connection
    if isinstance(raw, sqlite3.Connection):
        raw.execute("PRAGMA foreign_keys=OFF")  # a rebuilt parent table would empty its children
    context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
engine.dispose()
