"""What was typed and not sent: kept in any state, for one person, until it is sent or thrown away."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from lxml import html
from starlette.testclient import TestClient

from framework import content
from framework.content import FORMS
from framework.requests import RequestStatus
from models import draft, installation, link, request
from models.base import transaction
from portal.app import create_app
from tests.portal.stage import TODAY, answer_of, everything, fields, sensible

LOG = "meeting_log"
SECRET = "a canary in confidence"


def drafts():
    with transaction() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(draft.Draft))


def typed_in(browser, token, path, name):
    return html.fromstring(browser.get(f"/f/{token}{path}").text).forms[0].fields[name]


def elsewhere():
    """Another browser, without a cookie of ours."""
    return TestClient(create_app(), follow_redirects=False)


@pytest.mark.parametrize("typed", [{"hours": "-3"}, {"motivation": "x" * 9000}, {"topics": "no such"}, {"join": "yes"}])
def test_draft_takes_anything(stage, browser, typed):
    token = stage.ask("mentor_application")
    assert browser.post(f"/f/{token}", data=typed | {"go": "later"}).headers["location"] == f"/f/{token}/saved"
    assert drafts() == 1
    assert answer_of(token) == (None, "open")
    assert "What you typed earlier is here" in elsewhere().get(f"/f/{token}/all").text


def test_draft_is_sealed(stage, browser):
    token = stage.ask("mentor_application")
    browser.post(f"/f/{token}/part/2", data={"motivation": SECRET, "go": "later"})
    assert SECRET not in str(everything())
    assert typed_in(browser, token, "/part/2", "motivation") == SECRET


def test_short_form_can_be_finished_later_too(stage, browser):
    token = stage.ask("pairing_mentor")
    browser.post(f"/f/{token}", data={"accept": "no", "go": "later"})
    assert typed_in(browser, token, "", "accept") == "no"
    assert browser.post(f"/f/{token}", data={"accept": "yes"}).headers["location"] == f"/f/{token}/done"
    assert (answer_of(token)[0], drafts()) == ({"accept": "yes"}, 0)


def test_what_was_confided_is_shown_again_in_a_fresh_sitting_alone(stage, browser):
    token = stage.ask(LOG)
    browser.post(f"/f/{token}", data={"took_place": "yes", "ses_e1": SECRET, "go": "later"})
    for path in ("/part/2", "/all", "/check"):
        assert SECRET in browser.get(f"/f/{token}{path}").text
        page = elsewhere().get(f"/f/{token}{path}")
        assert page.status_code == 200
        assert SECRET not in page.text
        assert f'href="/f/{token}/fresh"' in page.text
    other = elsewhere()
    assert "We keep your earlier answer" in other.get(f"/f/{token}/part/2").text
    other.post(f"/f/{token}/part/2", data={"ses_e1": "", "ses_e2": "more", "go": "later"})
    with transaction() as session:
        kept = draft.of_request(session, request.by_link(session, link.open_link(session, token, "form").id))
    assert (kept["ses_e1"], kept["ses_e2"]) == ([SECRET], ["more"])


def test_what_is_shown_and_emptied_is_gone(stage, browser):
    token = stage.ask("mentor_application")
    browser.post(f"/f/{token}/part/2", data={"motivation": "this", "topics": ["coaching"], "go": "later"})
    browser.post(f"/f/{token}/part/2", data={"motivation": "", "go": "later"})
    form = html.fromstring(browser.get(f"/f/{token}/part/2").text).forms[0]
    assert not form.fields["motivation"]
    assert not form.inputs["topics"].value


def test_two_browsers_lose_nothing_of_each_other(stage, browser):
    token, other = stage.ask("mentor_application"), elsewhere()
    browser.get(f"/f/{token}/part/2")
    other.get(f"/f/{token}/part/1")
    browser.post(f"/f/{token}/part/2", data={"motivation": "from one", "go": "later"})
    other.post(f"/f/{token}/part/1", data={"join": "yes", "go": "later"})
    for one in (browser, other):
        assert typed_in(one, token, "/part/1", "join") == "yes"
        assert typed_in(one, token, "/part/2", "motivation") == "from one"
    assert drafts() == 1


def test_draft_can_be_thrown_away_after_a_question(stage, browser):
    token = stage.ask("mentor_application")
    assert browser.get(f"/f/{token}/again").headers["location"] == f"/f/{token}"
    browser.post(f"/f/{token}/part/2", data={"motivation": "this", "go": "later"})
    assert f"/f/{token}/again" in browser.get(f"/f/{token}").text
    assert "Throw away what you typed?" in browser.get(f"/f/{token}/again").text
    assert browser.post(f"/f/{token}/again").status_code == 422
    assert drafts() == 1
    assert browser.post(f"/f/{token}/again", data={"sure": "yes"}).headers["location"] == f"/f/{token}"
    assert drafts() == 0
    assert browser.post(f"/f/{token}/again", data={"sure": "yes"}).status_code == 303


def test_change_of_mind_is_a_draft_until_it_is_sent(stage, browser):
    token = stage.ask("mentor_application")
    browser.post(f"/f/{token}", data=sensible(FORMS["mentor_application"]))
    sent = answer_of(token)
    browser.post(f"/f/{token}/part/2", data={"motivation": "second thoughts", "go": "later"})
    assert answer_of(token) == sent
    assert "You began to change your answers" in browser.get(f"/f/{token}").text
    assert typed_in(browser, token, "/part/1", "join") == "yes"  # the rest is what was sent
    browser.post(f"/f/{token}/again", data={"sure": "yes"})
    assert typed_in(browser, token, "/part/2", "motivation") == sent[0]["motivation"]


def test_reworded_form_keeps_what_still_fits_and_says_so(stage, browser, monkeypatch):
    token = stage.ask("mentor_application")
    browser.post(f"/f/{token}/part/2", data={"motivation": "kept", "hours": "4", "go": "later"})
    form = FORMS["mentor_application"]
    shorter = tuple(replace(s, questions=tuple(q for q in s.questions if q.id != "hours")) for s in form.sections)
    monkeypatch.setitem(content.FORMS, form.id, replace(form, version=form.version + 1, sections=shorter))
    page = browser.get(f"/f/{token}/part/2")
    assert "Some questions have changed since you began" in page.text
    assert html.fromstring(page.text).forms[0].fields["motivation"] == "kept"
    browser.post(f"/f/{token}/part/2", data={"motivation": "kept and more", "go": "later"})
    assert "Some questions have changed" not in browser.get(f"/f/{token}/part/2").text


def test_control_the_same_wording_says_nothing(stage, browser):
    token = stage.ask("mentor_application")
    browser.post(f"/f/{token}/part/2", data={"motivation": "kept", "go": "later"})
    assert "Some questions have changed" not in browser.get(f"/f/{token}/part/2").text


@pytest.mark.parametrize("go", ["next", "later", "back", ""])
@pytest.mark.parametrize("answered", [False, True])
def test_untouched_posts_change_no_row(stage, browser, go, answered):
    token = stage.ask("mentor_application")
    if answered:
        browser.post(f"/f/{token}", data=sensible(FORMS["mentor_application"]))
    else:
        browser.post(f"/f/{token}/part/2", data={"motivation": "a\r\nb", "topics": ["coaching"], "go": "later"})
    before = everything()
    for one in (browser, elsewhere()):
        for path in ("/part/1", "/part/2", "/part/3", "/all"):
            untouched, _ = fields(one.get(f"/f/{token}{path}").text)
            page = one.post(f"/f/{token}{path.removesuffix('/all')}", data=_as_posted(untouched) | {"go": go})
            assert page.status_code in (303, 422)
        for path in ("/check", "/again"):
            assert one.post(f"/f/{token}{path}").status_code in (303, 422)
    assert everything() == before


def _as_posted(untouched):
    """A browser sends the lines of a text with CR and LF."""
    return {name: [v.replace("\r\n", "\n").replace("\n", "\r\n") for v in values] for name, values in untouched.items()}


def test_looking_at_any_page_changes_no_row(stage, browser):
    token, sent = stage.ask(LOG), stage.ask("mentor_application", "tom")
    browser.post(f"/f/{token}/part/1", data={"took_place": "yes", "go": "later"})
    browser.post(f"/f/{sent}", data=sensible(FORMS["mentor_application"]))
    before = everything()
    for one in (token, sent):
        for rest in (
            "",
            "?change=1",
            "/part/1",
            "/part/2?to=check",
            "/check",
            "/all",
            "/saved",
            "/again",
            "/mine",
            "/done",
        ):
            for method in ("GET", "HEAD"):
                assert browser.request(method, f"/f/{one}{rest}").status_code in (200, 303)
    assert everything() == before


@pytest.mark.parametrize("how", ["expired", "withdrawn"])
def test_dead_link_opens_no_draft(stage, browser, how):
    token = stage.ask("mentor_application")
    browser.post(f"/f/{token}/part/2", data={"motivation": SECRET, "go": "later"})
    with transaction() as session:
        if how == "expired":
            installation.move_to(session, TODAY + timedelta(days=25))
        else:
            found = link.open_link(session, token, "form")
            request.by_link(session, found.id).status = RequestStatus.CANCELLED
    before = everything()
    for path in ("", "/part/2", "/all", "/check", "/mine", "/saved", "/again", "/help", "/feedback"):
        page = browser.get(f"/f/{token}{path}")
        assert page.status_code == 410
        assert SECRET not in page.text
    for path in ("", "/part/2", "/check", "/again", "/help", "/feedback"):
        assert browser.post(f"/f/{token}{path}", data={"motivation": "more", "sure": "yes"}).status_code == 410
    assert everything() == before
