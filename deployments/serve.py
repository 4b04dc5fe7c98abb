"""One machine: Prefect's server, the portal, and every flow served from this process, until stopped."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from deployments import quiet  # noqa: F401 - before Prefect
from deployments.processes import portal, prefect_server
from models import schema
from models.settings import settings


def serve_all(*, prefect_port: int, portal_port: int, started: Callable[[str, str], None]) -> None:
    """Serve until stopped; `started` is told the addresses of Prefect's UI and of the portal."""
    import os
    import signal

    signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell's background job ignores
    schema.upgrade()
    home: Path = settings().home
    with prefect_server(home, prefect_port) as api:
        os.environ["PREFECT_API_URL"] = api
        with portal(home, portal_port) as url:
            os.environ.setdefault("BAKEN_PORTAL_URL", url)
            started(api.removesuffix("/api"), url)
            from prefect.events.worker import EventsWorker
            from prefect.settings import PREFECT_API_URL, temporary_settings

            from deployments import automations

            with temporary_settings({PREFECT_API_URL: api}):
                try:
                    automations.make()
                    _serve()
                finally:
                    EventsWorker.drain_all(timeout=10)  # or they would knock at a server that has gone, for minutes


def _serve() -> None:
    """Register every flow, place the calendar of every programme, and take runs until stopped."""
    import asyncio

    from prefect.exceptions import TerminationSignal
    from prefect.runner import Runner

    from deployments.phases import deployments
    from deployments.placing import place_all

    runner = Runner(pause_on_shutdown=False)
    for one in deployments():
        runner.add_deployment(one)
    place_all()
    with suppress(KeyboardInterrupt, TerminationSignal):
        asyncio.run(runner.start())
