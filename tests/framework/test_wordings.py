"""The words of a form have names, a mark that changes with them, and can be put back in the place of later ones."""

from dataclasses import replace

import pytest

from framework.content import FORMS
from framework.people import Role
from framework.questions import Column, Kind, Ladder, Option, Question, Questionnaire, Section
from framework.visibility import Visibility
from framework.wordings import digest, texts, worded

ASKED = Question(
    id="steps",
    ask="Which steps?",
    help="One a line.",
    kind=Kind.ROWS,
    reads=Visibility.CONTRACT,
    columns=(Column("who", "Who", Kind.CHOICE, (Option("me", "I"),)), Column("by", "By", Kind.DATE)),
)
RATED = Question(id="how", ask="How was it?", kind=Kind.SCALE, low="Bad", high="Good", reads=Visibility.REVIEW)
FORM = Questionnaire(
    id="x",
    title="A form",
    intro="It is short.",
    phase="review",
    by=Role.MENTEE,
    ladder=Ladder(due=1, remind=(), silence="Nothing."),
    sections=(Section("First", (ASKED, RATED), intro="Look."),),
)


def test_every_word_that_is_asked_has_a_name() -> None:
    assert texts(FORM) == {
        ":title": "A form",
        ":intro": "It is short.",
        ":section.1": "First",
        ":section.1:intro": "Look.",
        "steps": "Which steps?",
        "steps:help": "One a line.",
        "steps.who": "Who",
        "steps.who.me": "I",
        "steps.by": "By",
        "how": "How was it?",
        "how:low": "Bad",
        "how:high": "Good",
    }


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.id)
def test_no_two_words_of_a_form_share_a_name(form: Questionnaire) -> None:
    found = texts(form)
    assert all(found[q.id] == q.ask for q in form.questions)
    assert all(found[f"{q.id}.{o.id}"] == o.label for q in form.questions for o in q.options)
    assert all(found[f"{q.id}.{c.id}"] == c.label for q in form.questions for c in q.columns)


def test_the_mark_changes_with_a_word_and_with_nothing_else() -> None:
    other = replace(FORM, sections=(replace(FORM.sections[0], questions=(ASKED, replace(RATED, high="Very good"))),))
    assert digest(FORM) != digest(other)
    assert digest(FORM) == digest(replace(FORM, version=9, ladder=Ladder(due=30, remind=(), silence="x")))


def test_earlier_words_stand_in_the_place_of_later_ones() -> None:
    earlier = texts(FORM)
    later = replace(
        FORM,
        title="Another title",
        sections=(
            replace(
                FORM.sections[0],
                questions=(
                    replace(
                        ASKED, ask="What now?", columns=(Column("who", "Whom", Kind.CHOICE, (Option("me", "Me"),)),)
                    ),
                    replace(RATED, low="Awful", id="how"),
                    replace(RATED, id="new", ask="Something new?"),
                ),
            ),
        ),
    )
    shown = worded(later, earlier)
    steps, how, new = shown.questions
    assert (shown.title, steps.ask, steps.columns[0].label, steps.columns[0].options[0].label) == (
        "A form",
        "Which steps?",
        "Who",
        "I",
    )
    assert (how.low, new.ask) == ("Bad", "Something new?")
    assert worded(later, {}) == later
