"""The e-mail to the operator: what is wrong with the machine's work. It tells of no programme and of nobody."""

from datetime import UTC, datetime, tzinfo
from typing import ClassVar, Self

from pydantic import BaseModel, ConfigDict

from framework.people import Role
from framework.watch import MEANINGS, Sighting
from notifications.email import Email


class Line(BaseModel):
    """One finding: its code, how many (0 where that says nothing), and since when, by the operator's clock."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    number: int
    since: datetime

    @classmethod
    def of(cls, one: Sighting, zone: tzinfo) -> Self:
        """A finding as it is remembered, told in that zone."""
        return cls(code=one.code, number=one.number, since=one.first_seen.astimezone(zone))

    @property
    def means(self) -> str:
        """What it means, as it stands in the catalogues."""
        return MEANINGS[self.code].means

    @property
    def do(self) -> str:
        """What to do, as it stands in the catalogues."""
        return MEANINGS[self.code].do

    @property
    def clock(self) -> str:
        """The hour and the minute."""
        return f"{self.since:%H:%M}"


class OperatorNews(Email):
    """Something that runs by itself does not: what it means and what to do; what was told before, and what is over.

    It goes straight to the relay, past the outbox, at any hour.
    """

    phase: ClassVar[str] = "mail"
    name: ClassVar[str] = "operator_news"
    alone: ClassVar[bool] = True
    pressing: ClassVar[bool] = True
    at_once: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.OPERATOR,)
    reason: ClassVar[str] = "You receive this e-mail because your address is set as that of Baken's operator."

    new: list[Line]
    still: list[Line]
    over: list[Line]

    @classmethod
    def sample(cls) -> Self:
        """Runs are late, the disk is still almost full, and the relay is back."""
        new = Line(code="runs-late", number=3, since=datetime(2027, 4, 5, 9, 20, tzinfo=UTC))
        still = Line(code="disk-full", number=0, since=datetime(2027, 4, 4, 22, 10, tzinfo=UTC))
        over = Line(code="relay-down", number=2, since=datetime(2027, 4, 5, 8, tzinfo=UTC))
        return cls(given_name="Zoë", new=[new], still=[still], over=[over])


class TrailHead(Email):
    """Where the audit trail ends: the number of its last link and its mark, to be kept outside the machine (CAP-200).

    A hash tells of nobody. It goes straight to the relay, past the outbox.
    """

    phase: ClassVar[str] = "mail"
    name: ClassVar[str] = "trail_head"
    alone: ClassVar[bool] = True
    at_once: ClassVar[bool] = True
    to: ClassVar[tuple[Role, ...]] = (Role.OPERATOR,)
    reason: ClassVar[str] = "You receive this e-mail because your address is set as that of Baken's operator."

    place: int
    mark: str

    @classmethod
    def sample(cls) -> Self:
        """A trail of some thousands of links."""
        return cls(given_name="Zoë", place=4711, mark="9f2c" * 16)
