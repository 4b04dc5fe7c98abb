"""Programs that read mail open every link, and some press every button: nothing comes of it (CAP-210)."""

from collections import deque
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import html

from tests.portal import busy
from tests.portal.stage import SURE, everything

AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Safari/537.36 SafeLinks",
    "Barracuda Sentinel (EE)",
    "Mozilla/5.0 (compatible; proofpoint-url-defense)",
    "curl/8.5.0",
    "",
)
LOOKED = "downloaded"  # who takes a list out of the house is written down, by whatever hand
COUNTERS = {"attempt"}  # how often something was tried is counted, for the limits


class Crawler:
    """A program that knows no better: it follows every link and, if it `presses`, sends every form as it stands."""

    def __init__(self, browser, *, presses):
        self.browser, self.presses, self.visits = browser, presses, 0
        self.pages, self.kinds, self.buttons = set(), set(), set()

    def crawl(self, start, most):
        """Go round from `start`, at most so many visits more; pages of a kind not seen yet come first."""
        queue, seen, until = deque(start), set(start), self.visits + most
        while queue and self.visits < until:
            path = queue.popleft()
            if self.visits % 3 == 0:
                self._ask("HEAD", path)
            said = self._ask("GET", path)
            self.pages.add(_shape(path))
            if "html" not in said.headers.get("content-type", "") or not said.text:
                continue
            page = html.fromstring(said.text)
            for form in page.forms if self.presses else ():
                self._press(path, form)
            for way in page.xpath("//a/@href | //iframe/@src"):
                where = urljoin(path, way.partition("#")[0])
                if where.startswith("/") and not urlsplit(where).netloc and where not in seen:
                    (queue.append if _shape(where) in self.kinds else queue.appendleft)(where)
                    seen.add(where)
                    self.kinds.add(_shape(where))

    def _ask(self, way, where, **given):
        self.visits += 1
        said = self.browser.request(way, where, headers={"User-Agent": AGENTS[self.visits % len(AGENTS)]}, **given)
        assert said.status_code < 500, (way, where)
        return said

    def _press(self, path, form):
        """Send the form as it stands, once with each of its buttons."""
        for button in list(form.iter("button")) or [None]:
            name = button.get("name") if button is not None else None
            typed = [*form.form_values(), *([(name, button.get("value"))] if name else [])]
            where, way = urljoin(path, form.action or path), (form.method or "GET").upper()
            self._ask(way, where, **({"params": typed} if way == "GET" else {"data": grouped(typed)}))
            self.buttons.add(" ".join(button.text_content().split()).partition(":")[0] if button is not None else "")


def _shape(path):
    """An address without what differs from one link to another: tokens and numbers."""
    parts = urlsplit(path).path.split("/")
    return "/".join("…" if len(one) == 44 or one.isdigit() else one for one in parts)


def grouped(pairs):
    """Fields with all their values, as a form is sent."""
    found = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def unchanged(before):
    """The tables that are not as they were, but for the counters."""
    after = everything()
    for rows in (before, after):
        rows["event"] = [row for row in rows["event"] if LOOKED not in row]
        rows.pop("event_mark", None)  # a mark for each of these
    return [table for table in before if table not in COUNTERS and before[table] != after[table]]


SEEN = {
    "/f/…",
    "/f/…/part/…",
    "/f/…/check",
    "/f/…/again",
    "/f/…/fresh",
    "/f/…/renew",
    "/f/…/who",
    "/f/…/help",
    "/r/…",
    "/no/…",
    "/desk/…",
    "/desk/…/mails",
    "/desk/…/mails/…",
    "/desk/…/downloads",
    "/desk/…/programmes",
    "/desk/…/asked/…",
    "/desk/…/selection",
    "/desk/…/review",
    "/desk/…/matching",
    "/desk/…/matching/pair/…",
    "/desk/…/matching/what-if",
    "/desk/…/pairs/…",
    "/desk/…/people/…",
    "/desk/…/risks",
}
PRESSED = {
    "Send my answers",
    "Check my answers",
    "Next",
    "Save and finish later",
    "Back",
    "Throw it away",
    "Mail me a fresh link",
    "Mail me a new link",
    "Open my answers",
    "Keep my choice",
    "Record my decisions",
    "Record this",
    "Open this desk",
    "Close this signal",
    "This has been dealt with",
    "Plain list (CSV)",
}


@pytest.mark.slow
@pytest.mark.parametrize("presses", [False, True], ids=["reads", "presses every button"])
def test_scanner_changes_nothing(stage, browser, monkeypatch, presses):
    start = busy.fill(stage, browser, monkeypatch)
    before, scanner = everything(), Crawler(browser, presses=presses)
    scanner.crawl(start, 700 if presses else 300)
    assert unchanged(before) == []
    assert scanner.pages >= SEEN, SEEN - scanner.pages
    assert not presses or scanner.buttons >= PRESSED, PRESSED - scanner.buttons


@pytest.mark.long
def test_ten_thousand_visits_change_nothing(stage, browser, monkeypatch):
    start = busy.fill(stage, browser, monkeypatch)
    before, scanner = everything(), Crawler(browser, presses=True)
    while scanner.visits < 10_000:
        scanner.crawl(start, 10_000 - scanner.visits)
    assert unchanged(before) == []


def test_a_person_who_presses_does_change_something(stage, browser):
    """The control: the same walk with one answer given is seen."""
    token = stage.ask("pairing_mentee")
    before = everything()
    assert browser.post(f"/f/{token}", data={"accept": "yes"}).status_code == 303
    assert set(unchanged(before)) >= {"response", "request", "event"}


def test_a_complete_draft_is_sent_by_a_tick_alone(stage, browser):
    """Who comes back to a short form and presses its button is led to the check; a program stays there."""
    token = stage.ask("pairing_mentee")
    browser.post(f"/f/{token}", data={"accept": "yes", "go": "later"})
    before = everything()
    for _ in range(2):
        assert browser.post(f"/f/{token}", data={"accept": "yes"}).headers["location"] == f"/f/{token}/check"
    assert browser.post(f"/f/{token}/check", data={}).status_code == 422
    assert unchanged(before) == []
    assert browser.post(f"/f/{token}/check", data=SURE).status_code == 303
    assert "response" in unchanged(before)


@pytest.mark.parametrize("path", ["/f/{}", "/f/{}/part/1"])
def test_what_a_link_filled_in_is_kept_by_a_tick_or_by_another_answer(stage, browser, path):
    def where():
        return path.format(stage.ask("pairing_mentee")) + "?q=accept&v=yes"

    token, before = where(), everything()
    assert browser.post(token, data={"accept": "yes"}).status_code == 422
    assert "Tick this box to go on." in browser.post(token, data={"accept": "yes"}).text
    assert unchanged(before) == []
    assert browser.post(token, data={"accept": "yes"} | SURE).status_code == 303
    assert browser.post(where(), data={"accept": "no", "reason": "Other plans"}).status_code == 303
