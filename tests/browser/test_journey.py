"""A person on a phone fills in the longest form over two sittings, makes a mistake, changes the language, and sends.

Without JavaScript; once with nothing but the keyboard. What is stored in the end is what was typed.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from framework.content import FORMS
from tests.portal.stage import Stage, answer_of, sensible

pytestmark = pytest.mark.slow
PHONE = {"width": 390, "height": 844}
LONGEST = max((form for form in FORMS.values() if form.sections), key=lambda form: len(form.questions))
TYPED = sensible(LONGEST)
Sitting = Callable[[], Page]


@pytest.fixture
def sitting(chromium: Browser, portal: str) -> Iterator[Sitting]:
    """A phone taken in hand: no cookies, no scripts, nothing remembered."""
    contexts = []

    def begin() -> Page:
        context = chromium.new_context(base_url=portal, viewport=PHONE, java_script_enabled=False, has_touch=True)
        contexts.append(context)
        return context.new_page()

    yield begin
    for context in contexts:
        context.close()


def fill(page: Page, but: dict[str, str] | None = None) -> None:
    """Fill in what stands on this page, as `TYPED` has it or as `but` says."""
    for name, values in (TYPED | {name: [value] for name, value in (but or {}).items()}).items():
        for value in values:
            found = page.locator(f'[name="{name}"]')
            if not found.count():
                continue
            match found.first.evaluate("node => node.tagName + ':' + node.type"):
                case "INPUT:radio" | "INPUT:checkbox":
                    page.locator(f'[name="{name}"][value="{value}"]').check()
                case "SELECT:select-one":
                    found.first.select_option(value)
                case _:
                    found.first.fill(value)


def test_longest_form_is_filled_in_over_two_sittings(stage: Stage, sitting: Sitting) -> None:
    token = stage.ask(LONGEST.id)
    page = sitting()
    page.goto(f"/f/{token}")
    page.get_by_role("link", name="Start").click()
    fill(page)
    page.get_by_role("button", name="Next").click()
    assert "Part 2 of" in page.inner_text(".step")
    page.locator("textarea").first.fill("Half a thought")
    page.get_by_role("button", name="Save and finish later").click()
    assert "You can stop here" in page.inner_text("h1")
    assert answer_of(token)[0] is None

    page = sitting()  # another day, another device, the same link
    page.goto(f"/f/{token}")
    assert page.locator(".steps .done").count() == 1
    page.get_by_role("link", name="Continue").click()
    assert page.locator("textarea").first.input_value() == "Half a thought"
    page.get_by_role("button", name="Next").click()
    assert "Error" in page.title()
    first = page.locator("[role=alert] a").first
    where = first.get_attribute("href")
    first.click()
    assert page.url.endswith(where)
    fill(page)
    page.get_by_role("link", name="Nederlands").click()
    assert page.locator("html").get_attribute("lang") == "nl"


def test_whole_way_to_the_receipt(stage: Stage, sitting: Sitting) -> None:
    token = stage.ask(LONGEST.id)
    page = sitting()
    page.goto(f"/f/{token}")
    page.get_by_role("link", name="Start").click()
    for _ in LONGEST.asking:
        fill(page, {"q01_hours": "twelve"})
        page.locator("main form button[value=next]").click()
        if page.locator("[role=alert]").count():
            assert page.locator('[name="q01_hours"]').input_value() == "twelve"
            page.locator("[role=alert] a").first.click()
            page.locator('[name="q01_hours"]').fill("12")
            page.get_by_role("link", name="Français").click()
            fill(page)
            page.locator("main form button[value=next]").click()
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.url.split("?")[0].endswith("/check")
    page.locator("main form .send button").click()
    assert page.locator("[role=alert]").count(), "sent without a tick"
    page.locator("[name=sure]").check()
    page.locator("main form .send button").click()
    assert page.url.split("?")[0].endswith("/done")
    answers, status = answer_of(token)
    assert status == "answered"
    assert answers["q01_hours"] == 12
    assert set(answers) >= {q.id for q in LONGEST.questions if q.when is None}


def test_keyboard_alone_is_enough(stage: Stage, chromium: Browser, portal: str) -> None:
    token = stage.ask("pairing_mentee")
    page = chromium.new_page(base_url=portal, viewport=PHONE)
    page.goto(f"/f/{token}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "accept":
            break
    page.keyboard.press("Space")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "submit":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/done*")
    assert answer_of(token)[0] == {"accept": "yes"}
    page.close()


def test_every_stop_of_the_keyboard_can_be_seen(stage: Stage, chromium: Browser, portal: str) -> None:
    page = chromium.new_page(base_url=portal, viewport=PHONE, reduced_motion="reduce")
    page.goto(f"/f/{stage.ask('meeting_log')}/all")
    unseen = []
    for _ in range(80):
        page.keyboard.press("Tab")
        page.evaluate("() => new Promise(requestAnimationFrame)")
        told = page.evaluate(
            "() => { const n = document.activeElement, b = n.getBoundingClientRect();"
            "const rings = [n, n.closest('label'), n.nextElementSibling].filter(Boolean).map((one) => getComputedStyle(one))"
            ".some((s) => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2);"
            "return [n.tagName + (n.name || ''), rings, b.bottom > 0 && b.top < innerHeight] }"
        )
        if told[0] == "BODY":
            break
        if not all(told[1:]):
            unseen.append(told)
    assert unseen == []
    page.close()
