"""An answer stands beside the words in which it was asked, even if the form asks otherwise today (CAP-209)."""

from dataclasses import replace

from framework.content import FORMS
from models import link, request
from models.base import transaction
from portal import answers
from tests.portal.stage import TODAY

FORM = "meeting_preparation"


def _prepared(stage, about: str, language: str) -> str:
    """The mentee's notes, kept as the portal keeps them; the mentor's link to read them."""
    token = stage.ask(FORM, about=about)
    with transaction() as session:
        asked = request.by_link(session, link.open_link(session, token, "form").id)
        answers.keep(session, asked, FORMS[FORM], {"ses_f2": "my next step"}, language=language, today=TODAY)
    return stage.ask("preparation_shared", "tom", about=about)


def _ask_otherwise(monkeypatch) -> None:
    form = FORMS[FORM]
    first, *others = form.sections
    changed = tuple(replace(q, ask="Asked in other words?") if q.id == "ses_f2" else q for q in first.questions)
    later = replace(form, version=form.version + 1, sections=(replace(first, questions=changed), *others))
    monkeypatch.setitem(FORMS, FORM, later)


def test_an_answer_is_shown_beside_the_words_of_its_own_version(stage, browser, monkeypatch):
    token, before = _prepared(stage, stage.pair(), "en"), "What would you like to talk about?"
    assert before in browser.get(f"/f/{token}").text
    _ask_otherwise(monkeypatch)
    page = browser.get(f"/f/{token}").text
    assert "my next step" in page
    assert before in page
    assert "Asked in other words?" not in page


def test_words_of_before_are_shown_in_the_readers_language_if_they_were_asked_in_it(stage, browser, monkeypatch):
    token = _prepared(stage, stage.pair(), "nl")
    _ask_otherwise(monkeypatch)
    page = browser.get(f"/f/{token}?lang=nl").text
    assert "Waarover wilt u het hebben?" in page
    assert "Asked in other words?" not in page
