"""How mail behaves: the states of a message, each with a clock, and a programme's own manners.

Nothing here reads the clock: days are dates in the programme's time zone, hours are those of the recipient.
"""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from random import Random
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from framework.people import Role


class DeliveryStatus(StrEnum):
    """Where a message stands.

    `draft`: part of a mailing larger than expected, until a person releases it. `held`: no mailbox, to be printed.
    `queued`: due from its day on. `leased`: taken by a sender. `sending`: its text may be on its way. `sent`: the relay
    accepted it. `printed`: handed over on paper. `unsure`: the text went out, and no answer came. `refused`: the relay
    or the recipient's server does not want it. `dead`: given up. `cancelled`: no longer needed. `bundled`: goes inside
    another message to the same person.
    """

    DRAFT = "draft"
    HELD = "held"
    QUEUED = "queued"
    LEASED = "leased"
    SENDING = "sending"
    SENT = "sent"
    PRINTED = "printed"
    UNSURE = "unsure"
    REFUSED = "refused"
    DEAD = "dead"
    CANCELLED = "cancelled"
    BUNDLED = "bundled"


_S = DeliveryStatus

MOVES: dict[DeliveryStatus, frozenset[DeliveryStatus]] = {
    _S.DRAFT: frozenset({_S.QUEUED, _S.HELD, _S.CANCELLED}),
    _S.HELD: frozenset({_S.QUEUED, _S.PRINTED, _S.CANCELLED}),
    _S.QUEUED: frozenset({_S.DRAFT, _S.HELD, _S.LEASED, _S.BUNDLED, _S.REFUSED, _S.CANCELLED}),
    _S.LEASED: frozenset({_S.QUEUED, _S.HELD, _S.SENDING, _S.REFUSED, _S.DEAD}),
    _S.BUNDLED: frozenset({_S.QUEUED, _S.SENT, _S.REFUSED, _S.UNSURE, _S.DEAD, _S.CANCELLED}),
    _S.SENDING: frozenset({_S.QUEUED, _S.SENT, _S.UNSURE, _S.REFUSED, _S.DEAD}),
    _S.UNSURE: frozenset({_S.QUEUED, _S.SENT, _S.REFUSED, _S.DEAD}),
    _S.SENT: frozenset({_S.REFUSED}),  # a bounce came back
    _S.REFUSED: frozenset({_S.QUEUED, _S.HELD, _S.CANCELLED}),
    _S.DEAD: frozenset({_S.QUEUED, _S.CANCELLED}),
    _S.PRINTED: frozenset(),
    _S.CANCELLED: frozenset(),
}
"""Every move that a message may make; whatever is not here does not happen."""

OPEN = (_S.QUEUED, _S.LEASED, _S.SENDING)


@dataclass(frozen=True, slots=True)
class Clock:
    """Who minds a message that waits in a state, after how many days they hear of it, and what happens by default."""

    owner: Role
    days: int
    then: str


CLOCKS: dict[DeliveryStatus, Clock] = {
    _S.DRAFT: Clock(Role.COORDINATOR, 0, "told at once, and again each week; cancelled when its question closes"),
    _S.HELD: Clock(Role.COORDINATOR, 1, "told to print it, and again each week; cancelled when its question closes"),
    _S.QUEUED: Clock(Role.OPERATOR, 2, "dead after 48 hours of refusals; a relay that is down costs nothing"),
    _S.LEASED: Clock(Role.OPERATOR, 0, "queued again when its sender has been silent for the length of its lease"),
    _S.BUNDLED: Clock(Role.OPERATOR, 0, "ends as its carrier does; waits by itself when that one is called off"),
    _S.SENDING: Clock(Role.OPERATOR, 0, "queued again, or unsure, when its sender has been silent for its lease"),
    _S.UNSURE: Clock(Role.OPERATOR, 7, "dead, and shown to the coordinator, when nobody found evidence in 7 days"),
    _S.REFUSED: Clock(Role.COORDINATOR, 0, "the coordinator is told; later mail to that address is held for print"),
    _S.DEAD: Clock(Role.COORDINATOR, 0, "shown on the desk until it is sent again or cancelled"),
}
"""Every state that waits has an owner and an end (house idea 1); `sent`, `printed` and `cancelled` wait for nobody."""

GIVE_UP_SECONDS = 48 * 3600.0
BACKOFF_FIRST, BACKOFF_MOST = 60.0, 4 * 3600.0
UNSURE_DAYS = 7


def backoff(attempts: int, dice: Random) -> float:
    """Seconds until the next try after so many refusals: full jitter below a minute, then 4, 16, 64, at most 240."""
    ceiling = min(BACKOFF_FIRST * 4.0**attempts, BACKOFF_MOST)
    return dice.uniform(BACKOFF_FIRST / 2, ceiling) if attempts else dice.uniform(BACKOFF_FIRST / 2, BACKOFF_FIRST)


class AdaptedText(BaseModel, frozen=True, extra="forbid"):
    """A coordinator's own wording of one e-mail in one language.

    Paragraphs of `body` are parted by an empty line. It takes the place of the text; facts, quotes and the button stay.
    """

    subject: str = Field(default="", max_length=200)
    body: str = Field(default="", max_length=5000)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.subject.strip() or self.body.strip()):
            raise ValueError("give a subject, a body, or both")
        return self


LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2}$")]


class MailRules(BaseModel):
    """A programme's manners: the `[mail]` table of its file. Hours are those of the recipient's own clock (CAP-033)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    post_from: time = Field(default=time(7), description="No mail leaves before this hour")
    post_until: time = Field(default=time(19), description="No mail leaves from this hour on")
    working_days: tuple[int, ...] = Field(default=(1, 2, 3, 4, 5), description="1 is Monday, 7 is Sunday")
    public_holidays: bool = Field(default=True, description="Whether those of the recipient's country are days off")
    days_off: tuple[date, ...] = Field(default=(), description="The company's own days off")
    a_day: int = Field(default=2, ge=1, le=50, description="Most mails to one person a day; a bundle is one")
    a_week: int = Field(default=6, ge=1, le=200, description="Most mails to one person in seven days")
    largest_mailing: int = Field(default=500, ge=1, description="A mailing to more people waits for a person's word")
    seats: dict[str, LanguageCode] = Field(
        default={}, description="Sites whose law asks for a language: mails to people there carry it below their own"
    )
    logo: str = Field(default="", max_length=140_000, description="A PNG or JPEG file beside the programme's file")
    texts: dict[str, dict[LanguageCode, AdaptedText]] = Field(default={}, description="E-mails in own words")

    @field_validator("working_days")
    @classmethod
    def _days_of_a_week(cls, days: tuple[int, ...]) -> tuple[int, ...]:
        if not days or not set(days) <= set(range(1, 8)):
            raise ValueError("working days are numbers from 1 (Monday) to 7 (Sunday), at least one")
        return tuple(sorted(set(days)))

    @model_validator(mode="after")
    def _some_hours(self) -> Self:
        if self.post_from.tzinfo or self.post_until.tzinfo:
            raise ValueError("hours are those of the recipient: write 07:00, without a zone")
        if self.post_from >= self.post_until:
            raise ValueError("post_from must be earlier than post_until")
        if self.a_week < self.a_day:
            raise ValueError("a_week must be at least a_day")
        return self
