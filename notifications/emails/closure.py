"""E-mails about the end: looking back, the celebration, thanks and the formal close (FRE, CEL)."""

from datetime import date, datetime
from typing import ClassVar, Literal, Self
from zoneinfo import ZoneInfo

from framework.people import Role
from framework.visibility import Visibility
from notifications.email import Appointment, Email


class RelationshipEnd(Email):
    """Asks both, each apart, what mentoring has brought, at every kind of end (FRE-M01)."""

    phase: ClassVar[str] = "closure"
    name: ClassVar[str] = "relationship_end"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = "You receive this e-mail because you take part in this programme."

    partner: str
    closes_on: date

    @classmethod
    def sample(cls) -> Self:
        """Ravi looks back on a year with Ingrid."""
        return cls(given_name="Ravi", partner="Ingrid Solberg", closes_on=date(2028, 5, 12))


class CelebrationInvitation(Email):
    """Invites to the closing session; a calendar entry goes with it (CEL-M01)."""

    phase: ClassVar[str] = "closure"
    name: ClassVar[str] = "celebration_invitation"
    alone: ClassVar[bool] = True
    pressing: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = "You receive this e-mail because you take part in this programme."

    on: date
    place: str

    @classmethod
    def sample(cls) -> Self:
        """A party in Ghent, with the calendar entry."""
        return cls(
            given_name="Mateo",
            on=date(2028, 5, 25),
            place="The old mill, Ghent",
            appointment=Appointment(
                uid="sample-celebration",
                title="Closing celebration",
                starts_at=datetime(2028, 5, 25, 16, 0, tzinfo=ZoneInfo("Europe/Brussels")),
                minutes=120,
                place="The old mill, Ghent",
            ),
        )


class StoryRequest(Email):
    """Asks for a story and a word of thanks; both are free (CEL-M02, CEL-M03, LEG-29)."""

    phase: ClassVar[str] = "closure"
    name: ClassVar[str] = "story_request"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = "You receive this e-mail because you take part in this programme."

    partner: str
    closes_on: date

    @classmethod
    def sample(cls) -> Self:
        """Siobhán may tell of a moment."""
        return cls(given_name="Siobhán", partner="Yusuf Demir", closes_on=date(2028, 5, 12))


class Certificate(Email):
    """Honours a mentor or a mentee (CEL-M05, CEL-M06). `number` is what a third party may ask about."""

    phase: ClassVar[str] = "closure"
    name: ClassVar[str] = "certificate"
    twice: ClassVar[Literal["resend", "hold"]] = "hold"
    alone: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = "You receive this e-mail because you take part in this programme."

    number: str
    role: Role
    meetings: int

    @classmethod
    def sample(cls) -> Self:
        """Yusuf has been a mentor."""
        return cls(given_name="Yusuf", number="GROW-2027-014", role=Role.MENTOR, meetings=11)


class ThanksFromPartner(Email):
    """Brings the words of thanks of one to the other, for these two alone (CEL-M03, LEG-26)."""

    phase: ClassVar[str] = "closure"
    name: ClassVar[str] = "thanks_from_partner"
    twice: ClassVar[Literal["resend", "hold"]] = "hold"
    alone: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = "You receive this e-mail because you take part in this programme."
    holds: ClassVar[frozenset[Visibility]] = frozenset({Visibility.PERSONAL})

    partner: str
    words: str

    @classmethod
    def sample(cls) -> Self:
        """Siobhán thanks Yusuf."""
        return cls(
            given_name="Yusuf",
            partner="Siobhán Byrne",
            words="You asked the questions that I did not dare to ask myself.\nThank you for every cup of tea.",
        )


class FormallyEnded(Email):
    """Tells that the relation has formally ended, and when a few questions still follow (CEL-M08, LEG-31)."""

    phase: ClassVar[str] = "closure"
    name: ClassVar[str] = "formally_ended"
    alone: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = "You receive this e-mail because you take part in this programme."

    ended_on: date
    follow_ups: tuple[date, ...]

    @classmethod
    def sample(cls) -> Self:
        """The end, with four follow-ups."""
        return cls(
            given_name="Fatou",
            ended_on=date(2028, 5, 12),
            follow_ups=(date(2028, 9, 9), date(2028, 12, 9), date(2029, 3, 9), date(2029, 6, 9)),
        )


class ExitInterview(Email):
    """Asks who leaves the company, or ends early, what mentoring was worth; no answer is fine (CAP-183, FRE-M05)."""

    phase: ClassVar[str] = "closure"
    name: ClassVar[str] = "exit_interview"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = "You receive this e-mail because you took part in this programme."

    closes_on: date

    @classmethod
    def sample(cls) -> Self:
        """Mateo leaves in three weeks."""
        return cls(given_name="Mateo", closes_on=date(2027, 9, 17))
