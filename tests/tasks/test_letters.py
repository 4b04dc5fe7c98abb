"""Letters for people without a mailbox: in the order of handing out, once on paper, and never lost."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pypdfium2
import pytest
import sqlalchemy as sa

from models import link, programme
from models.base import transaction
from models.delivery import Delivery
from models.event import Event
from notifications.emails.mail_letters import LettersWaiting
from tasks.letters import held, mark_printed, print_letters, print_these, tell_about_letters
from tests.models.rows import TODAY, mail, settings, someone

SLUG = "p1"
FIELDS = {"title": "How is it going?", "closes_on": "2027-03-12", "number": 1}


@pytest.fixture
def stock(own_database: str) -> dict[str, int]:
    """Three people without a mailbox, a letter for each; a coordinator with one."""
    with transaction() as session:
        ours = programme.keep(session, settings(SLUG)).id
        someone(session, "boss", given_name="Els", family_name="Peeters", department="People", site="Antwerp")
        ids = {}
        for name, site, department in (
            ("Żaneta", "Ghent", "Works"),
            ("Ștefan", "Antwerp", "Works"),
            ("Ödön", "Antwerp", "Garage"),
        ):
            whom = someone(session, name, email=None, site=site, department=department)
            own = link.new_link(session, purpose="form", programme_id=ours, person_id=whom.id, expires_on=None)
            fields = FIELDS | {"given_name": name}
            mail(session, ours, whom.id, name, state="held", fields=fields, link_id=own.id)
            ids[name] = session.scalars(sa.select(Delivery.id).where(Delivery.key == name)).one()
    return ids


def states() -> dict[str, str]:
    with transaction() as session:
        return {row.key: row.state for row in session.scalars(sa.select(Delivery).order_by(Delivery.id))}


def texts(pdf: bytes) -> list[str]:
    return [" ".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(pdf)]


def change(delivery_id: int, **values: object) -> None:
    with transaction() as session:
        session.execute(sa.update(Delivery).where(Delivery.id == delivery_id).values(**values))


def told() -> list[Delivery]:
    with transaction() as session:
        wanted = sa.select(Delivery).where(Delivery.template == LettersWaiting.name).order_by(Delivery.id)
        return list(session.scalars(wanted))


def test_letters_come_in_the_order_of_handing_out(stock: dict[str, int]) -> None:
    assert held(SLUG) == 3
    pdf, ids = print_letters(SLUG, TODAY)
    assert ids == [stock["Ödön"], stock["Ștefan"], stock["Żaneta"]]
    assert [next(name for name in stock if f"Dear {name}," in page) for page in texts(pdf)] == [
        "Ödön",
        "Ștefan",
        "Żaneta",
    ]
    assert all("People, Antwerp" in page and "boss@x.example" in page for page in texts(pdf))
    assert set(states().values()) == {"held"}


def test_printed_is_written_down_once_and_on_the_trail(stock: dict[str, int]) -> None:
    _, ids = print_letters(SLUG, TODAY)
    assert mark_printed(ids, TODAY) == sorted(ids)
    assert set(states().values()) == {"printed"}
    assert (print_letters(SLUG, TODAY), held(SLUG), mark_printed(ids, TODAY)) == ((b"", []), 0, [])
    with transaction() as session:
        trail = list(session.scalars(sa.select(Event).where(Event.action == "printed")))
        assert sorted(one.about for one in trail) == sorted(f"delivery:{one}" for one in ids)
        assert {row.sent_on for row in session.scalars(sa.select(Delivery))} == {TODAY}


def test_a_day_s_letters_can_be_printed_again_as_they_were(stock: dict[str, int]) -> None:
    pdf, ids = print_letters(SLUG, TODAY)
    mark_printed(ids, TODAY)
    later = TODAY + timedelta(days=5)
    assert print_letters(SLUG, later, again=TODAY) == (pdf, ids)
    assert print_letters(SLUG, later, again=later) == (b"", [])
    assert print_letters(SLUG, later) == (b"", [])


def test_crash_before_marking_loses_nothing(stock: dict[str, int]) -> None:
    assert print_letters(SLUG, TODAY) == print_letters(SLUG, TODAY)
    assert held(SLUG) == 3


def test_letter_that_is_due_later_waits(stock: dict[str, int]) -> None:
    change(stock["Ödön"], due_on=TODAY + timedelta(days=1))
    assert len(print_letters(SLUG, TODAY)[1]) == 2
    assert (held(SLUG), held(SLUG, TODAY)) == (3, 2)
    assert len(print_letters(SLUG, TODAY + timedelta(days=1))[1]) == 3


def test_letter_that_cannot_be_made_stops_no_other(stock: dict[str, int]) -> None:
    change(stock["Ödön"], open_fields={"no": "such field"}, sealed="")
    change(stock["Ștefan"], open_fields=FIELDS | {"given_name": "\U0010fffd"}, sealed="")
    pdf, ids = print_letters(SLUG, TODAY)
    assert ids == [stock["Żaneta"]]
    assert len(texts(pdf)) == 1
    assert held(SLUG) == 3


def test_letter_with_the_link_of_another_is_never_printed(stock: dict[str, int]) -> None:
    with transaction() as session:
        theirs = session.get_one(Delivery, stock["Żaneta"])
        of_another, own = theirs.link_id, session.get_one(link.Link, theirs.link_id).url
    change(stock["Ödön"], link_id=of_another)
    pdf, ids = print_letters(SLUG, TODAY)
    assert stock["Ödön"] not in ids
    assert sum(own.rpartition("/")[2] in page for page in texts(pdf)) == 1


def test_who_has_left_gets_no_letter(stock: dict[str, int]) -> None:
    with transaction() as session:
        row = session.get_one(Delivery, stock["Ödön"])
        session.execute(sa.text("UPDATE person SET left_on = :on WHERE id = :id"), {"on": TODAY, "id": row.person_id})
    assert stock["Ödön"] not in print_letters(SLUG, TODAY)[1]


def test_two_who_print_at_once_hand_over_each_letter_once(stock: dict[str, int]) -> None:
    together, got = Barrier(4), []

    def run() -> None:
        _, ids = print_letters(SLUG, TODAY)
        together.wait()
        got.append(mark_printed(ids, TODAY))

    both = [Thread(target=run) for _ in range(4)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(one for ids in got for one in ids) == sorted(stock.values())
    with transaction() as session:
        assert session.scalar(sa.select(sa.func.count()).where(Event.action == "printed")) == 3


def test_chosen_letters_can_be_made_alone(stock: dict[str, int]) -> None:
    assert print_these(SLUG, [stock["Żaneta"]], TODAY)[1] == [stock["Żaneta"]]


def test_coordinator_hears_once_a_week_while_letters_wait(stock: dict[str, int]) -> None:
    days = [TODAY + timedelta(days=n) for n in range(16)]
    assert [tell_about_letters.fn(SLUG, day) for day in days] == [3] * 16
    assert [tell_about_letters.fn(SLUG, day) for day in days[-2:]] == [3, 3]  # run twice, told once
    assert [row.planned_on for row in told()] == [days[1], days[8], days[15]]
    assert told()[0].fields["count"] == 3
    assert told()[0].fields["command"] == "baken mail letters p1 letters.pdf"
    assert date.fromisoformat(told()[0].fields["since"]) == TODAY
    assert told()[0].state == "queued"


def test_nobody_is_told_when_nothing_waits(stock: dict[str, int]) -> None:
    mark_printed(list(stock.values()), TODAY)
    assert tell_about_letters.fn(SLUG, TODAY + timedelta(days=9)) == 0
    assert told() == []


def test_coordinator_without_a_mailbox_is_not_told_about_that_letter(stock: dict[str, int]) -> None:
    with transaction() as session:
        session.execute(
            sa.text("UPDATE person SET email = NULL, employee_number = 'boss@x.example' WHERE given_name = 'Els'")
        )
    assert tell_about_letters.fn(SLUG, TODAY + timedelta(days=1)) == 3
    assert tell_about_letters.fn(SLUG, TODAY + timedelta(days=2)) == 3
    assert told()[0].state == "held"
