"""Other ways to read a page: large text, one's own colours, no sheet at all, paper; and titles that tell pages apart."""

import httpx
import pytest
from lxml import html
from playwright.sync_api import Browser

from framework.content import FORMS
from tests.browser import setting
from tests.browser.conftest import Opens
from tests.browser.test_every_page import SIGHTS
from tests.portal.stage import DATES, Stage

USED = (
    "/f/{begun}",
    "/f/{begun}/part/1",
    "/f/{begun}/check",
    "/f/{sent}/done",
    "/f/{told}/mine",
    "/f/{log}/all",
    "/f/{agreement}/all",
    "/f/{nomination}/all",
    "/desk/{desk}",
    "/desk/{desk}/matching",
    "/desk/{desk}/pairs/{needs}",
    "/desk/{desk}/mails",
)
CUT = """
() => {
  const page = document.documentElement, cut = [];
  if (page.scrollWidth > page.clientWidth + 1) cut.push(`sideways: ${page.scrollWidth} px in ${page.clientWidth} px`);
  for (const n of document.querySelectorAll('body *')) {
    const style = getComputedStyle(n);
    if (n.closest('.unseen, .skip, thead, select, textarea, svg, iframe') || style.overflowX !== 'hidden') continue;
    if (n.scrollWidth > n.clientWidth + 1 && n.textContent.trim()) cut.push(`cut off: ${n.tagName}.${n.className}`);
  }
  return cut;
}
"""
UNSEEN = """
() => [...document.querySelectorAll('input, select, textarea, button, a.button')].filter((n) => {
  const box = n.getBoundingClientRect(), style = getComputedStyle(n);
  if (n.type === 'hidden' || box.width < 2 || box.height < 2) return false;
  if (['radio', 'checkbox'].includes(n.type)) return style.opacity === '0';
  return parseFloat(style.borderTopWidth) === 0 || style.borderTopStyle === 'none';
}).map((n) => n.tagName + ':' + (n.name || n.textContent))
"""
ON_PAPER = (
    "() => [...document.querySelectorAll('button, .button, nav, .skip')].filter((n) => n.offsetHeight > 1).length"
)


@pytest.fixture(scope="module")
def names(stage: Stage) -> dict[str, object]:
    """The programme in the middle of everything; what stands in the addresses."""
    asked = {"log": "meeting_log", "agreement": "growth_contract", "nomination": "nomination"}
    return setting.full(stage) | {name: stage.ask(form, options=DATES) for name, form in asked.items()}


@pytest.mark.slow
@pytest.mark.parametrize("path", USED)
@pytest.mark.parametrize("width", [320, 640])
def test_text_of_twice_the_size_is_all_there(opens: Opens, names: dict[str, object], path: str, width: int) -> None:
    page = opens(path.format(**names), width=width)
    page.evaluate("document.documentElement.style.fontSize = '212.5%'")
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == 34
    assert page.evaluate(CUT) == []


def test_what_is_cut_off_is_found(opens: Opens, names: dict[str, object]) -> None:
    """The control."""
    page = opens("/f/{log}/all".format(**names), width=320)
    page.evaluate(
        "document.querySelector('h1').style.cssText = 'white-space: nowrap; font-size: 5rem; overflow: hidden'"
    )
    assert any(line.startswith("cut off: H1") for line in page.evaluate(CUT))


@pytest.mark.slow
@pytest.mark.parametrize("path", USED)
def test_controls_are_seen_in_colours_of_ones_own(opens: Opens, names: dict[str, object], path: str) -> None:
    page = opens(path.format(**names), width=390)
    page.emulate_media(forced_colors="active")
    assert page.evaluate(UNSEEN) == []


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/f/{sent}/done", "/f/{told}/mine", "/f/{agreement}/all"])
def test_paper_has_the_whole_text_and_nothing_to_press(opens: Opens, names: dict[str, object], path: str) -> None:
    page = opens(path.format(**names))
    assert page.evaluate(ON_PAPER) > 0
    page.emulate_media(media="print")
    assert page.evaluate(ON_PAPER) == 0
    assert page.evaluate(CUT) == []
    for text in page.locator("dd, h1, h2, .ask").all():
        kept = text.evaluate(
            "node => !node.closest('.change, .send, .card:has(.button)') && node.innerText.trim() !== ''"
        )
        assert not kept or text.is_visible(), text.inner_text()
    assert page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.slow
def test_without_a_sheet_it_reads_in_order(chromium: Browser, portal: str, names: dict[str, object]) -> None:
    page = chromium.new_page(java_script_enabled=False)
    page.route("**/*.css*", lambda route: route.abort())
    page.goto(f"{portal}/f/{names['agreement']}/all")
    told = page.inner_text("body")
    form = FORMS["growth_contract"]
    places = [told.index(" ".join(section.title.split())) for section in form.sections]
    assert places == sorted(places)
    assert told.index("Skip to the content") < told.index("Nederlands") < places[0] < told.index("Any questions?")
    page.close()


@pytest.mark.slow
def test_titles_tell_pages_apart(portal: str, names: dict[str, object]) -> None:
    """Two addresses of one token may share a title only where they are one page in two states."""
    seen: dict[str, set[str]] = {}
    for one in SIGHTS:
        if one.press or "{empty}" in one.path or "?" in one.path or one.status != 200:
            continue
        told = httpx.get(portal + one.path.format(**names)).text
        seen.setdefault(html.fromstring(told).findtext(".//title"), set()).add(one.route)
    assert {title: routes for title, routes in seen.items() if len(routes) > 1} == {}
