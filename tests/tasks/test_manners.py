"""Manners, on real rows of both databases: hours, days off, the guard, bundles, shares of mails, nothing stale.

Each rule has its control: the same messages, and the rule wide open.
"""

import re
import time as clock
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from models import delivery, installation, mailing, sending
from models.base import transaction
from models.delivery import Delivery
from notifications.emails import EMAILS
from notifications.emails.common import Escalation, FreshLink, Reminder
from notifications.emails.recruitment import ProgrammeAnnouncement
from notifications.emails.review import LearningProgress
from tasks import mail
from tests.notifications.relays import HOST, Faulty
from tests.tasks.outbox import KINDS, MONDAY, Outbox, alone, change, either, plain, row, states, tally

FRIDAY, SATURDAY, NATIONAL_DAY = MONDAY + timedelta(4), MONDAY + timedelta(5), date(2027, 7, 21)
GENT, NEW_YORK = "BE|Europe/Brussels", "US|America/New_York"
MARK = re.compile(rb"mark\d+")
DAY = timedelta(1)

database = pytest.fixture(params=KINDS)(either)


class Relay(Faulty):
    """Takes all; the marks that stand in each text."""

    def __init__(self) -> None:
        super().__init__({})

    @property
    def marks(self) -> list[set[str]]:
        """What each mail holds."""
        return [{one.decode() for one in MARK.findall(raw.replace(b"=\r\n", b""))} for raw in self.accepted]


@pytest.fixture
def relay(database: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Relay]:
    """A relay that takes all."""
    found = Relay()
    with found.listening() as port:
        for name, value in {"HOST": HOST, "PORT": str(port), "SECURITY": "none"}.items():
            monkeypatch.setenv(f"BAKEN_SMTP_{name}", value)
        yield found


def at(monkeypatch: pytest.MonkeyPatch, day: date, hour: int) -> None:
    """It is that hour of that day in Brussels."""
    instant = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("Europe/Brussels"))
    monkeypatch.setattr(installation, "now", lambda: instant)


def reminder(number: int = 1) -> Reminder:
    """A reminder of that number."""
    return Reminder(given_name="Zoë", title="How is it going?", closes_on=MONDAY + 7 * DAY, number=number)


# Hours and days off


@pytest.mark.parametrize(
    ("day", "hour", "place", "goes"),
    [
        (MONDAY, 6, GENT, 0),
        (MONDAY, 7, GENT, 1),
        (MONDAY, 18, GENT, 1),
        (MONDAY, 19, GENT, 0),
        (MONDAY, 9, NEW_YORK, 0),
        (MONDAY, 15, NEW_YORK, 1),
        (SATURDAY, 10, GENT, 0),
        (NATIONAL_DAY, 10, GENT, 0),
        (NATIONAL_DAY, 16, NEW_YORK, 1),
        (MONDAY, 10, "", 1),
        (MONDAY, 3, "", 0),
    ],
)
def test_mail_leaves_in_the_hours_and_on_the_days_of_the_reader(relay, monkeypatch, day, hour, place, goes) -> None:
    Outbox(rehearsal=False).put(alone(), place=place)
    at(monkeypatch, day, hour)
    assert mail.post_due(day)["sent"] == goes
    assert len(relay.accepted) == goes
    assert tally() == {"sent" if goes else "queued": 1}


@pytest.mark.parametrize(
    ("open_", "day", "hour"),
    [
        ({"post_from": "00:00", "post_until": "23:59"}, MONDAY, 3),
        ({"working_days": [6]}, SATURDAY, 10),
        ({"public_holidays": False}, NATIONAL_DAY, 10),
    ],
)
def test_wider_rules_let_it_go(relay, monkeypatch, open_, day, hour) -> None:
    Outbox(rehearsal=False, mail=open_).put(alone(), place=GENT)
    at(monkeypatch, day, hour)
    assert mail.post_due(day)["sent"] == 1


def test_own_days_off_of_the_company(relay, monkeypatch) -> None:
    Outbox(rehearsal=False, mail={"days_off": [MONDAY]}).put(alone(), place=GENT)
    at(monkeypatch, MONDAY, 10)
    assert mail.post_due(MONDAY)["sent"] == 0
    at(monkeypatch, MONDAY + DAY, 10)
    assert mail.post_due(MONDAY + DAY)["sent"] == 1


def test_rehearsal_has_no_hours(relay, monkeypatch) -> None:
    Outbox().put(alone(), place=GENT)
    at(monkeypatch, SATURDAY, 3)
    assert mail.post_due(SATURDAY)["sent"] == 1


def test_night_in_one_place_holds_nobody_else(relay, monkeypatch) -> None:
    box = Outbox(rehearsal=False)
    far, near = box.put(alone(), 1, place=NEW_YORK), box.put(alone(), 2, place=GENT)
    at(monkeypatch, MONDAY, 9)
    mail.post_due(MONDAY)
    assert (row(far).state, row(near).state) == ("queued", "sent")


# The guard


def announce(box: Outbox, people: int) -> list[int]:
    """The same mail to so many."""
    return [box.put(ProgrammeAnnouncement.sample(), whom) for whom in range(1, people + 1)]


def test_mailing_to_more_people_than_expected_waits_for_a_word(relay) -> None:
    box = Outbox(mail={"largest_mailing": 2})
    mailed = announce(box, 3)
    found = mail.post_due(MONDAY)
    assert (found["drafted"], found["sent"]) == (3, 1), "the coordinator hears of it"
    assert [row(number).state for number in mailed] == ["draft"] * 3
    assert mail.post_due(MONDAY)["sent"] == 0
    with transaction() as session:
        assert mailing.let_go(session, box.programme, ProgrammeAnnouncement.name, send=True, messages=3) == 3
    assert mail.post_due(MONDAY)["sent"] == 3
    assert set(states().values()) == {"sent"}


def test_mailing_that_was_called_off_never_goes(relay) -> None:
    box = Outbox(mail={"largest_mailing": 2})
    mailed = announce(box, 3)
    mail.post_due(MONDAY)
    with transaction() as session:
        mailing.let_go(session, box.programme, ProgrammeAnnouncement.name, send=False, messages=3)
    mail.post_due(MONDAY)
    assert [row(number).state for number in mailed] == ["cancelled"] * 3
    assert len(relay.accepted) == 1


def test_mailing_of_the_size_that_was_expected_goes(relay) -> None:
    announce(Outbox(mail={"largest_mailing": 3}), 3)
    found = mail.post_due(MONDAY)
    assert (found["drafted"], found["sent"]) == (0, 3)


def test_mailing_that_comes_in_pieces_is_one_mailing(relay) -> None:
    box = Outbox(mail={"largest_mailing": 2})
    announce(box, 2)
    assert mail.post_due(MONDAY)["sent"] == 2
    third = box.put(ProgrammeAnnouncement.sample(), 3, due_on=MONDAY + DAY)
    mail.post_due(MONDAY + DAY)
    assert row(third).state == "draft"


def test_nobody_to_tell_of_a_held_mailing_stops_no_other_mail(relay) -> None:
    box = Outbox(mail={"largest_mailing": 2})
    announce(box, 3)
    with transaction() as session:
        session.execute(sa.text("UPDATE person SET left_on = '2027-01-01' WHERE id = 1"))
    found = mail.post_due(MONDAY)
    assert found["drafted"] == 3


# Bundles


def test_several_messages_of_a_day_go_as_one(relay) -> None:
    box = Outbox()
    those = [box.put(plain(f"mark{number}")) for number in range(3)]
    found = mail.post_due(MONDAY)
    assert (found["bundled"], found["sent"]) == (2, 1)
    assert relay.marks == [{"mark0", "mark1", "mark2"}]
    assert set(states().values()) == {"sent"}
    assert [row(number).carrier_id for number in those] == [None, those[0], those[0]]
    assert {row(number).sent_on for number in those} == {MONDAY}


def test_what_goes_alone_goes_alone_and_other_people_and_languages_apart(relay) -> None:
    box = Outbox()
    box.put(alone())
    box.put(alone())
    box.put(plain("mark0"), 2)
    box.put(plain("mark1"), 3)
    box.put(plain("mark2"), 3, language="nl")
    assert mail.post_due(MONDAY)["bundled"] == 0
    assert len(relay.accepted) == 5


def test_no_bundle_is_larger_than_six(relay) -> None:
    box = Outbox()
    for number in range(8):
        box.put(plain(f"mark{number}"))
    mail.post_due(MONDAY)
    assert sorted(map(len, relay.marks)) == [2, 6]


def test_kinds_that_are_held_when_unsure_are_never_part_of_a_bundle() -> None:
    assert all(kind.alone for kind in EMAILS.values() if kind.twice == "hold")
    assert any(kind.twice == "hold" for kind in EMAILS.values())


# Shares of mails


def apart(box: Outbox, number: int) -> list[int]:
    """So many messages to one person that are not bundled, for each is in another language."""
    return [
        box.put(plain(f"mark{at}"), language=language)
        for at, language in zip(range(number), ("en", "nl", "fr"), strict=False)
    ]


def test_nobody_gets_more_than_the_share_of_a_day(relay) -> None:
    apart(Outbox(mail={"a_day": 1}), 3)
    for day in range(5):
        found = mail.post_due(MONDAY + day * DAY)
        assert found["sent"] == (1 if day < 3 else 0)
        mail.post_due(MONDAY + day * DAY)
        assert len(relay.accepted) == min(day + 1, 3)


def test_larger_share_lets_them_all_go(relay) -> None:
    apart(Outbox(mail={"a_day": 3}), 3)
    assert mail.post_due(MONDAY)["sent"] == 3


def test_share_of_a_week_holds_over_days(relay) -> None:
    box = Outbox(mail={"a_day": 1, "a_week": 2})
    apart(box, 3)
    sent = [mail.post_due(MONDAY + day * DAY)["sent"] for day in range(8)]
    assert sent == [1, 1, 0, 0, 0, 0, 0, 1]


def test_what_is_put_off_waits_for_a_working_day(relay) -> None:
    box = Outbox(mail={"a_day": 1})
    for number in apart(box, 2):
        change(number, due_on=FRIDAY, planned_on=FRIDAY)
    mail.post_due(FRIDAY)
    assert [row(number).due_on for number in states() if row(number).state == "queued"] == [MONDAY + 7 * DAY]


def test_what_is_pressing_waits_for_no_share(relay) -> None:
    box = Outbox(mail={"a_day": 1})
    for _ in range(4):
        box.put(alone())
    assert mail.post_due(MONDAY)["sent"] == 4


def test_after_a_week_of_waiting_it_goes_whatever_the_share(relay) -> None:
    box = Outbox(mail={"a_day": 1})
    for number in apart(box, 3):
        change(number, planned_on=MONDAY - 7 * DAY)
    assert mail.post_due(MONDAY)["sent"] == 3


def test_shares_are_counted_for_more_people_than_one_statement_takes(database) -> None:
    box = Outbox()
    change(box.put(plain()), state="sent", sent_on=MONDAY)
    with transaction() as session:
        found = mailing.got(session, range(1, 70_000), MONDAY, MONDAY)
    assert found == {box.ids[1]: (1, 1)}


# Nothing stale


def test_of_reminders_about_one_question_the_newest_goes(relay) -> None:
    box = Outbox()
    old, new = box.put(reminder(1), about="r:1"), box.put(reminder(2), about="r:1")
    other = box.put(reminder(1), about="r:2")
    assert mail.post_due(MONDAY)["stale"] == 1
    assert [row(number).state for number in (old, new, other)] == ["cancelled", "sent", "sent"]


def test_kinds_of_which_each_counts_all_go(relay) -> None:
    box = Outbox()
    for mark in ("mark1", "mark2"):
        box.put(plain(mark), about="pairing:1")
    assert mail.post_due(MONDAY)["stale"] == 0
    assert relay.marks == [{"mark1", "mark2"}]


def test_line_manager_of_several_hears_of_each(relay) -> None:
    box = Outbox()
    for number in (1, 2, 3):
        one = LearningProgress(given_name="Tomasz", report=f"mark{number}", progress=4, recommendation="")
        box.put(one, about=f"pairing:{number}")
    assert mail.post_due(MONDAY)["stale"] == 0
    assert relay.marks == [{"mark1", "mark2", "mark3"}]


def test_coordinator_hears_of_each_form_that_is_late(relay) -> None:
    box = Outbox()
    for form in ("pairing_mentor", "pairing_mentee"):
        box.put(Escalation(given_name="Els", title="Goals", people=2, closes_on=MONDAY), 0, about=form)
    assert mail.post_due(MONDAY)["stale"] == 0


def test_what_may_be_on_its_way_is_not_called_off(relay) -> None:
    box = Outbox()
    first = box.put(reminder(1), about="r:1", began_at=1.0)
    box.put(reminder(2), about="r:1")
    mail.post_due(MONDAY)
    assert row(first).state == "sent"


# Bundles that meet trouble: nothing that lies inside is ever lost


def bundled(box: Outbox, first: object = None) -> tuple[int, int]:
    """A bundle of two that was made and has not gone, for the relay was down."""
    carrier, inside = box.put(first or plain("mark2"), about="r:1"), box.put(plain("mark3"))
    with transaction() as session:
        assert mailing.bundle(session, [[carrier, inside]]) == 1
    return carrier, inside


def test_bundle_that_did_not_go_is_made_anew_with_an_older_message(relay) -> None:
    box = Outbox()
    box.put(plain("mark1"))
    bundled(box)
    mail.post_due(MONDAY)
    assert relay.marks == [{"mark1", "mark2", "mark3"}]
    assert set(states().values()) == {"sent"}


def test_bundle_is_put_into_another_with_all_that_lies_inside(relay) -> None:
    box = Outbox()
    first = box.put(plain("mark1"))
    carrier, inside = bundled(box)
    with transaction() as session:
        mailing.bundle(session, [[first, carrier]])
    assert row(inside).carrier_id == first
    mail.post_due(MONDAY)
    assert relay.marks == [{"mark1", "mark2", "mark3"}]


def test_carrier_that_is_stale_lets_go_of_what_lies_inside(relay) -> None:
    box = Outbox()
    carrier, inside = bundled(box, reminder(1))
    box.put(reminder(2), about="r:1")
    mail.post_due(MONDAY)
    assert (row(carrier).state, row(inside).state) == ("cancelled", "sent")
    assert relay.marks == [{"mark3"}], "and the newer reminder with it"
    assert tally() == {"sent": 2, "cancelled": 1}


def test_bundle_that_may_have_gone_goes_again_as_it_was(relay) -> None:
    box = Outbox()
    box.put(plain("mark1"))
    carrier, _ = bundled(box)
    change(carrier, state="sending", lease="dead", lease_until=1.0, began_at=1.0)
    box.put(plain("mark4"))
    mail.post_due(MONDAY)
    assert {frozenset(marks) for marks in relay.marks} == {frozenset({"mark2", "mark3"}), frozenset({"mark1", "mark4"})}
    assert set(states().values()) == {"sent"}


def test_nothing_is_put_into_a_message_that_somebody_has_taken(database) -> None:
    box = Outbox()
    carrier, inside = box.put(plain()), box.put(plain())
    with transaction() as session:
        sending.lease(session, "t", today=MONDAY, seconds=60, rows=1)
        assert mailing.bundle(session, [[carrier, inside]]) == 0
    assert row(inside).state == "queued"


def test_bundle_that_is_being_taken_does_not_come_apart(database) -> None:
    carrier, inside = bundled(Outbox())

    def unbundle() -> int:
        with transaction() as session:
            return mailing.unbundle(session)

    with ThreadPoolExecutor(1) as other:
        with transaction() as session:
            assert sending.lease(session, "t", today=MONDAY, seconds=60, rows=1) == [carrier]
            apart = other.submit(unbundle)
            clock.sleep(0.5)
        assert apart.result() == 0
    assert (row(carrier).state, row(inside).state) == ("leased", "bundled")


def test_somebody_without_a_mailbox_gets_every_letter(database) -> None:
    box = Outbox()
    bundled(box)
    with transaction() as session:
        delivery.readdress(session, box.ids[1], None)
    assert tally() == {"held": 2}


def test_what_was_given_up_inside_another_goes_by_itself(relay) -> None:
    box = Outbox()
    carrier, inside = bundled(box)
    for number in (carrier, inside):
        change(number, state="dead")
    with transaction() as session:
        assert delivery.requeue(session, Delivery.id == inside) == 1
        assert delivery.requeue(session, Delivery.id == carrier) == 1
    assert row(inside).carrier_id is None
    mail.post_due(MONDAY)
    assert sorted(mark for marks in relay.marks for mark in marks) == ["mark2", "mark3"]


# What its reader asked for this minute


def asked_for() -> FreshLink:
    """A fresh link."""
    return FreshLink(given_name="Zoë", title="How is it going?")


@pytest.mark.parametrize(("day", "hour"), [(SATURDAY, 3), (NATIONAL_DAY, 10), (MONDAY, 23)])
def test_what_was_asked_for_goes_at_any_hour_of_any_day(relay, monkeypatch, day, hour) -> None:
    box = Outbox(rehearsal=False, mail={"days_off": [MONDAY]})
    fresh, other = box.put(asked_for(), place=GENT), box.put(alone(), place=GENT)
    at(monkeypatch, day, hour)
    assert mail.post_due(day)["sent"] == 1
    assert (row(fresh).state, row(other).state) == ("sent", "queued")


def test_what_was_asked_for_costs_nobody_s_share_and_is_not_held(relay) -> None:
    box = Outbox(mail={"a_day": 1, "a_week": 1, "largest_mailing": 1})
    asked = [box.put(asked_for(), whom, about=f"{whom}.{n}") for whom in (1, 2) for n in range(3)]
    plain_ = box.put(plain(), 1)
    found = mail.post_due(MONDAY)
    assert [row(number).state for number in [*asked, plain_]] == ["sent"] * 7
    assert (found["sent"], found["bundled"], found["postponed"], found["drafted"]) == (7, 0, 0, 0)
    late = box.put(plain("Another place."), 1)  # the control: what nobody asked for does count
    mail.post_due(MONDAY)
    assert row(late).state == "queued"


def test_what_was_asked_for_goes_before_all_others(database: Path) -> None:
    box = Outbox(people=30)
    for whom in range(1, 31):
        box.put(alone(), whom)
    fresh = box.put(asked_for(), 1)
    with transaction() as session:
        first = sending.lease(session, "t", today=MONDAY, seconds=60, rows=5, at_once=[FreshLink.name])
        assert first[0] == fresh
        assert len(first) == 5
        again = sending.lease(session, "u", today=MONDAY, seconds=60, rows=50, at_once=[FreshLink.name])
        assert not set(first) & set(again)
        assert len(again) == 26
