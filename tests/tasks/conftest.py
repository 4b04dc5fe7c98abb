"""A real SQLite database for each test."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import models.event
import models.installation
import models.person  # noqa: F401 - the tables
from models.base import Base, engine


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Path]:
    """An empty database in a folder of its own; the environment is put back afterwards."""
    names = ("BAKEN_HOME", "BAKEN_DATABASE_URL")
    before = {name: os.environ.pop(name, None) for name in names}
    os.environ["BAKEN_HOME"] = str(tmp_path)
    Base.metadata.create_all(engine())
    yield tmp_path
    engine().dispose()
    for name, value in before.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value
