"""The shape of every e-mail: a frozen class with typed fields, and what the layout needs beside them."""

from datetime import date, datetime
from typing import ClassVar, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator

from framework.people import Role
from framework.visibility import Visibility


class Brand(BaseModel):
    """Whose programme it is: shown in the layout of every mail and page, in the company's own words (CAP-011)."""

    model_config = ConfigDict(frozen=True)

    company: str
    programme: str
    colour: str
    coordinator_name: str
    coordinator_email: str
    mentor: str
    mentors: str
    mentee: str
    mentees: str
    logo: str = ""


class Appointment(BaseModel):
    """A calendar entry that goes with a mail. `starts_at` is an instant with its zone; `uid` never changes.

    `zone` is an IANA time zone such as Europe/Brussels: the outbox keeps the instant, and the zone says what the clock
    shows there. `made_on` dates the entry, so that a mail that is posted again brings the very same one.
    """

    model_config = ConfigDict(frozen=True)

    uid: str
    title: str
    zone: str = ""
    starts_at: datetime
    minutes: int
    place: str = ""
    sequence: int = 0
    made_on: date | None = None

    @field_validator("starts_at")
    @classmethod
    def _by_the_clock_there(cls, at: datetime, info: ValidationInfo) -> datetime:
        zone = info.data.get("zone", "")
        return at.astimezone(ZoneInfo(zone)) if zone else at


class Email(BaseModel):
    """One kind of e-mail. Subclasses name their phase, their template folder and who may get it.

    `reason` ends every mail ("You receive this because ..."); `link` is filled in when the message is built, so that no
    token lies in the outbox. `twice` says what happens when nobody knows whether it arrived: `resend` under the same
    Message-ID, or `hold` until there is evidence. `alone` is never bundled with other mails of the day. Of several that
    wait about one thing, `latest_only` sends the newest. A `campaign` reaches people who did not ask for it: they may
    say that they want no more. What is `pressing` is bound to its day, and waits for nobody's share of mails. What goes
    `at_once` was asked for by its reader this minute: it goes before all others, by itself, at any hour of any day, and
    counts in nobody's share.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    phase: ClassVar[str]
    name: ClassVar[str]
    to: ClassVar[tuple[Role, ...]]
    reason: ClassVar[str]
    holds: ClassVar[frozenset[Visibility]] = frozenset()  # classes of answers that it may contain (CAP-044)
    twice: ClassVar[Literal["resend", "hold"]] = "resend"
    alone: ClassVar[bool] = False
    latest_only: ClassVar[bool] = False
    campaign: ClassVar[bool] = False
    pressing: ClassVar[bool] = False
    at_once: ClassVar[bool] = False

    given_name: str
    link: str = ""
    appointment: Appointment | None = None

    @classmethod
    def sample(cls) -> Self:
        """An example with invented people, for the gallery and the tests."""
        raise LookupError(cls.__name__)
