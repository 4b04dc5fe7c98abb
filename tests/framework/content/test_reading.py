"""What is asked can be read on a phone, by people at work: short sentences, plain words."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from framework.content import FORMS
from framework.questions import Kind, Questionnaire

MOST = 20  # words a sentence
SENTENCE = re.compile(r"(?<=[.?!])\s+")
HARD = re.compile(
    r"\b(utili[sz]e|leverage|facilitat\w+|stakeholder\w*|synerg\w+|holistic|empower\w*|deliverable\w*|kpi\w*|"
    r"onboard\w*|feasib\w+|pursuant|aforementioned|in order to|prior to|program(?!me|s? yet)|organiz\w+)\b",
    re.IGNORECASE,
)
"""Jargon, marketing, office language and American spelling."""


def said(form: Questionnaire) -> Iterator[tuple[str, str]]:
    """Every sentence of a form, with the question or the part of the form that it stands in."""
    texts = [("intro", form.intro), ("next", form.next), ("thanks", form.thanks)]
    texts += [("section", text) for section in form.sections for text in (section.title, section.intro)]
    texts += [(q.id, text) for q in form.questions for text in (q.ask, q.help, q.low, q.high, q.unit)]
    texts += [(q.id, one.label) for q in form.questions for one in (*q.options, *q.columns)]
    for place, text in texts:
        yield from ((place, sentence) for sentence in SENTENCE.split(text) if sentence)


def too_long(form: Questionnaire) -> list[tuple[str, str]]:
    """The sentences with more words than one reads at a glance."""
    return [(place, text) for place, text in said(form) if len(text.split()) > MOST]


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.id)
def test_sentences_are_short(form: Questionnaire) -> None:
    assert too_long(form) == []


def test_a_long_sentence_is_found() -> None:
    """The control: a form whose intro never ends."""
    form = FORMS["help_request"]
    assert too_long(replace(form, intro="word " * (MOST + 1)))
    assert not too_long(replace(form, intro="A word. " * (MOST + 1)))


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.id)
def test_words_are_plain(form: Questionnaire) -> None:
    assert [(place, text) for place, text in said(form) if HARD.search(text)] == []


@pytest.mark.parametrize(
    "text", ["Please utilize this form", "Our stakeholders", "a program for you", "in order to learn"]
)
def test_hard_words_are_found(text: str) -> None:
    assert HARD.search(text)


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.id)
def test_questions_are_asked_as_a_question_or_said_as_a_sentence(form: Questionnaire) -> None:
    plain = {Kind.LONG_TEXT, Kind.YES_NO, Kind.DATE, Kind.NUMBER, Kind.RANKING, Kind.PERSON}
    assert [q.ask for q in form.questions if q.kind in plain and not q.ask.endswith("?")] == []
    assert [q.ask for q in form.questions if q.kind is Kind.CONFIRM and not q.ask.endswith((".", "?"))] == []
    assert [q.help for q in form.questions if q.help and not q.help.endswith((".", "?"))] == []
