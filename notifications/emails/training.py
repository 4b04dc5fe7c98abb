"""E-mails about the training: the invitation, the place, what comes with it, and a new date (TRN)."""

from datetime import date, datetime
from typing import ClassVar, Self
from zoneinfo import ZoneInfo

from framework.people import Role
from notifications.email import Appointment, Email


class TrainingInvitation(Email):
    """Asks for a date, and tells what the training is about (TRN-M01).

    `topics` are titles as they stand in the catalogues; `hours` is the length of one training.
    """

    phase: ClassVar[str] = "training"
    name: ClassVar[str] = "training_invitation"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = "You receive this e-mail because you take part in this programme."

    topics: tuple[str, ...]
    hours: int
    closes_on: date

    @classmethod
    def sample(cls) -> Self:
        """Amina chooses between two dates."""
        return cls(
            given_name="Amina",
            topics=(
                "What mentoring is, and what it is not",
                "What it takes to do well as %(mentor)s or as %(mentee)s",
                "What you agree with each other",
            ),
            hours=4,
            closes_on=date(2027, 3, 12),
        )


class TrainingRelease(Email):
    """Asks the line manager for working time for the training: who and how long, and no more (TRN-M02)."""

    phase: ClassVar[str] = "training"
    name: ClassVar[str] = "training_release"
    to: ClassVar[tuple[Role, ...]] = (Role.LINE_MANAGER,)
    reason: ClassVar[str] = "You receive this e-mail because someone in your team takes part in this programme."

    report: str
    hours: int

    @classmethod
    def sample(cls) -> Self:
        """Four hours for Amina."""
        return cls(given_name="Tomasz", report="Amina Haddad", hours=4)


class TrainingPlace(Email):
    """Tells which training someone has a place in; a calendar entry goes with it (TRN-M01)."""

    phase: ClassVar[str] = "training"
    name: ClassVar[str] = "training_place"
    alone: ClassVar[bool] = True
    pressing: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = "You receive this e-mail because you take part in this programme."

    on: date
    place: str
    hours: int

    @classmethod
    def sample(cls) -> Self:
        """A place in the morning in Mechelen, with the calendar entry."""
        return cls(
            given_name="Priya",
            on=date(2027, 3, 23),
            place="Dijle room, Mechelen",
            hours=4,
            appointment=Appointment(
                uid="sample-training-place",
                title="Training",
                starts_at=datetime(2027, 3, 23, 9, 0, tzinfo=ZoneInfo("Europe/Brussels")),
                minutes=240,
                place="Dijle room, Mechelen",
            ),
        )


class TrainingReminder(Email):
    """Reminds of the training, with two questions to think about beforehand (TRN-M03)."""

    phase: ClassVar[str] = "training"
    name: ClassVar[str] = "training_reminder"
    pressing: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = "You receive this e-mail because you take part in this programme."

    on: date
    place: str

    @classmethod
    def sample(cls) -> Self:
        """The training is on Tuesday."""
        return cls(
            given_name="Oluwaseun",
            on=date(2027, 3, 23),
            place="Dijle room, Mechelen",
            appointment=TrainingPlace.sample().appointment,
        )


class TrainingDocuments(Email):
    """Thanks for coming, and tells which forms there are and when each of them comes (TRN-M04, TRN-M07)."""

    phase: ClassVar[str] = "training"
    name: ClassVar[str] = "training_documents"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = "You receive this e-mail because you take part in this programme."

    @classmethod
    def sample(cls) -> Self:
        """Wei has followed the training."""
        return cls(given_name="Wei")


class TrainingRebook(Email):
    """Asks someone who was absent for another date, without blame (TRN-M05)."""

    phase: ClassVar[str] = "training"
    name: ClassVar[str] = "training_rebook"
    pressing: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = "You receive this e-mail because you take part in this programme."

    closes_on: date

    @classmethod
    def sample(cls) -> Self:
        """Zoë could not come."""
        return cls(given_name="Zoë", closes_on=date(2027, 4, 2))


class TrainingEvaluation(Email):
    """Asks who was at the training what it was worth (TRN-M07, CAP-114)."""

    phase: ClassVar[str] = "training"
    name: ClassVar[str] = "training_evaluation"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = "You receive this e-mail because you take part in this programme."

    closes_on: date

    @classmethod
    def sample(cls) -> Self:
        """Wei looks back on the training."""
        return cls(given_name="Wei", closes_on=date(2027, 4, 2))
