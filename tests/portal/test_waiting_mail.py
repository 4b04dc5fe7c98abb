"""A mailing that waits, person by person: those that are ticked go or are called off, once, and the others wait."""

from collections import Counter

import sqlalchemy as sa
from lxml import html

from models import delivery, event
from models.base import transaction
from tests.portal.stage import deeds, everything, mail

NAME = "mentee_call"
CAST = ("zoe", "tom", "jan")


def waiting(stage):
    """A mailing to three people; the number of each one's message."""
    return {who: mail(stage, NAME, who, state="draft") for who in CAST}


def here(stage):
    return f"/desk/{stage.desk}/mails/held/{NAME}"


def shown(browser, stage):
    """The digest of what the page shows."""
    page = html.fromstring(browser.get(here(stage)).text)
    return page.xpath("//input[@name='digest']/@value")[0]


def states(numbers):
    """How each message stands."""
    with transaction() as session:
        rows = session.execute(sa.select(delivery.Delivery.id, delivery.Delivery.state))
        by_id = {number: str(state) for number, state in rows}
    return {who: by_id[number] for who, number in numbers.items()}


def test_one_is_let_go_one_is_called_off_and_one_waits(stage, browser):
    numbers = waiting(stage)
    for who, choice in (("zoe", "release"), ("tom", "cancel")):
        typed = {"message": str(numbers[who]), "choice": choice, "digest": shown(browser, stage)}
        for _ in range(2):  # a double click
            answer = browser.post(here(stage), data=typed)
            assert (answer.status_code, answer.headers["location"]) == (303, f"{here(stage)}?done={choice}")
    assert states(numbers) == {"zoe": "queued", "tom": "cancelled", "jan": "draft"}
    assert (deeds("released"), deeds("cancelled")) == (1, 1)
    page = browser.get(f"{here(stage)}?done=release").text
    assert "The others wait." in page
    assert "Maes" in page
    assert "Peeters" not in html.fromstring(page).xpath("string(//table)")


def test_last_one_leads_back_to_the_mails(stage, browser):
    numbers = waiting(stage)
    typed = {"message": list(map(str, numbers.values())), "choice": "release", "digest": shown(browser, stage)}
    assert browser.post(here(stage), data=typed).headers["location"] == f"/desk/{stage.desk}/mails?done=release"
    assert set(states(numbers).values()) == {"queued"}
    with transaction() as session:
        (line,) = session.scalars(sa.select(event.Event).where(event.Event.action == "released"))
        assert line.detail == {"template": NAME, "messages": 3}


def test_two_coordinators_who_saw_the_same_both_hear_the_truth(stage, browser):
    numbers, digest = waiting(stage), shown(browser, stage)
    first = {"message": str(numbers["zoe"]), "choice": "release", "digest": digest}
    second = {"message": str(numbers["tom"]), "choice": "release", "digest": digest}
    assert browser.post(here(stage), data=first).status_code == 303
    answer = browser.post(here(stage), data=second)
    assert answer.status_code == 409
    assert "Nothing was done" in answer.text
    assert states(numbers)["tom"] == "draft"
    assert browser.post(here(stage), data=second | {"digest": shown(browser, stage)}).status_code == 303
    assert Counter(states(numbers).values()) == {"queued": 2, "draft": 1}


def test_untouched_form_and_looking_do_nothing(stage, browser):
    numbers, digest = waiting(stage), shown(browser, stage)
    before = everything()
    assert browser.get(here(stage)).status_code == 200
    for typed in ({}, {"choice": "release"}, {"message": str(numbers["zoe"])}, {"message": "x", "choice": "release"}):
        answer = browser.post(here(stage), data=typed | {"digest": digest})
        assert answer.status_code == 422
    odd = {"message": str(numbers["zoe"] + 1000), "choice": "release", "digest": digest}
    assert browser.post(here(stage), data=odd).status_code == 409
    assert everything() == before


def test_mail_of_another_kind_or_state_is_out_of_reach(stage, browser):
    waiting(stage)
    other, gone = mail(stage, "mentor_call", "zoe", state="draft"), mail(stage, NAME, "amira", state="sent")
    for number in (other, gone):
        typed = {"message": str(number), "choice": "cancel", "digest": shown(browser, stage)}
        assert browser.post(here(stage), data=typed).status_code == 409
    assert states({"other": other, "gone": gone}) == {"other": "draft", "gone": "sent"}
