"""E-mails about the reviews: the questions, an offer of help, and what came of them (REV)."""

from datetime import date
from typing import ClassVar, Literal, Self

from framework.people import Role
from framework.visibility import Visibility
from notifications.email import Email


class ReviewRequest(Email):
    """Asks mentor and mentee, each apart, how it goes; `kind` is the instrument of the round (REV-M01)."""

    phase: ClassVar[str] = "review"
    name: ClassVar[str] = "review_request"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = "You receive this e-mail because you take part in this programme."

    partner: str
    kind: Literal["check_in", "pair_review", "new_hire_review", "early_check"]
    closes_on: date

    @classmethod
    def sample(cls) -> Self:
        """The half-yearly review of Thuý and Henrik."""
        return cls(given_name="Thuý", partner="Henrik Lund", kind="pair_review", closes_on=date(2027, 11, 19))


class ReviewSupport(Email):
    """Offers both of a pair a talk, in the same words, so that nobody can tell who wrote what (REV-M06)."""

    phase: ClassVar[str] = "review"
    name: ClassVar[str] = "review_support"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = "You receive this e-mail because you take part in this programme."

    partner: str

    @classmethod
    def sample(cls) -> Self:
        """A talk for Thuý and Henrik."""
        return cls(given_name="Henrik", partner="Thuý Nguyen")


class FacilitatorReview(Email):
    """Asks the coordinator for his or her own view once a round is closed: totals only (REV-M05).

    `asked` and `answered` count forms; `below_minimum` and `signals` count pairs and signals.
    """

    phase: ClassVar[str] = "review"
    name: ClassVar[str] = "facilitator_review"
    to: ClassVar[tuple[Role, ...]] = (Role.COORDINATOR,)
    reason: ClassVar[str] = "You receive this e-mail because you coordinate this programme."

    pairs: int
    asked: int
    answered: int
    below_minimum: int
    signals: int

    @classmethod
    def sample(cls) -> Self:
        """Twelve pairs, two with few meetings."""
        return cls(given_name="Els", pairs=12, asked=24, answered=21, below_minimum=2, signals=3)


class LearningProgress(Email):
    """Tells the line manager of a new hire how far the training plan has come, and nothing else (REV-M04, LEG-09).

    `progress` runs from 1 (hardly begun) to 5 (finished); `recommendation` may be empty.
    """

    phase: ClassVar[str] = "review"
    name: ClassVar[str] = "learning_progress"
    latest_only: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.LINE_MANAGER,)
    reason: ClassVar[str] = "You receive this e-mail because someone in your team takes part in this programme."
    holds: ClassVar[frozenset[Visibility]] = frozenset({Visibility.CONTENT})

    report: str
    progress: int
    recommendation: str

    @classmethod
    def sample(cls) -> Self:
        """Luca has come far."""
        return cls(
            given_name="Tomasz",
            report="Luca Bianchi",
            progress=4,
            recommendation="Let Luca handle customer calls alone, with somebody near for the first two weeks.",
        )


class ReviewChanges(Email):
    """Tells everybody what changes because of the answers; `changed` is the coordinator's own text (REV-M09)."""

    phase: ClassVar[str] = "review"
    name: ClassVar[str] = "review_changes"
    to: ClassVar[tuple[Role, ...]] = (Role.MENTOR, Role.MENTEE)
    reason: ClassVar[str] = "You receive this e-mail because you take part in this programme."

    changed: str

    @classmethod
    def sample(cls) -> Self:
        """Shorter forms, and lunch for the mentors."""
        return cls(
            given_name="Kwame",
            changed="The form after each meeting becomes shorter.\nEvery quarter you can compare notes over lunch.",
        )
