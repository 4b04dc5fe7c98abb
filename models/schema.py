"""Every table in one place, and the way to bring a database up to date."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from models import (  # noqa: F401 - each import adds its tables to the metadata
    agreement,
    attempt,
    certificate,
    decision,
    delivery,
    draft,
    erasure,
    event,
    feed,
    frozen,
    installation,
    link,
    matching_run,
    meeting,
    pace,
    pairing,
    participant,
    person,
    phase_lock,
    placement,
    programme,
    request,
    response,
    signal,
    tally,
    training,
    vault,
    watch,
    wish,
    wording,
)
from models.base import Base, engine
from models.settings import settings

METADATA = Base.metadata


class NewerSchema(RuntimeError):
    """The database was migrated by a newer version than this one; the text says what to do."""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def upgrade() -> None:
    """Create the database if it is missing, and migrate it to the newest revision. Raises NewerSchema."""
    if engine().dialect.name == "sqlite":
        settings().home.mkdir(parents=True, exist_ok=True, mode=0o700)
    refuse_newer()
    command.upgrade(_config(), "head")


def downgrade(to: str) -> None:
    """Migrate back to an older revision, or to `base`, which takes away every table. Raises NewerSchema."""
    refuse_newer()
    command.downgrade(_config(), to)


def revisions() -> list[str]:
    """Every revision that this version knows, oldest first."""
    return [one.revision for one in reversed(list(ScriptDirectory.from_config(_config()).walk_revisions()))]


def revision() -> str:
    """At which revision the database stands; empty where it has no tables yet."""
    if engine().dialect.name == "sqlite" and not Path(str(engine().url.database)).exists():
        return ""  # to ask would make the file
    with engine().connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def refuse_newer() -> None:
    """Nothing of an older version touches the tables of a newer one. Raises NewerSchema."""
    at = revision()
    if at and at not in revisions():
        msg = (
            f"the database is of a newer version of Baken (revision {at}; this one knows up to {revisions()[-1]}): "
            f"install that version again, or go back there with `baken database downgrade` first"
        )
        raise NewerSchema(msg)


def is_newest() -> bool:
    """Whether the database stands at the newest revision that this version knows, neither before nor beyond it."""
    with engine().connect() as connection:
        at = MigrationContext.configure(connection).get_current_heads()
    return set(at) == set(ScriptDirectory.from_config(_config()).get_heads())


def is_current() -> bool:
    """Whether the database has the tables of this version."""
    return "milestone" in sa.inspect(engine()).get_table_names()
