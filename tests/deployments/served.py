"""Flows served from a process of its own, as `baken serve` does, for a Prefect server that somebody else started.

python -m tests.deployments.served approval review
"""

import signal
import sys

from deployments import quiet  # noqa: F401 - before Prefect

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    from prefect import serve

    from deployments.phases import deployments

    wanted = [one for one in deployments() if set(one.tags) & set(sys.argv[1:])]
    serve(*wanted, print_starting_message=False, pause_on_shutdown=False)
