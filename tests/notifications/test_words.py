"""Every phrase of every e-mail stands in every catalogue, with the same placeholders, and nothing else stands there."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from framework.watch import MEANINGS
from notifications.emails import EMAILS
from notifications.words import LOCALE, SOURCE, Words, languages

TEMPLATES = Path(__file__).parents[2] / "notifications" / "templates"
FIELD = re.compile(r"%\((\w+)\)s")
Key = str | tuple[str, str]


def phrases() -> set[Key]:
    """What the templates and the reasons of the e-mails say, in the source language."""
    ways = [(pattern, "jinja2") for pattern in ("**.j2", "**.txt", "**.html")]
    options = {"**": {"silent": "false", "trimmed": "true"}}
    found = extract_from_dir(TEMPLATES, method_map=ways, options_map=options, directory_filter=lambda _: True)
    said: set[Key] = {
        (message[0], message[1]) if isinstance(message, tuple) else message for _, _, message, _, _ in found
    }
    minded = {text for one in MEANINGS.values() for text in (one.means, one.do)}  # what the watchdog finds
    return said | minded | {kind.reason for kind in EMAILS.values()}


def key(message: Message) -> Key:
    """How a catalogue's entry is found."""
    return (message.id[0], message.id[1]) if isinstance(message.id, tuple | list) else str(message.id)


def entries(language: str, below: str = "") -> dict[str, list[Message]]:
    """The entries of each catalogue of a language, by file."""
    found = {}
    for path in sorted((LOCALE / language / below).rglob("*.po")):
        with path.open("rb") as file:
            found[str(path)] = [entry for entry in read_po(file, locale=language, abort_invalid=True) if entry.id]
    return found


def faults(message: Message) -> list[str]:
    """What rendering lets through: an empty or fuzzy entry, other placeholders, markup, a bare percent sign."""
    source = message.id if isinstance(message.id, tuple | list) else (message.id,)
    said = message.string if isinstance(message.string, tuple | list) else (message.string,)
    texts = [str(text or "") for text in said]
    fields, found = set(FIELD.findall(str(source[-1]))), []
    if message.fuzzy or not all(texts):
        found.append(f"{source[0]!r}: not translated")
    elif set(FIELD.findall(texts[-1])) != fields or any(set(FIELD.findall(text)) - fields for text in texts):
        found.append(f"{source[0]!r}: other fields than the source")
    elif any(re.search(r"[<>&]|%(?!\(\w+\)s)", text) for text in texts):
        found.append(f"{source[0]!r}: markup or a bare percent sign")
    return found


translated = pytest.mark.parametrize("language", [code for code in languages() if code != SOURCE])


@translated
def test_every_phrase_is_translated(language: str) -> None:
    known = {key(entry) for file in entries(language).values() for entry in file}
    assert phrases() - known == set()


@translated
def test_no_entry_is_left_over(language: str) -> None:
    known = {key(entry) for file in entries(language, "mail").values() for entry in file}
    assert known - phrases() == set()


@translated
def test_entries_are_whole(language: str) -> None:
    assert [fault for file in entries(language, "mail").values() for entry in file for fault in faults(entry)] == []


@translated
def test_one_phrase_has_one_translation(language: str) -> None:
    said: dict[Key, set[str]] = {}
    for file in entries(language).values():
        for entry in file:
            said.setdefault(key(entry), set()).add(str(entry.string))
    assert {phrase: texts for phrase, texts in said.items() if len(texts) > 1} == {}


def test_source_phrases_hold_no_markup() -> None:
    texts = [text for phrase in phrases() for text in (phrase if isinstance(phrase, tuple) else (phrase,))]
    assert [text for text in texts if re.search(r"[<>&]|%(?!\(\w+\)s)", text)] == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "not translated"),
        ("Dag", "other fields"),
        ("<b>%(x)s</b>", "markup"),
        ("%(x)s 5%", "markup"),
        ("%(x)", "other"),
    ],
)
def test_faults_are_found(text: str, fault: str) -> None:
    assert fault in faults(Message("Hello %(x)s", text))[0]


def test_unknown_language_and_phrase_stay_english() -> None:
    assert Words("xx").gettext("Kind regards,") == "Kind regards,"
    assert Words("nl").gettext("A phrase that nobody wrote") == "A phrase that nobody wrote"
    assert Words("nl").gettext("") == ""
    assert Words("nl-BE").language == "nl"


def test_plurals_follow_the_language() -> None:
    one, many = "%(num)s answer is late", "%(num)s answers are late"
    assert Words("en").ngettext(one, many, 0) == many
    assert Words("fr").ngettext(one, many, 0) == Words("fr").ngettext(one, many, 1)
    assert Words("nl").ngettext(one, many, 0) == Words("nl").ngettext(one, many, 2)
