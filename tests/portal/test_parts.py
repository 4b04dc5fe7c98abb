"""A long form a part at a time: where one starts, stands and goes on, and what is left out."""

import pytest
from lxml import html

from framework.content import FORMS
from notifications.words import languages
from tests.portal.stage import DATES, answer_of, everything, fields, sensible

LOG = "meeting_log"
LONG = [name for name, form in FORMS.items() if form.long]


def part_of(form, number, **changes):
    """What one would type into one part of a form."""
    mine = {q.id for q in FORMS[form].asking[number - 1].questions}
    typed = {name: values for name, values in sensible(FORMS[form]).items() if name.partition(".")[0] in mine}
    return typed | {name: [value] for name, value in changes.items()}


def states(browser, token):
    """How the parts stand on the start page."""
    tree = html.fromstring(browser.get(f"/f/{token}?change=1").text)
    return [item.get("class") for item in tree.xpath("//ol[@class='steps']/li")]


def button(browser, token):
    """The big button of the start page: its words and where it goes."""
    (found,) = html.fromstring(browser.get(f"/f/{token}").text).xpath("//a[@class='button']")
    return found.text, found.get("href").removeprefix(f"/f/{token}")


@pytest.mark.parametrize("name", LONG)
def test_long_form_can_be_sent_part_by_part(stage, browser, name):
    token = stage.ask(name, options=DATES)
    where = button(browser, token)
    assert where == ("Start", "/part/1")
    total = len(FORMS[name].asking)
    for number in range(1, total + 1):
        page = browser.get(f"/f/{token}/part/{number}")
        assert f"Part {number} of {total}" in page.text
        assert set(part_of(name, number)) <= fields(page.text)[1]
        sent = browser.post(f"/f/{token}/part/{number}", data=part_of(name, number, go="next"))
        following = f"/part/{number + 1}" if number < total else "/check"
        assert (sent.status_code, sent.headers["location"]) == (303, f"/f/{token}{following}"), page.text
    assert answer_of(token) == (None, "open")
    assert browser.post(f"/f/{token}/check", data={"sure": "yes"}).headers["location"] == f"/f/{token}/done"
    assert answer_of(token)[1] == "answered"


def test_short_forms_have_no_start_page(stage, browser):
    short = [name for name, form in FORMS.items() if form.sections and not form.long]
    assert {"pairing_mentor", "manager_consent", "contract_signature"} <= set(short)
    assert set(LONG) >= {"readiness_survey", "growth_contract", "pair_review_mentee"}
    page = browser.get(f"/f/{stage.ask('pairing_mentor')}").text
    assert html.fromstring(page).forms[0].inputs["accept"] is not None


def test_start_page_says_what_how_and_when_in_every_language(stage, browser):
    token = stage.ask("growth_contract")
    page = browser.get(f"/f/{token}").text
    assert "Please answer by Friday 30 April 2027" in page
    assert "Who can read what you write" in page
    assert "your line manager" in page
    assert f'href="/f/{token}/all"' in page
    for language in languages():
        tree = html.fromstring(browser.get(f"/f/{token}?lang={language}").text)
        assert f"/f/{token}/part/1?lang={language}" in tree.xpath("//a[@class='button']/@href")


def test_start_page_tells_how_the_parts_stand(stage, browser):
    token = stage.ask(LOG)
    assert states(browser, token) == ["to_do", "to_do"]
    browser.post(f"/f/{token}/part/1", data={"took_place": "yes", "go": "later"})
    assert states(browser, token) == ["begun", "to_do"]
    assert button(browser, token) == ("Continue", "/part/1")
    browser.post(f"/f/{token}/part/1", data=part_of(LOG, 1))
    assert states(browser, token) == ["done", "to_do"]
    assert button(browser, token) == ("Continue", "/part/2")
    browser.post(f"/f/{token}/part/2", data=part_of(LOG, 2))
    assert states(browser, token) == ["done", "done"]
    assert button(browser, token) == ("Check and send", "/check")


def test_part_that_may_stay_empty_says_so_and_is_still_shown(stage, browser):
    token = stage.ask("meeting_preparation")
    assert states(browser, token)[2] == "free"
    for number in (1, 2):
        browser.post(f"/f/{token}/part/{number}", data=part_of("meeting_preparation", number))
    assert button(browser, token) == ("Continue", "/part/3")


def test_part_that_an_answer_rules_out_is_skipped_and_that_is_said(stage, browser):
    token = stage.ask("mentor_application")
    sent = browser.post(f"/f/{token}/part/1", data={"join": "no", "go": "next"})
    assert sent.headers["location"] == f"/f/{token}/check"
    assert states(browser, token) == ["done", "skipped", "skipped"]
    assert "Does not apply to you" in browser.get(f"/f/{token}").text
    assert browser.get(f"/f/{token}/part/2").headers["location"] == f"/f/{token}/check"
    browser.post(f"/f/{token}/check", data={"sure": "yes"})
    assert answer_of(token)[0]["join"] == "no"


def test_question_that_an_earlier_part_asked_for_stands_without_its_condition(stage, browser):
    token = stage.ask("mentor_application")
    assert (
        "Only if you answered “Yes” to: Would you like to take part as guide?" in browser.get(f"/f/{token}/part/2").text
    )
    browser.post(f"/f/{token}/part/1", data={"join": "yes"})
    page = browser.get(f"/f/{token}/part/2").text
    assert "Only if" not in page
    assert 'name="motivation"' in page


def test_next_holds_back_what_is_wrong_and_keeps_it(stage, browser):
    token = stage.ask(LOG)
    page = browser.post(f"/f/{token}/part/1", data=part_of(LOG, 1, minutes="an hour", go="next"))
    assert page.status_code == 422
    tree = html.fromstring(page.text)
    assert tree.findtext("head/title").startswith("Error:")
    assert tree.xpath("//section[@role='alert'][@autofocus][@tabindex='-1']//a/@href") == ["#f-minutes"]
    assert tree.forms[0].fields["minutes"] == "an hour"
    assert html.fromstring(browser.get(f"/f/{token}/part/1").text).forms[0].fields["minutes"] == "an hour"
    assert answer_of(token) == (None, "open")


def test_back_and_later_keep_anything(stage, browser):
    token = stage.ask(LOG)
    browser.post(f"/f/{token}/part/1", data=part_of(LOG, 1))
    back = browser.post(f"/f/{token}/part/2", data={"ses_e1": "half a", "go": "back"})
    assert back.headers["location"] == f"/f/{token}/part/1"
    later = browser.post(f"/f/{token}/part/1", data=part_of(LOG, 1, minutes="many") | {"go": "later"})
    assert later.headers["location"] == f"/f/{token}/saved"
    saved = browser.get(f"/f/{token}/saved").text
    assert "You can stop here" in saved
    assert "That link works until Friday 14 May 2027" in saved
    assert html.fromstring(browser.get(f"/f/{token}/part/1").text).forms[0].fields["minutes"] == "many"
    assert html.fromstring(browser.get(f"/f/{token}/part/2").text).forms[0].fields["ses_e1"] == "half a"
    assert browser.post(f"/f/{token}/part/1", data={"go": "back"}).headers["location"] == f"/f/{token}"


def test_unknown_parts_and_buttons_are_harmless(stage, browser):
    token = stage.ask(LOG)
    before = everything()
    for number in ("0", "3", "99999999999999999999"):
        assert browser.get(f"/f/{token}/part/{number}").status_code == 404
        assert browser.post(f"/f/{token}/part/{number}", data={"took_place": "yes"}).status_code == 404
    assert browser.post(f"/f/{token}/part/1", data={"go": "elsewhere"}).status_code == 422
    assert everything() == before


def test_link_of_a_mail_fills_in_one_answer_and_keeps_nothing(stage, browser):
    token = stage.ask("pair_review_mentee")
    parts = enumerate(FORMS["pair_review_mentee"].asking, 1)
    number, scale = next((n, q) for n, part in parts for q in part.questions if q.kind == "scale")
    before = everything()
    page = browser.get(f"/f/{token}?q={scale.id}&v=4", follow_redirects=True)
    assert page.url.path == f"/f/{token}/part/{number}"
    assert html.fromstring(page.text).forms[0].fields[scale.id] == "4"
    short = stage.ask("pairing_mentor")
    before = everything()
    assert html.fromstring(browser.get(f"/f/{short}?q=accept&v=no").text).forms[0].fields["accept"] == "no"
    for query in ("q=accept&v=perhaps", "q=reason&v=<b>", "q=nothing&v=yes", "v=yes"):
        form = html.fromstring(browser.get(f"/f/{short}?{query}").text).forms[0]
        assert not form.fields["accept"]
        assert not form.fields["reason"]
    assert everything() == before


def test_language_switch_keeps_the_place_and_what_was_saved(stage, browser):
    token = stage.ask(LOG)
    browser.post(f"/f/{token}/part/1", data=part_of(LOG, 1))
    page = html.fromstring(browser.get(f"/f/{token}/part/1?to=check").text)
    (dutch,) = page.xpath("//nav[@class='languages']/a[@lang='nl']/@href")
    assert (dutch.partition("?")[0], "to=check" in dutch) == (f"/f/{token}/part/1", True)
    assert html.fromstring(browser.get(dutch).text).forms[0].fields["minutes"] == "12"
    sent = browser.post(f"/f/{token}/part/2?lang=nl", data=part_of(LOG, 2))
    assert sent.headers["location"] == f"/f/{token}/check?lang=nl"
