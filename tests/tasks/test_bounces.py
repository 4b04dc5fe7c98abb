"""Mail that came back, and mail of which nobody knew: settled once, on both databases, and somebody hears of it."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from framework.mail import DeliveryStatus
from models import programme
from models.base import engine, transaction
from models.delivery import Delivery
from models.event import Event
from models.person import Person
from models.settings import secret_key
from notifications import verp
from tasks import bounces
from tasks.bounces import reconcile, settle, take_bounce
from tests.conftest import _empty, environment
from tests.models.rows import TODAY, mail, settings, someone
from tests.notifications import reports
from tests.notifications.imap import served

S = DeliveryStatus
BASE = "bounce@baken.example"
MOMENT = datetime(2027, 3, 1, 8, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """An empty migrated database, of both kinds."""
    if request.param == "sqlite":
        request.getfixturevalue("sqlite")
        yield
        return
    url = request.getfixturevalue("migrated_postgres")
    with environment(BAKEN_HOME=str(tmp_path), BAKEN_DATABASE_URL=url):
        _empty()
        yield
        engine().dispose()


@pytest.fixture
def house(store: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A programme with a coordinator, a deputy, and Lotte, to whom a mail was sent (number 1)."""
    monkeypatch.setenv("BAKEN_BOUNCE_ADDRESS", BASE)
    with transaction() as session:
        own = programme.keep(session, settings(deputy="second@x.example"))
        someone(session, "boss")
        someone(session, "second")
        lotte = someone(session, "lotte", email=reports.WRITTEN_TO)
        mail(session, own.id, lotte.id, "p1:review:reminder:programme:3:1", state=S.SENT.value, sent_on=TODAY)


def row(number: int = 1) -> Delivery:
    with transaction() as session:
        return session.get_one(Delivery, number)


def lotte() -> Person:
    with transaction() as session:
        return session.scalars(sa.select(Person).where(Person.given_name == "Lotte")).one()


def told() -> list[Delivery]:
    with transaction() as session:
        return list(session.scalars(sa.select(Delivery).where(Delivery.template == "address_refused")))


def events() -> list[Event]:
    with transaction() as session:
        return list(session.scalars(sa.select(Event).order_by(Event.id)))


def back(shape: str = reports.POSTFIX, **given: str) -> bytes:
    """A report about mail number 1, to its own envelope sender."""
    return reports.report(shape, **({"back_to": verp.sender(1, BASE, secret_key())} | given))


def test_refused_mail_is_known_and_the_coordinator_hears_of_it(house: None) -> None:
    assert take_bounce(back(), TODAY) == "bounced"
    assert (row().state, "5.1.1" in row().evidence) == (S.REFUSED, True)
    assert (lotte().mail_refused_on, lotte().mail_refused_code, lotte().mailbox) == (TODAY, "5.1.1", None)
    (letter,) = told()
    assert letter.state == S.QUEUED
    assert letter.fields["person"] == "Lotte Bo"
    assert letter.fields["address"] == reports.WRITTEN_TO
    assert (letter.fields["about"], letter.fields["lasting"]) == ("review", True)
    with transaction() as session:
        assert session.get_one(Person, letter.person_id).email == "boss@x.example"


def test_report_read_again_changes_nothing(house: None) -> None:
    take_bounce(back(), TODAY)
    before = (len(events()), len(told()))
    for day in (TODAY, TODAY + timedelta(days=9)):
        assert take_bounce(back().replace(b"\r\n", b"\n"), day) == "known"
    assert (len(events()), len(told())) == before


def test_without_its_mark_a_report_would_be_taken_in_twice(house: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(bounces, "_first_time", lambda *_, **__: True)
    assert [take_bounce(back(), TODAY), take_bounce(back(), TODAY)] == ["bounced", "bounced"]


def test_events_and_evidence_hold_nothing_personal(house: None) -> None:
    take_bounce(back(), TODAY)
    said = json.dumps([[one.actor, one.action, one.about, one.detail] for one in events()]) + row().evidence
    assert {one.action for one in events()} >= {"bounced", "address refused"}
    for personal in ("lotte", "firm.example", "Bo"):
        assert personal not in said.replace("bounced", "").replace("bounce", "")


def test_several_reports_of_a_day_make_one_mail(house: None) -> None:
    whom = lotte().id
    with transaction() as session:
        mail(session, 1, whom, "second", state=S.SENT.value)
        other = session.scalars(sa.select(Delivery.id).where(Delivery.key == "second")).one()
    take_bounce(back(), TODAY)
    second = back(reports.SENDMAIL, back_to=verp.sender(other, BASE, secret_key()))
    assert take_bounce(second, TODAY) == "bounced"
    assert row(other).state == S.REFUSED
    assert len(told()) == 1


def test_later_report_is_told_on_its_own_day(house: None) -> None:
    take_bounce(back(), TODAY)
    take_bounce(back(reports.SENDMAIL), TODAY + timedelta(days=1))
    assert len(told()) == 2


@pytest.mark.parametrize("shape", [reports.OUT_OF_OFFICE, reports.REPLY, reports.RECEIPT])
def test_what_is_no_report_changes_nothing(house: None, shape: str) -> None:
    assert take_bounce(back(shape), TODAY) == "not a report"
    assert (row().state, lotte().mail_refused_on, told()) == (S.SENT, None, [])


def test_mail_that_is_late_is_not_refused(house: None) -> None:
    assert take_bounce(back(action="delayed", status="4.4.1"), TODAY) == "delayed"
    assert (row().state, lotte().mail_refused_on, told()) == (S.SENT, None, [])


def test_relay_that_gave_up_does_not_spoil_the_address(house: None) -> None:
    assert take_bounce(back(action="failed", status="4.4.7"), TODAY) == "bounced"
    assert (row().state, lotte().mail_refused_on) == (S.REFUSED, None)
    assert told()[0].fields["lasting"] is False


def test_report_is_matched_by_message_id(house: None) -> None:
    given = {"back_to": "baken@baken.example", "digest": row().message_id}
    assert take_bounce(reports.report(reports.SENDMAIL, **given), TODAY) == "bounced"
    assert row().state == S.REFUSED


def test_strangers_and_forgers_change_nothing(house: None) -> None:
    assert take_bounce(reports.report(reports.POSTFIX), TODAY) == "unknown"
    forged = back(back_to=verp.sender(1, BASE, b"a guessed key"))
    assert take_bounce(forged, TODAY) == "unknown"
    assert take_bounce(back(back_to=verp.sender(4711, BASE, secret_key())), TODAY) == "unknown"
    assert row().state == S.SENT


def test_unsure_mail_that_came_back_is_known(house: None) -> None:
    with transaction() as session:
        session.get_one(Delivery, 1).state = S.UNSURE.value
    take_bounce(back(), TODAY)
    assert row().state == S.REFUSED
    assert reconcile([row().message_id], MOMENT) == {"sent": 0, "queued": 0, "unsure": 0}


def test_mail_to_an_old_address_goes_once_to_the_new_one(house: None) -> None:
    with transaction() as session:
        session.scalars(sa.select(Person).where(Person.given_name == "Lotte")).one().email = "lotte.new@firm.example"
    assert take_bounce(back(), TODAY) == "bounced"
    assert (row().state, lotte().mail_refused_on, told()) == (S.QUEUED, None, [])
    with transaction() as session:
        session.get_one(Delivery, 1).state = S.SENT.value
    assert take_bounce(back(), TODAY) == "known"
    assert take_bounce(back(reports.SENDMAIL), TODAY) == "known"  # a second server's report about the first copy
    assert row().state == S.SENT


def test_deputy_hears_of_the_coordinators_own_address(house: None) -> None:
    with transaction() as session:
        boss = session.scalars(sa.select(Person).where(Person.email == "boss@x.example")).one().id
        session.get_one(Delivery, 1).person_id = boss
    take_bounce(back(recipient="boss@x.example"), TODAY)
    (letter,) = told()
    with transaction() as session:
        assert session.get_one(Person, letter.person_id).email == "second@x.example"


def test_nobody_is_told_of_who_has_left(house: None) -> None:
    whom = lotte().id
    with transaction() as session:
        session.get_one(Person, whom).left_on = date(2027, 2, 1)
    assert take_bounce(back(), TODAY) == "bounced"
    assert told() == []


@pytest.mark.parametrize(("status", "state"), [("5.1.1", S.HELD), ("4.4.7", S.QUEUED), ("5.3.4", S.QUEUED)])
def test_what_waits_for_a_spoilt_address_is_held_for_print(house: None, status: str, state: S) -> None:
    whom = lotte().id
    with transaction() as session:
        mail(session, 1, whom, "waits")
    assert take_bounce(back(status=status), TODAY) == "bounced"
    with transaction() as session:
        assert session.scalars(sa.select(Delivery.state).where(Delivery.key == "waits")).one() == state


# The relay's log


def unsure(*minutes: float | None) -> list[Delivery]:
    """Unsure mails that began so many minutes after eight."""
    whom = lotte().id
    with transaction() as session:
        for number, after in enumerate(minutes):
            began = None if after is None else MOMENT.timestamp() + 60 * after
            mail(session, 1, whom, f"unsure {number}", state=S.UNSURE.value, began_at=began)
        found = session.scalars(sa.select(Delivery).where(Delivery.key.startswith("unsure")).order_by(Delivery.id))
        return list(found)


def states() -> list[str]:
    with transaction() as session:
        found = session.scalars(sa.select(Delivery).where(Delivery.key.startswith("unsure")).order_by(Delivery.id))
        return [one.state for one in found]


def test_log_settles_what_it_tells_of(house: None) -> None:
    mails = unsure(0, 10, 30, None)
    lines = [f"<{mails[0].message_id}@baken.example>\n"]
    end = MOMENT + timedelta(minutes=20)
    assert reconcile(lines, end) == {"sent": 1, "queued": 1, "unsure": 2}
    assert states() == [S.SENT, S.QUEUED, S.UNSURE, S.UNSURE]
    assert row(mails[0].id).evidence == "relay log"
    assert row(mails[1].id).message_id == mails[1].message_id
    assert reconcile(lines, end) == {"sent": 0, "queued": 0, "unsure": 2}


def test_log_without_an_end_sends_nothing_again(house: None) -> None:
    unsure(0)
    assert reconcile([]) == {"sent": 0, "queued": 0, "unsure": 1}


def test_log_that_begins_too_late_proves_nothing(house: None) -> None:
    unsure(0, 10)
    found = reconcile([], MOMENT + timedelta(hours=1), MOMENT + timedelta(minutes=5))
    assert (found["queued"], states()) == (1, [S.UNSURE, S.QUEUED])


def test_message_that_the_log_saw_begin_stays_unsure(house: None) -> None:
    (one,) = unsure(0)
    line = f"Mar  1 09:00:01 mx postfix/cleanup[812]: 4F1C2D3E: message-id=<{one.message_id}@baken.example>"
    assert reconcile([line], MOMENT + timedelta(hours=1))["unsure"] == 1


def test_time_without_a_zone_is_refused(house: None) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        reconcile([], datetime(2027, 3, 1))  # noqa: DTZ001


@pytest.mark.parametrize(("word", "state"), [("sent", S.SENT), ("again", S.QUEUED)])
def test_operators_word_settles_one_mail_once(house: None, word: str, state: S) -> None:
    (one,) = unsure(0)
    assert settle(one.id, word) is True  # type: ignore[arg-type]
    assert states() == [state]
    assert settle(one.id, word) is False  # type: ignore[arg-type]
    assert settle(4711, word) is False  # type: ignore[arg-type]
    assert [e.actor for e in events() if e.action == "settled"] == ["operator"]


def test_report_that_two_read_at_once_is_taken_in_once(house: None) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda raw: take_bounce(raw, TODAY), [back()] * 8))
    assert sorted(found) == ["bounced", *["known"] * 7]
    assert len([one for one in events() if one.action == "bounced"]) == 1


def test_mailbox_of_what_came_back_is_read_where_one_is_set(
    house: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bounces.read_mailbox.fn(TODAY) == {}
    with served(tmp_path, [back(), reports.report(reports.REPLY)], monkeypatch):
        assert bounces.read_mailbox.fn(TODAY) == {"bounced": 1, "not a report": 1}
        assert bounces.read_mailbox.fn(TODAY) == {}  # what was read is not read again
    assert row().state == S.REFUSED


def test_mailbox_that_cannot_be_read_stops_no_mail(house: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAKEN_BOUNCE_IMAP_HOST", "127.0.0.1")
    monkeypatch.setenv("BAKEN_BOUNCE_IMAP_PORT", "9")
    assert bounces.read_mailbox.fn(TODAY) == {"unreadable mailbox": 1}
