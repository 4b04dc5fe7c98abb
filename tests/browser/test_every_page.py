"""Every page of the portal in every language, light and dark, on a phone, a tablet and a desk: nothing is wrong with any.

The forms themselves are in `test_every_form.py`. A page that is added to the portal without a sight here fails a test.
"""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page
from starlette.routing import Route

from models.desk.subjects import BUILD
from notifications.words import languages
from portal.app import create_app
from tests.browser import setting
from tests.browser.looking import listen, looks, seen
from tests.portal.stage import Stage

NOT_PAGES = {
    "/health": "a word for machines",
    "/static/baken.css": "the sheet",
    "/static/icon.svg": "a drawing",
    "/static/brand-{code}.css": "a colour",
    "/static/logo-{name}": "a picture",
    "/desk/{token}/mails/letters.pdf": "paper",
    "/desk/{token}/mails/preview/sheet": "an e-mail, which has tests of its own",
    "/desk/{token}/mails/{number:int}/sheet": "an e-mail",
    "/desk/{token}/downloads/calendar.ics": "a calendar",
}
DESK, FORM = "/desk/{token}", "/f/{token}"


@dataclass(frozen=True)
class Sight:
    """One page in one state: its route, where it is, what to tick and press there first, and how it answers."""

    route: str
    path: str
    tick: str = ""
    press: str = ""
    status: int = 200

    def __str__(self) -> str:
        """A name for reports: the address, and what was pressed."""
        return self.path + (" then pressed" if self.press else "")


SEND = "main form .send button[type=submit], main form button[type=submit]"
SURE = "main form input[name=sure]"
STRIKE = "main form input[value=strike]"

FORMS = (
    Sight(FORM, "/f/{begun}"),
    Sight(f"{FORM}/part/{{number:int}}", "/f/{begun}/part/1"),
    Sight(f"{FORM}/part/{{number:int}}", "/f/{begun}/part/2", press="main form button[value=next]"),
    Sight(f"{FORM}/all", "/f/{begun}/all"),
    Sight(f"{FORM}/check", "/f/{begun}/check", press=SEND),
    Sight(f"{FORM}/saved", "/f/{begun}/saved"),
    Sight(f"{FORM}/again", "/f/{begun}/again"),
    Sight(f"{FORM}/again", "/f/{begun}/again", press=SEND),
    Sight(f"{FORM}/done", "/f/{sent}/done"),
    Sight(f"{FORM}/mine", "/f/{sent}/mine"),
    Sight(f"{FORM}/mine", "/f/{told}/mine"),
    Sight(f"{FORM}/mine", "/r/{fresh}", tick=SURE, press=SEND),
    Sight(f"{FORM}/who", "/f/{begun}/who"),
    Sight(f"{FORM}/help", "/f/{begun}/help"),
    Sight(f"{FORM}/help", "/f/{begun}/help", press=SEND),
    Sight(f"{FORM}/feedback", "/f/{begun}/feedback"),
    Sight(f"{FORM}/fresh", "/f/{sent}/fresh"),
    Sight(f"{FORM}/fresh", "/f/{sent}/fresh", press=SEND),
    Sight(f"{FORM}/fresh", "/f/{sent}/fresh?asked=1"),
    Sight(f"{FORM}/renew", "/f/{ended}", status=410),
    Sight(f"{FORM}/renew", "/f/{ended}/renew?asked=1"),
    Sight("/r/{token}", "/r/{fresh}"),
    Sight("/r/{token}", "/r/{fresh}", press=SEND),
    Sight("/r/{token}", "/r/{over}", status=410),
    Sight("/no/{token}", "/no/{no}"),
    Sight("/no/{token}", "/no/{no}", press=SEND),
    Sight("/no/{token}", "/no/{stopped}"),
    Sight("gone", "/f/nothing", status=404),
    Sight("gone", "/desk/nothing", status=404),
)
DECISIONS = tuple(
    Sight(f"{DESK}/{{phase}}", f"/desk/{{{whose}}}/{one}") for one in BUILD for whose in ("desk", "empty")
)
LISTS = ("pairs", "risks", "people", "asked", "feedback", "mails", "downloads", "programmes", "matching/fairness")
EMPTY = tuple(Sight(f"{DESK}/{one}", f"/desk/{{empty}}/{one}") for one in LISTS)
FULL = tuple(Sight(f"{DESK}/{one}", f"/desk/{{desk}}/{one}") for one in LISTS)
OTHERS = (
    Sight(DESK, "/desk/{desk}"),
    Sight(DESK, "/desk/{desk}?recorded=3"),
    Sight(DESK, "/desk/{empty}"),
    Sight(f"{DESK}/{{phase}}", "/desk/{desk}/matching", tick=STRIKE, press=SEND),
    Sight(f"{DESK}/matching/pair/{{number:int}}", "/desk/{desk}/matching/pair/{pair}"),
    Sight(f"{DESK}/matching/unmatched", "/desk/{desk}/matching/unmatched"),
    Sight(f"{DESK}/matching/unmatched", "/desk/{empty}/matching/unmatched"),
    Sight(f"{DESK}/matching/what-if", "/desk/{desk}/matching/what-if"),
    Sight(f"{DESK}/matching/what-if", "/desk/{desk}/matching/what-if", press=SEND),
    Sight(f"{DESK}/mails", "/desk/{desk}/mails", press=SEND),
    Sight(f"{DESK}/mails/preview", "/desk/{desk}/mails/preview?mail=mentor_call"),
    Sight(f"{DESK}/mails/held/{{name}}", "/desk/{desk}/mails/held/mentee_call"),
    Sight(f"{DESK}/mails/{{number:int}}", "/desk/{desk}/mails/{mail}"),
    Sight(f"{DESK}/mails/{{number:int}}", "/desk/{desk}/mails/{held}"),
    Sight(f"{DESK}/pairs/{{number:int}}", "/desk/{desk}/pairs/{needs}"),
    Sight(f"{DESK}/pairs/{{number:int}}", "/desk/{desk}/pairs/{well}"),
    Sight(f"{DESK}/people", "/desk/{desk}/people?q=zz"),
    Sight(f"{DESK}/people/{{number:int}}", "/desk/{desk}/people/{person}"),
    Sight(f"{DESK}/dates", "/desk/{desk}/dates"),
    Sight(f"{DESK}/dates", "/desk/{empty}/dates"),
    Sight(f"{DESK}/dates/{{number:int}}", "/desk/{desk}/dates/{closure}"),
    Sight(f"{DESK}/dates/{{number:int}}", "/desk/{desk}/dates/{closure}?do=call_off", status=422),
    Sight(f"{DESK}/dates/{{number:int}}", "/desk/{desk}/dates/{closure}?do=move&on=2028-09-04"),
    Sight(f"{DESK}/dates/{{number:int}}", "/desk/{desk}/dates/{closure}?do=move&on=2028-09-05", press=SEND),
    Sight(f"{DESK}/waiting/{{form}}", "/desk/{desk}/waiting/check_in_mentor"),
    Sight(f"{DESK}/waiting/{{form}}", "/desk/{empty}/waiting/check_in_mentor"),
    Sight(f"{DESK}/asked/{{number:int}}", "/desk/{desk}/asked/{call}"),
    Sight(f"{DESK}/asked/{{number:int}}", "/desk/{desk}/asked/{call}", press=SEND),
)
SIGHTS = (*FORMS, *OTHERS, *DECISIONS, *FULL, *EMPTY)


@pytest.fixture(scope="module")
def names(stage: Stage) -> dict[str, object]:
    """The programme in the middle of everything; what stands in the addresses."""
    return setting.full(stage)


def routes() -> set[str]:
    """The addresses at which the portal shows a page."""
    found = {one.path for one in create_app().routes if isinstance(one, Route) and "GET" in (one.methods or ())}
    return found - set(NOT_PAGES)


def test_every_page_has_a_sight() -> None:
    assert routes() - {one.route for one in SIGHTS} == set()
    assert {one.route for one in SIGHTS} - routes() == {"gone"}
    assert set(NOT_PAGES) <= {one.path for one in create_app().routes if isinstance(one, Route)}


def come(page: Page, portal: str, names: dict[str, object], one: Sight, language: str = "") -> None:
    """Bring the page up, as a person would."""
    path = one.path.format(**names)
    told = page.goto(f"{portal}{path}" + (f"{'&' if '?' in path else '?'}lang={language}" if language else ""))
    assert told is not None
    assert told.status == one.status, one
    if one.tick:
        page.locator(one.tick).first.evaluate("node => { node.checked = true }")  # it may stand in a closed corner
    if one.press:
        page.locator(one.press).last.click()


def look(chromium: Browser, portal: str, names: dict[str, object], one: Sight, language: str, *, every: bool) -> None:
    """Look at it in each width and theme, or in the one that is its own; whatever is wrong fails with its place."""
    page = chromium.new_page(reduced_motion="reduce")
    try:
        heard = listen(page, portal)
        come(page, portal, names, one, language)
        found = seen(page, looks(f"{one}{language}", every=every)) + heard
        assert not found, f"{page.url} {language}\n" + "\n".join(found)
    finally:
        page.close()


TURNS = [(one, sorted(languages())[number % len(languages())]) for number, one in enumerate(SIGHTS)]
ALL = [(one, language) for one in SIGHTS for language in sorted(languages())]


@pytest.mark.slow
@pytest.mark.parametrize(("one", "language"), TURNS, ids=str)
def test_page_is_well_in_one_look(
    chromium: Browser, portal: str, names: dict[str, object], one: Sight, language: str
) -> None:
    look(chromium, portal, names, one, language, every=False)


@pytest.mark.long
@pytest.mark.parametrize(("one", "language"), ALL, ids=str)
def test_page_is_well_in_every_look(
    chromium: Browser, portal: str, names: dict[str, object], one: Sight, language: str
) -> None:
    look(chromium, portal, names, one, language, every=True)
