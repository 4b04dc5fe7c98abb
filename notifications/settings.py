"""How mail leaves the house: `BAKEN_SMTP_*` and `BAKEN_MAIL_FROM` in the environment."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class MailSettings(BaseSettings):
    """The mail relay. Without `smtp_host` nothing is sent: messages wait in the outbox.

    `smtp_security` is `starttls` (the default), `ssl`, or `none`; the last goes to this machine alone, without a
    password. `smtp_cafile` names a file of certificates to trust, for a relay that the company signed itself.
    """

    model_config = SettingsConfigDict(env_prefix="BAKEN_", env_ignore_empty=True)

    smtp_host: str = ""
    smtp_port: int = Field(default=25, ge=1, le=65535)
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_security: Literal["starttls", "ssl", "none"] = "starttls"
    smtp_cafile: Path | None = None
    mail_from: str = "Baken <baken@localhost.localdomain>"


def mail_settings() -> MailSettings:
    """The settings as the environment has them now."""
    return MailSettings()
