"""Every table in one place, and the way to bring a database up to date."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from models import (  # noqa: F401 - each import adds its tables to the metadata
    agreement,
    attempt,
    certificate,
    decision,
    delivery,
    draft,
    event,
    installation,
    link,
    matching_run,
    meeting,
    pace,
    pairing,
    participant,
    person,
    programme,
    request,
    response,
    signal,
    training,
    vault,
    wish,
    wording,
)
from models.base import Base, engine
from models.settings import settings

METADATA = Base.metadata


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def upgrade() -> None:
    """Create the database if it is missing, and migrate it to the newest revision."""
    if engine().dialect.name == "sqlite":
        settings().home.mkdir(parents=True, exist_ok=True, mode=0o700)
    command.upgrade(_config(), "head")


def is_current() -> bool:
    """Whether the database has the tables of this version."""
    return "milestone" in sa.inspect(engine()).get_table_names()
