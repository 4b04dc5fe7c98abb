"""The e-mail about letters: what waits to be printed for people without a mailbox."""

from datetime import date
from typing import ClassVar, Self

from framework.people import Role
from notifications.email import Email


class LettersWaiting(Email):
    """Letters wait to be printed, for people without a mailbox (CAP-042); told once a week while some wait.

    `since` is the day from which the oldest of them waits; `command` is what writes them to a file.
    """

    phase: ClassVar[str] = "mail"
    name: ClassVar[str] = "letters_waiting"
    to: ClassVar[tuple[Role, ...]] = (Role.COORDINATOR,)
    reason: ClassVar[str] = "You receive this e-mail because you coordinate this programme."
    latest_only: ClassVar[bool] = True

    count: int
    since: date
    command: str

    @classmethod
    def sample(cls) -> Self:
        """Seven letters, since Monday."""
        return cls(
            given_name="Els", count=7, since=date(2027, 4, 5), command="baken mail letters kompas-2027 letters.pdf"
        )
