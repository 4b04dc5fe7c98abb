"""A real IMAP server over TLS, as a process of its own: CERTIFICATE FOLDER. It serves the .eml files of the folder.

User `els`, password `geheim-9913`. It writes its port on standard output, and ends when standard input does.
"""

import sys
from email import message_from_bytes
from io import BytesIO
from pathlib import Path
from threading import Thread

from OpenSSL import SSL
from twisted.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from twisted.cred.portal import IRealm, Portal
from twisted.internet import reactor
from twisted.internet.protocol import ServerFactory
from twisted.internet.ssl import DefaultOpenSSLContextFactory
from twisted.mail import imap4
from zope.interface import implementer

USER, PASSWORD = "els", "geheim-9913"


@implementer(imap4.IMessage, imap4.IMessageFile)
class Mail:
    def __init__(self, uid: int, raw: bytes) -> None:
        self.uid, self.raw, self.flags = uid, raw, set()
        self.parsed = message_from_bytes(raw)

    def open(self) -> BytesIO:
        return BytesIO(self.raw)

    def getHeaders(self, negate, *names):  # noqa: N802
        wanted = {name.lower() if isinstance(name, str) else name.decode().lower() for name in names}
        return {k.lower(): str(v) for k, v in self.parsed.items() if (k.lower() in wanted) is not negate}

    def getBodyFile(self):  # noqa: N802
        return BytesIO(self.raw.partition(b"\r\n\r\n")[2])

    def getSize(self) -> int:  # noqa: N802
        return len(self.raw)

    def getInternalDate(self) -> str:  # noqa: N802
        return "Mon, 01 Mar 2027 08:00:00 +0000"

    def getFlags(self):  # noqa: N802
        return sorted(self.flags)

    def getUID(self) -> int:  # noqa: N802
        return self.uid

    def isMultipart(self) -> bool:  # noqa: N802
        return False

    def getSubPart(self, part):  # noqa: N802
        raise IndexError(part)


@implementer(imap4.IMailbox)
class Box:
    def __init__(self, folder: Path) -> None:
        self.mails = [Mail(100 + n, path.read_bytes()) for n, path in enumerate(sorted(folder.glob("*.eml")), 1)]

    def getFlags(self):  # noqa: N802
        return ["\\Seen", "\\Deleted"]

    def getUIDValidity(self) -> int:  # noqa: N802
        return 42

    def getUIDNext(self) -> int:  # noqa: N802
        return 101 + len(self.mails)

    def getUID(self, number: int) -> int:  # noqa: N802
        return self.mails[number - 1].uid

    def getMessageCount(self) -> int:  # noqa: N802
        return len(self.mails)

    def getRecentCount(self) -> int:  # noqa: N802
        return 0

    def getUnseenCount(self) -> int:  # noqa: N802
        return sum("\\Seen" not in mail.flags for mail in self.mails)

    def isWriteable(self) -> bool:  # noqa: N802
        return True

    def getHierarchicalDelimiter(self) -> str:  # noqa: N802
        return "/"

    def addListener(self, listener) -> None:  # noqa: N802
        """Nothing changes by itself."""

    def removeListener(self, listener) -> None:  # noqa: N802
        """Nothing changes by itself."""

    def destroy(self) -> None:
        raise imap4.MailboxException("kept")

    def expunge(self):
        gone = [n for n, mail in enumerate(self.mails, 1) if "\\Deleted" in mail.flags]
        self.mails = [mail for mail in self.mails if "\\Deleted" not in mail.flags]
        return gone

    def fetch(self, messages, uid):
        messages.last = self.mails[-1].uid if uid and self.mails else len(self.mails)
        return [(n, mail) for n, mail in enumerate(self.mails, 1) if (mail.uid if uid else n) in messages]

    def store(self, messages, flags, mode, uid):
        found = {}
        for number, mail in self.fetch(messages, uid):
            mail.flags = {0: set(flags), 1: mail.flags | set(flags), -1: mail.flags - set(flags)}[mode]
            found[number] = mail.getFlags()
        return found


@implementer(IRealm)
class House:
    def __init__(self, folder: Path) -> None:
        self.account = imap4.MemoryAccount(USER)
        self.account.addMailbox("INBOX", Box(folder))

    def requestAvatar(self, avatar_id, mind, *interfaces):  # noqa: N802
        return imap4.IAccount, self.account, lambda: None


class Factory(ServerFactory):
    def __init__(self, folder: Path) -> None:
        checker = InMemoryUsernamePasswordDatabaseDontUse(**{USER: PASSWORD.encode()})
        self.portal = Portal(House(folder), [checker])

    def buildProtocol(self, addr):  # noqa: N802
        server = imap4.IMAP4Server()
        server.portal, server.factory = self.portal, self
        return server


def main(certificate: str, folder: str) -> None:
    context = DefaultOpenSSLContextFactory(certificate, certificate, sslmethod=SSL.TLS_SERVER_METHOD)
    port = reactor.listenSSL(0, Factory(Path(folder)), context, interface="127.0.0.1")
    sys.stdout.write(f"{port.getHost().port}\n")
    sys.stdout.flush()
    Thread(target=lambda: (sys.stdin.read(), reactor.callFromThread(reactor.stop)), daemon=True).start()
    reactor.run(installSignalHandlers=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
