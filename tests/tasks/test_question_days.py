"""A question's days count from the day on which its mail may go, and end on a working day (CAP-033)."""

from datetime import date, timedelta

import pytest

from framework.content import FORMS
from models import link, person
from models.base import transaction
from models.delivery import Delivery
from notifications.emails.matching import PairingDeclined, PairingMentee
from tasks.requests import ask, tell
from tasks.stage import Stage
from tests.world import MENTEES, SLUG, World, build

FORM, WHO = "pairing_mentee", MENTEES[0]


def stage_on(world: World, today: date) -> Stage:
    """The round of matching, on that day."""
    one = world.milestone("matching")
    return Stage(one.id, one.programme_id, SLUG, "matching", 1, one.kind, today, today, today + timedelta(days=30))


def asked_on(today: date, country: str = "Belgium", hired_on: date | None = None):
    """Ask somebody that day: the question and its mail."""
    world = build()
    stage = stage_on(world, today)
    mail = PairingMentee.sample().model_copy(update={"closes_on": today})
    with transaction() as session:
        whom = session.get_one(person.Person, world.ids[WHO])
        whom.country = country
        whom.hired_on = hired_on or whom.hired_on
        ask(session, stage, whom, FORM, mail)
    return world.requests(FORM)[0], world.mails(FORM)[0]


@pytest.mark.parametrize(
    ("today", "opens", "due"),
    [
        (date(2027, 6, 1), date(2027, 6, 1), date(2027, 6, 8)),  # Tuesday to Tuesday
        (date(2027, 6, 5), date(2027, 6, 7), date(2027, 6, 14)),  # a Saturday waits for Monday
        (date(2027, 3, 27), date(2027, 3, 30), date(2027, 4, 6)),  # the Saturday before Easter: Monday is a holiday
        (date(2027, 3, 22), date(2027, 3, 22), date(2027, 3, 30)),  # the last day would be Easter Monday
    ],
)
def test_days_count_from_when_the_mail_may_go(sqlite, today: date, opens: date, due: date) -> None:
    assert FORMS[FORM].ladder.due == 7
    asked, mail = asked_on(today)
    assert (asked.opened_on, asked.due_on) == (opens, due)
    assert mail.due_on == opens
    assert mail.fields["closes_on"] == due.isoformat()


def test_link_outlives_the_last_day(sqlite) -> None:
    asked, _ = asked_on(date(2027, 3, 27))
    with transaction() as session:
        assert session.get_one(link.Link, asked.link_id).expires_on > asked.due_on


def test_who_is_still_to_begin_is_written_to_on_the_first_day(sqlite) -> None:
    begins = date(2027, 7, 5)
    asked, mail = asked_on(date(2027, 6, 1), hired_on=begins)
    assert (asked.opened_on, mail.due_on) == (begins, begins)


def test_plain_news_waits_for_the_first_day_too(sqlite) -> None:
    world = build()
    stage = stage_on(world, date(2027, 6, 1))
    with transaction() as session:
        whom = session.get_one(person.Person, world.ids[WHO])
        whom.hired_on = date(2027, 7, 3)  # a Saturday
        tell(session, stage, whom, PairingDeclined.sample())
    assert [d.due_on for d in world.rows(Delivery, Delivery.template == "pairing_declined")] == [date(2027, 7, 5)]
