"""Help that somebody asked for: how soon a person has to look at it (CAP-153, SUP-M04).

Days are working days of the coordinator. The clock never lapses: what somebody confided stays open until a person has
said what was done.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from framework.mail import MailRules
from framework.working_time import Place, is_working_day


@dataclass(frozen=True, slots=True)
class HelpClock:
    """Working days until the coordinator is reminded, until the deputy hears of it, and between the next reminders."""

    remind: int
    deputy: int
    again: int = 5


USUAL = HelpClock(remind=2, deputy=4)
CLOCKS = {
    "today": HelpClock(remind=1, deputy=1, again=1),
    "this_week": HelpClock(remind=1, deputy=3, again=3),
    "can_wait": USUAL,
}
"""By how soon somebody hopes to be heard (`framework.content.standing.URGENCY`)."""


def working_days(since: date, today: date, place: Place, rules: MailRules) -> int:
    """How many working days have begun after `since`, `today` among them."""
    days = (since + timedelta(number) for number in range(1, (today - since).days + 1))
    return sum(is_working_day(day, place, rules) for day in days)


def struck(clock: HelpClock, passed: int) -> tuple[int, bool]:
    """After so many working days: the reminders that are due by now, and whether the deputy has to hear of it."""
    later = max(0, passed - clock.deputy) // clock.again
    return int(passed >= clock.remind) + later, passed >= clock.deputy
