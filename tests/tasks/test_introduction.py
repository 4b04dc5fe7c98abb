"""An introduction brings a calendar entry that proposes a first talk: one for both, dated once, without a private word."""

from datetime import date, datetime, timedelta
from email import message_from_bytes

import icalendar

from framework.pairing import PairingStatus
from models import participant, person, programme
from models.base import transaction
from tasks.composing import compose
from tests.world import FAMILY, MENTEES, MENTORS, World, build, finished, live

P = PairingStatus


def entry_of(world: World, delivery_id: int) -> tuple[str, icalendar.Event]:
    """The calendar part of a message as it would go over the line, as text and as an event."""
    _, raw = compose(delivery_id, today=world.today)
    parts = [part for part in message_from_bytes(raw).walk() if part.get_content_type() == "text/calendar"]
    assert [part.get_param("method") for part in parts] == ["PUBLISH"]
    content = parts[0].get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode(), icalendar.Calendar.from_ical(content).walk("VEVENT")[0]


def test_both_get_the_same_entry_and_a_resend_brings_it_again(world_at) -> None:
    world = world_at("training")
    by_pair: dict[str, set[str]] = {}
    for one in world.mails("introduction"):
        text, event = entry_of(world, one.id)
        by_pair.setdefault(one.key.split(":")[4], set()).add(text)
        assert event.decoded("DTSTART").strftime("%H:%M %Z") == "10:00 CEST"
        assert event.decoded("DTSTART").date().isoformat() == one.fields["first_on"]
        assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(minutes=60)
        assert not event.walk("VALARM")
        world.today += timedelta(days=3)
        assert entry_of(world, one.id)[0] == text
        world.today -= timedelta(days=3)
    assert {len(texts) for texts in by_pair.values()} == {1}
    assert len(by_pair) == len(world.pairs(P.ACCEPTED)) == 4


def test_entry_tells_nobody_who_meets_whom(world_at) -> None:
    world = world_at("training")
    for one in world.mails("introduction"):
        text, event = entry_of(world, one.id)
        assert str(event["SUMMARY"]) == "Growth 2027"
        assert not any(name in text for name in (*MENTORS, *MENTEES, FAMILY))


def test_first_talk_falls_on_nobodys_day_off_and_each_has_one_at_a_time(sqlite) -> None:
    world = build(
        matching={"mode": "appointed"},
        phases={"agreement": {"after_days": 100, "open_days": 16}},
        time_zone="Europe/Paris",
    )
    live(world, until=lambda w: bool(w.milestone("selection").finished_on))
    with transaction() as session:
        for name in MENTORS:
            session.get_one(person.Person, world.ids[name]).country = "France"
    live(world, until=finished("matching"))
    start = date(2027, 1, 11) + timedelta(days=116)
    assert start == date(2027, 5, 7)
    days = [(d.person_id, date.fromisoformat(str(d.fields["first_on"]))) for d in world.mails("introduction")]
    assert len(set(days)) == len(days) == 8
    assert all(day >= start and day.isoweekday() <= 5 for _, day in days)
    assert date(2027, 5, 17) not in {day for _, day in days}  # Whit Monday
    starts = {
        datetime.fromisoformat(str(d.fields["appointment"]["starts_at"])).hour for d in world.mails("introduction")
    }
    assert starts == {10}


def test_mentor_of_several_has_a_day_for_each(sqlite) -> None:
    world = build(matching={"mode": "appointed", "capacity": 3})
    live(world, until=lambda w: bool(w.milestone("selection").finished_on))
    for name in MENTORS[1:]:
        world.leave(name)
    with transaction() as session:
        row = programme.by_slug(session, "growth-2027")
        for one in participant.of_programme(session, row.id):
            one.capacity = 3
    live(world, until=finished("matching"))
    mine = [d.fields["first_on"] for d in world.mails("introduction", MENTORS[0])]
    assert len(mine) == len(set(mine)) == 3
