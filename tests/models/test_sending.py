"""The chain of posting: nothing lost, one at stake, and no late sender."""

from datetime import timedelta
from itertools import chain
from threading import Barrier, Thread

import sqlalchemy as sa

from models import sending
from models.base import transaction
from models.delivery import Delivery
from models.installation import now
from tests.models.rows import TODAY, fill, mail, states

LEASE = {"today": TODAY, "seconds": 60.0}


def take(token: str, rows: int = 10, **changes: object) -> list[int]:
    with transaction() as session:
        return sending.lease(session, token, **(LEASE | {"rows": rows} | changes))  # type: ignore[arg-type]


def step(token: str, done: int | None, following: int | None) -> bool:
    with sending.line() as line:
        return sending.advance(line, token, done, following, **LEASE)  # type: ignore[arg-type]


def expire() -> None:
    """As if the lease had run out."""
    with transaction() as session:
        session.execute(sa.update(Delivery).values(lease_until=now().timestamp() - 1))


def test_lease_takes_what_is_due_in_order_and_no_more(database: str) -> None:
    programme, person = fill(4)
    with transaction() as session:
        mail(session, programme, person, "later", due_on=TODAY + timedelta(days=1))
        mail(session, programme, person, "letter", state="held")
    assert [len(take("a", 3)), len(take("b", 3)), len(take("c", 3))] == [3, 1, 0]
    assert states() == ["leased"] * 4 + ["queued", "held"]


def test_mail_that_is_to_be_tried_later_waits_its_time(database: str) -> None:
    fill(1)
    first = take("a")[0]
    assert step("a", None, first)
    with transaction() as session:
        sending.settle(session, first, "a", "queued", code=451, retry_in=300)
    assert take("b") == []
    with transaction() as session:
        row = session.get_one(Delivery, first)
        assert (row.attempts, row.code, row.lease) == (1, 451, None)
        row.retry_at = now().timestamp() - 1
    assert take("b") == [first]


def test_relay_that_is_down_costs_the_mail_no_attempt(database: str) -> None:
    fill(1)
    first = take("a")[0]
    step("a", None, first)
    with transaction() as session:
        sending.settle(session, first, "a", "queued", retry_in=None)
    with transaction() as session:
        assert session.get_one(Delivery, first).attempts == 0
    assert take("b") == [first]


def test_chain_settles_the_last_and_claims_the_next_in_one_step(database: str) -> None:
    fill(2)
    one, two = take("a")
    assert step("a", None, one)
    assert states() == ["sending", "leased"]
    assert step("a", one, two)
    assert states() == ["sent", "sending"]
    step("a", two, None)
    assert states() == ["sent", "sent"]
    with transaction() as session:
        row = session.get_one(Delivery, one)
        assert (row.sent_on, row.lease, row.lease_until) == (TODAY, None, None)
        assert row.sent_at is not None


def test_sender_that_slept_past_its_lease_does_not_send(database: str) -> None:
    fill(1)
    only = take("sleeper")[0]
    expire()
    assert take("other") == [only]
    assert not step("sleeper", None, only)
    assert step("other", None, only)


def test_sender_that_woke_late_settles_nothing_of_another(database: str) -> None:
    fill(1)
    only = take("sleeper")[0]
    assert step("sleeper", None, only)
    expire()
    with transaction() as session:
        assert sending.revive(session)["again"] == 1
    assert take("other") == [only]
    assert step("other", None, only)
    step("sleeper", only, None)  # accepted by the relay long ago; the row is the other's now
    with transaction() as session:
        sending.settle(session, only, "sleeper", "dead")
    assert states() == ["sending"]


def test_half_sent_mail_of_a_dead_sender_goes_again_only_after_its_lease(database: str) -> None:
    fill(1)
    only = take("a")[0]
    step("a", None, only)
    with transaction() as session:
        assert sending.revive(session)["again"] == 0
    expire()
    with transaction() as session:
        assert sending.revive(session)["again"] == 1
    assert take("b") == [only]


def test_what_was_not_begun_is_given_back(database: str) -> None:
    fill(3)
    one, *_ = take("a")
    step("a", None, one)
    with transaction() as session:
        sending.release(session, "a")
    assert states() == ["sending", "queued", "queued"]


def test_two_senders_never_take_the_same_row(database: str) -> None:
    fill(60)
    together, taken = Barrier(4), {name: [] for name in "abcd"}

    def run(name: str) -> None:
        together.wait()
        while found := take(name, 5):
            taken[name] += found

    senders = [Thread(target=run, args=(name,)) for name in taken]
    for one in senders:
        one.start()
    for one in senders:
        one.join()
    every = sorted(chain.from_iterable(taken.values()))
    assert every == list(range(1, 61))
