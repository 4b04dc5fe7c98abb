"""Several machines: what `baken serve` serves by itself, registered in a work pool of a Prefect server that stands.

Workers on any machine that has Baken installed and the same settings take the runs from there; the code is found by its
module's name, so that no folder has to be the same everywhere.
"""

import os
import sys
from contextlib import suppress

from deployments import quiet  # noqa: F401 - before Prefect
from models import schema

POOL = "baken"


class NoServer(RuntimeError):
    """No Prefect server is named, or none answers; the message says what to set."""


def register(pool: str = POOL) -> list[str]:
    """Make the pool where it is missing, register every deployment in it, place the calendar; their names.

    Raises NoServer.
    """
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectAlreadyExists

    from deployments import automations
    from deployments.phases import deployments
    from deployments.placing import place_all

    _answers()
    with get_client(sync_client=True) as client, suppress(ObjectAlreadyExists):
        client.create_work_pool(WorkPoolCreate(name=pool, type="process"))
    automations.make()
    made = deployments(pool)
    for one in made:
        one.apply()
    place_all()
    return [f"{one.flow_name}/{one.name}" for one in made]


def work(pool: str = POOL, *, name: str = "", limit: int | None = None) -> None:
    """Become a worker of that pool, until stopped. Raises NoServer, and NewerSchema for a newer version's tables."""
    schema.refuse_newer()
    _answers()
    command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", pool, "--type", "process"]
    command += ["--name", name] if name else []
    command += ["--limit", str(limit)] if limit else []
    sys.stdout.flush()
    os.execv(sys.executable, command)  # noqa: S606 - our own interpreter, and nothing of a shell


def _answers() -> None:
    import httpx

    url = os.environ.get("PREFECT_API_URL", "")
    if not url:
        msg = "PREFECT_API_URL is not set: it names the Prefect server, for example http://127.0.0.1:4200/api"
        raise NoServer(msg)
    try:
        httpx.get(f"{url}/health", timeout=10).raise_for_status()
    except httpx.HTTPError:
        msg = f"no Prefect server answers at {url}: start it (`prefect server start`), or correct PREFECT_API_URL"
        raise NoServer(msg) from None
