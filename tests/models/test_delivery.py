"""The outbox: nothing twice, nothing lost, and no late sender."""

from datetime import timedelta

import pytest

from models import delivery
from models.base import transaction
from tests.models.rows import TODAY, fill, ground, mail, question, states


def test_occasion_is_told_once(database: str) -> None:
    programme, person = ground()
    with transaction() as session:
        assert [mail(session, programme, person, "same") for _ in range(3)] == [True, False, False]
    assert states() == ["queued"]


def test_mail_goes_with_the_change_it_tells_of_or_not_at_all(database: str) -> None:
    programme, person = ground()

    def half() -> None:
        with transaction() as session:
            mail(session, programme, person, "k")
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        half()
    assert states() == []


def test_same_mail_keeps_its_message_id(database: str) -> None:
    fill(2)
    with transaction() as session:
        one, two = (row.message_id for row in delivery.by_ids(session, [1, 2]))
    assert one != two
    with transaction() as session:
        again, _ = (row.message_id for row in delivery.by_ids(session, [1, 2]))
    assert again == one
    assert "k0" not in one


def test_answer_and_leaving_call_off_what_still_waits(database: str) -> None:
    programme, person = ground()
    with transaction() as session:
        asked = question(session, programme, person)
        mail(session, programme, person, "reminder", request_id=asked.id)
        mail(session, programme, person, "gone", request_id=asked.id, state="sent")
        mail(session, programme, person, "print", state="held")
        delivery.cancel_for_request(session, asked.id)
    assert states() == ["cancelled", "sent", "held"]
    with transaction() as session:
        delivery.cancel_for_person(session, person)
    assert states() == ["cancelled", "sent", "cancelled"]


def test_next_due_is_the_first_day_after_today(database: str) -> None:
    programme, person = fill(1)
    with transaction() as session:
        mail(session, programme, person, "later", due_on=TODAY + timedelta(days=9))
        mail(session, programme, person, "cancelled", due_on=TODAY + timedelta(days=2), state="cancelled")
        assert delivery.next_due(session, programme, TODAY) == TODAY + timedelta(days=9)
        assert delivery.next_due(session, programme, TODAY + timedelta(days=9)) is None


def test_large_mailing_is_written_once_in_few_statements(database: str) -> None:
    programme, person = ground()
    for _ in range(2):  # a retry writes nothing
        with transaction() as session, delivery.together(session):
            for number in range(50):
                mail(session, programme, person, f"m{number}")
    assert states() == ["queued"] * 50


def test_nothing_of_a_mailing_is_written_when_its_transaction_breaks(database: str) -> None:
    programme, person = ground()

    def half() -> None:
        with transaction() as session, delivery.together(session):
            mail(session, programme, person, "k")
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        half()
    assert states() == []


def test_unsure_mail_is_settled_once_by_evidence(database: str) -> None:
    fill(2, state="unsure")
    with transaction() as session:
        assert delivery.resolve(session, 1, "sent", "relay log")
        assert delivery.resolve(session, 2, "queued", "")
    with transaction() as session:
        assert not delivery.resolve(session, 1, "queued", "a second opinion")
    assert states() == ["sent", "queued"]


def test_what_came_back_takes_along_what_went_inside_it(database: str) -> None:
    programme, person = fill(1, state="sent")
    with transaction() as session:
        mail(session, programme, person, "inside", state="sent", carrier_id=1)
        assert delivery.mark_refused(session, 1, "5.1.1", TODAY)
        assert not delivery.mark_refused(session, 1, "5.1.1", TODAY)
    assert states() == ["refused", "refused"]


def test_another_address_brings_back_what_was_on_paper(database: str) -> None:
    _, person = fill(2, state="held")
    with transaction() as session:
        delivery.readdress(session, person, "zoe@new.example")
        assert {row.domain for row in delivery.by_ids(session, [1, 2])} == {"new.example"}
    assert states() == ["queued", "queued"]
    with transaction() as session:
        delivery.readdress(session, person, None)
    assert states() == ["held", "held"]


def test_message_is_found_by_what_stands_in_its_message_id(database: str) -> None:
    fill(1)
    with transaction() as session:
        known = delivery.by_ids(session, [1])[0].message_id
        found = delivery.by_message_id(session, known.upper())
        assert found
        assert found.id == 1
        assert delivery.by_message_id(session, "0" * 40) is None
