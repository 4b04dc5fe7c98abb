"""Relays for tests: real servers on this machine, honest or full of faults, with certificates of a real authority."""

import base64
import socket
import ssl
from asyncio import WriteTransport
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST = "127.0.0.1"
USER, PASSWORD, TOKEN = "baken", "hunter2", "ya29.token"


class Relay:
    """What an honest relay does; it keeps what it accepted, counts connections, and knows one user.

    The user part of a recipient says what happens: `later` 451, `busy` 421, `never` 550, `full` 552 after the text,
    `gone` hangs up after the text.
    """

    def __init__(self) -> None:
        self.accepted: list[bytes] = []
        self.envelopes: list[tuple[str, str]] = []
        self.peers: set[object] = set()
        self.logins: list[str] = []

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer to a recipient."""
        self.peers.add(session.peer)
        user = address.partition("@")[0]
        codes = {"later": "451 Try again later", "never": "550 No such person", "busy": "421 Too busy"}
        if user not in codes:
            envelope.rcpt_tos.append(address)
        return codes.get(user, "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Answer to a text."""
        user = envelope.rcpt_tos[0].partition("@")[0]
        if user == "full":
            return "552 Mailbox full"
        assert isinstance(envelope.content, bytes)
        self.accepted.append(envelope.content)
        self.envelopes.append((envelope.mail_from or "", envelope.rcpt_tos[0]))
        if user == "gone":
            assert isinstance(server.transport, WriteTransport)
            server.transport.abort()
        return "250 OK queued as A1B2"

    def known(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        """Whether this user and password are good."""
        self.logins.append(mechanism)
        assert isinstance(data, LoginPassword)
        good = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=good, handled=False)

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        """Whether this token is good; as the real ones do, first say why not, and refuse after an empty answer."""
        self.logins.append("XOAUTH2")
        said = base64.b64decode(args[1]).decode()
        if said == f"user={USER}\x01auth=Bearer {TOKEN}\x01\x01":
            return AuthResult(success=True, handled=False)
        await server.challenge_auth(b'{"status":"400"}', log_client_response=False)
        return AuthResult(success=False, handled=False)


class Authority:
    """Certificates for servers, and the file by which a client trusts them."""

    def __init__(self, folder: Path) -> None:
        self.authority = trustme.CA()
        self.file = folder / "authority.pem"
        self.authority.cert_pem.write_to_path(self.file)

    def server(self, name: str = HOST) -> ssl.SSLContext:
        """What a server of that name shows."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert(name).configure_cert(context)
        return context


@contextmanager
def listening(relay: Relay, tls: ssl.SSLContext | None = None, **more: Any) -> Iterator[int]:
    """A server that really listens, on a free port of this machine, with STARTTLS and AUTH where it has `tls`."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = int(free.getsockname()[1])
    if tls is not None:
        more = {"tls_context": tls, "require_starttls": True, "authenticator": relay.known} | more
    controller = Controller(relay, hostname=HOST, port=port, **more)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


class Faulty:
    """A relay that goes wrong where it is told to, written on bare sockets; it keeps what it heard and accepted.

    `faults` says for a step (greeting, ehlo, starttls, mail, rcpt, data, dot, rset) what happens the next times; after
    those it behaves. An answer such as `451 later` is given; `drop` hangs up; `late` waits until the client has gone;
    `drip` sends a letter now and then and never ends; `bye` behaves, and then hangs up; `bye 421` says so first.
    """

    def __init__(
        self, faults: dict[str, list[str]], tls: ssl.SSLContext | None = None, *, starttls: bool = True
    ) -> None:
        self.faults = {step: list(each) for step, each in faults.items()}
        self.tls, self.starttls = tls, starttls
        self.heard: list[str] = []
        self.accepted: list[bytes] = []
        self.connections = 0
        self.over = Event()

    @contextmanager
    def listening(self) -> Iterator[int]:
        """Serve until the block ends; the port."""
        with socket.create_server((HOST, 0)) as server:
            main = Thread(target=self._serve, args=(server,), daemon=True)
            main.start()
            try:
                yield int(server.getsockname()[1])
            finally:
                self.over.set()
                with suppress(OSError):
                    server.shutdown(socket.SHUT_RDWR)
                main.join(5)

    def _serve(self, server: socket.socket) -> None:
        talks: list[Thread] = []
        while not self.over.is_set():
            try:
                peer, _ = server.accept()
            except OSError:
                break
            self.connections += 1
            talks.append(Thread(target=self._talk, args=(peer,), daemon=True))
            talks[-1].start()
        for talk in talks:
            talk.join(5)

    def _talk(self, peer: socket.socket) -> None:
        line = [peer]
        with suppress(OSError, ValueError):
            if self.tls is not None and not self.starttls:
                line[0] = self.tls.wrap_socket(peer, server_side=True)
            self._converse(line)
        line[0].close()

    def _converse(self, line: list[socket.socket]) -> None:
        self._answer(line[0], "greeting", "220 hello")
        file = line[0].makefile("rb")
        offers = ["SIZE 1000000", *(["STARTTLS"] if self.tls is not None and self.starttls else [])]
        while said := file.readline():
            verb = said.split()[0].decode().lower().partition(":")[0]
            self.heard.append(verb)
            if verb == "ehlo":
                self._answer(line[0], verb, "\r\n".join(["250-relay", *(f"250-{one}" for one in offers), "250 HELP"]))
            elif verb == "starttls":
                self._answer(line[0], verb, "220 go on")
                assert self.tls is not None
                line[0] = self.tls.wrap_socket(line[0], server_side=True)
                file, offers = line[0].makefile("rb"), ["AUTH PLAIN XOAUTH2"]
            elif verb == "data" and self._answer(line[0], verb, "354 go on"):
                self.accepted.append(_text(file))
                self._answer(line[0], "dot", "250 queued as A1B2")
            elif verb != "data":
                self._answer(line[0], verb, "221 bye" if verb == "quit" else "250 OK")

    def _answer(self, peer: socket.socket, step: str, normal: str) -> bool:
        """Say what is expected, or go wrong; True where it was as expected. Raises OSError to end the talk."""
        fault = self.faults[step].pop(0) if self.faults.get(step) else ""
        if fault == "drop":
            raise ConnectionAbortedError
        if fault == "late":
            self.over.wait(8)
            raise ConnectionAbortedError
        while fault == "drip" and not self.over.wait(0.05):
            peer.sendall(b"x")
        told = not fault or fault.startswith("bye")
        peer.sendall((normal if told else fault).encode() + b"\r\n")
        if fault == "bye 421":
            peer.sendall(b"421 idle too long\r\n")
        if fault.startswith("bye"):
            raise ConnectionAbortedError
        return told


def _text(file: Any) -> bytes:
    """A text up to its dot, with the doubled dots made single; ValueError where the line broke before the dot."""
    lines: list[bytes] = []
    while (said := file.readline()) != b".\r\n":
        if not said:
            raise ValueError("no dot")
        lines.append(said[1:] if said.startswith(b".") else said)
    return b"".join(lines)
