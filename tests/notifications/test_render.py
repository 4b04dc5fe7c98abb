"""Every e-mail in every language: it renders, it asks for what it has, and it says what it must."""

import re
from datetime import date
from html import unescape

import pytest
from jinja2 import meta, nodes
from jinja2.exceptions import UndefinedError
from lxml import html

from framework.people import Role
from framework.programme import PHASES
from notifications.email import Email
from notifications.emails import EMAILS
from notifications.emails.matching import PairingMentor
from notifications.emails.selection import NotSelected
from notifications.gallery import LINK, sample_brand
from notifications.jinja import environment, on_colour
from notifications.render import render
from notifications.words import Words, languages

GIVEN = {"_", "gettext", "ngettext", "part", "brand", "given_name", "link", "appointment"}
everyone = pytest.mark.parametrize("kind", EMAILS.values(), ids=EMAILS)
every_language = pytest.mark.parametrize("language", languages())


def variables(kind: type[Email]) -> set[str]:
    """What the two templates of an e-mail ask for."""
    env = environment("en", "txt")
    assert env.loader is not None
    found: set[str] = set()
    for part in ("subject.txt", "body.j2"):
        source, _, _ = env.loader.get_source(env, f"{kind.phase}/{kind.name}/{part}")
        tree = env.parse(source)
        own = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}
        found |= meta.find_undeclared_variables(tree) - own
    return found


@everyone
@every_language
def test_email_renders_whole_in_every_language(kind: type[Email], language: str) -> None:
    email, brand = kind.sample(), sample_brand(language)
    shown = render(email, language, brand, LINK)
    assert len(shown.subject) < 70
    for text in (shown.subject, shown.text, shown.html):
        assert "%(" not in text
        assert "{{" not in text
    reason = Words(language).gettext(email.reason) % brand.model_dump()
    assert reason in shown.text
    assert reason in unescape(shown.html)
    assert email.given_name in shown.text
    assert len(shown.html.encode()) < 30_000
    page = html.fromstring(shown.html.encode())
    assert page.get("lang") == language
    wants_link = "link" in variables(kind)
    assert any(link.get("href") == LINK for link in page.iter("a")) is wants_link
    assert (LINK in shown.text) is wants_link


@everyone
def test_templates_ask_for_exactly_the_fields(kind: type[Email]) -> None:
    assert variables(kind) - GIVEN == set(kind.model_fields) - GIVEN


@everyone
def test_page_and_text_say_the_same(kind: type[Email]) -> None:
    shown = render(kind.sample(), "en", sample_brand("en"), LINK)
    page = html.fromstring(shown.html.encode())
    said = " ".join(str(html.tostring(page, method="text", encoding="unicode")).split())
    for line in shown.text.splitlines():
        words = re.sub(r"^(> |- )|^-- *$|:$", "", line).strip()
        label, colon, value = words.partition(": ")
        assert words in said or (colon and label in said and value in said), words


def test_every_phase_has_emails() -> None:
    assert {kind.phase for kind in EMAILS.values()} == {*PHASES, "mail"}


@every_language
@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_reminders_use_other_words_each_time(language: str, number: int) -> None:
    brand = sample_brand(language)
    shown = [
        render(EMAILS["reminder"].sample().model_copy(update={"number": n}), language, brand, LINK) for n in (1, 2, 3)
    ]
    assert len({one.subject for one in shown}) == len({one.text for one in shown}) == 3
    assert render(EMAILS["reminder"].sample().model_copy(update={"number": number}), language, brand, LINK).text


CODES = {
    "proposal": ("go", "not_needed", "inform_first", "other_first", "outside_help"),
    "decision": ("go", "not_needed", "inform_first", "other_first", "outside_help"),
    "what": ("readiness", "selection", "matching", "training", "review"),
    "kind": ("check_in", "pair_review", "new_hire_review", "early_check"),
    "way": ("proposed", "picked", "reverse"),
    "turned": (True, False),
    "group": (True, False),
    "equals": (True, False),
    "tongue": ("", "français"),
    "role": (Role.MENTOR, Role.MENTEE),
    "own_role": ("mentor", "mentee", "peer"),
}
COUNTS = {"minutes", "hours", "count", "people", "answers", "position", "number", "months", "meetings", "pairs"}


def branches() -> list[Email]:
    """Every sample with every code it may hold, and with one of everything that is counted."""
    found: list[Email] = []
    for kind in EMAILS.values():
        fields = set(kind.model_fields)
        found += [
            kind.sample().model_copy(update={field: code})
            for field in sorted(fields & set(CODES))
            for code in CODES[field]
        ]
        counted = [field for field in sorted(fields & COUNTS) if isinstance(getattr(kind.sample(), field), int)]
        found += [kind.sample().model_copy(update={field: 1}) for field in counted]
    return found


@every_language
def test_every_branch_renders(language: str) -> None:
    for email in branches():
        shown = render(email, language, sample_brand(language), LINK)
        assert len(shown.subject) < 70
        assert "%(" not in shown.text


@everyone
def test_what_people_write_stays_text(kind: type[Email]) -> None:
    sample = kind.sample()
    free = {
        name: "<b>Zoë</b>\nand more"
        for name, field in kind.model_fields.items()
        if field.annotation is str and name in {"goal", "why", "words", "recommendation", "changed"}
    }
    shown = render(sample.model_copy(update=free), "en", sample_brand("en"), LINK)
    assert "<b>" not in shown.html
    assert not free or "&lt;b&gt;Zoë&lt;/b&gt;" in shown.html


def test_names_are_escaped_in_the_page() -> None:
    email = PairingMentor.sample().model_copy(update={"partner": "<i>Zoë</i>"})
    assert "<i>" not in render(email, "en", sample_brand("en"), LINK).html


def test_a_button_without_a_link_raises() -> None:
    with pytest.raises(UndefinedError):
        render(EMAILS["readiness_invitation"].sample(), "en", sample_brand("en"))


@pytest.mark.parametrize("bad", ["\n", "\r\n", "\x00", "\x0b", "\x85", "\u2028"])
def test_control_characters_in_a_subject_are_refused(bad: str) -> None:
    email = EMAILS["profile_request"].sample().model_copy(update={"candidate": f"Godelieve{bad}Bcc: x@example.org"})
    with pytest.raises(ValueError, match="control character"):
        render(email, "en", sample_brand("en"), LINK)


def test_company_words_reach_every_phrase() -> None:
    brand = sample_brand("en").model_copy(update={"mentee": "pathfinder"})
    shown = render(NotSelected.sample(), "en", brand)
    assert "pathfinder" in shown.text
    assert "mentee" not in shown.text


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Monday 5 April 2027"), ("nl", "maandag 5 april 2027"), ("fr", "lundi 5 avril 2027")]
)
def test_dates_are_written_as_readers_write_them(language: str, said: str) -> None:
    email = EMAILS["mentee_call"].sample().model_copy(update={"closes_on": date(2027, 4, 5)})
    assert said in render(email, language, sample_brand(language), LINK).text


def test_first_of_the_month_in_french() -> None:
    email = EMAILS["mentee_call"].sample().model_copy(update={"closes_on": date(2027, 4, 1)})
    assert "jeudi 1er avril 2027" in render(email, "fr", sample_brand("fr"), LINK).text


@pytest.mark.parametrize(
    ("colour", "ink"),
    [
        ("#0b5d66", "#ffffff"),
        ("#ffd400", "#000000"),
        ("#000000", "#ffffff"),
        ("#ffffff", "#000000"),
        ("#777777", "#000000"),
    ],
)
def test_ink_reads_well_on_the_brand_colour(colour: str, ink: str) -> None:
    assert on_colour(colour) == ink
