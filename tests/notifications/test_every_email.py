"""Every e-mail in every language is right: what it asks for, what it says, how it looks, and where it leads."""

import re
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract
from jinja2 import meta, nodes
from jinja2.exceptions import TemplateSyntaxError, UndefinedError

from framework.content import FORMS
from notifications.dates import day
from notifications.email import Email
from notifications.emails import EMAILS
from notifications.emails.recruitment import MentorCall
from notifications.gallery import LINK, sample_brand
from notifications.jinja import environment
from notifications.render import Rendered, bundle, render
from notifications.words import SOURCE, languages
from tests.notifications import page
from tests.notifications.page import CHECKS, Check, Mail
from tests.notifications.test_words import TEMPLATES, Key, entries, faults, key

GIVEN = {"_", "gettext", "ngettext", "namespace", "part", "brand", "given_name", "link", "language"}
"""What every template may use beside the fields of its e-mail."""

UNSHOWN: dict[tuple[str, str], str] = {}
"""Differences between the fields of a sample and its templates that are meant, each with the reason."""

LONG = "Vereniging Zonder Winstoogmerk"  # 30 characters
GIVEN_NAME, PERSON = "Maria-Magdalena Josephine", "Marie-Antoinette Vandeputte"
LOGO = (  # one dot
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
FULL_NAMES = ("partner", "report", "candidate", "who")
COLOURS = ("#0b5d66", "#ffffff", "#000000", "#ffd400", "#777777")
NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "ten": 10, "fifteen": 15}

FORM_OF = {
    "mentor_call": "mentor_application",
    "mentee_call": "mentee_application",
    "profile_request": "mentor_profile_c",
    "mentee_profile_request": "mentee_profile",
    "mentor_invitation": "mentor_invitation",
    "pairing_mentor": "pairing_mentor",
    "pairing_mentee": "pairing_mentee",
    "choose_mentors": "mentor_wishes",
    "choose_mentees": "mentee_wishes",
    "meet_first": "meet_and_greet_mentee",
    "pairing_peer": "pairing_peer_mentor",
    "pairing_group_mentor": "pairing_group_mentor",
    "pairing_group_mentee": "pairing_group_mentee",
    "pairing_two": "pairing_two",
    "training_invitation": "training_enrolment_mentee",
    "training_rebook": "training_enrolment_mentor",
    "training_evaluation": "training_evaluation_mentee",
    "agreement_signature": "contract_signature",
    "manager_consent": "manager_consent",
    "meeting_preparation": "meeting_preparation",
    "meeting_log": "meeting_log",
    "mentor_reflection": "mentor_reflection",
    "facilitator_review": "facilitator_review",
    "relationship_end": "relationship_end_mentee",
    "exit_interview": "exit_interview",
    "story_request": "story_mentor",
    "final_evaluation": "programme_evaluation_mentor",
    "follow_up": "follow_up_mentor",
}
"""Which form is behind the button."""

each_email = pytest.mark.parametrize("kind", EMAILS.values(), ids=EMAILS)
each_check = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)


@cache
def mail(kind: type[Email], language: str, colour: str = "", *, long: bool = False) -> Mail:
    """The sample as it is sent: in the sample company's colours, or in others, or between people with long names."""
    email, brand = kind.sample(), sample_brand(language)
    if colour:
        brand = brand.model_copy(update={"colour": colour})
    if long:
        brand = brand.model_copy(update={"company": LONG, "programme": LONG})
        names = dict.fromkeys(set(FULL_NAMES) & set(kind.model_fields), PERSON)
        email = email.model_copy(update={"given_name": GIVEN_NAME, **names})
    return Mail(email, language, brand, LINK, render(email, language, brand, LINK))


@cache
def source(kind: type[Email], part: str) -> str:
    """One of the two templates of an e-mail, as it is written."""
    return (TEMPLATES / kind.phase / kind.name / part).read_text(encoding="utf-8")


def asks_for(text: str) -> set[str]:
    """The names that a template needs from outside."""
    tree = environment(SOURCE, "txt").parse(text)
    own = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}
    return meta.find_undeclared_variables(tree) - own


def phrases(text: str) -> set[Key]:
    """What a template says in the source language; a template that cannot be read raises."""
    found = extract("jinja2", BytesIO(text.encode()), options={"silent": "false", "trimmed": "true"})
    return {(said[0], said[1]) if isinstance(said, tuple) else said for _, said, _, _ in found}


@cache
def catalogue(language: str) -> dict[Key, Message]:
    """Every entry of a language, by its source wording."""
    return {key(entry): entry for file in entries(language).values() for entry in file}


def untranslated(said: set[Key], language: str) -> list[str]:
    """Phrases without a whole translation."""
    known = catalogue(language)
    missing = [f"{phrase!r}: not in the catalogue" for phrase in said if phrase not in known]
    return missing + [fault for phrase in said if phrase in known for fault in faults(known[phrase])]


@each_check
@each_email
def test_every_mail_passes_every_check(kind: type[Email], check: Check) -> None:
    assert {language: found for language in languages() if (found := check(mail(kind, language)))} == {}


@pytest.mark.parametrize("check", [page.whole, page.short_subject, page.same_words, page.valid])
@each_email
def test_long_names_do_no_harm(kind: type[Email], check: Check) -> None:
    assert {language: found for language in languages() if (found := check(mail(kind, language, long=True)))} == {}


@pytest.mark.parametrize("colour", COLOURS)
@each_email
def test_every_text_reads_well_in_any_company_colour(kind: type[Email], colour: str) -> None:
    assert page.reads_well(mail(kind, SOURCE, colour)) == []


@each_email
def test_templates_show_exactly_the_fields(kind: type[Email]) -> None:
    wants = asks_for(source(kind, "subject.txt")) | asks_for(source(kind, "body.j2"))
    has = set(kind.model_fields) - ({"appointment"} if kind.sample().appointment is None else set())
    reasoned = {field for name, field in UNSHOWN if name == kind.name}
    assert (wants - GIVEN) ^ (has - GIVEN) == reasoned


def test_a_field_that_no_template_shows_is_found() -> None:
    seen = asks_for(
        "{% set rows = [1] %}{{ part.p(_('Hello')) }}{{ rows }}{{ closes_on }}{% if rare %}{{ typo }}{% endif %}"
    )
    assert seen - GIVEN == {"closes_on", "rare", "typo"}
    assert seen - GIVEN != set(MentorCall.model_fields) - GIVEN


def test_templates_are_strict() -> None:
    with pytest.raises(UndefinedError):
        environment(SOURCE, "html").from_string("{{ forgotten }}").render()


@each_email
@pytest.mark.parametrize("language", [code for code in languages() if code != SOURCE])
def test_every_phrase_has_a_whole_translation(kind: type[Email], language: str) -> None:
    said = phrases(source(kind, "subject.txt")) | phrases(source(kind, "body.j2")) | {kind.reason}
    assert untranslated(said, language) == []


def test_a_phrase_without_a_translation_is_found() -> None:
    assert "not in the catalogue" in untranslated(phrases("{{ _('Nobody wrote this') }}"), "nl")[0]
    with pytest.raises(TemplateSyntaxError):
        phrases("{% trans %}{{ a b }}{% endtrans %}")


LOOSE = re.compile(r" [:;?!»]|« ")
"""Where French wants a space that does not break, an ordinary one leaves a lone sign on the next line."""


@each_email
def test_french_signs_stay_with_their_words(kind: type[Email]) -> None:
    shown = mail(kind, "fr").shown
    said = [shown.subject, *shown.text.splitlines()]
    assert [line for line in said if LOOSE.search(line)] == []


def test_a_loose_sign_is_found() -> None:
    assert LOOSE.search("Une question ?")
    assert LOOSE.search("« Bonjour\u00a0»")
    assert not LOOSE.search("Une question\u00a0? «\u00a0Oui\u00a0»")


@each_email
def test_who_is_asked_reads_by_when_first(kind: type[Email]) -> None:
    closes_on: date | None = getattr(kind.sample(), "closes_on", None)
    if closes_on and kind.name != "escalation":  # which tells of others, and has the day among its facts
        assert [lang for lang in languages() if day(closes_on, lang) not in first_words(mail(kind, lang).shown)] == []


def first_words(shown: Rendered) -> str:
    """The first paragraph after the greeting."""
    return shown.text.split("\n\n")[1]


def test_a_date_that_comes_late_is_found() -> None:
    one = mail(MentorCall, SOURCE)
    late = replace(one.shown, text=f"Dear Zoë,\n\nHello.\n\n{first_words(one.shown)}")
    on = day(MentorCall.sample().closes_on, SOURCE)
    assert on in first_words(one.shown)
    assert on not in first_words(late)


def minutes_in(text: str) -> list[int]:
    """How many minutes it takes, as a text says it: in figures, in words, or as one."""
    found = re.findall(r"\b(\w+) minutes?\b", text)
    return [1 if one.lower() == "a" else NUMBERS.get(one) or int(one) for one in found]


@pytest.mark.parametrize(("name", "form"), FORM_OF.items())
def test_mails_promise_the_time_that_the_form_takes(name: str, form: str) -> None:
    promised = minutes_in(mail(EMAILS[name], SOURCE).shown.text)
    assert promised
    assert minutes_in(FORMS[form].intro)[0] in promised


def test_another_time_than_the_form_says_is_found() -> None:
    assert minutes_in("It takes about ten minutes.") == [10]
    assert minutes_in("About 8 minutes, or one for a no.") == [8]
    assert minutes_in("You choose, and a minute is enough.") == [1]
    assert minutes_in("There is nothing you need to do.") == []


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", ["reminder", "decision_reminder"])
def test_reminders_say_it_in_other_words_each_time(language: str, name: str) -> None:
    brand, first = sample_brand(language), EMAILS[name].sample()
    times = [first.model_copy(update={"number": number}) for number in (1, 2, 3)]
    shown = [render(one, language, brand, LINK) for one in times]
    assert len({one.subject for one in shown}) == 3
    assert len({first_words(one) for one in shown}) == 3
    assert all(len(one.subject) < page.LONGEST for one in shown)


def test_reminders_of_every_form_have_short_subjects() -> None:
    first, on = EMAILS["reminder"].sample(), date(2027, 9, 30)
    for language in languages():
        brand = sample_brand(language)
        for form in FORMS.values():
            for number in (1, 2, 3):
                one = first.model_copy(update={"title": form.title, "number": number, "closes_on": on})
                subject = render(one, language, brand, LINK).subject
                assert len(subject) < page.LONGEST, subject


@each_check
@pytest.mark.parametrize("language", languages())
def test_several_mails_in_one_pass_every_check(language: str, check: Check) -> None:
    assert check(_several(language)) == []


@each_check
@pytest.mark.parametrize("language", languages())
def test_a_mail_in_two_languages_passes_every_check(language: str, check: Check) -> None:
    one, second = mail(MentorCall, language), languages()[languages().index(language) - 1]
    assert check(replace(one, shown=render(one.email, language, one.brand, LINK, also=second))) == []


@each_check
def test_a_mail_with_a_logo_passes_every_check(check: Check) -> None:
    one = mail(MentorCall, SOURCE)
    brand = one.brand.model_copy(update={"logo": LOGO})
    shown = render(one.email, SOURCE, brand, LINK)
    assert shown.logo
    assert check(replace(one, brand=brand, shown=shown)) == []


def _several(language: str) -> Mail:
    """Two mails of one day to one person."""
    parts = [(EMAILS[name].sample(), LINK) for name in ("review_request", "meeting_preparation")]
    brand = sample_brand(language)
    return Mail(parts[0][0], language, brand, LINK, bundle(parts, language, brand))
