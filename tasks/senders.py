"""The outbox posted by several senders: the queue is made fit once, then each sender has a round of its own.

A sender is a connection to the relay, wherever it runs. Pace, breaker and leases are rows, so they hold over all of
them; `BAKEN_SMTP_CONNECTIONS` says how many there are at most.
"""

from datetime import date
from math import ceil

from models import delivery, watch
from models.base import transaction
from models.installation import now
from notifications.sender import connect
from notifications.settings import MailSettings
from tasks.mail import Round, in_all, make_ready, share
from tasks.manners import open_places
from tasks.step import step


@step
def prepare(today: date) -> tuple[int, dict[str, int]]:
    """Make the queue fit to be posted: how many senders it is worth, at least one, and how much was tidied."""
    settings = MailSettings()
    _, tidied = make_ready(today, settings)
    with transaction() as session:
        waiting = delivery.waiting(session, today)
    return max(1, min(settings.smtp_connections, ceil(waiting / share(settings)))), tidied


@step
def post_share(today: date) -> dict[str, int]:
    """One sender's round, over a connection of its own: how many were sent, put off, refused and so on."""
    settings = MailSettings()
    with transaction() as session:
        places = open_places(session, today)
    own = Round(today, settings, places, lambda: connect(settings))
    own.run()
    with transaction() as session:
        watch.beat(session, "mail", now=now())
    return in_all([own.found])
