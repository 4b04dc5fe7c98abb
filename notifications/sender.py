"""yagmail connects, secures and logs in; the steps of one delivery are ours, so that no outcome is guessed.

One connection serves many messages. Every fault is one of four kinds, and what the relay answered in words is never
repeated, for it repeats the address.
"""

import ssl
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

import yagmail  # type: ignore[import-untyped]

from notifications.settings import MailSettings

Kind = Literal["retry", "unsure", "refuse", "down"]
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
OK, FORWARDED, CLOSING, PERMANENT, OUT_OF_STEP, BAD_MAILBOX = 250, 251, 421, 500, 503, 553  # RFC 5321, 4.2.3


class NotConfigured(Exception):
    """Nobody has said yet which relay takes our mail."""

    def __init__(self) -> None:
        """Say which setting is missing."""
        super().__init__("No mail relay is set: give BAKEN_SMTP_HOST its name. Until then messages wait in the outbox.")


class Undelivered(Exception):
    """One message was not accepted.

    `retry`: certainly not sent, try later. `unsure`: the text went out and no answer came. `refuse`: this recipient or
    this text is not wanted. `down`: no connection, so the worker's trouble and not the message's. `code` is the relay's
    number, 0 where it gave none.
    """

    def __init__(self, kind: Kind, phase: str, code: int = 0) -> None:
        """Keep the kind, the step of the delivery and the relay's number."""
        super().__init__(f"{kind} at {phase} ({code})")
        self.kind, self.phase, self.code = kind, phase, code


class Sender(yagmail.SMTP):  # type: ignore[misc]
    """A connection to the relay that is kept. One object per thread; hand finished bytes to `deliver`."""

    smtp: Any
    used: int  # messages posted on this connection

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
    ) -> None:
        """Remember where to post; the connection opens with the first message. `timeout` in seconds.

        Raises ValueError for plain text to another machine, or with a password.
        """
        # yagmail's own default verifies nothing
        context = ssl.create_default_context(cafile=cafile) if security != "none" else None
        options: dict[str, Any] = {"smtp_ssl": False, "smtp_starttls": False}
        if security == "ssl":
            options = {"smtp_ssl": True, "context": context}
        elif security == "starttls":
            options = {"smtp_ssl": False, "smtp_starttls": {"context": context}}
        elif host not in LOOPBACK or password is not None:
            raise ValueError("mail without TLS goes to this machine only, and without a password")
        super().__init__(
            user,
            password,
            host=host,
            port=port,
            smtp_skip_login=password is None,
            soft_email_validation=False,
            timeout=timeout,
            **options,
        )
        self.set_logging(None)
        self.user = user  # yagmail makes `apikey` into `apikey@gmail.com`
        self.per_connection = per_connection
        self.smtp, self.used = None, 0

    def deliver(self, sender: str, recipient: str, raw: bytes) -> str:
        """Post one message between two bare addresses; returns the relay's answer, which holds its queue id.

        Raises Undelivered.
        """
        phase, code = "connect", 0
        try:
            self._connected()
            smtp, phase = self.smtp, "mail"
            smtp.ehlo_or_helo_if_needed()
            code, answer = smtp.mail(sender, [f"size={len(raw)}"] if smtp.has_extn("size") else [])
            if code == OK:
                phase, code = "rcpt", 0  # on a line of its own: it must stand before the call that can fail
                code, answer = smtp.rcpt(recipient)
            if phase == "rcpt" and code in (OK, FORWARDED):
                phase, code = "data", 0
                code, answer = smtp.data(raw)
                if code == OK:
                    return str(answer.decode("ascii", "replace"))
            self._clear(code)
        except (OSError, UnicodeError) as error:  # all of the client's faults are OSErrors; an answer is `smtp_code`
            self.reset()
            code = BAD_MAILBOX if isinstance(error, UnicodeError) else getattr(error, "smtp_code", code)
        raise Undelivered(_kind(phase, code), phase, code)

    def _connected(self) -> None:
        if self.smtp is None or self.smtp.sock is None or self.used >= self.per_connection:
            self.close()
            self.login()
        self.used += 1

    def _clear(self, code: int) -> None:
        """After a refusal: a clean start for the next message."""
        if code in (CLOSING, OUT_OF_STEP):
            self.reset()
        else:
            self.smtp.rset()

    def reset(self) -> None:
        """Drop the connection without a word."""
        if self.smtp is not None:
            self.smtp.close()
        self.smtp, self.used = None, 0

    def close(self) -> None:
        """Take leave of the relay, if it still listens."""
        with suppress(OSError):  # it may have hung up already
            super().close()
        self.reset()


def _kind(phase: str, code: int) -> Kind:
    if phase == "connect":
        return "down"
    if code < 400:  # noqa: PLR2004 - no answer to the last thing we said
        return "unsure" if phase == "data" else "retry"
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
    )
