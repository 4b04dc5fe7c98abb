"""E-mails of selection: who is chosen, and why others are not, told before the news is public (SEL-02)."""

from datetime import date
from typing import ClassVar, Literal, Self

from framework.people import Role
from notifications.email import Email

APPLIED = "You receive this e-mail because you applied."
LEADS = "You receive this e-mail because someone in your team wants to take part."


class ProfileRequest(Email):
    """Asks a line manager about a candidate (SEL-M01)."""

    phase: ClassVar[str] = "selection"
    name: ClassVar[str] = "profile_request"
    to: ClassVar[tuple[Role, ...]] = (Role.LINE_MANAGER,)
    reason: ClassVar[str] = LEADS

    candidate: str
    closes_on: date

    @classmethod
    def sample(cls) -> Self:
        """About Godelieve."""
        return cls(given_name="Karim", candidate="Godelieve Maes", closes_on=date(2027, 3, 5))


class MenteeProfileRequest(Email):
    """Asks a line manager about somebody in the team who would like to have a mentor (SEL-M01, SEL-PM)."""

    phase: ClassVar[str] = "selection"
    name: ClassVar[str] = "mentee_profile_request"
    to: ClassVar[tuple[Role, ...]] = (Role.LINE_MANAGER,)
    reason: ClassVar[str] = LEADS

    candidate: str
    closes_on: date

    @classmethod
    def sample(cls) -> Self:
        """About Amina."""
        return cls(given_name="Karim", candidate="Amina Haddad", closes_on=date(2027, 3, 5))


class MentorInvitation(Email):
    """Invites a chosen mentor, who may still say no (SEL-M02, SEL-10). `hours`: in a month."""

    phase: ClassVar[str] = "selection"
    name: ClassVar[str] = "mentor_invitation"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR,)
    reason: ClassVar[str] = APPLIED

    closes_on: date
    hours: int

    @classmethod
    def sample(cls) -> Self:
        """Three hours a month."""
        return cls(given_name="Godelieve", closes_on=date(2027, 3, 15), hours=3)


class MentorRelease(Email):
    """Asks the line manager of a chosen mentor to make time (SEL-M03). `hours`: in a month."""

    phase: ClassVar[str] = "selection"
    name: ClassVar[str] = "mentor_release"
    to: ClassVar[tuple[Role, ...]] = (Role.LINE_MANAGER,)
    reason: ClassVar[str] = "You receive this e-mail because someone in your team takes part."

    candidate: str
    hours: int

    @classmethod
    def sample(cls) -> Self:
        """Three hours a month for Godelieve."""
        return cls(given_name="Karim", candidate="Godelieve Maes", hours=3)


class MenteeSelected(Email):
    """Tells a chosen mentee what comes next (SEL-M06)."""

    phase: ClassVar[str] = "selection"
    name: ClassVar[str] = "mentee_selected"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTEE,)
    reason: ClassVar[str] = APPLIED

    next_on: date

    @classmethod
    def sample(cls) -> Self:
        """Proposals follow two weeks later."""
        return cls(given_name="Zoë", next_on=date(2027, 3, 24))


class NotSelected(Email):
    """Tells an applicant that it is no this time, and why, in the coordinator's words (SEL-M04, SEL-M07)."""

    phase: ClassVar[str] = "selection"
    name: ClassVar[str] = "not_selected"
    twice: ClassVar[Literal["resend", "hold"]] = "hold"
    alone: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = APPLIED

    role: Role
    why: str

    @classmethod
    def sample(cls) -> Self:
        """There were fewer mentors than applicants."""
        why = "There were more applications than places. I gave way to colleagues whose job changes this spring."
        return cls(given_name="Amina", role=Role.MENTEE, why=why)


class SelectedLater(Email):
    """Tells a promising mentor: not yet, with a plan (SEL-M05, CAP-078). `why`: the coordinator's words."""

    phase: ClassVar[str] = "selection"
    name: ClassVar[str] = "selected_later"
    twice: ClassVar[Literal["resend", "hold"]] = "hold"
    alone: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR,)
    reason: ClassVar[str] = APPLIED

    why: str

    @classmethod
    def sample(cls) -> Self:
        """A little more experience first."""
        why = "You know the work well. A year of guiding trainees will make you stronger."
        return cls(given_name="Pieter", why=why)


class PoolShortage(Email):
    """Warns the coordinator that there are more mentees than places (SEL-M09, SEL-11).

    `places`: how many mentees these mentors can guide together.
    """

    phase: ClassVar[str] = "selection"
    name: ClassVar[str] = "pool_shortage"
    to: ClassVar[tuple[Role, ...]] = (Role.COORDINATOR,)
    reason: ClassVar[str] = "You receive this e-mail because you coordinate this programme."

    mentors: int
    places: int
    mentees: int

    @classmethod
    def sample(cls) -> Self:
        """Nine places for fourteen mentees."""
        return cls(given_name="Els", mentors=6, places=9, mentees=14)
