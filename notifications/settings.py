"""How mail leaves the house: `BAKEN_SMTP_*` and `BAKEN_MAIL_*` in the environment, and where bounces come back."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class MailSettings(BaseSettings):
    """The mail relay. Without `smtp_host` nothing is sent: messages wait in the outbox.

    `smtp_security` is `starttls` (the default), `ssl`, or `none`; the last goes to this machine alone, without a
    password. `smtp_cafile` names a file of certificates to trust, for a relay that the company signed itself.

    `smtp_token_command` is a command line that prints an OAuth2 access token; it takes the place of a password and is
    run anew for each login, for at most 30 seconds. No shell reads it.

    `smtp_connections` is how many connections to the relay are open at once. `smtp_per_minute` is the most messages a
    minute that the relay takes from us, all connections together, and `smtp_domain_per_minute` the most to one domain
    of recipients; 0 is no limit.

    `mail_unsure` says what becomes of a message of which nobody knows whether it arrived: `resend`, `hold` until there
    is evidence, or `class`, as each kind of e-mail says for itself.

    `bounce_address` is a mailbox for what could not be delivered. `bounce@example.org` makes each message leave from an
    address of its own, `bounce+<tag>@example.org`, so that a report that comes back tells which message it is about;
    the mailbox must accept such addresses. Empty: reports go to the address in `mail_from`.
    """

    model_config = SettingsConfigDict(env_prefix="BAKEN_", env_ignore_empty=True)

    smtp_host: str = ""
    smtp_port: int = Field(default=25, ge=1, le=65535)
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_token_command: str = ""
    smtp_security: Literal["starttls", "ssl", "none"] = "starttls"
    smtp_cafile: Path | None = None
    smtp_connections: int = Field(default=1, ge=1, le=16)
    smtp_per_minute: int = Field(default=0, ge=0)
    smtp_domain_per_minute: int = Field(default=0, ge=0)
    mail_from: str = "Baken <baken@localhost.localdomain>"
    mail_unsure: Literal["class", "resend", "hold"] = "class"
    bounce_address: str = Field(default="", pattern=r"^([!#-;=?A-Z^-~\[\]]+@[A-Za-z0-9.-]+)?$")


def mail_settings() -> MailSettings:
    """The settings as the environment has them now."""
    return MailSettings()
