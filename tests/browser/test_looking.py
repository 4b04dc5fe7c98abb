"""The eyes themselves: each thing that they look for is found when it is there, and only then."""

import pytest
from playwright.sync_api import Browser

from tests.browser.looking import listen, wrong_with

pytestmark = pytest.mark.slow
WELL = """<!doctype html><html lang="en"><head><title>Well</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body style="background:#fff;color:#111"><main><h1>Well</h1>
<label for="a">Name</label> <input id="a" name="a" style="border:2px solid #555;height:40px"></main></body></html>"""


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (("", ""), ""),
        (('<label for="a">Name</label>', ""), "label"),
        (("#555", "#ccc"), "border"),
        (("height:40px", "height:12px;padding:0"), "target"),
        (("<h1>Well</h1>", '<h1>Well</h1><p style="width:900px">wide</p>'), "scrolls sideways"),
        (("color:#111", "color:#bbb"), "color-contrast"),
        (('lang="en"', ""), "html-has-lang"),
        (("2px solid #555", "2px solid transparent"), "border"),
        (("<h1>Well</h1>", "<h1>Well</h1><h3>Deep</h3>"), "heading-order"),
        (("<h1>Well</h1>", "<h1>Well</h1><h1>Twice</h1>"), "first headings"),
        (("<h1>Well</h1>", '<h1>Well</h1><p><a href="?lang=nl" hreflang="nl">Nederlands</a></p>'), "language of"),
        (("<title>Well</title>", "<title>Baken</title>"), "title"),
    ],
)
def test_finds_what_is_wrong(chromium: Browser, change: tuple[str, str], finding: str) -> None:
    page = chromium.new_page(viewport={"width": 320, "height": 600})
    page.set_content(WELL.replace(*change) if change[0] else WELL)
    told = wrong_with(page)
    page.close()
    assert told == [] if not finding else any(line.startswith(finding) for line in told), told


def test_hears_what_is_asked_elsewhere_and_told_to_the_console(chromium: Browser) -> None:
    page = chromium.new_page()
    heard = listen(page, "http://127.0.0.1:9")
    page.set_content("<p>quiet</p>")
    assert heard == []
    page.set_content('<img src="http://127.0.0.1:1/pixel.png" alt=""><script>console.log("loud")</script>')
    page.wait_for_timeout(200)
    page.close()
    assert any(line.startswith("asks elsewhere") for line in heard), heard
    assert "console: loud" in heard
