"""E-mails of matching: both sides are asked, and a no is nobody's fault."""

from datetime import UTC, date, datetime
from typing import ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict

from framework.people import Role
from framework.visibility import Visibility
from notifications.email import Appointment, Email

TAKES_PART = "You receive this e-mail because you take part in this programme."
Why = Literal["goal", "ambitions", "experience", "interests", "language", "site", "channel", "availability", "style"]
"""The factors that a mail may name; never `preference`: who asked for whom is not told (MAT-Q14)."""


Way = Literal["proposed", "picked", "reverse"]
Part = Literal["mentor", "mentee", "peer"]


class PairingMentor(Email):
    """Asks a mentor whether a proposed mentee suits (MAT-M04). `goal`: the mentee's own words.

    `way`: proposed, picked by the mentee, or with the years turned round. `tongue`: the language of the talks, where
    this is one of two mentors (CAP-092).
    """

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
    way: Way = "proposed"
    tongue: str = ""

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

    `reasons` are codes of the weights; `way` and `tongue` are as in `PairingMentor`.
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
    way: Way = "proposed"
    tongue: str = ""

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
    """Tells both sides that a proposal does not go on; not who said no, nor why (MAT-M06).

    `partner` is named where the reader was asked about one person; empty for a group.
    """

    phase: ClassVar[str] = "matching"
    name: ClassVar[str] = "pairing_declined"
    twice: ClassVar[Literal["resend", "hold"]] = "hold"
    alone: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = TAKES_PART

    partner: str = ""

    @classmethod
    def sample(cls) -> Self:
        """To Zoë."""
        return cls(given_name="Zoë", partner="Godelieve Maes")


class Introduction(Email):
    """Brings two people together, with the first steps and a time to begin with (MAT-M07).

    `own_role`: what the reader is in the pair. The `appointment` proposes a time; it tells nobody whom one meets.
    """

    phase: ClassVar[str] = "matching"
    name: ClassVar[str] = "introduction"
    alone: ClassVar[bool] = True
    pressing: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = TAKES_PART

    partner: str
    partner_title: str
    partner_email: str
    own_role: Part
    first_on: date
    tongue: str = ""

    @classmethod
    def sample(cls) -> Self:
        """Zoë meets Godelieve."""
        return cls(
            given_name="Zoë",
            partner="Godelieve Maes",
            partner_title="Head of planning",
            partner_email="godelieve.maes@vanaelst.example",
            own_role="mentee",
            first_on=date(2027, 4, 26),
            appointment=Appointment(
                uid="first-talk-7@kompas-2027.baken",
                title="Kompas 2027",
                zone="Europe/Brussels",
                starts_at=datetime(2027, 4, 26, 8, tzinfo=UTC),
                minutes=60,
                made_on=date(2027, 4, 5),
            ),
        )


class IntroductionLineManager(Email):
    """Tells the line manager who the pair is, and nothing of what they talk about (MAT-M07, LEG-08).

    `group`: it is no pair, but a group with this mentor.
    """

    phase: ClassVar[str] = "matching"
    name: ClassVar[str] = "introduction_line_manager"
    to: ClassVar[tuple[Role, ...]] = (Role.LINE_MANAGER,)
    reason: ClassVar[str] = "You receive this e-mail because someone in your team takes part."

    report: str
    partner: str
    ends_on: date
    group: bool = False

    @classmethod
    def sample(cls) -> Self:
        """Zoë's manager hears of Godelieve."""
        return cls(given_name="Karim", report="Zoë Łukasz", partner="Godelieve Maes", ends_on=date(2028, 4, 26))


Lack = Literal["", "no_mentors", "nobody_allowed", "places_taken"]
"""What there is not for who waits; empty where there is nothing to say about it."""


class WaitingList(Email):
    """Tells a mentee that there is no mentor yet, and where she or he stands (MAT-M12); an equal, that nobody fits.

    `why` is one word for each kind of reason: what somebody asked in private is told like any rule (CAP-107).
    """

    phase: ClassVar[str] = "matching"
    name: ClassVar[str] = "waiting_list"
    latest_only: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.MENTEE, Role.MENTOR)
    reason: ClassVar[str] = TAKES_PART

    position: int
    equals: bool = False
    why: Lack = ""

    @classmethod
    def sample(cls) -> Self:
        """Second in the row."""
        return cls(given_name="Amina", position=2, why="places_taken")


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


Regime = Literal["mutual", "mentee_picks"]


class ChooseMentors(Email):
    """Invites a mentee to put mentors in order (MAT-M03). `people`: how many there are; `most`: the longest list."""

    phase: ClassVar[str] = "matching"
    name: ClassVar[str] = "choose_mentors"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTEE,)
    reason: ClassVar[str] = TAKES_PART

    people: int
    most: int
    regime: Regime
    closes_on: date

    @classmethod
    def sample(cls) -> Self:
        """Zoë may choose among twelve."""
        return cls(given_name="Zoë", people=12, most=5, regime="mentee_picks", closes_on=date(2027, 4, 2))


class ChooseMentees(Email):
    """Invites a mentor to put mentees in order, where both sides choose (MAT-04, MAT-M03)."""

    phase: ClassVar[str] = "matching"
    name: ClassVar[str] = "choose_mentees"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR,)
    reason: ClassVar[str] = TAKES_PART

    people: int
    most: int
    closes_on: date

    @classmethod
    def sample(cls) -> Self:
        """Godelieve may choose among nine."""
        return cls(given_name="Godelieve", people=9, most=5, closes_on=date(2027, 4, 2))


class WishPassed(Email):
    """Tells a mentee that a wish did not come true; not whether that was a no, silence or a full house (MAT-M06).

    `more`: the next on the list is asked; otherwise the list is at its end.
    """

    phase: ClassVar[str] = "matching"
    name: ClassVar[str] = "wish_passed"
    twice: ClassVar[Literal["resend", "hold"]] = "hold"
    alone: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.MENTEE,)
    reason: ClassVar[str] = TAKES_PART

    more: bool

    @classmethod
    def sample(cls) -> Self:
        """Zoë's next choice is asked."""
        return cls(given_name="Zoë", more=True)


class Contact(BaseModel):
    """A colleague who is open to a talk, as the roster knows her or him."""

    model_config = ConfigDict(frozen=True)

    name: str
    title: str
    department: str
    site: str
    email: str
