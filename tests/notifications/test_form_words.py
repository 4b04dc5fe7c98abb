"""Every phrase of every form stands in every catalogue, with the same placeholders, and nothing else stands there."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from framework import content, dates, reading
from framework.content import FORMS
from framework.content.skills import LANGUAGES

ROOT = Path(__file__).parents[2]
LOCALE = ROOT / "notifications" / "locale"
TRANSLATED = ("nl", "fr")
WORDED = {"title", "intro", "ask", "help", "label", "low", "high", "unit", "thanks", "next", "text"}
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
KNOWN = {"mentor", "mentors", "mentee", "mentees", "company"}


def phrases(value: object) -> Iterator[str]:
    """Every phrase that people read in a value of the content: a form, an option, a topic, or a row of them."""
    if isinstance(value, (tuple, list, frozenset)):
        for part in value:
            yield from phrases(part)
    elif isinstance(value, dict):
        yield from phrases(tuple(value.values()))
    elif is_dataclass(value) and not isinstance(value, type) and value not in LANGUAGES:
        for field in fields(value):
            part = getattr(value, field.name)
            if isinstance(part, str) and field.name in WORDED and part:
                yield part
            elif not isinstance(part, str):
                yield from phrases(part)


def words_of_content() -> set[str]:
    """The phrases of every public value in framework/content."""
    modules = [import_module(f"framework.content.{found.name}") for found in iter_modules(content.__path__)]
    values = [value for module in modules for name, value in vars(module).items() if not name.startswith("_")]
    return {phrase for value in values for phrase in phrases(value)}


def refusals() -> set[str]:
    """What the question engine says when it refuses an answer, read from its source."""
    trees = [ast.parse(Path(module.__file__).read_text(encoding="utf-8")) for module in (reading, dates)]
    raised = [node.exc for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Raise) and node.exc]
    texts = {part.value for call in raised for part in ast.walk(call) if isinstance(part, ast.Constant)}
    return {text for text in texts if isinstance(text, str)} | set(reading.MISSING.values())


def entries(language: str) -> list[tuple[str, Message]]:
    """Every entry of a language's form catalogues, with the name of its file."""
    found: list[tuple[str, Message]] = []
    for path in sorted((LOCALE / language / "forms").glob("*.po")):
        with path.open("rb") as source:
            catalogue: Catalog = read_po(source, locale=language, abort_invalid=True)
        found += [(path.name, message) for message in catalogue if message.id]
    return found


WORDS = words_of_content() | refusals()


def test_words_of_content_holds_the_questions_of_every_form() -> None:
    """The control: what the other tests look for is really found."""
    asked = {question.ask for form in FORMS.values() for question in form.questions}
    assert asked
    assert asked <= WORDS
    assert "Please keep this to one line." in WORDS
    assert "Choose at least one answer." in WORDS


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_phrase_is_translated(language: str) -> None:
    translated = {str(message.id) for _, message in entries(language) if message.string}
    assert sorted(WORDS - translated) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_catalogue_holds_a_phrase_that_no_form_uses(language: str) -> None:
    assert sorted((file, str(message.id)) for file, message in entries(language) if message.id not in WORDS) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_entries_are_finished(language: str) -> None:
    found = entries(language)
    assert [(file, m.id) for file, m in found if m.fuzzy or not isinstance(m.string, str) or not m.string] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_placeholders_are_the_same_in_every_language(language: str) -> None:
    pairs = [(file, str(m.id), str(m.string)) for file, m in entries(language)]
    wrong = [p for p in pairs if set(PLACEHOLDER.findall(p[1])) != set(PLACEHOLDER.findall(p[2]))]
    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_phrase_is_translated_in_one_way(language: str) -> None:
    ways: dict[str, set[str]] = {}
    for _, message in entries(language):
        ways.setdefault(str(message.id), set()).add(str(message.string))
    assert {phrase: found for phrase, found in ways.items() if len(found) > 1} == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_hold_no_markup_and_no_bare_percent(language: str) -> None:
    texts = [(file, PLACEHOLDER.sub("", str(message.string))) for file, message in entries(language)]
    assert [(file, text) for file, text in texts if re.search(r"[%<>]|&\w+;", text)] == []


def test_wordings_hold_only_known_placeholders_and_no_markup() -> None:
    assert {name for phrase in WORDS for name in PLACEHOLDER.findall(phrase)} <= KNOWN
    assert [phrase for phrase in WORDS if re.search(r"[%<>]", PLACEHOLDER.sub("", phrase))] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_catalogue_headers_name_the_language_and_utf8(language: str) -> None:
    paths = sorted((LOCALE / language / "forms").glob("*.po"))
    assert paths
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert "Content-Type: text/plain; charset=UTF-8" in text, path.name
        assert f"Language: {language}" in text, path.name


def test_both_languages_have_the_same_files_and_phrases() -> None:
    dutch, french = ({(file, str(m.id)) for file, m in entries(language)} for language in TRANSLATED)
    assert sorted(dutch ^ french) == []
