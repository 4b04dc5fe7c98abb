"""A word on the calendar as the books keep it: which round, and what a coordinator wants of it (CAP-001)."""

from dataclasses import dataclass
from datetime import date

from framework import replanning
from framework.by_hand import Deed
from framework.replanning import Calendar, Change, Entry, Refused

DEEDS = (Deed.MOVE, Deed.UNTIL, Deed.CALL_OFF)
DIGITS = 9  # of a milestone's number


@dataclass(frozen=True, slots=True)
class Word:
    """Move the milestone of that number to another first day, let it last until another day, or call it off.

    `on` is the new day in the programme's own dates; calling off has none.
    """

    deed: Deed
    milestone: int
    on: date | None = None

    @property
    def choice(self) -> str:
        """As it stands in the books, such as `move:7:2027-05-10`; at most 30 characters."""
        return ":".join([self.deed, str(self.milestone), *([self.on.isoformat()] if self.on else [])])

    def changes(
        self, calendar: Calendar, key: tuple[str, int], *, today: date, must_attend: bool
    ) -> tuple[Change, ...]:
        """What would change, `key` being the phase and round of the milestone. Raises Refused."""
        if self.deed is Deed.CALL_OFF:
            return replanning.cancel(calendar, *key, must_attend=must_attend)
        to = self.on or today
        change = replanning.move if self.deed is Deed.MOVE else replanning.close
        return change(calendar, *key, to, today=today)


def read(choice: str) -> Word:
    """The word behind what stands in the books, or in a form. Raises ValueError for anything else."""
    deed, _, rest = choice.partition(":")
    number, _, on = rest.partition(":")
    if deed not in DEEDS or not (number.isascii() and number.isdigit() and len(number) <= DIGITS):
        raise ValueError(choice)
    if (deed == Deed.CALL_OFF) == bool(on):
        raise ValueError(choice)
    return Word(Deed(deed), int(number), date.fromisoformat(on) if on else None)


def offers(calendar: Calendar, one: Entry, *, must_attend: bool) -> tuple[tuple[Deed, ...], Refused | None]:
    """What may be wanted of a round as it stands now, and why it cannot be called off, where it cannot."""
    if one.cancelled:
        return (Deed.MOVE,), None
    if one.finished_on:
        return (), None
    if one.opened_on:
        return (Deed.UNTIL,), None
    try:
        replanning.cancel(calendar, *one.key, must_attend=must_attend)
    except Refused as refused:
        return (Deed.MOVE, Deed.UNTIL), refused
    return DEEDS, None
