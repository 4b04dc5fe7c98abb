"""The portal on a real port, and a real browser: Debian's Chromium, driven by Playwright, silent towards the world."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from models.base import engine
from portal.app import create_app
from tests.conftest import environment
from tests.portal import stage as stages
from tests.portal.stage import Stage

QUIET = (
    "--no-sandbox",  # for root and containers
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("chromium", "chromium-browser", "google-chrome")

Opens = Callable[..., Page]


def executable() -> str:
    """The browser of this machine; without one these tests are left out, unless it was said that it must be there."""
    found = os.environ.get("CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), "")
    if not found:
        (pytest.fail if os.environ.get("BAKEN_BROWSER") == "required" else pytest.skip)("no Chromium on this machine")
    return found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of one file; Playwright's event loop must not outlive them: others need their own."""
    path = executable()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The invented programme in a database of its own, for the tests of one file."""
    with environment(BAKEN_HOME=str(tmp_path_factory.mktemp("portal"))):
        yield stages.build()
        engine().dispose()


@pytest.fixture(scope="module")
def portal(stage: Stage) -> Iterator[str]:
    """The portal as it is served; its address."""
    server = uvicorn.Server(uvicorn.Config(create_app(), host="127.0.0.1", port=0, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def opens(chromium: Browser, portal: str) -> Iterator[Opens]:
    """Open a page: `opens("/f/…", width=320, dark=True)`; scripts of ours there are none, and none may run."""
    contexts: list[BrowserContext] = []

    def go(path: str, *, width: int = 1280, dark: bool = False, height: int = 900) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            base_url=portal,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield go
    for context in contexts:
        context.close()
