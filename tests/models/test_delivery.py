"""The outbox: nothing twice, nothing lost, and no late sender."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from models import delivery
from models.base import transaction
from models.delivery import Delivery
from models.installation import now
from tests.models.rows import TODAY, ground, mail, question

LEASE = {"today": TODAY, "seconds": 60.0}


def fill(count: int, **values: object) -> tuple[int, int]:
    programme, person = ground()
    with transaction() as session:
        for number in range(count):
            assert mail(session, programme, person, f"k{number}", **values)
    return programme, person


def take(token: str, rows: int = 10, **changes: object) -> list[int]:
    with transaction() as session:
        return delivery.lease(session, token, **(LEASE | {"rows": rows} | changes))  # type: ignore[arg-type]


def step(token: str, done: int | None, following: int | None) -> bool:
    with transaction() as session:
        return delivery.advance(session, token, done, following, **LEASE)  # type: ignore[arg-type]


def states() -> list[str]:
    with transaction() as session:
        return list(session.scalars(sa.select(Delivery.state).order_by(Delivery.id)))


def expire() -> None:
    """As if the lease had run out."""
    with transaction() as session:
        session.execute(sa.update(Delivery).values(lease_until=now().timestamp() - 1))


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
