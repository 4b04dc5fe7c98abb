"""A process that posts the outbox in children of its own, so that each may be killed. DAY LEASE ROWS.

A line in, a pid out; another line in, and the way in which that child ended comes out.
"""

import os
import sys
from datetime import date

from tasks import mail


def main(day: str, lease: str, rows: str) -> None:
    """For each line: a child that posts what it can and ends. Nothing of the database is open before the fork."""
    mail.LEASE_SECONDS, mail.ROWS = float(lease), int(rows)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while sys.stdin.readline():
        child = os.fork()
        if child == 0:
            mail.send_due.fn(date.fromisoformat(day))
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        sys.stdin.readline()  # not before we are told to: till then the pid is nobody else's
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{status}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
