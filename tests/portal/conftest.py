"""A fresh database for each test, and a browser without JavaScript."""

import shutil
import warnings
from dataclasses import replace

import pytest

from models.base import engine
from portal.app import create_app
from tests.portal import stage as stages

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # starlette would rather have httpx2, which is no dependency of ours
    from starlette.testclient import TestClient


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The stage, set once: a folder with its database and keys, to be copied."""
    home = tmp_path_factory.mktemp("stage")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BAKEN_HOME", str(home))
        patch.delenv("BAKEN_DATABASE_URL", raising=False)
        made = stages.build()
        engine().dispose()
    return home, made


@pytest.fixture
def stage(built, tmp_path, monkeypatch):
    home, made = built
    shutil.copytree(home, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("BAKEN_HOME", str(tmp_path))
    monkeypatch.delenv("BAKEN_DATABASE_URL", raising=False)
    return replace(made)


@pytest.fixture
def browser():
    return TestClient(create_app(), follow_redirects=False)
