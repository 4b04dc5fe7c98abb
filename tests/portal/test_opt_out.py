"""No more calls: one click from a mail program, one button on a page, and a way back."""

import pytest

from models import delivery, link, person
from models.base import transaction
from notifications.emails import EMAILS
from notifications.words import languages
from portal.opt_out import CAMPAIGNS
from tests.portal.stage import TODAY, deeds, everything, mail

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def _token(stage, who="zoe"):
    with transaction() as session:
        return link.opt_out_link(session, stage.programme, stage.people[who]).token


def _since(stage, who="zoe"):
    with transaction() as session:
        return session.get(person.Person, stage.people[who]).no_campaigns_since


def _states(*ids):
    with transaction() as session:
        return [str(row.state) for row in delivery.by_ids(session, ids)]


def test_campaigns_are_those_that_nobody_asked_for():
    assert {"mentor_call", "mentee_call", "programme_announcement"} <= CAMPAIGNS
    assert "reminder" not in CAMPAIGNS
    assert set(EMAILS) > CAMPAIGNS


def test_one_click_of_a_mail_program_stops_calls_and_nothing_else(stage, browser):
    token = _token(stage)
    calls = [mail(stage, "mentee_call", state=state) for state in ("queued", "draft", "held", "sending", "sent")]
    own, others = mail(stage, "reminder"), mail(stage, "mentee_call", "tom")
    for _ in range(2):
        answer = browser.post(f"/no/{token}", data=ONE_CLICK)
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
    assert _since(stage) == TODAY
    assert _states(*calls) == ["cancelled", "cancelled", "cancelled", "sending", "sent"]
    assert _states(own, others) == ["queued", "queued"]
    assert deeds("opted out") == 1
    assert _since(stage, "tom") is None


@pytest.mark.parametrize(
    "headers", [{}, {"origin": "https://mail.example"}, {"sec-fetch-site": "cross-site", "origin": "https://x.example"}]
)
def test_one_click_comes_from_anywhere_in_either_kind_of_form(stage, browser, headers):
    token = _token(stage)
    assert browser.post(f"/no/{token}", data=ONE_CLICK, headers=headers).status_code == 200
    assert _since(stage) == TODAY
    browser.post(f"/no/{token}", data={"choice": "again"})
    assert _since(stage) is None
    several = browser.post(f"/no/{token}", files={"List-Unsubscribe": (None, "One-Click")}, headers=headers)
    assert several.status_code == 200
    assert _since(stage) == TODAY


def test_our_buttons_work_from_our_own_page_alone(stage, browser):
    token = _token(stage)
    elsewhere = {"sec-fetch-site": "cross-site"}
    assert browser.post(f"/no/{token}", data={"choice": "stop"}, headers=elsewhere).status_code == 403
    assert _since(stage) is None
    sent = browser.post(f"/no/{token}", data={"choice": "stop"}, headers={"sec-fetch-site": "same-origin"})
    assert (sent.status_code, sent.headers["location"]) == (303, f"/no/{token}")
    assert _since(stage) == TODAY


def test_there_is_a_way_back(stage, browser):
    token = _token(stage)
    assert "Would you rather get no more calls?" in browser.get(f"/no/{token}").text
    browser.post(f"/no/{token}", data={"choice": "stop"})
    page = browser.get(f"/no/{token}").text
    assert "You get no more calls and announcements" in page
    assert "I want them again" in page
    for _ in range(2):
        assert browser.post(f"/no/{token}", data={"choice": "again"}).status_code == 303
    assert _since(stage) is None
    assert deeds("opted in") == 1


def test_looking_changes_nothing(stage, browser):
    token = _token(stage)
    mail(stage, "mentee_call")
    before = everything()
    for method in ("GET", "HEAD"):
        for language in languages():
            answer = browser.request(method, f"/no/{token}?lang={language}&choice=stop&List-Unsubscribe=One-Click")
            assert answer.status_code == 200
            assert "%(" not in answer.text
    assert everything() == before
    browser.post(f"/no/{token}", data=ONE_CLICK)
    assert everything() != before


@pytest.mark.parametrize("data", [{"choice": "maybe"}, {"List-Unsubscribe": "Two-Click"}, {"one-click": "yes"}])
def test_other_posts_change_nothing(stage, browser, data):
    token = _token(stage)
    assert browser.post(f"/no/{token}", data=data).status_code == 400
    assert _since(stage) is None


def test_button_without_a_tick_asks_for_one(stage, browser):
    token = _token(stage)
    said = browser.post(f"/no/{token}", data={})
    assert said.status_code == 422
    assert "Tick this box to go on." in said.text
    assert _since(stage) is None


def test_too_much_is_not_read(stage, browser):
    token = _token(stage)
    large = {"List-Unsubscribe": (None, "One-Click"), "more": (None, "x" * 20_000)}
    assert browser.post(f"/no/{token}", files=large).status_code == 413
    assert _since(stage) is None


def test_forged_and_other_tokens_are_refused(stage, browser):
    token = _token(stage)
    other = token[:-1] + ("A" if token[-1] != "A" else "B")
    for wrong in (other, token[:22], "x", stage.desk, stage.ask("pairing_mentor")):
        assert browser.get(f"/no/{wrong}").status_code == 404
        assert browser.post(f"/no/{wrong}", data=ONE_CLICK).status_code == 404
    for wrong in (f"/desk/{token}", f"/f/{token}", f"/desk/{token}/mails"):
        assert browser.get(wrong).status_code == 404
    assert _since(stage) is None
    assert browser.post(f"/no/{token}", data=ONE_CLICK).status_code == 200
