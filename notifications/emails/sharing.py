"""The one e-mail in which somebody hands a personal answer to the line manager, with a copy (LEG-11, CAP-199)."""

from typing import ClassVar, Literal, Self

from framework.people import Role
from framework.visibility import Visibility
from notifications.email import Email


class AnswerShared(Email):
    """Brings one answer of a new hire to the line manager, because the new hire wants it; both get the same words.

    `question` is the question as it stands in the catalogues, `answer` the writer's own words.
    """

    phase: ClassVar[str] = "meetings"
    name: ClassVar[str] = "answer_shared"
    twice: ClassVar[Literal["resend", "hold"]] = "hold"
    alone: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.LINE_MANAGER, Role.MENTEE)
    reason: ClassVar[str] = "You receive this e-mail because one of you wanted to share an answer with the other."
    holds: ClassVar[frozenset[Visibility]] = frozenset({Visibility.PERSONAL})

    report: str
    manager: str
    question: str
    answer: str

    @classmethod
    def sample(cls) -> Self:
        """Luca tells Tomasz what is hard."""
        return cls(
            given_name="Tomasz",
            report="Luca Bianchi",
            manager="Tomasz Nowak",
            question="What is on your mind?",
            answer="I would like to learn the night shift later than planned.",
        )
