"""How a pair is, at a glance: well, worth a look, or in need of the coordinator (CAP-174, RSK-04, -09, -14, -17).

A signal that nobody has looked at, or a line of `signals.GRAVE`, needs the coordinator. A line of `signals.WATCH` is
worth a look. Once a signal is settled, the numbers behind it alone are worth a look, no more: somebody has looked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from framework.meetings import MeetingStatus
from framework.signals import GRAVE, WATCH, Threshold

BOTH = 2


class Health(StrEnum):
    """How a pair is, the gravest first."""

    NEEDS = "needs"
    LOOK = "look"
    WELL = "well"


@dataclass(frozen=True, slots=True)
class Met:
    """One planned meeting: the day for which it was planned, and what became of it.

    On which day the two really met, and for how long, is theirs to know (`content.meetings`): it is not looked at.
    """

    planned_on: date
    status: MeetingStatus


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a pair is not simply well: the words (a phrase of the catalogues), and the number behind them."""

    code: str
    measure: str
    value: int
    says: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A pair's health, and what it rests on, the gravest first."""

    health: Health
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """What is known of a pair on a day. `signals` are the codes that nobody has looked at.

    `satisfied` are the answers (1 to 5) of those who answered the last review, and `asked` whether one was asked and
    is over; `escalated` the open questions to the two that waited so long that the coordinator was told.
    """

    today: date
    begun_on: date | None
    agreed: bool
    every_days: int
    meetings: Sequence[Met] = ()
    satisfied: Sequence[int] = ()
    asked: bool = False
    escalated: int = 0
    signals: Sequence[str] = ()


def standing(pulse: Pulse) -> Standing:
    """How the pair is, by the lines of `signals.py`."""
    found = measured(pulse)
    grave, watch = _speaking(GRAVE, found), _speaking(WATCH, found)
    told = {finding.measure for finding in grave}
    findings = (*grave, *(one for one in watch if one.measure not in told))
    if pulse.signals or grave:
        return Standing(Health.NEEDS, findings)
    return Standing(Health.LOOK if findings else Health.WELL, findings)


def measured(pulse: Pulse) -> dict[str, int]:
    """The numbers of one pair that the lines look at; what is not known is left out."""
    found = {"escalated": pulse.escalated, "missed": missed_in_a_row(pulse)}
    if pulse.satisfied:
        found["satisfied_least"] = min(pulse.satisfied)
    if len(pulse.satisfied) == BOTH:
        found["satisfied_gap"] = max(pulse.satisfied) - min(pulse.satisfied)
    if pulse.asked:
        found["silent"] = BOTH - len(pulse.satisfied)
    if pulse.begun_on and not pulse.agreed:
        found["unsigned_days"] = (pulse.today - pulse.begun_on).days
    if (since := _since(pulse)) and pulse.agreed:
        found["rhythms"] = max(0, (pulse.today - since).days // rhythm(pulse))
    return found


def missed_in_a_row(pulse: Pulse) -> int:
    """How many of the last meetings, one after the other, are not known to have taken place."""
    row = 0
    for one in sorted(pulse.meetings, key=lambda one: one.planned_on, reverse=True):
        if one.status in {MeetingStatus.MISSED, MeetingStatus.UNCONFIRMED}:
            row += 1
        elif one.status == MeetingStatus.HELD:
            break
    return row


def rhythm(pulse: Pulse) -> int:
    """The days from one meeting to the next, as this pair planned them."""
    days = sorted(one.planned_on for one in pulse.meetings)[:BOTH]
    return max(1, (days[1] - days[0]).days) if len(days) == BOTH else max(1, pulse.every_days)


def last_met(meetings: Sequence[Met]) -> date | None:
    """The day for which the last meeting that took place was planned."""
    return max((one.planned_on for one in meetings if one.status == MeetingStatus.HELD), default=None)


def _since(pulse: Pulse) -> date | None:
    """The day from which silence counts: the last meeting, or a rhythm before the first one planned."""
    if last := last_met(pulse.meetings):
        return last
    first = min((one.planned_on for one in pulse.meetings), default=None)
    return date.fromordinal(first.toordinal() - rhythm(pulse)) if first else None


def _speaking(lines: Sequence[Threshold], found: Mapping[str, int]) -> tuple[Finding, ...]:
    """What crosses a line."""
    return tuple(
        Finding(line.code, line.measure, found[line.measure], line.says)
        for line in lines
        if line.measure in found and line.speaks(found[line.measure])
    )
