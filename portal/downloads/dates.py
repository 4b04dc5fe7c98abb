"""The programme's calendar as a file for one's own: each milestone a day that stands in all calendars (RFC 5545).

A milestone keeps its UID, so that a newer file moves it, or strikes it out where it was cancelled; SEQUENCE rises with
the minute at which the file was made.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

from framework.replanning import CANCELLED
from models.programme import Milestone
from portal import words
from portal.visit import DeskVisit

KIND = "text/calendar; charset=utf-8"
FIRST = datetime(2020, 1, 1, tzinfo=UTC)


def calendar(visit: DeskVisit, rows: Iterable[Milestone], made_at: datetime) -> bytes:
    """The milestones, each from the day on which it opens until the day on which it closes, both included."""
    found = Calendar()
    found.add("prodid", "-//Baken//Baken//EN")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", visit.programme.title)
    for one in rows:
        found.add_component(_event(visit, one, made_at))
    return bytes(found.to_ical())


def _event(visit: DeskVisit, one: Milestone, made_at: datetime) -> Event:
    begins: date = one.opened_on or one.opens_on
    ends: date = max(begins, one.closes_on if one.state == CANCELLED else one.finished_on or one.closes_on)
    event = Event()
    event.add("uid", f"{one.phase}-{one.round}@{visit.programme.slug}.baken")
    event.add("sequence", int((made_at - FIRST).total_seconds()) // 60)
    event.add("dtstamp", made_at)
    event.add("dtstart", begins)
    event.add("dtend", ends + timedelta(days=1))
    event.add("summary", f"{visit.programme.title}: {words.milestone(visit.page.say, one.phase, one.kind)}")
    event.add("transp", "TRANSPARENT")
    if one.state == CANCELLED:
        event.add("status", "CANCELLED")
    return event
