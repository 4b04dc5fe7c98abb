"""What is asked of the meetings of many pairs, in one statement each."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from benchmarks import midlife
from framework.meetings import MeetingStatus
from framework.pairing import PairingStatus
from models import meeting, programme
from models.base import transaction
from models.meeting import Meeting
from models.pairing import Pairing

PAIRS, TODAY = 3, midlife.BUSY
NEXT = date(2027, 9, 1)


@pytest.fixture
def here(database: str) -> int:
    """Three pairs on the day after a meeting; the programme's number."""
    assert database
    midlife.make(PAIRS)
    midlife.come_to_busy()
    with transaction() as session:
        return programme.by_slug(session, midlife.SLUG).id


def test_meetings_that_want_something_are_found(here: int) -> None:
    yesterday = TODAY - timedelta(days=1)
    with transaction() as session:
        found = meeting.by_ids(session, meeting.to_ask_about(session, here, TODAY + timedelta(days=4), TODAY))
        assert [one.planned_on for one in found] == [yesterday] * PAIRS
        found[0].asked = True
        found[1].move(MeetingStatus.HELD)
        session.flush()
        assert meeting.to_ask_about(session, here, TODAY, TODAY) == [found[2].id]
        assert meeting.to_ask_about(session, here, yesterday - timedelta(days=1), TODAY) == []
        session.get_one(Pairing, found[0].pairing_id).status = PairingStatus.CLOSED
        session.flush()
        assert set(meeting.to_ask_about(session, here, TODAY, TODAY)) >= {found[0].id, found[2].id}


def test_meetings_are_counted_and_the_next_is_known(here: int) -> None:
    with transaction() as session:
        every = meeting.of_programme(session, here)
        for status in MeetingStatus:
            assert meeting.counts(session, here).get(status, 0) == sum(one.status == status for one in every)
            assert meeting.ids(session, here, status) == {one.id for one in every if one.status == status}
        held = [one.pairing_id for one in every if one.status == MeetingStatus.HELD]
        assert meeting.held(session, here) == {pair: held.count(pair) for pair in held}
        assert meeting.next_planned(session, here, TODAY, "prepared") == NEXT
        assert meeting.next_planned(session, here, TODAY - timedelta(days=2), "asked") == TODAY - timedelta(days=1)
        assert meeting.next_planned(session, here, TODAY - timedelta(days=2), "prepared") == NEXT
        assert meeting.next_planned(session, here, date(2030, 1, 1), "asked") is None


def test_pairs_without_meetings_are_found(here: int) -> None:
    with transaction() as session:
        assert list(meeting.without_meetings(session, here)) == []
        first, second, _ = session.scalars(sa.select(Pairing).order_by(Pairing.id)).all()
        for pair in (first, second):
            session.execute(sa.delete(Meeting).where(Meeting.pairing_id == pair.id))
        second.status = PairingStatus.CLOSED
        session.flush()
        assert [pair.id for pair in meeting.without_meetings(session, here)] == [first.id]
