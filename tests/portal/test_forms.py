"""The form pages: every form in every language, answered, refused, changed, and left alone."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from lxml import html

from framework.content import FORMS
from framework.questions import Kind
from framework.reading import read
from framework.requests import RequestStatus
from models import delivery, installation, link, request
from models.base import transaction
from notifications.words import Words, languages
from portal.fields import retyped, with_options
from tests.portal.stage import DATES, TODAY, answer_of, deeds, everything, fields, sensible

ASKED = [name for name, form in FORMS.items() if form.sections]


def _whole(name):
    return with_options(FORMS[name], DATES)


def _one_page(name):
    """Where all questions of a form stand on one page."""
    return "/all" if FORMS[name].long else ""


def _sent(browser, token, typed):
    """Send a whole form as a person would, by way of the check where it has one; the last answer."""
    page = browser.post(f"/f/{token}", data=typed)
    if page.headers.get("location", "").endswith("/check"):
        page = browser.post(page.headers["location"], data={"sure": "yes"})
    return page


def _change(token, status, **values):
    with transaction() as session:
        row = request.by_link(session, link.open_link(session, token, "form").id)
        row.status = status
        for name, value in values.items():
            setattr(row, name, value)


def _move(days):
    with transaction() as session:
        installation.move_to(session, TODAY + timedelta(days=days))


@pytest.mark.parametrize("name", ASKED)
def test_form_opens_in_every_language_and_takes_an_answer(stage, browser, name):
    form, token = _whole(name), stage.ask(name, options=DATES)
    for language in languages():
        assert browser.get(f"/f/{token}?lang={language}").status_code == 200
        page = browser.get(f"/f/{token}{_one_page(name)}?lang={language}")
        assert page.status_code == 200
        assert f'<html lang="{language}">' in page.text
        assert not re.search(r"%\(\w+\)s", page.text)
        untouched, names = fields(page.text)
        assert set(sensible(form)) <= names
        assert all(value in ("", "0") for values in untouched.values() for value in values)
        if language != "en":
            assert Words(language).gettext("Save and finish later") in html.fromstring(page.text).text_content()
    sent = _sent(browser, token, sensible(form))
    assert (sent.status_code, sent.headers["location"]) == (303, f"/f/{token}/done")
    assert answer_of(token) == (read(form, sensible(form)).answers, "answered")
    for language in languages():
        done = browser.get(f"/f/{token}/done?lang={language}")
        assert done.status_code == 200
        assert not re.search(r"%\(\w+\)s", done.text)


@pytest.mark.parametrize("name", ASKED)
def test_untouched_form_is_refused_and_nothing_is_kept(stage, browser, name):
    token = stage.ask(name, options=DATES)
    untouched, _ = fields(browser.get(f"/f/{token}{_one_page(name)}").text)
    before = everything()
    page = browser.post(f"/f/{token}", data=untouched)
    assert page.status_code == 422
    assert everything() == before
    tree = html.fromstring(page.text)
    problems = read(_whole(name), untouched).problems
    links = tree.xpath("//section[@role='alert']//a/@href")
    assert links == [f"#f-{p.question}" for p in problems]
    assert all(tree.get_element_by_id(href[1:]) is not None for href in links)
    for problem in problems:
        assert problem.text in tree.get_element_by_id(f"e-{problem.question}").text_content()
    assert tree.findtext("head/title").startswith("Error:")


@pytest.mark.parametrize("name", ASKED)
def test_answers_typed_again_are_the_same_answers(name):
    form = _whole(name)
    answers = read(form, sensible(form)).answers
    assert read(form, retyped(form, answers)).answers == answers


def test_own_lines_are_typed_again():
    form, typed = FORMS["meeting_log"], sensible(FORMS["meeting_log"]) | {"topics.own": ["one\ntwo"]}
    answers = read(form, typed).answers
    assert read(form, retyped(form, answers)).answers == answers
    assert "own:two" in answers["topics"]


def test_what_was_typed_stays_and_is_escaped(stage, browser):
    token = stage.ask("mentor_application")
    page = browser.post(
        f"/f/{token}", data={"join": "yes", "motivation": "<script>alert(1)</script>", "topics": ["coaching"]}
    )
    assert page.status_code == 422
    assert "<script" not in page.text
    form = html.fromstring(page.text).forms[0]
    assert form.fields["motivation"] == "<script>alert(1)</script>"
    assert form.fields["join"] == "yes"
    assert set(form.inputs["topics"].value) == {"coaching"}


def test_double_submit_is_one_answer(stage, browser):
    token = stage.ask("pairing_mentor")
    for _ in range(3):
        assert browser.post(f"/f/{token}", data={"accept": "yes"}).status_code == 303
    assert deeds("answered") == 1
    assert answer_of(token) == ({"accept": "yes"}, "answered")


def test_sending_cancels_reminders_that_wait(stage, browser):
    token = stage.ask("pairing_mentor")
    with transaction() as session:
        asked = request.by_link(session, link.open_link(session, token, "form").id)
        told = {"programme_id": stage.programme, "phase": "mail", "template": "reminder", "person_id": asked.person_id}
        delivery.enqueue(session, key="r", language="en", fields={}, due_on=TODAY, request_id=asked.id, **told)
    browser.post(f"/f/{token}", data={"accept": "yes"})
    with transaction() as session:
        assert session.scalars(sa.select(delivery.Delivery.state)).all() == ["cancelled"]


def test_looking_changes_nothing(stage, browser):
    token = stage.ask("meeting_log")
    answered = stage.ask("pairing_mentor")
    browser.post(f"/f/{answered}", data={"accept": "yes"})
    before = everything()
    for path in (f"/f/{token}", f"/f/{token}/done", f"/f/{answered}", f"/f/{answered}?change=1", f"/f/{answered}/done"):
        for method in ("GET", "HEAD"):
            assert browser.request(method, path).status_code in (200, 303)
    assert everything() == before
    assert browser.request("HEAD", f"/f/{token}").text == ""


def test_form_again_shows_the_receipt_and_can_be_changed(stage, browser):
    token = stage.ask("mentor_application")
    typed = sensible(FORMS["mentor_application"])
    browser.post(f"/f/{token}", data=typed)
    again = browser.get(f"/f/{token}")
    assert "You have answered" in again.text
    assert "<form" not in again.text
    assert "Taking part" in browser.get(f"/f/{token}?change=1").text
    form = html.fromstring(browser.get(f"/f/{token}/all?change=1").text).forms[0]
    assert form.fields["motivation"] == typed["motivation"][0]
    assert form.fields["hours"] == "12"
    assert browser.post(f"/f/{token}?change=1", data=typed | {"hours": ["3"]}).status_code == 303
    assert answer_of(token)[0]["hours"] == 3


def test_confidential_answers_are_kept_and_never_shown_again(stage, browser):
    token = stage.ask("meeting_log")
    typed = sensible(FORMS["meeting_log"]) | {"ses_e3": ["a canary in confidence"]}
    browser.post(f"/f/{token}", data=typed)
    assert "canary" in browser.get(f"/f/{token}/all?change=1").text  # in the sitting in which it was typed
    browser.cookies.clear()
    page = browser.get(f"/f/{token}/all?change=1")
    assert "canary" not in page.text
    assert "We keep your earlier answer" in page.text
    untouched, _ = fields(page.text)
    assert browser.post(f"/f/{token}", data=untouched | {"minutes": ["45"]}).status_code == 303
    answers, _ = answer_of(token)
    assert (answers["ses_e3"], answers["minutes"]) == ("a canary in confidence", 45)


def test_settled_answer_may_change_until_the_due_date(stage, browser):
    token = stage.ask("pairing_mentor")
    browser.post(f"/f/{token}", data={"accept": "yes"})
    _change(token, RequestStatus.SETTLED)
    assert browser.post(f"/f/{token}", data={"accept": "yes"}).status_code == 303
    assert answer_of(token)[1] == "settled"
    assert browser.post(f"/f/{token}", data={"accept": "no"}).status_code == 303
    assert answer_of(token) == ({"accept": "no"}, "answered")


def test_answer_stands_after_the_due_date(stage, browser):
    token = stage.ask("pairing_mentor")
    browser.post(f"/f/{token}", data={"accept": "yes"})
    _move(11)
    assert "change=1" not in browser.get(f"/f/{token}").text
    late = browser.post(f"/f/{token}", data={"accept": "no"})
    assert late.status_code == 410
    assert "Your earlier answers stand" in late.text
    assert browser.post(f"/f/{token}", data={"accept": "yes"}).status_code == 303
    assert answer_of(token)[0] == {"accept": "yes"}


def test_late_first_answer_is_welcome(stage, browser):
    token = stage.ask("pairing_mentor")
    _change(token, RequestStatus.LAPSED, lapsed_on=TODAY)
    _move(11)
    assert "still welcome" in browser.get(f"/f/{token}").text
    assert browser.post(f"/f/{token}", data={"accept": "no"}).status_code == 303
    assert answer_of(token)[1] == "answered"


def test_dead_links_say_so_kindly(stage, browser):
    token = stage.ask("pairing_mentor")
    forged = token[:-1] + ("A" if token[-1] != "A" else "B")
    for path in (f"/f/{forged}", "/f/x", f"/desk/{token}", f"/f/{stage.desk}", f"/desk/{forged}", "/nothing"):
        page = browser.get(path)
        assert page.status_code == 404
        assert "We do not know this link" in page.text
        assert "amira@example.org" not in page.text
    assert browser.post(f"/f/{forged}", data={"accept": "yes"}).status_code == 404
    _change(token, RequestStatus.CANCELLED)
    page = browser.get(f"/f/{token}")
    assert page.status_code == 410
    assert "amira@example.org" in page.text
    assert browser.post(f"/f/{token}", data={"accept": "yes"}).status_code == 410
    assert answer_of(token)[0] is None


def test_expired_and_revoked_links_open_nothing(stage, browser):
    token = stage.ask("pairing_mentor")
    _move(24)
    assert browser.get(f"/f/{token}").status_code == 200
    _move(25)
    assert browser.get(f"/f/{token}").status_code == 410
    assert browser.post(f"/f/{token}", data={"accept": "yes"}).status_code == 410
    with transaction() as session:
        link.open_link(session, token, "form").revoked = True
    assert browser.get(f"/f/{token}").status_code == 410


def test_person_reads_his_own_language_and_the_companys_words(stage, browser):
    token = stage.ask("mentor_application")
    assert "Taking part as guide" in browser.get(f"/f/{token}").text
    assert 'lang="nl"' in browser.get(f"/f/{token}?lang=nl").text
    assert "lang=nl" in html.fromstring(browser.get(f"/f/{token}/all?lang=nl").text).forms[0].get("action")


def test_conditions_are_said_in_words(stage, browser):
    page = browser.get(f"/f/{stage.ask('mentor_application')}/all").text
    assert "Only if you answered no" in page
    assert "Only if you answered “Yes” to: Would you like to take part as guide?" in page


def test_every_kind_of_question_is_in_some_form():
    asked = [q for form in FORMS.values() for q in form.questions]
    assert {q.kind for q in asked} | {column.kind for q in asked for column in q.columns} == set(Kind)


def test_dates_to_choose_from_are_said_in_words(stage, browser):
    token = stage.ask("training_enrolment_mentor", options=DATES)
    assert "Tuesday 4 May 2027" in browser.get(f"/f/{token}").text
    assert "mardi 4 mai 2027" in browser.get(f"/f/{token}?lang=fr").text
