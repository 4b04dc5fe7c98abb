"""E-mails that follow what a coordinator does by hand: a new link, more time, and the end of taking part."""

from datetime import date
from typing import ClassVar, Self

from framework.people import Role
from notifications.email import Email


class LinkAgain(Email):
    """A new link to an open question; the one that was sent before opens nothing any more.

    `title` is the form's title as it stands in the catalogues.
    """

    phase: ClassVar[str] = "mail"
    name: ClassVar[str] = "link_again"
    latest_only: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = tuple(Role)
    reason: ClassVar[str] = "You receive this e-mail because a question to you is still open."

    title: str

    @classmethod
    def sample(cls) -> Self:
        """Lotte's half-year review, behind a new link."""
        return cls(given_name="Lotte", title="How is it going?")


class MoreTime(Email):
    """There is more time for an answer, until and with `closes_on` (COM-05)."""

    phase: ClassVar[str] = "mail"
    name: ClassVar[str] = "more_time"
    latest_only: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = tuple(Role)
    reason: ClassVar[str] = "You receive this e-mail because a question to you is still open."

    title: str
    closes_on: date

    @classmethod
    def sample(cls) -> Self:
        """A week more for Lotte."""
        return cls(given_name="Lotte", title="How is it going?", closes_on=date(2027, 4, 23))


class ParticipationEnded(Email):
    """Confirms that somebody takes part no more, in words that tell no reason (LEG-20, CAP-100)."""

    phase: ClassVar[str] = "mail"
    name: ClassVar[str] = "participation_ended"
    alone: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = "You receive this e-mail because you took part in this programme."

    @classmethod
    def sample(cls) -> Self:
        """To Lotte."""
        return cls(given_name="Lotte")


class SomebodyGone(Email):
    """Tells the coordinator that somebody was erased: neither who, nor why (LEG-20).

    `ended` says whether a pair ended by it.
    """

    phase: ClassVar[str] = "mail"
    name: ClassVar[str] = "somebody_gone"
    to: ClassVar[tuple[Role, ...]] = (Role.COORDINATOR,)
    reason: ClassVar[str] = "You receive this e-mail because you coordinate this programme."

    ended: bool

    @classmethod
    def sample(cls) -> Self:
        """To An, of a pair that ended."""
        return cls(given_name="An", ended=True)
