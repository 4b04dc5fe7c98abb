"""A fresh database for each test, and a browser without JavaScript."""

import warnings

import pytest

from portal.app import create_app
from tests.portal import stage as stages

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # starlette would rather have httpx2, which is no dependency of ours
    from starlette.testclient import TestClient


@pytest.fixture
def stage(tmp_path, monkeypatch):
    monkeypatch.setenv("BAKEN_HOME", str(tmp_path))
    monkeypatch.delenv("BAKEN_DATABASE_URL", raising=False)
    return stages.build()


@pytest.fixture
def browser():
    return TestClient(create_app(), follow_redirects=False)
