"""Every form in every language, light and dark, on a phone, a tablet and a desk: nothing is wrong with any of them."""

from dataclasses import dataclass

import httpx
import pytest
from playwright.sync_api import Browser, Page

from framework.content import FORMS
from models import draft, link, request
from models.base import transaction
from notifications.words import languages
from tests.browser.looking import listen, looks, seen
from tests.portal.stage import DATES, TODAY, Stage, sensible

ASKED = sorted(name for name, form in FORMS.items() if form.sections)
STATES = ("first", "part", "all", "wrong", "check", "done", "mine")
PATHS = {
    "first": "",
    "part": "/part/1",
    "all": "/all",
    "wrong": "/all",
    "check": "/check",
    "done": "/done",
    "mine": "/mine",
}


@dataclass(frozen=True)
class Sight:
    """One form in one language and state."""

    form: str
    language: str
    state: str


EVERY = [Sight(form, language, state) for form in ASKED for language in sorted(languages()) for state in STATES]
TURN = ("first", "part", "check", "done", "mine")
SOME = [
    Sight(form, sorted(languages())[number % len(languages())], state)
    for number, form in enumerate(ASKED)
    for state in ("all", "wrong", TURN[number % len(TURN)])
]
"""Each form in one language: all of it, with mistakes, and in one more state."""


def sees(page: Page, portal: str, stage: Stage, one: Sight) -> None:
    """Bring the form up in that state, as a person would."""
    token = stage.ask(one.form, options=DATES)
    typed = sensible(FORMS[one.form])
    if one.state == "check":
        with transaction() as session:
            asked = request.by_link(session, link.open_link(session, token, "form").id)
            draft.save(session, asked, typed, TODAY)
    if one.state in {"done", "mine"}:
        sent = httpx.post(f"{portal}/f/{token}", data=typed)
        assert sent.status_code == httpx.codes.SEE_OTHER, one
    told = page.goto(f"{portal}/f/{token}{PATHS[one.state]}?lang={one.language}")
    assert told is not None
    assert told.status == 200, one
    if one.state == "wrong":
        page.locator("main form .send button").first.click()
        assert page.locator("[role=alert]").count() or one.form in OPTIONAL, one


OPTIONAL = frozenset(name for name in ASKED if not any(q.required for q in FORMS[name].questions))
"""Forms that may be sent with nothing in them have no wrong state."""


def look(chromium: Browser, portal: str, stage: Stage, one: Sight, *, every: bool) -> None:
    """Look at it in each width and theme; whatever is wrong fails with its place."""
    page = chromium.new_page(reduced_motion="reduce")
    try:
        heard = listen(page, portal)
        sees(page, portal, stage, one)
        found = seen(page, looks(f"{one.form}{one.language}{one.state}", every=every)) + heard
        assert not found, f"{one}\n" + "\n".join(found)
    finally:
        page.close()


@pytest.mark.slow
@pytest.mark.parametrize("one", SOME, ids=str)
def test_form_is_well_in_one_look(chromium: Browser, portal: str, stage: Stage, one: Sight) -> None:
    look(chromium, portal, stage, one, every=False)


@pytest.mark.long
@pytest.mark.parametrize("one", EVERY, ids=str)
def test_form_is_well_in_every_look(chromium: Browser, portal: str, stage: Stage, one: Sight) -> None:
    look(chromium, portal, stage, one, every=True)
