"""A process that posts the outbox in children of its own, so that each may be killed. DAY LEASE ROWS [CONTROL].

A line in, a pid out; another line in, and the way in which that child ended comes out. `CONTROL` takes a guard away, so
that one can see what the guard is for: `no-fence` neither heeds nor checks a lease once it has taken its rows, and
`batch` writes down what was sent at the end of a batch. Neither is in the product.
"""

import os
import sys
from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Any

import sqlalchemy as sa

from models import sending
from models.delivery import Delivery
from notifications.emails import EMAILS
from notifications.gallery import LINK, sample_brand
from notifications.render import bundle, render
from notifications.sender import Sender, Undelivered
from tasks import mail
from tasks.composing import Ready

RETRY_SECONDS = 0.2
NO_LIMIT = 3600.0


def warm() -> None:
    """Read the templates once, before any child needs them; the database stays closed."""
    one, two = EMAILS["introduction"].sample(), EMAILS["partner_left"].sample()
    render(one, "en", sample_brand("en"), LINK)
    bundle([(two, ""), (two, "")], "en", sample_brand("en"))


def soon(attempts: int, dice: Random) -> float:
    """In place of the minutes that a refused message waits."""
    return RETRY_SECONDS


def careless(connection: sa.Connection, token: str, done: int | None, following: int | None, **more: Any) -> bool:
    """`sending.advance` without its fence: whose row it is by now is not asked."""
    rows = sa.update(sending._ROWS)  # noqa: SLF001
    with sending._own(connection):  # noqa: SLF001
        if done:
            connection.execute(rows.where(Delivery.id == done).values(state="sent", sent_on=more["today"], lease=None))
            connection.execute(rows.where(Delivery.carrier_id == done).values(state="sent", sent_on=more["today"]))
        if following:
            claim = {
                "state": "sending",
                "lease": token,
                "began_at": 1.0,
                "lease_until": sending.now().timestamp() + 2.0,
            }
            connection.execute(rows.where(Delivery.id == following).values(claim))
    return following is not None


class Batch(mail.Round):
    """A round that writes down what was sent when a whole batch is."""

    def _post(self, batch: Sequence[int], post: mail.Post) -> bool:
        """Claim all, post all, mark all."""
        more = {"today": self.today, "seconds": mail.LEASE_SECONDS}
        finished: list[Ready] = []
        with sending.line() as line:
            ready = [one for one in self._build(batch) if sending.advance(line, self.token, None, one.id, **more)]
            for one in ready:
                try:
                    post.deliver(one.sender, one.to, one.raw)
                except Undelivered as fault:
                    self._settle(one.id, fault)
                else:
                    finished.append(one)
            for one in finished:
                sending.advance(line, self.token, one.id, None, carried=bool(one.parts), **more)
        return True


def main(day: str, lease: str, rows: str, control: str = "") -> None:
    """For each line: a child that posts what it can and ends. Nothing of the database is open before the fork."""
    mail.LEASE_SECONDS, mail.ROWS, mail.backoff = float(lease), int(rows), soon
    Sender.limit = float(lease) * 0.6
    if control == "no-fence":
        sending.advance, Sender.limit = careless, NO_LIMIT
    elif control == "batch":
        mail.Round = Batch
    warm()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while sys.stdin.readline():
        child = os.fork()
        if child == 0:
            try:
                mail.post_due(date.fromisoformat(day))
            except BaseException:  # noqa: BLE001 - whatever it was, the parent hears of it
                sys.excepthook(*sys.exc_info())
                os._exit(3)
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        sys.stdin.readline()  # not before we are told to: till then the pid is nobody else's
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{status}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
