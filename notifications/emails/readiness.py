"""E-mails of readiness: the team is asked, the coordinator decides, the team hears what was decided."""

from datetime import date
from typing import ClassVar, Literal, Self

from framework.people import Role
from framework.visibility import Visibility
from notifications.email import Email

Decision = Literal["go", "not_needed", "inform_first", "other_first", "outside_help"]


class ReadinessInvitation(Email):
    """Asks the project team how ready the organisation is (RDY-M01). `minutes`: how long the questions take."""

    phase: ClassVar[str] = "readiness"
    name: ClassVar[str] = "readiness_invitation"
    to: ClassVar[tuple[Role, ...]] = (Role.TEAM,)
    reason: ClassVar[str] = "You receive this e-mail because you are on the project team of %(programme)s."

    closes_on: date
    minutes: int

    @classmethod
    def sample(cls) -> Self:
        """Two weeks to answer, a quarter of an hour of work."""
        return cls(given_name="Joris", closes_on=date(2027, 1, 18), minutes=15)


class ReadinessResult(Email):
    """Tells the coordinator what the team answered, and what Baken proposes (RDY-D1 to RDY-D5).

    `needs` are labels of Checklist 1 as they stand in the catalogues, the most wanted first.
    """

    phase: ClassVar[str] = "readiness"
    name: ClassVar[str] = "readiness_result"
    to: ClassVar[tuple[Role, ...]] = (Role.COORDINATOR,)
    reason: ClassVar[str] = "You receive this e-mail because you coordinate this programme."
    holds: ClassVar[frozenset[Visibility]] = frozenset({Visibility.PROGRAMME})

    answers: int
    invited: int
    needs: tuple[str, ...]
    proposal: Decision

    @classmethod
    def sample(cls) -> Self:
        """Seven of eight answered, and the way is clear."""
        needs = (
            "New colleagues feel at home sooner and share our values",
            "New and experienced colleagues stay longer",
        )
        return cls(given_name="Els", answers=7, invited=8, needs=needs, proposal="go")


class ReadinessOutcome(Email):
    """Tells the project team what was decided (RDY-D1 to RDY-D5)."""

    phase: ClassVar[str] = "readiness"
    name: ClassVar[str] = "readiness_outcome"
    to: ClassVar[tuple[Role, ...]] = (Role.TEAM,)
    reason: ClassVar[str] = "You receive this e-mail because you are on the project team of %(programme)s."

    decision: Decision

    @classmethod
    def sample(cls) -> Self:
        """The programme starts."""
        return cls(given_name="Joris", decision="go")
