"""E-mails that every phase uses: reminders, what is late, and what waits for a decision."""

from datetime import date
from typing import ClassVar, Literal, Self

from framework.people import Role
from notifications.email import Email


class Reminder(Email):
    """A question is still open (COM-05, RDY-M02): other words each time, for a repeat is not a resend.

    `title` is the form's title as it stands in the catalogues; `number` counts the reminders from 1.
    """

    phase: ClassVar[str] = "mail"
    name: ClassVar[str] = "reminder"
    latest_only: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = tuple(Role)
    reason: ClassVar[str] = "You receive this e-mail because a question to you is still open."

    title: str
    closes_on: date
    number: int

    @classmethod
    def sample(cls) -> Self:
        """The second reminder to Lotte, for her half-year review."""
        return cls(given_name="Lotte", title="How is it going?", closes_on=date(2027, 4, 16), number=2)


class DecisionReminder(Email):
    """Decisions still wait on the desk: other words each time. `number` counts the reminders from 1."""

    phase: ClassVar[str] = "mail"
    name: ClassVar[str] = "decision_reminder"
    latest_only: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.COORDINATOR,)
    reason: ClassVar[str] = "You receive this e-mail because you coordinate this programme."

    closes_on: date
    number: int

    @classmethod
    def sample(cls) -> Self:
        """The first reminder to the coordinator."""
        return cls(given_name="Els", closes_on=date(2027, 4, 16), number=1)


class Escalation(Email):
    """Answers stay out after the last reminder; only how many, never whose (REV-M02)."""

    phase: ClassVar[str] = "mail"
    name: ClassVar[str] = "escalation"
    latest_only: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.COORDINATOR,)
    reason: ClassVar[str] = "You receive this e-mail because you coordinate this programme."

    title: str
    people: int
    closes_on: date

    @classmethod
    def sample(cls) -> Self:
        """Three people have not answered."""
        return cls(given_name="Els", title="How is it going?", people=3, closes_on=date(2027, 4, 16))


class DecisionWaiting(Email):
    """Something waits for the coordinator: Baken proposes, a person decides (CAP-104).

    Of `count` pairs, `relaxed` bend a rule and need a reason to be approved (MAT-M11).
    """

    phase: ClassVar[str] = "mail"
    name: ClassVar[str] = "decision_waiting"
    latest_only: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.COORDINATOR,)
    reason: ClassVar[str] = "You receive this e-mail because you coordinate this programme."

    what: Literal["readiness", "selection", "matching", "training", "review"]
    count: int
    relaxed: int = 0

    @classmethod
    def sample(cls) -> Self:
        """Twelve pairs to look at, two of which bend a rule."""
        return cls(given_name="Els", what="matching", count=12, relaxed=2)


class MailingHeld(Email):
    """A mailing would reach more people than the programme expects: it waits for a person's word (CAP-033).

    `subject` is the held mail's own subject; `people` would get it, `expected` is the most that goes unasked.
    """

    phase: ClassVar[str] = "mail"
    name: ClassVar[str] = "mailing_held"
    alone: ClassVar[bool] = True
    pressing: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.COORDINATOR,)
    reason: ClassVar[str] = "You receive this e-mail because you coordinate this programme."

    subject: str
    people: int
    expected: int

    @classmethod
    def sample(cls) -> Self:
        """A call to 1,200 people where 500 were expected."""
        return cls(given_name="Els", subject="Would you like a mentor?", people=1200, expected=500)


class FreshLink(Email):
    """The reader asked to see again what he or she once wrote: a link for half an hour (portal, a fresh sitting).

    `title` is the form's title as it stands in the catalogues.
    """

    phase: ClassVar[str] = "mail"
    name: ClassVar[str] = "fresh_link"
    alone: ClassVar[bool] = True
    pressing: ClassVar[bool] = True
    at_once: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = tuple(Role)
    reason: ClassVar[str] = "You receive this e-mail because somebody asked for it on your own page."

    title: str

    @classmethod
    def sample(cls) -> Self:
        """Lotte would like to read her half-year review again."""
        return cls(given_name="Lotte", title="How is it going?")


class NewLink(Email):
    """The reader asked for a new link in the place of one that no longer works. It works until the end of `closes_on`.

    `title` is the form's title as it stands in the catalogues.
    """

    phase: ClassVar[str] = "mail"
    name: ClassVar[str] = "new_link"
    alone: ClassVar[bool] = True
    pressing: ClassVar[bool] = True
    at_once: ClassVar[bool] = True
    latest_only: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = tuple(Role)
    reason: ClassVar[str] = "You receive this e-mail because somebody asked for it with an older link of yours."

    title: str
    closes_on: date

    @classmethod
    def sample(cls) -> Self:
        """Lotte opened an old mail."""
        return cls(given_name="Lotte", title="How is it going?", closes_on=date(2027, 4, 30))
