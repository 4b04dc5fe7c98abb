"""E-mails of matching: both sides are asked, and a no is nobody's fault."""

from datetime import date
from typing import ClassVar, Literal, Self

from framework.people import Role
from framework.visibility import Visibility
from notifications.email import Email

TAKES_PART = "You receive this e-mail because you take part in this programme."
Why = Literal["goal", "ambitions", "experience", "interests", "language", "site", "channel"]


class PairingMentor(Email):
    """Asks a mentor whether a proposed mentee suits (MAT-M04). `goal`: the mentee's own words."""

    phase: ClassVar[str] = "matching"
    name: ClassVar[str] = "pairing_mentor"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR,)
    reason: ClassVar[str] = TAKES_PART
    holds: ClassVar[frozenset[Visibility]] = frozenset({Visibility.CONTENT})

    partner: str
    partner_title: str
    partner_department: str
    goal: str
    closes_on: date

    @classmethod
    def sample(cls) -> Self:
        """Zoë would like to lead a team."""
        return cls(
            given_name="Godelieve",
            partner="Zoë Łukasz",
            partner_title="Project engineer",
            partner_department="Design",
            goal="I will lead a small team from May on.\nI want to learn how to give feedback that helps.",
            closes_on=date(2027, 4, 2),
        )


class PairingMentee(Email):
    """Asks a mentee whether a proposed mentor suits, and says why this one (MAT-12).

    `reasons` are codes of the weights.
    """

    phase: ClassVar[str] = "matching"
    name: ClassVar[str] = "pairing_mentee"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTEE,)
    reason: ClassVar[str] = TAKES_PART

    partner: str
    partner_title: str
    partner_department: str
    reasons: tuple[Why, ...]
    closes_on: date

    @classmethod
    def sample(cls) -> Self:
        """Godelieve, for her experience."""
        return cls(
            given_name="Zoë",
            partner="Godelieve Maes",
            partner_title="Head of planning",
            partner_department="Operations",
            reasons=("goal", "experience", "language"),
            closes_on=date(2027, 4, 2),
        )


class PairingDeclined(Email):
    """Tells both sides that a proposal does not go on; not who said no, nor why (MAT-M06)."""

    phase: ClassVar[str] = "matching"
    name: ClassVar[str] = "pairing_declined"
    twice: ClassVar[Literal["resend", "hold"]] = "hold"
    alone: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = TAKES_PART

    @classmethod
    def sample(cls) -> Self:
        """To Zoë."""
        return cls(given_name="Zoë")


class Introduction(Email):
    """Brings two people together, with the first steps (MAT-M07). `own_role`: what the reader is in the pair."""

    phase: ClassVar[str] = "matching"
    name: ClassVar[str] = "introduction"
    alone: ClassVar[bool] = True
    pressing: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = TAKES_PART

    partner: str
    partner_title: str
    partner_email: str
    own_role: Role
    first_on: date

    @classmethod
    def sample(cls) -> Self:
        """Zoë meets Godelieve."""
        return cls(
            given_name="Zoë",
            partner="Godelieve Maes",
            partner_title="Head of planning",
            partner_email="godelieve.maes@vanaelst.example",
            own_role=Role.MENTEE,
            first_on=date(2027, 4, 26),
        )


class IntroductionLineManager(Email):
    """Tells the line manager who the pair is, and nothing of what they talk about (MAT-M07, LEG-08)."""

    phase: ClassVar[str] = "matching"
    name: ClassVar[str] = "introduction_line_manager"
    to: ClassVar[tuple[Role, ...]] = (Role.LINE_MANAGER,)
    reason: ClassVar[str] = "You receive this e-mail because someone in your team takes part."

    report: str
    partner: str
    ends_on: date

    @classmethod
    def sample(cls) -> Self:
        """Zoë's manager hears of Godelieve."""
        return cls(given_name="Karim", report="Zoë Łukasz", partner="Godelieve Maes", ends_on=date(2028, 4, 26))


class WaitingList(Email):
    """Tells a mentee that there is no mentor yet, and where she or he stands (MAT-M12)."""

    phase: ClassVar[str] = "matching"
    name: ClassVar[str] = "waiting_list"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTEE,)
    reason: ClassVar[str] = TAKES_PART

    position: int

    @classmethod
    def sample(cls) -> Self:
        """Second in the row."""
        return cls(given_name="Amina", position=2)


class PartnerLeft(Email):
    """Tells that the other one is no longer there; not why (CAP-204)."""

    phase: ClassVar[str] = "matching"
    name: ClassVar[str] = "partner_left"
    twice: ClassVar[Literal["resend", "hold"]] = "hold"
    alone: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = TAKES_PART

    partner: str

    @classmethod
    def sample(cls) -> Self:
        """Godelieve has gone."""
        return cls(given_name="Zoë", partner="Godelieve Maes")


class RematchStarted(Email):
    """Ends a pair without blame, and announces the next proposal (MAT-M10, CAP-100)."""

    phase: ClassVar[str] = "matching"
    name: ClassVar[str] = "rematch_started"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = TAKES_PART

    @classmethod
    def sample(cls) -> Self:
        """To Zoë."""
        return cls(given_name="Zoë")
