"""`baken deploy` and `baken work`: one Prefect server, and as many workers as there are machines."""

from deployments import quiet, terminal  # noqa: F401 - quiet before Prefect
from deployments.deploy import POOL


def deploy(*, pool: str = POOL, json: bool = False) -> int:
    """Register every flow with the Prefect server of PREFECT_API_URL, for workers; run it again after each update.

    Args:
        pool: The work pool that takes the runs; it is made when it is missing.
        json: One JSON object with the deployments' names.

    """
    from deployments.deploy import register

    names = register(pool)
    if json:
        terminal.as_json({"pool": pool, "deployments": names})
    else:
        terminal.say(f"{len(names)} deployments in the work pool {pool}: {', '.join(names)}")
        terminal.say("Start a worker on each machine with `baken work`.")
    return 0


def work(*, pool: str = POOL, name: str = "", limit: int | None = None) -> int:
    """Be a worker: take runs from the Prefect server of PREFECT_API_URL until stopped with Ctrl-C.

    Args:
        pool: The work pool to take runs from.
        name: What the worker is called in Prefect's UI; a name of its own where none is given.
        limit: How many runs at once; as many as there are where none is given.

    """
    from deployments.deploy import work as become_worker

    become_worker(pool, name=name, limit=limit)
    return 0
