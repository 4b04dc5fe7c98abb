"""E-mails round every meeting: the preparation, the look back, and a new date (SES)."""

from datetime import date
from typing import ClassVar, Self

from framework.people import Role
from notifications.email import Email


class MeetingPreparation(Email):
    """Asks the mentee for a few notes before a meeting (SES-M01, SES-M02)."""

    phase: ClassVar[str] = "meetings"
    name: ClassVar[str] = "meeting_preparation"
    pressing: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.MENTEE,)
    reason: ClassVar[str] = "You receive this e-mail because you take part in this programme."

    partner: str
    on: date

    @classmethod
    def sample(cls) -> Self:
        """Siobhán meets Yusuf in four days."""
        return cls(given_name="Siobhán", partner="Yusuf Demir", on=date(2027, 6, 10))


class PreparationShared(Email):
    """Gives the mentor the way to the mentee's notes, which are not in the mail itself (SES-M03, LEG-26)."""

    phase: ClassVar[str] = "meetings"
    name: ClassVar[str] = "preparation_shared"
    pressing: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR,)
    reason: ClassVar[str] = "You receive this e-mail because you take part in this programme."

    partner: str
    on: date

    @classmethod
    def sample(cls) -> Self:
        """Siobhán has made notes for Yusuf."""
        return cls(given_name="Yusuf", partner="Siobhán Byrne", on=date(2027, 6, 10))


class MeetingLog(Email):
    """Asks the mentee whether the meeting took place, and what it brought (SES-M05)."""

    phase: ClassVar[str] = "meetings"
    name: ClassVar[str] = "meeting_log"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTEE,)
    reason: ClassVar[str] = "You receive this e-mail because you take part in this programme."

    partner: str
    on: date

    @classmethod
    def sample(cls) -> Self:
        """Siobhán looks back on the meeting."""
        return cls(given_name="Siobhán", partner="Yusuf Demir", on=date(2027, 6, 10))


class MentorReflection(Email):
    """Offers the mentor a moment for notes of his or her own; free (SES-M04, LEG-26)."""

    phase: ClassVar[str] = "meetings"
    name: ClassVar[str] = "mentor_reflection"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR,)
    reason: ClassVar[str] = "You receive this e-mail because you take part in this programme."

    partner: str
    on: date

    @classmethod
    def sample(cls) -> Self:
        """Yusuf may look back on the meeting."""
        return cls(given_name="Yusuf", partner="Siobhán Byrne", on=date(2027, 6, 10))


class MeetingMissed(Email):
    """Helps both to a new date after a meeting that did not take place, or that nobody confirmed (SES-M06)."""

    phase: ClassVar[str] = "meetings"
    name: ClassVar[str] = "meeting_missed"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = "You receive this e-mail because you take part in this programme."

    partner: str
    on: date

    @classmethod
    def sample(cls) -> Self:
        """Mateo and Ingrid look for a new date."""
        return cls(given_name="Mateo", partner="Ingrid Solberg", on=date(2027, 7, 8))


class TookPlace(Email):
    """Asks the mentee one thing about a planned meeting of which nobody said that it took place (CAP-165, SES-M06)."""

    phase: ClassVar[str] = "meetings"
    name: ClassVar[str] = "took_place"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTEE,)
    reason: ClassVar[str] = "You receive this e-mail because you take part in this programme."

    partner: str
    on: date

    @classmethod
    def sample(cls) -> Self:
        """Siobhán and Yusuf were to meet."""
        return cls(given_name="Siobhán", partner="Yusuf Demir", on=date(2027, 6, 10))


class HelpAsked(Email):
    """Tells the coordinator who asked for help, and never what about (CAP-153, SUP-M04). `soon`: today if possible."""

    phase: ClassVar[str] = "meetings"
    name: ClassVar[str] = "help_asked"
    alone: ClassVar[bool] = True
    pressing: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.COORDINATOR,)
    reason: ClassVar[str] = "You receive this e-mail because you coordinate this programme."

    who: str
    soon: bool

    @classmethod
    def sample(cls) -> Self:
        """Ingrid hopes to be heard today."""
        return cls(given_name="Els", who="Ingrid Solberg", soon=True)


class HelpReminder(Email):
    """Somebody still waits to be helped; other words each time. `number` counts the reminders from 1 (CAP-153)."""

    phase: ClassVar[str] = "meetings"
    name: ClassVar[str] = "help_reminder"
    latest_only: ClassVar[bool] = True
    pressing: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.COORDINATOR,)
    reason: ClassVar[str] = "You receive this e-mail because you coordinate this programme."

    who: str
    since: date
    number: int

    @classmethod
    def sample(cls) -> Self:
        """The first reminder about Ingrid."""
        return cls(given_name="Els", who="Ingrid Solberg", since=date(2027, 6, 10), number=1)


class HelpDeputy(Email):
    """Tells the deputy that somebody has waited too long to be helped (CAP-153)."""

    phase: ClassVar[str] = "meetings"
    name: ClassVar[str] = "help_deputy"
    alone: ClassVar[bool] = True
    pressing: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.COORDINATOR,)
    reason: ClassVar[str] = "You receive this e-mail because you coordinate this programme."

    who: str
    since: date

    @classmethod
    def sample(cls) -> Self:
        """Ingrid has waited for four working days."""
        return cls(given_name="Margarida", who="Ingrid Solberg", since=date(2027, 6, 10))
