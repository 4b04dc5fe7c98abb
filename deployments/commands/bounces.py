"""`baken bounces`, `baken reconcile`, `baken settle`: what came back, and what is known of mail that is unsure."""

import gzip
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal

from rich.progress import Progress

from deployments import quiet, terminal  # noqa: F401 - quiet before Prefect

if TYPE_CHECKING:
    from notifications.bounces import BounceSettings

LONG = 20  # mails from which a bar is worth its line
OUTCOMES = ("bounced", "delayed", "known", "unknown", "not a report", "failed")


def bounces(source: Path | None = None, /, *, imap: bool = False, json: bool = False) -> int:
    """Read what came back, and mark the mails that were refused. Reading it again changes nothing.

    Nothing is deleted from a mailbox; over IMAP what was read is marked as seen.

    Args:
        source: A Maildir, an mbox, or a file with one mail. Without it, one mail is read from standard input.
        imap: Fetch unseen mail from the mailbox that BAKEN_BOUNCE_IMAP_HOST and the settings beside it name.
        json: One JSON object with the counts, and nothing personal.

    """
    from models import installation, schema
    from models.base import transaction
    from notifications.bounces import BounceSettings
    from notifications.mailboxes import UnreadableMailbox

    if imap and source is not None:
        terminal.err.print("Name a mailbox or say --imap, not both.")
        return 2
    if not imap and source is None and sys.stdin.isatty():
        terminal.err.print("Name a mailbox, pipe a mail in, or say --imap.")
        return 2
    schema.upgrade()
    with transaction() as session:
        today = installation.today(session)
    given: Path | BinaryIO | BounceSettings = BounceSettings() if imap else source or sys.stdin.buffer
    try:
        found = _read(given, today)
    except UnreadableMailbox as wrong:
        terminal.err.print(str(wrong), markup=False)
        return 1
    counts = {outcome.replace(" ", "_"): found[outcome] for outcome in OUTCOMES}
    terminal.as_json(counts) if json else terminal.say(terminal.pairs({name: found[name] for name in OUTCOMES}))
    if found["failed"]:
        terminal.err.print("Some mails could not be taken in; log/errors.log of BAKEN_HOME tells more.")
    return 1 if found["failed"] else 0


def _read(source: "Path | BinaryIO | BounceSettings", today: date) -> Counter[str]:
    from notifications.mailboxes import messages
    from tasks.bounces import take_in

    with messages(source) as mails:
        return take_in(_with_bar(mails.each, mails.total), today)


def _with_bar(each: Iterator[bytes], total: int) -> Iterator[bytes]:
    if total < LONG or not terminal.err.is_terminal:
        yield from each
        return
    with Progress(console=terminal.err, transient=True) as progress:
        yield from progress.track(each, total=total, description="Mails")


def reconcile(
    log: Path | None = None,
    /,
    *,
    until: datetime | None = None,
    since: datetime | None = None,
    json: bool = False,
) -> int:
    """Settle mails of which nobody knows whether they arrived, by the log of the mail relay.

    What the log knows was sent. With --until, what the log does not know goes again; without it, it stays unsure.

    Args:
        log: The log of Postfix, Exim, Sendmail or Exchange (also .gz), or one Message-ID a line; or standard input.
        until: The log tells all up to this moment, for example 2027-03-01T18:00:00; this machine's time zone.
        since: The log tells all from this moment on.
        json: One JSON object with the counts.

    """
    from models import schema
    from tasks.bounces import reconcile as by_log

    if log is None and sys.stdin.isatty():
        terminal.err.print("Name a log, or pipe one in.")
        return 2
    schema.upgrade()
    try:
        with _lines(log) as lines:
            found = by_log(lines, *(moment and moment.astimezone() for moment in (until, since)))
    except (OSError, EOFError) as wrong:
        terminal.err.print(f"{log}: {getattr(wrong, 'strerror', None) or 'it cannot be read'}", markup=False)
        return 1
    terminal.as_json(found) if json else terminal.say(terminal.pairs(found))
    return 0


@contextmanager
def _lines(log: Path | None) -> Iterator[Iterable[str]]:
    if log is None:
        yield (line.decode("utf-8", "replace") for line in sys.stdin.buffer)
    elif log.suffix == ".gz":
        with gzip.open(log, "rt", encoding="utf-8", errors="replace") as file:
            yield file
    else:
        with log.open(encoding="utf-8", errors="replace") as file:
            yield file


def settle(number: int, what: Literal["sent", "again"], /, *, json: bool = False) -> int:
    """Your own word on one mail of which nobody knows whether it arrived.

    Args:
        number: The mail's number.
        what: It was sent, or it is to go again.
        json: One JSON object.

    """
    from models import schema
    from tasks.bounces import settle as by_word

    schema.upgrade()
    if not by_word(number, what):
        terminal.err.print(f"Mail {number} is not unsure: there is nothing to settle.")
        return 1
    state = "sent" if what == "sent" else "queued"
    terminal.as_json({"mail": number, "state": state}) if json else terminal.say(f"Mail {number}: {state}.")
    return 0
