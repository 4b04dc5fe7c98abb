"""Programmes and their calendar; people found by number or address; the day of a rehearsal."""

from datetime import date, timedelta

import pytest

from models import decision, installation, participant, person, programme, signal
from models.base import transaction
from models.installation import FutureDate
from models.participant import Participant
from models.programme import UnknownProgramme
from tests.models.rows import TODAY, ground, settings, someone


def test_calendar_is_kept_once_and_follows_the_file_until_it_opens(database: str) -> None:
    ground()
    later = TODAY + timedelta(days=7)
    with transaction() as session:
        row = programme.by_slug(session, "p1")
        opened = programme.milestone_of(session, row.id, "readiness", 1)
        opened.opened_on = TODAY
        count = len(programme.milestones(session, row.id))
        programme.keep(session, settings(starts_on=later))
    with transaction() as session:
        every = programme.milestones(session, row.id)
        assert len(every) == count
        assert programme.milestone_of(session, row.id, "readiness", 1).opens_on == TODAY
        moved = programme.milestone_of(session, row.id, "recruitment", 1)
        assert moved.opens_on == moved.wake_on == later + timedelta(days=21)
        assert programme.by_slug(session, "p1").rules.starts_on == later


def test_unknown_programme_is_named(database: str) -> None:
    with transaction() as session, pytest.raises(UnknownProgramme, match="nowhere"):
        programme.by_slug(session, "nowhere")


def test_people_are_found_by_number_or_address_in_any_case(database: str) -> None:
    with transaction() as session:
        who = someone(session, employee_number="E7")
        assert person.by_key(session, "E7") is who
        assert person.by_key(session, " ZOE@x.example ") is who
        assert person.by_keys(session, ["nobody", "E7"]) == [who]


def test_who_leaves_today_is_not_here(database: str) -> None:
    with transaction() as session:
        someone(session, left_on=TODAY)
        stays = someone(session, "cy", left_on=TODAY + timedelta(days=1))
        assert list(person.here_on(session, TODAY)) == [stays]


def test_one_person_has_each_role_once(database: str) -> None:
    row, who = ground()
    with transaction() as session:
        session.add(Participant(programme_id=row, person_id=who, role="mentor"))
    with transaction() as session:
        assert len(participant.of_programme(session, row)) == 1
    with pytest.raises(Exception, match="(?i)unique"), transaction() as session:
        session.add(Participant(programme_id=row, person_id=who, role="mentor"))


def test_decision_is_taken_once_a_round(database: str) -> None:
    row, who = ground()
    given = {
        "programme_id": row,
        "phase": "matching",
        "subject": "pairing:1",
        "digest": "d",
        "decided_by": who,
        "decided_on": TODAY,
    }
    with transaction() as session:
        assert decision.decide(session, round=1, choice="approve", **given)
        assert not decision.decide(session, round=1, choice="strike", **given)
        assert decision.decide(session, round=2, choice="strike", **given)
        assert [one.choice for one in decision.of_round(session, row, "matching", 1, applied=False)] == ["approve"]


def test_signal_is_raised_once_a_round(database: str) -> None:
    row, _ = ground()
    with transaction() as session:
        raised = [
            signal.raise_signal(session, row, "RSK-09", "pairing:1", n, TODAY, satisfied_least=1) for n in (1, 1, 2)
        ]
        assert raised == [True, False, True]
        assert len(signal.of_programme(session, row, number=1)) == 1


def test_rehearsal_has_its_own_day_and_never_goes_back(database: str) -> None:
    with transaction() as session:
        installation.mark_as_rehearsal(session, TODAY)
    with transaction() as session:
        installation.move_to(session, TODAY + timedelta(days=3))
    with transaction() as session:
        installation.move_to(session, TODAY)
        assert installation.today(session) == TODAY + timedelta(days=3)
        assert installation.is_rehearsal(session)


def test_real_programme_does_not_live_in_the_future(database: str) -> None:
    with transaction() as session:
        assert installation.today(session, "UTC") >= date(2026, 1, 1)
        with pytest.raises(FutureDate, match="rehearsal"):
            installation.move_to(session, date(2999, 1, 1))
