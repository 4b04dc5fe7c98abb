"""E-mails of matching out of the usual order: a first talk, equals, groups, two mentors, an open pool."""

from datetime import UTC, date, datetime
from typing import ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict

from framework.people import Role
from framework.visibility import Visibility
from notifications.email import Appointment, Email
from notifications.emails.matching import TAKES_PART, Contact, Why

GODELIEVE = Contact(
    name="Godelieve Maes",
    title="Head of planning",
    department="Operations",
    site="Gent",
    email="godelieve.maes@vanaelst.example",
)
ZOE = Contact(
    name="Zoë Łukasz",
    title="Project engineer",
    department="Design",
    site="Gent",
    email="zoe.lukasz@vanaelst.example",
)


class MeetFirst(Email):
    """Invites the two of a proposal to meet before anything is settled (MAT-12, CAP-096, MAT-M02).

    `goal` is the mentee's own words, for the mentor; `reasons` are codes of the weights, for the mentee. `turned`: the
    one with fewer years is the mentor.
    """

    phase: ClassVar[str] = "matching"
    name: ClassVar[str] = "meet_first"
    alone: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = TAKES_PART
    holds: ClassVar[frozenset[Visibility]] = frozenset({Visibility.CONTENT})

    partner: str
    partner_title: str
    partner_department: str
    partner_email: str
    goal: str = ""
    reasons: tuple[Why, ...] = ()
    turned: bool = False
    closes_on: date

    @classmethod
    def sample(cls) -> Self:
        """Zoë is invited to meet Godelieve."""
        return cls(
            given_name="Zoë",
            partner=GODELIEVE.name,
            partner_title=GODELIEVE.title,
            partner_department=GODELIEVE.department,
            partner_email=GODELIEVE.email,
            reasons=("goal", "experience"),
            closes_on=date(2027, 4, 9),
        )


class PairingPeer(Email):
    """Asks each of two equals, at the same time and in the same words, whether they would learn together (PRG-08)."""

    phase: ClassVar[str] = "matching"
    name: ClassVar[str] = "pairing_peer"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = TAKES_PART

    partner: str
    partner_title: str
    partner_department: str
    reasons: tuple[Why, ...]
    closes_on: date

    @classmethod
    def sample(cls) -> Self:
        """Zoë and Godelieve could learn from each other."""
        return cls(
            given_name="Zoë",
            partner=GODELIEVE.name,
            partner_title=GODELIEVE.title,
            partner_department=GODELIEVE.department,
            reasons=("interests", "language"),
            closes_on=date(2027, 4, 2),
        )


class PairingGroupMentor(Email):
    """Asks a mentor once about a whole group: how many, and what they want to learn in their own words (CAP-103)."""

    phase: ClassVar[str] = "matching"
    name: ClassVar[str] = "pairing_group_mentor"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR,)
    reason: ClassVar[str] = TAKES_PART
    holds: ClassVar[frozenset[Visibility]] = frozenset({Visibility.CONTENT})

    people: int
    goals: tuple[str, ...]
    closes_on: date

    @classmethod
    def sample(cls) -> Self:
        """Three people would like to learn from Godelieve."""
        goals = ("I want to lead a small team.", "Dare to say no, and stay friends.")
        return cls(given_name="Godelieve", people=3, goals=goals, closes_on=date(2027, 4, 2))


class PairingGroupMentee(Email):
    """Asks a mentee whether to join a group that a mentor is ready to guide (CAP-103)."""

    phase: ClassVar[str] = "matching"
    name: ClassVar[str] = "pairing_group_mentee"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTEE,)
    reason: ClassVar[str] = TAKES_PART

    partner: str
    partner_title: str
    partner_department: str
    people: int
    closes_on: date

    @classmethod
    def sample(cls) -> Self:
        """Zoë could join the group of Godelieve."""
        return cls(
            given_name="Zoë",
            partner=GODELIEVE.name,
            partner_title=GODELIEVE.title,
            partner_department=GODELIEVE.department,
            people=4,
            closes_on=date(2027, 4, 2),
        )


class Suggested(BaseModel):
    """One of two mentors: who it is, and in which language the talks are."""

    model_config = ConfigDict(frozen=True)

    name: str
    title: str
    department: str
    tongue: str


class PairingTwo(Email):
    """Asks a mentee once about two mentors, one for each language (CAP-092)."""

    phase: ClassVar[str] = "matching"
    name: ClassVar[str] = "pairing_two"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTEE,)
    reason: ClassVar[str] = TAKES_PART

    first: Suggested
    second: Suggested
    closes_on: date

    @classmethod
    def sample(cls) -> Self:
        """Godelieve in Dutch, Karim in French."""
        godelieve = Suggested(
            name=GODELIEVE.name, title=GODELIEVE.title, department=GODELIEVE.department, tongue="Nederlands"
        )
        karim = Suggested(name="Karim Haddad", title="Site manager", department="Works", tongue="français")
        return cls(given_name="Zoë", first=godelieve, second=karim, closes_on=date(2027, 4, 2))


class GroupIntroduction(Email):
    """Brings a group together, with a time to begin with (CAP-103, MAT-M07). `members` are all the others."""

    phase: ClassVar[str] = "matching"
    name: ClassVar[str] = "group_introduction"
    alone: ClassVar[bool] = True
    pressing: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = TAKES_PART

    own_role: Literal["mentor", "mentee"]
    partner: str
    members: tuple[Contact, ...]
    first_on: date

    @classmethod
    def sample(cls) -> Self:
        """Zoë's group begins, with Godelieve as its mentor."""
        return cls(
            given_name="Amina",
            own_role="mentee",
            partner=GODELIEVE.name,
            members=(GODELIEVE, ZOE),
            first_on=date(2027, 4, 26),
            appointment=Appointment(
                uid="first-talk-group-3-1@kompas-2027.baken",
                title="Kompas 2027",
                zone="Europe/Brussels",
                starts_at=datetime(2027, 4, 26, 8, tzinfo=UTC),
                minutes=60,
                made_on=date(2027, 4, 5),
            ),
        )


class PoolOpen(Email):
    """Names the mentors who are open to a talk, best suited first; nobody is bound to anybody (MAT-20)."""

    phase: ClassVar[str] = "matching"
    name: ClassVar[str] = "pool_open"
    alone: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.MENTEE,)
    reason: ClassVar[str] = TAKES_PART

    people: tuple[Contact, ...]

    @classmethod
    def sample(cls) -> Self:
        """Zoë hears of two; one of them has no mailbox."""
        karim = Contact(name="Karim Haddad", title="Site manager", department="Works", site="Namur", email="")
        return cls(given_name="Zoë", people=(GODELIEVE, karim))


class PoolListed(Email):
    """Tells a mentor that mentees have heard of her or him, and may ask for a talk (MAT-20)."""

    phase: ClassVar[str] = "matching"
    name: ClassVar[str] = "pool_listed"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR,)
    reason: ClassVar[str] = TAKES_PART

    people: int

    @classmethod
    def sample(cls) -> Self:
        """Six mentees read of Godelieve."""
        return cls(given_name="Godelieve", people=6)
