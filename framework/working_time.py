"""When mail may be posted: the recipient's own working days and hours (CAP-033).

Pure: the instant, the place and the rules are arguments. Days are dates where the recipient is; instants carry a zone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from framework.mail import MailRules

LOOK_AHEAD = 30
"""Days that `next_working_day` looks ahead before it gives up waiting."""

CLOSED_AT_MOST = 400
"""Days that `opens_at` looks ahead; longer than any closure that a company means."""

MOST_LIVE_IN = {"GB": "ENG"}
"""Countries whose days off differ so much that the country as a whole has too few: the part where most people live."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody works: a country (ISO 3166 alpha-2, or empty) and an IANA time zone.

    Raises ValueError for a country that is not two capitals, or a zone that nobody knows.
    """

    country: str
    zone: str

    def __post_init__(self) -> None:
        if self.country and not re.fullmatch("[A-Z]{2}", self.country):
            msg = f"{self.country!r} is not a country; write two capitals such as BE"
            raise ValueError(msg)
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            msg = f"{self.zone!r} is not a time zone; write one such as Europe/Brussels"
            raise ValueError(msg) from None

    @property
    def code(self) -> str:
        """The place in one word, to be kept: `BE|Europe/Brussels`."""
        return f"{self.country}|{self.zone}"

    @classmethod
    def read(cls, code: str) -> Self:
        """The place that `code` tells. Raises ValueError for anything else."""
        country, bar, zone = code.partition("|")
        if not bar:
            msg = f"{code!r} is not a place; write one such as BE|Europe/Brussels"
            raise ValueError(msg)
        return cls(country, zone)


@cache
def public_holidays(country: str, year: int) -> frozenset[date]:
    """The days off of a whole country in a year, none where the country is not known; regional ones are left out."""
    from holidays import country_holidays  # late: takes a good part of a second

    if not country:
        return frozenset()
    try:
        return frozenset(country_holidays(country, subdiv=MOST_LIVE_IN.get(country), years=year, expand=False))
    except NotImplementedError:
        return frozenset()


def is_working_day(day: date, place: Place, rules: MailRules) -> bool:
    """Whether people at this place work on `day`: a working day of the week, and nobody's day off."""
    if day.isoweekday() not in rules.working_days or day in rules.days_off:
        return False
    return not (rules.public_holidays and day in public_holidays(place.country, day.year))


def next_working_day(day: date, place: Place, rules: MailRules) -> date:
    """`day`, or the first working day after it; `day` itself when there is none within 30 days."""
    ahead = (day + timedelta(days) for days in range(LOOK_AHEAD + 1))
    return next((one for one in ahead if is_working_day(one, place, rules)), day)


def next_common_day(day: date, places: Sequence[Place], rules: MailRules) -> date:
    """`day`, or the first day after it on which people work in all of these places; `day` itself if none in 30 days."""
    ahead = (day + timedelta(days) for days in range(LOOK_AHEAD + 1))
    return next((one for one in ahead if all(is_working_day(one, place, rules) for place in places)), day)


def may_post(at: datetime, place: Place, rules: MailRules) -> bool:
    """Whether mail may leave at this instant, by the recipient's clock. Raises ValueError without a zone."""
    if at.tzinfo is None:
        raise ValueError("an instant without a zone")
    local = at.astimezone(ZoneInfo(place.zone))
    return rules.post_from <= local.time() < rules.post_until and is_working_day(local.date(), place, rules)


def opens_at(at: datetime, place: Place, rules: MailRules) -> datetime:
    """The first instant from `at` on, in UTC, at which mail may leave.

    When every day of the next 400 is off: the end of those, to be asked again. Raises ValueError without a zone.
    """
    if may_post(at, place, rules):
        return at.astimezone(UTC)
    zone = ZoneInfo(place.zone)
    today = at.astimezone(zone).date()
    for days in range(CLOSED_AT_MOST):
        day = today + timedelta(days)
        if is_working_day(day, place, rules):
            for opening in _openings(day, zone, rules):
                if opening >= at and may_post(opening, place, rules):
                    return opening
    return at.astimezone(UTC) + timedelta(CLOSED_AT_MOST)


def _openings(day: date, zone: ZoneInfo, rules: MailRules) -> list[datetime]:
    """Every instant at which the hours of `day` may begin, in order: as written, and where the clock is changed.

    An hour that the clock shows twice begins twice; one that it skips begins where the clock jumps.
    """
    wall = datetime.combine(day, rules.post_from, tzinfo=zone)
    found = {wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)}
    early, late = min(found) - timedelta(1), max(found) + timedelta(1)
    if early.astimezone(zone).utcoffset() != late.astimezone(zone).utcoffset():
        changed = _change(early, late, zone)
        if changed.astimezone(zone).date() == day:
            found.add(changed)
    return sorted(found)


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The second, between two instants in UTC, at which the zone's clock changes."""
    offset = before.astimezone(zone).utcoffset()
    low, high = int(before.timestamp()), int(after.timestamp()) + 1
    while high - low > 1:
        middle = (low + high) // 2
        same = datetime.fromtimestamp(middle, zone).utcoffset() == offset
        low, high = (middle, high) if same else (low, middle)
    return datetime.fromtimestamp(high, UTC)
