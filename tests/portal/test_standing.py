"""Forms that stand open to everybody with a link of the programme: help, and a word about it."""

import pytest
import sqlalchemy as sa
from lxml import html

from framework import content
from framework.content import FORMS
from models import request
from models.base import transaction
from notifications.words import languages
from portal.forms.sheets import STANDING
from tests.portal.stage import answer_of, everything, fields, sensible


def told(form):
    with transaction() as session:
        return session.scalars(sa.select(request.Request.key).where(request.Request.form == form)).all()


@pytest.mark.parametrize(("name", "form"), STANDING.items())
def test_standing_form_makes_a_question_of_ones_own_with_its_answer(stage, browser, name, form):
    token = stage.ask("pairing_mentor", "tom")
    assert f"/f/{token}/{name}" in browser.get(f"/f/{token}").text
    for language in languages():
        assert "%(" not in browser.get(f"/f/{token}/{name}?lang={language}").text
    sent = browser.post(f"/f/{token}/{name}", data=sensible(FORMS[form]))
    assert sent.status_code == 303
    assert told(form) == [f"growth:{FORMS[form].phase}:{form}:programme:{stage.people['tom']}:1"]
    receipt = browser.get(sent.headers["location"])
    assert receipt.status_code == 200
    assert "Received on" in receipt.text
    assert answer_of(sent.headers["location"].split("/")[2])[1] == "answered"
    assert answer_of(token) == (None, "open")


def test_pressing_twice_is_one_and_other_words_are_another(stage, browser):
    token, form = stage.ask("pairing_mentor"), FORMS["help_request"]
    once = [browser.post(f"/f/{token}/help", data=sensible(form)).headers["location"] for _ in range(2)]
    assert once[0] == once[1]
    assert len(told("help_request")) == 1
    text = next(q.id for q in form.questions if q.kind == "long_text")
    browser.post(f"/f/{token}/help", data=sensible(form) | {text: ["something else"]})
    browser.post(f"/f/{stage.ask('pairing_mentor', 'tom')}/help", data=sensible(form))
    assert len(told("help_request")) == 3


@pytest.mark.parametrize("name", STANDING)
def test_untouched_it_is_refused_and_nothing_is_kept(stage, browser, name):
    token = stage.ask("pairing_mentor")
    untouched, _ = fields(browser.get(f"/f/{token}/{name}").text)
    before = everything()
    page = browser.post(f"/f/{token}/{name}", data=untouched)
    assert page.status_code == 422
    assert html.fromstring(page.text).xpath("//section[@role='alert']//a")
    assert everything() == before


def test_form_that_there_is_not_is_not_found(stage, browser, monkeypatch):
    token = stage.ask("pairing_mentor")
    monkeypatch.delitem(content.FORMS, "help_request")
    assert browser.get(f"/f/{token}/help").status_code == 404
    assert browser.post(f"/f/{token}/help", data={}).status_code == 404
    assert f"/f/{token}/help" not in browser.get(f"/f/{token}").text
    assert f"/f/{token}/feedback" in browser.get(f"/f/{token}").text
