"""Everything once more before it goes; sending once; reading back what was sent."""

from datetime import timedelta

import pytest
from lxml import html
from starlette.testclient import TestClient

from framework.content import FORMS
from framework.content.recruitment import RELUCTANCE
from models import installation
from models.base import transaction
from notifications.words import languages
from portal.app import create_app
from tests.portal.stage import TODAY, answer_of, deeds, everything, sensible

LOG, CONTRACT = "meeting_log", "growth_contract"


def filled(browser, token, form, **changes):
    """Type a whole form, and leave it as a draft."""
    typed = sensible(FORMS[form]) | {name: [value] for name, value in changes.items()}
    assert browser.post(f"/f/{token}", data=typed | {"go": "later"}).status_code == 303


def test_check_shows_every_answer_in_words_with_a_way_to_change_it(stage, browser):
    token = stage.ask(LOG)
    filled(browser, token, LOG)
    tree = html.fromstring(browser.get(f"/f/{token}/check").text)
    told = tree.text_content()
    assert "Tuesday 27 April 2027" in told
    assert "12 minutes" in told
    changes = tree.xpath("//dd[@class='change']/a/@href")
    assert f"/f/{token}/part/1?to=check#f-held_on" in changes
    for href in changes:
        path, _, field = href.partition("#")
        assert html.fromstring(browser.get(path).text).get_element_by_id(field) is not None
    back = browser.post(f"/f/{token}/part/1?to=check", data={"took_place": "yes", "go": "next"})
    assert back.status_code == 422
    assert "to=check" in html.fromstring(back.text).forms[0].get("action")


def test_change_from_the_check_comes_back_to_it(stage, browser):
    token = stage.ask("mentor_application")
    filled(browser, token, "mentor_application")
    page = html.fromstring(browser.get(f"/f/{token}/part/2?to=check").text).forms[0]
    typed = {name: value for name, value in page.form_values() if name not in ("topics", "languages", "times", "style")}
    lists = {name: list(page.inputs[name].value) for name in ("topics", "languages", "times", "style")}
    sent = browser.post(f"/f/{token}/part/2?to=check", data=typed | lists | {"hours": "7"})
    assert sent.headers["location"] == f"/f/{token}/check"
    assert "7 hours" in browser.get(f"/f/{token}/check").text


def test_what_is_missing_stands_on_top_and_leads_to_its_field(stage, browser):
    token = stage.ask(LOG)
    browser.post(f"/f/{token}/part/1", data={"took_place": "yes", "minutes": "1.000", "go": "later"})
    page = browser.post(f"/f/{token}/check", data={"sure": "yes"})
    assert page.status_code == 422
    links = html.fromstring(page.text).xpath("//section[@role='alert']//a/@href")
    assert f"/f/{token}/part/1?to=check#f-minutes" in links
    assert f"/f/{token}/part/2?to=check#f-ses_e3" in links
    assert "without a point or a comma" in page.text
    there = browser.get(f"/f/{token}/part/1?to=check").text
    assert "without a point or a comma" in html.fromstring(there).get_element_by_id("e-minutes").text_content()
    assert answer_of(token) == (None, "open")


def test_nothing_goes_without_the_tick(stage, browser):
    token = stage.ask(LOG)
    filled(browser, token, LOG)
    before = everything()
    for typed in ({}, {"sure": "no"}, {"sure": ["yes", "no"]}):
        page = browser.post(f"/f/{token}/check", data=typed)
        assert page.status_code == 422
        assert html.fromstring(page.text).get_element_by_id("f-sure") is not None
    assert everything() == before
    assert browser.post(f"/f/{token}/check", data={"sure": "yes"}).headers["location"] == f"/f/{token}/done"


def test_sending_twice_is_one_answer(stage, browser):
    token, other = stage.ask(LOG), TestClient(create_app(), follow_redirects=False)
    filled(browser, token, LOG)
    for one in (browser, browser, other):
        assert one.post(f"/f/{token}/check", data={"sure": "yes"}).headers["location"] == f"/f/{token}/done"
    assert deeds("answered") == 1


@pytest.mark.parametrize("form", [CONTRACT, "new_hire_agreement"])
def test_signature_goes_by_way_of_the_check(stage, browser, form):
    token = stage.ask(form)
    sent = browser.post(f"/f/{token}", data=sensible(FORMS[form]))
    assert sent.headers["location"] == f"/f/{token}/check"
    assert answer_of(token) == (None, "open")
    browser.post(f"/f/{token}/check", data={"sure": "yes"})
    assert answer_of(token)[1] == "answered"


def test_signature_beside_the_whole_text_is_sent_at_once_and_without_the_text_is_checked(stage, browser):
    subject, sign = stage.pair(status="accepted"), {"agree": "yes", "signature": "Tom De Smet"}
    bare = stage.ask("contract_signature", "tom", about=subject)
    assert browser.post(f"/f/{bare}", data=sign).headers["location"] == f"/f/{bare}/check"
    written = stage.ask(CONTRACT, "zoe", about=subject)
    browser.post(f"/f/{written}", data=sensible(FORMS[CONTRACT]))
    browser.post(f"/f/{written}/check", data={"sure": "yes"})
    token = stage.ask("contract_signature", "tom", about=subject)
    assert "Something" in browser.get(f"/f/{token}").text
    assert browser.post(f"/f/{token}", data=sign).headers["location"] == f"/f/{token}/done"


def test_answer_that_stands_cannot_be_changed_by_any_page(stage, browser):
    token = stage.ask(LOG)
    filled(browser, token, LOG)
    browser.post(f"/f/{token}/check", data={"sure": "yes"})
    browser.post(f"/f/{token}/part/1", data={"took_place": "no", "go": "later"})
    with transaction() as session:
        installation.move_to(session, TODAY + timedelta(days=11))
    before = everything()
    for path in ("/part/1", "/all", "/check"):
        assert browser.get(f"/f/{token}{path}").headers["location"] == f"/f/{token}"
    assert browser.post(f"/f/{token}/part/1", data={"took_place": "yes"}).status_code == 303
    late = browser.post(f"/f/{token}/check", data={"sure": "yes"})
    assert late.status_code == 410
    assert "Your earlier answers stand" in late.text
    assert everything() == before


def test_what_i_sent_is_read_back_with_who_can_read_it(stage, browser):
    token = stage.ask(CONTRACT)
    assert browser.get(f"/f/{token}/mine").headers["location"] == f"/f/{token}"
    browser.post(f"/f/{token}", data=sensible(FORMS[CONTRACT]) | {"rel_c11": ["a canary in confidence"]})
    browser.post(f"/f/{token}/check", data={"sure": "yes"})
    assert f"/f/{token}/mine" in browser.get(f"/f/{token}/done").text
    page = browser.get(f"/f/{token}/mine").text
    assert "a canary in confidence" in page
    assert "your line manager" in page
    stranger = TestClient(create_app(), follow_redirects=False).get(f"/f/{token}/mine").text
    assert "canary" not in stranger
    assert "Kept, and not shown here" in stranger
    assert "Something" in stranger  # what is no secret is read back through the link alone
    for language in languages():
        assert "%(" not in browser.get(f"/f/{token}/mine?lang={language}").text


def test_what_i_sent_is_not_what_i_typed_since(stage, browser):
    token = stage.ask("mentor_application")
    browser.post(f"/f/{token}", data=sensible(FORMS["mentor_application"]))
    browser.post(f"/f/{token}/part/2", data={"motivation": "second thoughts", "go": "later"})
    assert "second thoughts" not in browser.get(f"/f/{token}/mine").text
    assert "second thoughts" in browser.get(f"/f/{token}/check").text


def test_what_holds_me_back_is_read_back_by_me_alone(stage, browser):
    """An answer of a special category (LEG-28): the sitting that wrote it may read it, the link alone may not."""
    token, reason = stage.ask("mentor_application"), RELUCTANCE[0]
    sent = browser.post(f"/f/{token}", data={"join": "no", "decline_reason": reason.id})
    if sent.headers["location"].endswith("/check"):
        browser.post(f"/f/{token}/check", data={"sure": "yes"})
    words = html.fromstring(browser.get(f"/f/{token}/mine?lang=en").text).text_content()
    assert reason.label in words
    stranger = TestClient(create_app(), follow_redirects=False).get(f"/f/{token}/mine?lang=en").text
    assert reason.label not in html.fromstring(stranger).text_content()
    assert "Kept, and not shown here" in stranger
