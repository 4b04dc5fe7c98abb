"""Several mails in one, and a second language below the first: each thing said once, nothing lost."""

import pytest
from jinja2.exceptions import UndefinedError
from lxml import html

from framework.mail import AdaptedText
from notifications.email import Email
from notifications.emails import EMAILS
from notifications.gallery import sample_brand
from notifications.render import bundle, render
from notifications.words import Words, languages

NAMES = ("reminder", "meeting_log", "certificate")
REASON = "You receive this e-mail because you take part in this programme."
every_language = pytest.mark.parametrize("language", languages())


def of_today(*names: str) -> list[tuple[Email, str]]:
    return [(EMAILS[name].sample(), f"https://baken.example/a/{name}") for name in names or NAMES]


@every_language
def test_bundle_holds_each_mail_under_its_own_heading(language: str) -> None:
    brand, said = sample_brand(language), of_today()
    shown = bundle(said, language, brand)
    page = html.fromstring(shown.html.encode())
    subjects = [render(email, language, brand, link).subject for email, link in said]
    assert [heading.text_content() for heading in page.iter("h2")] == subjects
    assert all(subject in shown.text for subject in subjects)
    assert len(shown.subject) < 70
    assert "3" in shown.subject
    assert brand.programme in shown.subject


@every_language
def test_bundle_says_nothing_twice(language: str) -> None:
    shown, brand = bundle(of_today(), language, sample_brand(language)), sample_brand(language)
    for phrase in ("Kind regards,", REASON, "Questions? Just reply to this e-mail: your answer reaches me."):
        assert shown.text.count(Words(language).gettext(phrase)) == 1
    assert shown.text.count(Words(language).gettext("Dear %(given_name)s,") % {"given_name": "Lotte"}) == 1
    assert shown.text.count(brand.coordinator_name) == 1


def test_bundle_keeps_each_link_with_its_mail() -> None:
    said = of_today("reminder", "meeting_log")
    shown = bundle(said, "en", sample_brand("en"))
    page = html.fromstring(shown.html.encode())
    assert {link for _, link in said} <= {str(a.get("href")) for a in page.iter("a")}
    first, second = (shown.text.index(link) for _, link in said)
    assert first < shown.text.index("How was your meeting?") < second


def test_bundle_gives_the_reason_of_each_mail() -> None:
    text = bundle(of_today(), "en", sample_brand("en")).text
    foot = text.partition("\n--\n")[2].splitlines()
    assert foot[:-1] == ["You receive this e-mail because a question to you is still open.", REASON]


def test_bundle_without_a_link_raises() -> None:
    said = [(EMAILS["certificate"].sample(), ""), (EMAILS["reminder"].sample(), "")]
    with pytest.raises(UndefinedError):
        bundle(said, "en", sample_brand("en"))


def test_bundle_of_one_is_that_mail() -> None:
    said, brand = of_today("reminder"), sample_brand("en")
    assert bundle(said, "en", brand) == render(said[0][0], "en", brand, said[0][1])


def test_bundle_of_nothing_raises() -> None:
    with pytest.raises(ValueError, match="no e-mail"):
        bundle([], "en", sample_brand("en"))


def test_bundle_with_a_long_programme_keeps_a_short_subject() -> None:
    brand = sample_brand("en").model_copy(update={"programme": "Kompas " * 12})
    assert len(bundle(of_today(), "en", brand).subject) < 70


def test_bundle_to_the_coordinator_is_signed_by_baken() -> None:
    said, brand = of_today("decision_waiting", "pool_shortage"), sample_brand("en")
    assert "Kind regards,\nBaken" in bundle(said, "en", brand).text
    mixed = bundle([*said, *of_today("certificate")], "en", brand)
    assert f"Kind regards,\n{brand.coordinator_name}" in mixed.text


def test_bundle_uses_adapted_texts() -> None:
    texts = {"meeting_log": {"en": AdaptedText(subject="And? With {{ partner }}?", body="Tell me, {{ given_name }}.")}}
    shown = bundle(of_today(), "en", sample_brand("en"), texts=texts)
    assert "And? With Yusuf Demir?" in shown.html
    assert "Did you meet" not in shown.text


@pytest.mark.parametrize(("language", "also"), [("nl", "fr"), ("fr", "nl"), ("en", "nl")])
def test_second_language_follows_whole_below_the_first(language: str, also: str) -> None:
    email, link = of_today("meeting_log")[0]
    one, two = (render(email, code, sample_brand(code), link) for code in (language, also))
    shown = render(email, language, sample_brand(language), link, also=also, also_brand=sample_brand(also))
    letters = [alone.text.partition("\n--\n")[0].strip() for alone in (one, two)]
    assert shown.subject == one.subject
    assert shown.text.index(letters[0]) < shown.text.index(letters[1])
    why = "The same text follows in another language: the law asks for it at the site where you work."
    assert Words(language).gettext(why) in shown.text
    page = html.fromstring(shown.html.encode())
    block = page.xpath(f"//div[@lang='{also}']")
    assert len(block) == 1
    assert link in {a.get("href") for a in block[0].iter("a")}
    assert page.get("lang") == language


@pytest.mark.parametrize("also", [None, "", "nl", "nl-BE"])
def test_no_second_language_adds_nothing(also: str | None) -> None:
    email, link = of_today("meeting_log")[0]
    assert render(email, "nl", sample_brand("nl"), link, also=also) == render(email, "nl", sample_brand("nl"), link)


def test_second_language_speaks_in_its_own_company_words() -> None:
    email, brand = EMAILS["mentee_selected"].sample(), sample_brand("en").model_copy(update={"mentor": "beacon"})
    other = sample_brand("nl").model_copy(update={"mentor": "baken"})
    shown = render(email, "en", brand, also="nl", also_brand=other)
    assert "beacon" in shown.text.partition("----")[0]
    assert "uw baken" in shown.text.partition("----")[2] or "baken" in shown.text.partition("----")[2]
    assert "beacon" not in shown.text.partition("----")[2]


def test_bundle_takes_a_second_language_too() -> None:
    shown = bundle(of_today(), "nl", sample_brand("nl"), also="fr", also_brand=sample_brand("fr"))
    assert len(list(html.fromstring(shown.html.encode()).iter("h2"))) == 6
    assert shown.text.count("https://baken.example/a/reminder") == 2
