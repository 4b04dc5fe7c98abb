"""The words of a form, each under a name of its own, so that an answer can be shown beside what was asked (CAP-209).

A question's `ask` stands under its id, its help and the ends of its scale under `id:help`, `id:low`, `id:high` and
`id:unit`; an option under `id.option`, a column under `id.column` and an option of it under `id.column.option`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256

from framework.questions import Column, Kind, Option, Question, Questionnaire


def texts(form: Questionnaire) -> dict[str, str]:
    """Every wording of the form in the source language, by its name; the title and the intro come first."""
    found = {":title": form.title, ":intro": form.intro}
    for number, section in enumerate(form.sections, 1):
        found |= {f":section.{number}": section.title, f":section.{number}:intro": section.intro}
        for question in section.questions:
            found |= dict(_of_question(question))
    return {name: text for name, text in found.items() if text}


def digest(form: Questionnaire) -> str:
    """A short mark of all its words: another mark, another wording."""
    return sha256("\n".join(f"{name}={text}" for name, text in texts(form).items()).encode()).hexdigest()[:16]


def _of_question(question: Question) -> Iterator[tuple[str, str]]:
    yield question.id, question.ask
    yield f"{question.id}:help", question.help
    yield f"{question.id}:unit", question.unit
    if question.kind is Kind.SCALE:
        yield f"{question.id}:low", question.low
        yield f"{question.id}:high", question.high
    yield from _labels(question.id, (*question.options, *question.columns))


def _labels(name: str, of: tuple[Option | Column, ...]) -> Iterator[tuple[str, str]]:
    for one in of:
        yield f"{name}.{one.id}", one.label
        if isinstance(one, Column):
            yield from _labels(f"{name}.{one.id}", one.options)


def worded(form: Questionnaire, words: Mapping[str, str]) -> Questionnaire:
    """The form with these words in the place of today's; headings, and what has no such word, stay as today."""
    sections = tuple(
        replace(s, questions=tuple(_question(question, words) for question in s.questions)) for s in form.sections
    )
    return replace(
        form, title=words.get(":title", form.title), intro=words.get(":intro", form.intro), sections=sections
    )


def _question(question: Question, words: Mapping[str, str]) -> Question:
    name = question.id
    return replace(
        question,
        ask=words.get(name, question.ask),
        help=words.get(f"{name}:help", question.help),
        unit=words.get(f"{name}:unit", question.unit),
        low=words.get(f"{name}:low", question.low),
        high=words.get(f"{name}:high", question.high),
        options=_options(name, question.options, words),
        columns=tuple(
            replace(
                column,
                label=words.get(f"{name}.{column.id}", column.label),
                options=_options(f"{name}.{column.id}", column.options, words),
            )
            for column in question.columns
        ),
    )


def _options(name: str, options: tuple[Option, ...], words: Mapping[str, str]) -> tuple[Option, ...]:
    return tuple(replace(one, label=words.get(f"{name}.{one.id}", one.label)) for one in options)
