"""yagmail connects and secures the line; the steps of one delivery are ours, so that no outcome is guessed.

One connection serves many messages. Every fault is one of four kinds, and what the relay answered in words is never
repeated, for it repeats the address. Nothing of it goes out once `DELIVERY_SECONDS` have passed.
"""

import shlex
import ssl
from contextlib import suppress
from pathlib import Path
from subprocess import SubprocessError
from time import monotonic
from typing import Any, Literal

import yagmail  # type: ignore[import-untyped]

from notifications.access_token import access_token
from notifications.settings import MailSettings
from notifications.watch import Watched
from notifications.wire import is_bare, on_the_line

Kind = Literal["retry", "unsure", "refuse", "down"]
Phase = Literal["connect", "login", "mail", "rcpt", "data", "dot"]
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
OK, FORWARDED, GO_AHEAD, CLOSING, OUT_OF_STEP = 250, 251, 354, 421, 503  # RFC 5321, 4.2.3
MORE, REFUSED, PERMANENT, TOO_LARGE, BAD_MAILBOX = 300, 400, 500, 552, 553
NO_TLS_OR_LOGIN_NOW = 454  # RFC 4954, 6; RFC 3207, 4
LOG_IN_FIRST = frozenset({530, 535, 538})  # RFC 4954, 6: they speak of us, wherever they come
PACE = frozenset({CLOSING, 450, 451, 452, NO_TLS_OR_LOGIN_NOW})

DELIVERY_SECONDS = 240.0
"""After this long nothing of a message goes out any more: the line is cut, whatever step it is at, the wait for the
relay's answer to the final dot included. A lease on a message must outlast it. Only while the relay is looked up and
reached may `deliver` itself come back later, by the timeout of one connection; it then posts nothing."""
ANSWER_SECONDS = 120.0  # to the final dot: the relay may look for viruses (RFC 5321, 4.5.3.2.6, allows it 600)
LEAVE_SECONDS = 10.0


class NotConfigured(Exception):
    """Nobody has said yet which relay takes our mail; the message says which setting is missing."""

    def __init__(self) -> None:
        super().__init__("No mail relay is set: give BAKEN_SMTP_HOST its name. Until then messages wait in the outbox.")


class Undelivered(Exception):
    """One message was not accepted.

    `retry`: certainly not sent, try later. `unsure`: the text went out and no answer came. `refuse`: this recipient or
    this text is not wanted. `down`: no connection, or the relay does not want us, so the worker's trouble and not the
    message's. `phase` is the step that failed; `login` means that our credentials are not good. `dot` is the end of the
    text. `code` is the relay's number, 0 where it gave none.
    """

    def __init__(self, kind: Kind, phase: Phase, code: int = 0) -> None:
        """Keep the kind, the step of the delivery and the relay's number."""
        super().__init__(f"{kind} at {phase} ({code})")
        self.kind, self.phase, self.code = kind, phase, code

    @property
    def slow_down(self) -> bool:
        """Whether the relay asks us to post fewer messages, or later."""
        return self.code == CLOSING or (self.code in PACE and self.phase not in ("data", "dot"))

    @property
    def ours(self) -> bool:
        """Whether this message was not even offered, so that it costs no attempt of its own."""
        return self.kind == "down" or self.phase in ("connect", "login")


class Sender(Watched, yagmail.SMTP):  # type: ignore[misc]
    """A connection to the relay that is kept. One object per thread; hand finished bytes to `deliver`."""

    smtp: Any
    used: int  # messages posted on this connection
    phase: Phase
    limit, patience = DELIVERY_SECONDS, ANSWER_SECONDS

    def __init__(
        self,
        user: str = "",
        password: str | None = None,
        *,
        host: str,
        port: int,
        security: Literal["starttls", "ssl", "none"] = "starttls",
        timeout: float = 30,
        cafile: Path | None = None,
        per_connection: int = 100,
        token_command: str = "",
    ) -> None:
        """Remember where to post; the connection opens with the first message. `timeout` in seconds, for each step.

        With `token_command`, each login asks that command for an OAuth2 access token in place of a password. Raises
        ValueError for plain text to another machine or with a password, and for a token without a user.
        """
        if token_command and (password is not None or not user):
            raise ValueError("a token for the relay goes with a user, and without a password")
        # yagmail's own default verifies nothing
        context = ssl.create_default_context(cafile=cafile) if security != "none" else None
        options: dict[str, Any] = {"smtp_ssl": False, "smtp_starttls": False}
        if security == "ssl":
            options = {"smtp_ssl": True, "context": context}
        elif security == "starttls":
            options = {"smtp_ssl": False, "smtp_starttls": {"context": context}}
        elif host not in LOOPBACK or password is not None or token_command:
            raise ValueError("mail without TLS goes to this machine only, and without a password or a token")
        super().__init__(
            user,
            None,
            host=host,
            port=port,
            smtp_skip_login=True,  # `login` below does that, so that a refused password is known from a broken line
            soft_email_validation=False,
            timeout=timeout,
            **options,
        )
        self.set_logging(None)
        self.user = user  # yagmail makes `apikey` into `apikey@gmail.com`
        self.password, self.token_command = password, shlex.split(token_command)
        self.timeout, self.per_connection = timeout, per_connection
        self.smtp, self.used, self.phase, self.until = None, 0, "connect", 0.0
        self.watch_over()

    def deliver(self, sender: str, recipient: str, raw: bytes) -> str:
        """Post one message between two bare addresses; returns the relay's answer, which holds its queue id.

        Raises Undelivered.
        """
        with self._watched():
            try:
                code, answer = self._talk(sender, recipient, on_the_line(raw))
                if self.phase == "dot" and OK <= code < MORE:
                    return str(answer.decode("ascii", "replace"))
            except (OSError, SubprocessError) as error:  # an answer that the client raises is `smtp_code`
                code = getattr(error, "smtp_code", 0)
            except ValueError:  # an address that SMTP cannot carry was never written
                code = BAD_MAILBOX if self.phase in ("mail", "rcpt") else 0
            phase = self.phase
            self._clear(code)
        raise Undelivered(_kind(phase, code), phase, max(code, 0))

    def _talk(self, sender: str, recipient: str, text: bytes) -> tuple[int, bytes]:
        """The steps of one delivery, up to the first that is refused; the phase is set before each call."""
        code, answer = self._mail(sender, len(text))
        if code != OK:
            return code, answer
        self.phase = "rcpt"
        code, answer = self.smtp.rcpt(recipient) if is_bare(recipient) else (BAD_MAILBOX, b"")
        if code in (OK, FORWARDED):
            self.phase = "data"
            code, answer = self.smtp.docmd("data")
        if self.phase != "data" or code != GO_AHEAD:
            return code, answer
        if monotonic() >= self.until:  # we slept: someone else may have this message by now
            raise TimeoutError
        self.smtp.sock.sendall(text)  # where this breaks, the relay has not seen the dot, and must not deliver
        self.phase = "dot"
        self.smtp.sock.settimeout(self.patience)
        code, answer = self.smtp.getreply()
        self.smtp.sock.settimeout(self.timeout)
        return code, answer

    def _mail(self, sender: str, size: int) -> tuple[int, bytes]:
        """Begin a message. A line that the relay closed since the message before is opened again, once."""
        self._connected()
        if self.used > 1:
            with suppress(OSError):
                code, answer = self._mail_from(sender, size)
                if code >= OK and code not in (CLOSING, OUT_OF_STEP):
                    return code, answer
            self.reset()
            self._connected()
        return self._mail_from(sender, size)

    def _mail_from(self, sender: str, size: int) -> tuple[int, bytes]:
        self.phase = "mail"
        code, answer = self.smtp.mail(sender, [f"size={size}"] if self.smtp.has_extn("size") else [])
        return code, answer

    def _connected(self) -> None:
        self.phase = "connect"
        if self.smtp is None or self.smtp.sock is None or self.used >= self.per_connection:
            self._leave()
            self.login()
        self.used += 1

    def login(self) -> None:
        """Open the line, secure it, and log in on it. Raises OSError, SubprocessError, ValueError."""
        self.phase = "login"
        token = access_token(self.token_command) if self.token_command else ""
        self.phase = "connect"
        super().login()
        self.smtp.ehlo_or_helo_if_needed()
        self.phase = "login"
        if token:
            proof = f"user={self.user}\1auth=Bearer {token}\1\1"
            self.smtp.auth("XOAUTH2", lambda challenge=None: proof if challenge is None else "")
        elif self.password is not None:
            self.smtp.login(self.user, self.password)

    @property
    def connection(self) -> Any:
        """The client that yagmail opens, known to us before it begins to talk, so that a slow greeting can be cut."""
        sender, client = self, super().connection

        class Line(client):  # type: ignore[misc, valid-type]
            def connect(self, *where: Any, **how: Any) -> Any:
                sender.smtp = self
                return super().connect(*where, **how)

        return Line

    def _clear(self, code: int) -> None:
        """After a fault: a clean start for the next message. What it was stays what it was, whatever comes of this."""
        clean = self.phase not in ("connect", "login") and code >= REFUSED and code not in (CLOSING, OUT_OF_STEP)
        with suppress(OSError):
            if clean and self.smtp.rset()[0] == OK:
                return
        self.reset()

    def reset(self) -> None:
        """Drop the connection without a word."""
        if self.smtp is not None:
            self.smtp.close()
        self.smtp, self.used = None, 0

    def _leave(self) -> None:
        if self.smtp is not None:
            with self._within(LEAVE_SECONDS), suppress(OSError):  # it may have hung up already
                super().close()
        self.reset()

    def close(self) -> None:
        """Take leave of the relay, if it still listens."""
        self._leave()
        self.is_closed = True
        self.stop_watching()

    def __del__(self) -> None:
        """Yagmail's own way would still talk to the relay, and hang where the interpreter is already ending."""
        if getattr(self, "smtp", None) is not None:
            self.reset()


def _kind(phase: Phase, code: int) -> Kind:
    if phase in ("connect", "login"):
        return "retry" if code in (CLOSING, NO_TLS_OR_LOGIN_NOW) else "down"
    if code < REFUSED:  # no answer to the last thing we said, or one that makes no sense
        return "unsure" if phase == "dot" else "retry"
    if code in LOG_IN_FIRST or (phase == "mail" and code >= PERMANENT and code != TOO_LARGE):
        return "down"
    return "retry" if code < PERMANENT or code == OUT_OF_STEP else "refuse"


def connect(settings: MailSettings) -> Sender:
    """A sender for the relay of `settings`; it connects with its first message. Raises NotConfigured, ValueError."""
    if not settings.smtp_host:
        raise NotConfigured
    password = settings.smtp_password.get_secret_value()
    return Sender(
        settings.smtp_user,
        password or None,
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        cafile=settings.smtp_cafile,
        token_command=settings.smtp_token_command,
    )
