"""E-mails of recruitment: the programme is explained before anyone is asked, and nobody is pressed (REC-01, REC-10)."""

from datetime import date
from typing import ClassVar, Self

from framework.people import Role
from notifications.email import Email

TARGET = "You receive this e-mail because this programme is meant for colleagues like you."


class ProgrammeAnnouncement(Email):
    """Tells the target group what is coming, why and how (COM-M01); asks nothing yet."""

    phase: ClassVar[str] = "recruitment"
    name: ClassVar[str] = "programme_announcement"
    campaign: ClassVar[bool] = True
    alone: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = TARGET

    calls_on: date

    @classmethod
    def sample(cls) -> Self:
        """The calls go out a week later."""
        return cls(given_name="Zoë", calls_on=date(2027, 2, 1))


class ManagerBriefing(Email):
    """Tells line managers what is coming, and what their part is (COM-M03). `hours`: of a mentor, in a month."""

    phase: ClassVar[str] = "recruitment"
    name: ClassVar[str] = "manager_briefing"
    to: ClassVar[tuple[Role, ...]] = (Role.LINE_MANAGER,)
    reason: ClassVar[str] = "You receive this e-mail because you lead a team at %(company)s."

    calls_on: date
    hours: int

    @classmethod
    def sample(cls) -> Self:
        """Three hours a month."""
        return cls(given_name="Karim", calls_on=date(2027, 2, 1), hours=3)


class MentorCall(Email):
    """Asks experienced colleagues whether they want to be a mentor (REC-M01). `hours`: in a month."""

    phase: ClassVar[str] = "recruitment"
    name: ClassVar[str] = "mentor_call"
    campaign: ClassVar[bool] = True
    alone: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR,)
    reason: ClassVar[str] = TARGET

    closes_on: date
    hours: int

    @classmethod
    def sample(cls) -> Self:
        """Three hours a month."""
        return cls(given_name="Godelieve", closes_on=date(2027, 2, 22), hours=3)


class MenteeCall(Email):
    """Asks colleagues whether they would like to have a mentor (REC-M02)."""

    phase: ClassVar[str] = "recruitment"
    name: ClassVar[str] = "mentee_call"
    campaign: ClassVar[bool] = True
    alone: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.MENTEE,)
    reason: ClassVar[str] = TARGET

    closes_on: date

    @classmethod
    def sample(cls) -> Self:
        """Three weeks to answer."""
        return cls(given_name="Zoë", closes_on=date(2027, 2, 22))


class ApplicationReceived(Email):
    """Thanks for an application, and says what happens next (REC-M05)."""

    phase: ClassVar[str] = "recruitment"
    name: ClassVar[str] = "application_received"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = "You receive this e-mail because you applied."

    role: Role
    decided_on: date

    @classmethod
    def sample(cls) -> Self:
        """A mentee applied."""
        return cls(given_name="Zoë", role=Role.MENTEE, decided_on=date(2027, 3, 15))


class Nomination(Email):
    """Asks line managers whom they would think of: they know their people best (REC-03, REC-M03)."""

    phase: ClassVar[str] = "recruitment"
    name: ClassVar[str] = "nomination"
    to: ClassVar[tuple[Role, ...]] = (Role.LINE_MANAGER,)
    reason: ClassVar[str] = "You receive this e-mail because you lead a team at %(company)s."

    closes_on: date

    @classmethod
    def sample(cls) -> Self:
        """Karim may think of colleagues for two weeks."""
        return cls(given_name="Karim", closes_on=date(2027, 2, 15))


class Nominated(Email):
    """Tells somebody that a colleague thought of him or her, without any obligation (REC-M04, LEG-04)."""

    phase: ClassVar[str] = "recruitment"
    name: ClassVar[str] = "nominated"
    campaign: ClassVar[bool] = True
    alone: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = "You receive this e-mail because somebody who knows your work thought of you."

    role: Role
    closes_on: date

    @classmethod
    def sample(cls) -> Self:
        """Somebody sees a mentor in Godelieve."""
        return cls(given_name="Godelieve", role=Role.MENTOR, closes_on=date(2027, 3, 1))


class NominationUnclear(Email):
    """Tells who named colleagues that it is not sure who some of them are; `people` says how many."""

    phase: ClassVar[str] = "recruitment"
    name: ClassVar[str] = "nomination_unclear"
    to: ClassVar[tuple[Role, ...]] = (Role.LINE_MANAGER,)
    reason: ClassVar[str] = "You receive this e-mail because you named colleagues for this programme."

    people: int
    closes_on: date

    @classmethod
    def sample(cls) -> Self:
        """Two of the names are not on the list of colleagues."""
        return cls(given_name="Karim", people=2, closes_on=date(2027, 2, 15))
