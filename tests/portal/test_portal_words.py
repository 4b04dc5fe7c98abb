"""Every phrase of the portal stands in every catalogue, with the same placeholders."""

import ast
import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

import portal
from framework import by_hand, desk
from notifications.words import LOCALE, languages
from portal import held, readers, who, words
from portal.dates import phrases as date_phrases
from portal.downloads import book, sheets, worded
from portal.forms import check, parts
from portal.matching import pair_words, settings_form
from portal.running import advice, phrases

ROOM = Path(portal.__file__).parent
TRANSLATED = [code for code in languages() if code != "en"]
CALLS = {"say": None, "count": (1, 2), "_": None, "ngettext": (1, 2)}
ONE_PHRASE = r"""_\(\s*["'](.+?)["']\s*[,)]"""


def _of_code():
    for path in ROOM.rglob("*.py"):
        for _, message, _, _ in extract("python", BytesIO(path.read_bytes()), keywords=CALLS):
            yield message


def _of_templates():
    for path in (ROOM / "templates").glob("*.html"):
        for _, message, _, _ in extract("jinja2.ext:babel_extract", BytesIO(path.read_bytes()), keywords=CALLS):
            yield message


def _of_tables():
    for table in (
        words.PHASES,
        words.KINDS,
        words.STATES,
        words.COUNTS,
        words.ASKED,
        words.MAILS,
        words.FACTORS,
        words.WEIGHING,
        words.CARD,
    ):
        yield from table.values()
    yield from (
        *words.SAYS.values(),
        *words.RISKS.values(),
        *words.UNDERSTOOD.values(),
        words.FOLLOW_UP,
        *words.WAYS.values(),
    )
    yield from filter(None, words.MEASURES.values())
    yield from (*readers.NAMES.values(), "the line manager of your %(mentee)s", "your line manager")
    for table in ("FACTS", "SHORT", "FLAGS", "RULES", "AGAINST", "MEANS", "ORIGINS", "LABELS", "COUNTED"):
        yield from getattr(pair_words, table).values()
    yield from (settings_form.NUMBER, desk.ADOPT.label, desk.pair_choices([1])[1].label)
    rows = (desk.READINESS, desk.MENTORS, desk.MENTEES, desk.MATCHING, desk.TRAINING, desk.REVIEW)
    yield from (choice.label for row in rows for choice in row)
    for table in (*phrases.TABLES, *date_phrases.TABLES, advice.ADVICE):
        yield from table.values()
    hand = (by_hand.REMATCH, by_hand.COMPLETE, by_hand.END, by_hand.NOT_AGREED, by_hand.OWN_WISH, by_hand.BY_COMPANY)
    yield from (choice.label for choice in (*hand, by_hand.RESEND, by_hand.NEW_LINK))
    yield from ("Yes", "No", *parts.STATES.values(), check.UNSURE, *_problems())
    yield from (*who.WRITTEN.values(), *who.GETS.values())
    yield from _of_downloads()
    yield from (*held.FIELDS.values(), *held.COLUMNS.values(), *(title for title, _ in held.SECTIONS.values()))


def _of_downloads():
    """The titles and explanations of the lists that one may take along, and their codes in words."""
    for table in ("ROLES", "PEOPLE", "PAIRS", "ENDS", "MADE", "QUESTIONS", "TRAINING", "ABOUT"):
        yield from getattr(worded, table).values()
    for sheet in sheets.SHEETS:
        yield from (sheet.title, sheet.about)
        for column in sheet.columns:
            yield from (column.title, column.about)
    yield from (book.PERSONAL, book.COUNTS)


def _problems():
    """The wordings of framework.desk for what is wrong, as they stand in its code."""
    for node in ast.walk(ast.parse(Path(desk.__file__).read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem":
            yield node.args[1].value


def _has_words(phrase):
    return isinstance(phrase, tuple) or re.search(r"[a-z]", re.sub(r"%\(\w+\)s", "", phrase))


PHRASES = sorted(filter(_has_words, {*_of_code(), *_of_templates(), *_of_tables()}), key=str)


def _singulars():
    return {p[0] if isinstance(p, tuple) else p for p in PHRASES}


def _placeholders(text):
    return set(re.findall(r"%\((\w+)\)s", text))


def test_extraction_finds_the_calls_in_templates():
    for path in (ROOM / "templates").glob("*.html"):
        for found in re.findall(ONE_PHRASE, path.read_text()):
            assert found in _singulars(), f"{path.name}: {found}"


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_phrase_is_translated(language):
    known = set()
    for path in (LOCALE / language).rglob("*.po"):
        with path.open("rb") as file:
            known |= {entry.id for entry in read_po(file, locale=language) if entry.id and entry.string}
    assert not [phrase for phrase in PHRASES if phrase not in known]


@pytest.mark.parametrize("language", TRANSLATED)
def test_catalogue_is_clean(language):
    with (LOCALE / language / "portal.po").open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    for entry in (e for e in catalogue if e.id):
        source = entry.id if isinstance(entry.id, tuple) else (entry.id,)
        target = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        assert not entry.fuzzy
        assert all(target), source
        assert {*map(frozenset, map(_placeholders, target))} == {*map(frozenset, map(_placeholders, source))}, source
        assert not any("<" in text or re.search(r"%(?!\()", text) for text in target), source
        assert source[0] in _singulars(), f"nobody says this: {source[0]}"
    assert len(catalogue) > 150
