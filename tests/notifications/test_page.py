"""Each check of a mail finds what it is for: a mail with one thing wrong, and the check that must see it."""

from dataclasses import replace

import pytest

from notifications.emails.recruitment import MentorCall
from notifications.gallery import LINK, sample_brand
from notifications.render import Rendered, render
from tests.notifications import page
from tests.notifications.contrast import ratio
from tests.notifications.page import CHECKS, Check, Mail

each_check = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)


def mentor_call() -> Mail:
    """A mail that is right."""
    email, brand = MentorCall.sample(), sample_brand("en")
    return Mail(email, "en", brand, LINK, render(email, "en", brand, LINK))


def _with(one: Mail, *, html: str | None = None, text: str | None = None, subject: str | None = None) -> Mail:
    """The same mail with something else in it."""
    shown = one.shown
    other = Rendered(subject or shown.subject, text or shown.text, html or shown.html)
    return replace(one, shown=other)


def _spoilt(one: Mail) -> dict[str, Mail]:
    """A mail with exactly one thing wrong with it, for each check."""
    html, text = one.shown.html, one.shown.text
    inside = "</body>"
    return {
        "whole": _with(one, text=text + "%(closes_on)s"),
        "valid": _with(one, html=html.replace(inside, "<p><div></p></div>" + inside)),
        "readable_aloud": _with(one, html=html.replace(inside, '<h3>Hello</h3><img src="cid:x">' + inside)),
        "small": _with(one, html=html.replace(inside, f"<!--{'x' * page.LARGEST}-->" + inside)),
        "short_subject": _with(one, subject="x" * page.LONGEST),
        "safe_links": _with(one, html=html.replace(f'href="{LINK}"', 'href="https://elsewhere.example"', 1)),
        "nothing_remote": _with(one, html=html.replace(inside, '<img alt="" src="https://x.example/i.png">' + inside)),
        "same_links": _with(one, text=text.replace(LINK, "")),
        "same_words": _with(one, text=text.replace("certificate", "mug")),
        "says_why": _with(one, text=text.replace("this programme is meant for", "")),
        "reads_well": _with(one, html=html.replace("color:#57606a", "color:#999999")),
    }


@each_check
def test_each_check_finds_what_it_is_for(check: Check) -> None:
    one = mentor_call()
    assert check(one) == []
    assert check(_spoilt(one)[check.__name__]) != []


def test_every_check_has_its_control() -> None:
    assert set(_spoilt(mentor_call())) == {check.__name__ for check in CHECKS}


@pytest.mark.parametrize(
    ("what", "by"),
    [
        (('lang="en"', 'lang="nl"'), page.readable_aloud),
        (('scope="row" ', ""), page.readable_aloud),
        (("<title>", "<title></title><i>"), page.readable_aloud),
        (("</style>", "@import 'x.css';</style>"), page.nothing_remote),
        (("</body>", "<script>1</script></body>"), page.nothing_remote),
        (("</body>", '<p onclick="x()">Hi</p></body>'), page.nothing_remote),
        ((".soft { color: #aab2bb", ".soft { color: #444444"), page.reads_well),
        (("3 hours a month", "4 hours a month"), page.same_words),
    ],
)
def test_other_faults_are_found_too(what: tuple[str, str], by: Check) -> None:
    one = mentor_call()
    assert what[0] in one.shown.html
    assert by(_with(one, html=one.shown.html.replace(*what))) != []


def test_contrast_is_counted_as_the_standard_says() -> None:
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#fff") == pytest.approx(4.48, abs=0.01)
    assert ratio("#123456", "#123456") == 1
