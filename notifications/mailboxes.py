"""Reading what came back: from a Maildir, an mbox, one mail in a file or a pipe, or over IMAP.

Nothing is deleted. Files are only read; over IMAP a message is marked as seen once it has been dealt with, so that
what was interrupted is read again.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from imaplib import IMAP4
from mailbox import Maildir, mbox
from pathlib import Path
from typing import BinaryIO

from imap_tools import MailBox
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from notifications.bounces import BounceSettings

TIMEOUT = 30.0  # seconds


class UnreadableMailbox(Exception):
    """A mailbox that cannot be read; the text says why in one line, without what it holds."""


@dataclass(frozen=True, slots=True)
class Mails:
    """The mails of a mailbox, each as raw bytes; `total` is how many there are."""

    total: int
    each: Iterator[bytes]


@contextmanager
def messages(source: Path | BinaryIO | BounceSettings) -> Iterator[Mails]:
    """Open a mailbox and give its mails, one after the other.

    A path is a Maildir, an mbox or one mail; an open file is one mail, or an mbox when it begins as one; settings mean
    IMAP. Raises UnreadableMailbox.
    """
    if isinstance(source, BounceSettings):
        with _imap(source) as mails:
            yield mails
        return
    try:
        mails = _folder(source) if isinstance(source, Path) else _one_or_more(source.read())
    except OSError as wrong:
        raise UnreadableMailbox(f"{source}: {wrong.strerror or 'it cannot be read'}") from None
    yield mails


def _folder(path: Path) -> Mails:
    if path.is_dir():
        if not ((path / "cur").is_dir() and (path / "new").is_dir()):
            raise UnreadableMailbox(f"{path} is a folder, but not a Maildir: it has no `cur` and `new` in it")
        box = Maildir(path, create=False)
        return Mails(len(box), (box.get_bytes(key) for key in sorted(box.keys())))
    with path.open("rb") as file:
        begins = file.read(5)
    if begins != b"From ":
        return _one_or_more(path.read_bytes())
    held = mbox(path, create=False)
    return Mails(len(held), _of_mbox(held))


def _of_mbox(held: mbox) -> Iterator[bytes]:
    try:
        for key in held.keys():  # noqa: SIM118 - a mailbox iterates over its messages
            yield held.get_bytes(key)
    finally:
        held.close()


def _one_or_more(raw: bytes) -> Mails:
    """What a pipe brought: a mail server may put the mbox line before it."""
    if raw.startswith(b"From "):
        raw = raw.partition(b"\n")[2]
    found = [raw] if raw.strip() else []
    return Mails(len(found), iter(found))


@contextmanager
def _imap(settings: BounceSettings) -> Iterator[Mails]:
    host = settings.bounce_imap_host
    if not host:
        raise UnreadableMailbox("No mailbox is set: give BAKEN_BOUNCE_IMAP_HOST its name.")
    with _told(settings):
        context = ssl.create_default_context(cafile=settings.bounce_imap_cafile)
        box = MailBox(host, settings.bounce_imap_port, timeout=TIMEOUT, ssl_context=context)
    try:
        with _told(settings):
            box.login(settings.bounce_imap_user, settings.bounce_imap_password.get_secret_value(), None)
            box.folder.set(settings.bounce_imap_folder)
            unseen = box.uids("UNSEEN")
        yield Mails(len(unseen), _fetched(box, unseen, settings))
    finally:
        with suppress(ImapToolsError, IMAP4.error, OSError):
            box.logout()


def _fetched(box: MailBox, unseen: list[str], settings: BounceSettings) -> Iterator[bytes]:
    for uid in unseen:
        with _told(settings):
            found = [mail.obj.as_bytes() for mail in box.fetch(uid_list=[uid], mark_seen=False)]
        yield from found
        with _told(settings):
            box.flag([uid], ["\\Seen"], True)


@contextmanager
def _told(settings: BounceSettings) -> Iterator[None]:
    """Whatever goes wrong with the server, in one line: what it said itself may hold a name or a password."""
    host = settings.bounce_imap_host
    try:
        yield
    except ssl.SSLCertVerificationError:
        raise UnreadableMailbox(f"{host}: its certificate is not trusted; see BAKEN_BOUNCE_IMAP_CAFILE") from None
    except MailboxLoginError:
        raise UnreadableMailbox(f"{host}: user name or password is refused") from None
    except MailboxFolderSelectError:
        raise UnreadableMailbox(f"{host}: there is no folder {settings.bounce_imap_folder!r}") from None
    except (ImapToolsError, IMAP4.error, OSError) as wrong:
        raise UnreadableMailbox(f"{host}: the mailbox does not answer ({type(wrong).__name__})") from None
