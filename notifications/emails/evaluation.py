"""E-mails about the final evaluation and the follow-up of at least a year (PFE, FUP)."""

from datetime import date
from typing import ClassVar, Self

from framework.people import Role
from notifications.email import Email


class FinalEvaluation(Email):
    """Asks everybody concerned what they think of the programme (PFE-M01)."""

    phase: ClassVar[str] = "evaluation"
    name: ClassVar[str] = "final_evaluation"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE, Role.LINE_MANAGER, Role.TEAM)
    reason: ClassVar[str] = "You receive this e-mail because you took part in this programme or helped to run it."

    closes_on: date

    @classmethod
    def sample(cls) -> Self:
        """Wei gives an opinion."""
        return cls(given_name="Wei", closes_on=date(2028, 7, 7))


class EvaluationReport(Email):
    """Brings the totals to those who decide to stop, go on or start anew (PFE-M02, PFE-02).

    `score` runs from 0 to 100; `pairs` and `goals_reached` count pairs, `messages` what people wrote unasked. What too
    few people answered is not added up, and left empty (LEG-28).
    """

    phase: ClassVar[str] = "evaluation"
    name: ClassVar[str] = "evaluation_report"
    to: ClassVar[tuple[Role, ...]] = (Role.SPONSOR, Role.COORDINATOR)
    reason: ClassVar[str] = "You receive this e-mail because you commissioned or coordinate this programme."

    asked: int
    answered: int
    score: int | None = None
    pairs: int
    goals_reached: int | None = None
    messages: int = 0

    @classmethod
    def sample(cls) -> Self:
        """A good result."""
        return cls(given_name="Margarida", asked=29, answered=24, score=81, pairs=12, goals_reached=9, messages=7)


class FollowUp(Email):
    """Asks, so many months after the end, what has lasted (FUP-M01)."""

    phase: ClassVar[str] = "evaluation"
    name: ClassVar[str] = "follow_up"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = "You receive this e-mail because you took part in this programme or helped to run it."

    months: int
    closes_on: date

    @classmethod
    def sample(cls) -> Self:
        """Half a year later."""
        return cls(given_name="Priya", months=6, closes_on=date(2028, 12, 22))


class FollowUpLow(Email):
    """Warns that few people have answered a follow-up, the usual reason for giving it up (FUP-M04)."""

    phase: ClassVar[str] = "evaluation"
    name: ClassVar[str] = "follow_up_low"
    to: ClassVar[tuple[Role, ...]] = (Role.COORDINATOR, Role.TEAM)
    reason: ClassVar[str] = "You receive this e-mail because you help to run this programme."

    months: int
    asked: int
    answered: int

    @classmethod
    def sample(cls) -> Self:
        """Seven of twenty-four."""
        return cls(given_name="Els", months=9, asked=24, answered=7)


class FollowUpReport(Email):
    """Brings the totals of a follow-up to the sponsor and the coordinator (FUP-M03).

    `still_using` is a percentage of those who answered; `promoted` counts people. Both stay empty where too few
    answered (LEG-28).
    """

    phase: ClassVar[str] = "evaluation"
    name: ClassVar[str] = "follow_up_report"
    to: ClassVar[tuple[Role, ...]] = (Role.SPONSOR, Role.COORDINATOR)
    reason: ClassVar[str] = "You receive this e-mail because you commissioned or coordinate this programme."

    months: int
    asked: int
    answered: int
    still_using: int | None = None
    promoted: int | None = None

    @classmethod
    def sample(cls) -> Self:
        """A year later."""
        return cls(given_name="Margarida", months=12, asked=24, answered=19, still_using=74, promoted=3)
