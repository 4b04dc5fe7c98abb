"""The e-mail about a calendar that was planned anew: dates, and nobody's name."""

from datetime import date
from typing import ClassVar, Self

from pydantic import BaseModel, ConfigDict

from framework.people import Role
from notifications.email import Email

PHASES = {
    "readiness": "Readiness",
    "recruitment": "Recruitment",
    "selection": "Selection",
    "matching": "Matching",
    "training": "Training",
    "agreement": "Agreements",
    "meetings": "Meetings",
    "review": "Review",
    "closure": "Celebration",
    "evaluation": "Evaluation",
}


class Moved(BaseModel):
    """One phase, or one round of it, as it is planned now: first and last day, or cancelled."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    phase: str
    round: int
    opens_on: date
    closes_on: date
    cancelled: bool = False

    @property
    def name(self) -> str:
        """The phase, as it stands in the catalogues."""
        return PHASES[self.phase]


class CalendarKept(Email):
    """Tells who wanted other dates that nothing was done: the calendar had changed since `decided_on`."""

    phase: ClassVar[str] = "mail"
    name: ClassVar[str] = "calendar_kept"
    to: ClassVar[tuple[Role, ...]] = (Role.COORDINATOR,)
    reason: ClassVar[str] = "You receive this e-mail because you coordinate this programme."

    decided_on: date

    @classmethod
    def sample(cls) -> Self:
        """To Els, a day later."""
        return cls(given_name="Els", decided_on=date(2027, 4, 1))


class CalendarChanged(Email):
    """The calendar has other dates now, in its order; who carries the programme sees them at once (CAP-001)."""

    phase: ClassVar[str] = "mail"
    name: ClassVar[str] = "calendar_changed"
    to: ClassVar[tuple[Role, ...]] = (Role.COORDINATOR,)
    reason: ClassVar[str] = "You receive this e-mail because you coordinate this programme."

    changes: list[Moved]

    @classmethod
    def sample(cls) -> Self:
        """The training moved, and a review fell away."""
        training = Moved(phase="training", round=1, opens_on=date(2027, 4, 12), closes_on=date(2027, 4, 26))
        review = Moved(
            phase="review", round=2, opens_on=date(2027, 11, 1), closes_on=date(2027, 11, 22), cancelled=True
        )
        return cls(given_name="Els", changes=[training, review])
