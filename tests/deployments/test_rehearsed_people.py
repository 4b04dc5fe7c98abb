"""Rehearsed people do the same on every database: neither numbers of rows nor the order of the post decides anything."""

from datetime import date
from email.message import EmailMessage

import pytest

from deployments.rehearsal.coordinator import Coordinator
from deployments.rehearsal.letters import links_in, questions_in
from deployments.rehearsal.people import Crowd

PORTAL, TODAY = "http://127.0.0.1:5000", date(2027, 2, 1)
BUNDLE = """Hello Camille,

Today there are 2 messages for you.

Looking back with Benjamin
--------------------------

Tell us before 19 October.
http://127.0.0.1:5000/f/one-{0}

A moment worth telling
----------------------

Tell us a moment with Benjamin.
http://127.0.0.1:5000/f/two-{0}
"""


def mail(number: int, to: str, text: str, subject: str = "A question") -> EmailMessage:
    """A mail as it arrives; its id and its links differ from one installation to another."""
    made = EmailMessage()
    made["To"], made["Subject"], made["Message-ID"] = to, subject, f"<{number}@example.org>"
    made.set_content(text)
    return made


def post(start: int) -> list[tuple[str, EmailMessage]]:
    """Forty people are each asked something, under numbers that begin at `start`."""
    people = [f"person-{one}@example.org" for one in range(40)]
    text = "Would you?\n" + PORTAL + "/f/token-{}\n"
    return [(who, mail(start + at, who, text.format(start * 7 + at))) for at, who in enumerate(people)]


def means_to(seed: int, letters: list[tuple[str, EmailMessage]]) -> list[tuple[date, str, str]]:
    """What the crowd plans to do after reading: when, who, about what."""
    crowd = Crowd(seed, PORTAL)
    for who, message in letters:
        crowd.read(who, message, TODAY)
    return sorted((one.on, one.address, one.asked) for one in crowd.errands)


def test_each_part_of_a_bundle_has_its_own_words_and_no_address() -> None:
    found = questions_in(mail(1, "a@example.org", BUNDLE.format("xyz")), f"{PORTAL}/f/")
    assert list(found) == links_in(mail(1, "a@example.org", BUNDLE.format("xyz")), f"{PORTAL}/f/")
    first, second = found.values()
    assert "Looking back" in first
    assert "A moment" not in first
    assert "A moment" in second
    assert "Looking back" not in second
    assert not any("http" in words or "xyz" in words for words in found.values())


def test_numbers_and_order_of_the_post_change_no_mind() -> None:
    assert means_to(3, post(1)) == means_to(3, post(900)) == means_to(3, post(5)[::-1])
    assert len({on for on, _, _ in means_to(3, post(1))}) > 1  # people differ
    assert means_to(3, post(1)) != means_to(4, post(1))  # and so do seeds


def test_a_reminder_is_another_occasion() -> None:
    crowd = Crowd(1, PORTAL)
    for number in range(1, 200):
        who = f"person-{number}@example.org"
        crowd.read(who, mail(number, who, f"Would you?\n{PORTAL}/f/token-{number}\n"), TODAY)
    forgot = set(crowd.silent)
    assert forgot
    for url in sorted(forgot):
        number = url.rpartition("-")[2]
        who = f"person-{number}@example.org"
        crowd.read(who, mail(-int(number), who, f"Please do\n{url}\n", "A reminder"), TODAY)
    assert 0 < sum(one.url in forgot for one in crowd.errands) < len(forgot)  # it helps some of them


@pytest.mark.parametrize("start", [1, 900])
def test_the_coordinators_day_does_not_hang_on_a_number(start: int) -> None:
    days = set()
    for number in range(start, start + 5):
        boss = Coordinator(1, PORTAL)
        boss.read(mail(number, "boss@example.org", f"Please decide\n{PORTAL}/desk/abc\n"), TODAY)
        days.add(boss.next_day())
    other = {_day(f"boss-{one}@example.org") for one in range(20)}
    assert len(days) == 1
    assert len(other) > 1  # the control: another coordinator may take another day


def _day(who: str) -> date | None:
    boss = Coordinator(1, PORTAL)
    boss.read(mail(1, who, f"Please decide\n{PORTAL}/desk/abc\n"), TODAY)
    return boss.next_day()
