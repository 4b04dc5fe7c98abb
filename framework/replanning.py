"""Planning anew: what happens to the calendar when a phase moves, lasts longer, or is cancelled.

Whole days, in the programme's own dates. What follows a phase moves along by as many days, so that every length and
every gap stays as it was: the phases before the start follow one another, the meetings follow the agreement, reviews
follow the meetings' first day, the closure their last, and the evaluation and its follow-up waves the closure (CAP-001,
TIM-03 to TIM-06, FUP-01). Nothing that has opened moves, and nothing comes before what it needs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum

from framework.programme import BY_DAY

CANCELLED = "Cancelled"
"""The state of a round that will not be held; for what needs it, it is out of the way."""
FIRST_TO_CALL = "recruitment"
"""From here on people are asked to take part: a programme is called off before, and closed after."""


class Edge(Enum):
    """The side of a phase that another one follows."""

    OPENS = "first day"
    CLOSES = "last day"


FOLLOWS: Mapping[str, tuple[str, Edge]] = {
    "recruitment": ("readiness", Edge.CLOSES),
    "selection": ("recruitment", Edge.CLOSES),
    "matching": ("selection", Edge.CLOSES),
    "training": ("matching", Edge.CLOSES),
    "agreement": ("training", Edge.CLOSES),
    "meetings": ("agreement", Edge.CLOSES),
    "review": ("meetings", Edge.OPENS),
    "closure": ("meetings", Edge.CLOSES),
    "evaluation": ("closure", Edge.CLOSES),
}
"""Which side of which phase each phase keeps its distance to."""


class Refused(ValueError):
    """The calendar cannot be changed so; the text says why, and what can be done instead.

    `why` is a short word for whoever says it otherwise, `one` the round and `on` the day that it is about.
    """

    def __init__(self, text: str, why: str = "", one: "Entry | None" = None, on: date | None = None) -> None:
        super().__init__(text)
        self.why, self.one, self.on = why, one, on


@dataclass(frozen=True, slots=True)
class Entry:
    """One round as it stands on the calendar: planned, and how far it has come."""

    phase: str
    round: int
    kind: str
    opens_on: date
    closes_on: date
    opened_on: date | None = None
    finished_on: date | None = None
    cancelled: bool = False

    @property
    def key(self) -> tuple[str, int]:
        """Phase and round."""
        return self.phase, self.round

    @property
    def may_move(self) -> bool:
        """Whether it is still to come."""
        return self.opened_on is None and self.finished_on is None and not self.cancelled

    @property
    def is_tied(self) -> bool:
        """Whether it keeps its distance to another phase; further rounds of pairs that come later do not."""
        return self.kind != "again" and self.round <= BY_DAY

    @property
    def last_day(self) -> date:
        """The last day: what opened late keeps its length."""
        return (self.opened_on or self.opens_on) + (self.closes_on - self.opens_on)

    def edge(self, side: Edge) -> date:
        """Where that side lies: as it was, or else as it is planned."""
        if side is Edge.OPENS:
            return self.opened_on or self.opens_on
        return self.finished_on or self.last_day


@dataclass(frozen=True, slots=True)
class Change:
    """One round, before and after."""

    before: Entry
    after: Entry


Calendar = Mapping[tuple[str, int], Entry]


def calendar_of(entries: Iterable[Entry]) -> Calendar:
    """The entries by phase and round."""
    return {one.key: one for one in entries}


def move(calendar: Calendar, phase: str, number: int, to: date, *, today: date) -> tuple[Change, ...]:
    """Move a round that has not opened to another first day, and what follows it with it.

    A cancelled one comes back, alone. Raises Refused.
    """
    one = _found(calendar, phase, number)
    if one.opened_on or (one.finished_on and not one.cancelled):
        msg = f"{_named(one)} opened on {one.opened_on}, so its first day stays; --closes gives it another last day"
        raise Refused(msg, "opened", one, one.opened_on)
    if to < today:
        msg = f"{to} has passed; choose {today} or later"
        raise Refused(msg, "passed", one, today)
    days = (to - one.opens_on).days
    after = replace(one, opens_on=to, closes_on=one.closes_on + timedelta(days=days), cancelled=False, finished_on=None)
    _check_order(calendar, one, to)
    if one.cancelled:
        return (Change(one, after),)
    return _checked(calendar, _along(calendar, after, {Edge.OPENS: days, Edge.CLOSES: days}), today)


def close(calendar: Calendar, phase: str, number: int, on: date, *, today: date) -> tuple[Change, ...]:
    """Give a round another last day, open or not; what follows its end moves along. Raises Refused."""
    one = _found(calendar, phase, number)
    if one.finished_on or one.cancelled:
        msg = f"{_named(one)} is over, so its last day stays"
        raise Refused(msg, "over", one)
    first = max(today, one.edge(Edge.OPENS) + timedelta(days=1))
    if on < first:
        msg = f"{_named(one)} can close on {first} at the earliest"
        raise Refused(msg, "too_soon", one, first)
    days = (on - one.last_day).days
    after = replace(one, closes_on=one.closes_on + timedelta(days=days))
    return _checked(calendar, _along(calendar, after, {Edge.OPENS: 0, Edge.CLOSES: days}), today)


def cancel(calendar: Calendar, phase: str, number: int, *, must_attend: bool = True) -> tuple[Change, ...]:
    """Take a round off the calendar. What needs it goes with it, or goes on without it. Raises Refused.

    `must_attend`: whether nobody begins without the training.
    """
    one = _found(calendar, phase, number)
    if phase in {"readiness", FIRST_TO_CALL} and calendar[FIRST_TO_CALL, 1].opened_on:
        msg = "People have been called by now; a programme in which people take part ends with its closure"
        raise Refused(msg, "called", one)
    if not one.may_move:
        msg = f"{_named(one)} has opened or is over; an open one can be given an earlier last day with --closes"
        raise Refused(msg, "begun", one)
    if phase in {"readiness", FIRST_TO_CALL}:
        return _called_off(calendar, one)
    alone = phase == "review" or (phase == "evaluation" and number > 1) or (phase == "training" and not must_attend)
    if not alone or one.kind == "again":
        raise _not_alone(one)
    gone = replace(one, cancelled=True)
    if phase == "evaluation" and not any(_is_a_year(e) for e in calendar.values() if e.key != one.key):
        msg = "One follow-up falls a year or more after the end, and this is the last of those; move it instead"
        raise Refused(msg, "a_year", one)
    return (Change(one, gone),)


def _not_alone(one: Entry) -> Refused:
    if one.kind == "again":
        return Refused(f"{_named(one)} was planned for people who wait; it would be planned again", "waits", one)
    if one.phase == "training":
        msg = "Nobody begins without the training (training.must_attend in the programme's file); move it instead"
        return Refused(msg, "must_attend", one)
    msg = f"Everything after {_named(one)} rests on it; move it instead, or cancel recruitment before anybody is called"
    return Refused(msg, "rests", one)


def _called_off(calendar: Calendar, one: Entry) -> tuple[Change, ...]:
    """The whole programme, from this phase on: nobody was asked to take part."""
    gone = [e for e in calendar.values() if e.may_move and (e.phase != "readiness" or e.key == one.key)]
    return tuple(Change(e, replace(e, cancelled=True)) for e in _in_order(gone))


def _is_a_year(one: Entry) -> bool:
    kind, _, months = one.kind.rpartition("_")
    return kind == "follow_up" and months.isdigit() and int(months) >= 12 and not one.cancelled  # noqa: PLR2004


def _found(calendar: Calendar, phase: str, number: int) -> Entry:
    if (phase, number) not in calendar:
        msg = f"the calendar has no round {number} of {phase}"
        raise Refused(msg)
    return calendar[phase, number]


def _named(one: Entry) -> str:
    return one.phase if one.round == 1 else f"{one.phase} {one.round}"


def _along(calendar: Calendar, moved: Entry, days: Mapping[Edge, int]) -> tuple[Change, ...]:
    """The round that moved, and all that follows one side of it, by so many days; what has opened holds the rest."""
    found = [Change(calendar[moved.key], moved)]
    waiting = [(moved, days)]
    while waiting:
        leader, by = waiting.pop(0)
        if leader.round != 1:
            continue  # rounds after the first lead nothing
        for one in calendar.values():
            leads, side = FOLLOWS.get(one.phase, ("", Edge.OPENS))
            if leads != leader.phase or not one.is_tied or not by[side]:
                continue
            both = dict.fromkeys(Edge, by[side])
            if one.may_move:
                found.append(Change(one, _shifted(one, by[side])))
            if one.may_move or one.cancelled:
                waiting.append((one, both))
    return tuple(found)


def _shifted(one: Entry, days: int) -> Entry:
    by = timedelta(days=days)
    return replace(one, opens_on=one.opens_on + by, closes_on=one.closes_on + by)


def earliest(calendar: Calendar, one: Entry) -> date | None:
    """The day before which a round would come too soon for what it follows; None where it follows nothing."""
    leads, side = FOLLOWS.get(one.phase, ("", Edge.OPENS))
    leader = calendar.get((leads, 1))
    if leader is None or not one.is_tied:
        return None
    return earliest(calendar, leader) if leader.cancelled else leader.edge(side)


def _check_order(calendar: Calendar, one: Entry, to: date) -> None:
    first = earliest(calendar, one)
    if first and to < first and to < one.opens_on:
        leads, side = FOLLOWS[one.phase]
        msg = f"{_named(one)} follows {leads}, whose {side.value} is {first}; choose that day or later"
        raise Refused(msg, "follows", one, first)


def _checked(calendar: Calendar, changes: tuple[Change, ...], today: date) -> tuple[Change, ...]:
    """The changes, in the order of the calendar, once nothing would open in the past or after the meetings' end."""
    for change in changes:
        if change.after.opens_on < min(today, change.before.opens_on):
            msg = f"{_named(change.after)} would then open on {change.after.opens_on}, which has passed"
            raise Refused(msg, "then_passed", change.after, change.after.opens_on)
    after = {**calendar, **{change.after.key: change.after for change in changes}}
    for key, one in after.items():
        if (
            one.phase == "review"
            and one.is_tied
            and one.may_move
            and _is_late(after, one) > _is_late(calendar, calendar[key])
        ):
            msg = (
                f"{_named(one)} would then open on {one.opens_on}, when the meetings are over; move or cancel it first"
            )
            raise Refused(msg, "then_late", one, one.opens_on)
    order = {one.key: place for place, one in enumerate(_in_order(after.values()))}
    return tuple(sorted((c for c in changes if c.before != c.after), key=lambda c: order[c.after.key]))


def _is_late(calendar: Calendar, one: Entry) -> bool:
    last = calendar.get(("meetings", 1))
    return last is not None and not last.cancelled and one.opens_on >= last.edge(Edge.CLOSES)


def _in_order(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda e: (e.opens_on, e.phase, e.round))
