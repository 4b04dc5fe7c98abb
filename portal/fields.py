"""A questionnaire as the page shows it: sections, blocks under one condition, and fields with what was typed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from framework.people import Role
from framework.questions import Answers, Kind, Option, Problem, Question, Questionnaire, Section, Typed, When, places
from framework.visibility import Track
from portal.cards import Card
from portal.page import Page
from portal.readers import sentence

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question: its words in the reader's language, what stands in it, and what is wrong with that."""

    id: str
    kind: str
    ask: str
    help: str
    options: tuple[tuple[str, str], ...]
    low: str
    high: str
    unit: str
    own: bool
    required: bool
    reads: str
    error: str
    kept: bool
    typed: Typed
    places: tuple[int, ...] = ()
    cards: tuple[Card, ...] = ()

    def value(self, part: str = "") -> str:
        """What was typed in the field, or in a part of it (`day`, `own`, an option's id)."""
        values = self.typed.get(f"{self.id}.{part}" if part else self.id, ())
        return values[-1] if values else ""

    def has(self, value: str) -> bool:
        """Whether that value was chosen."""
        return value in self.typed.get(self.id, ())


@dataclass(frozen=True, slots=True)
class Block:
    """Fields that are asked under one condition, or under none."""

    condition: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One section. `reads` says who can read it, where that is the same for all of it."""

    title: str
    intro: str
    reads: str
    blocks: tuple[Block, ...]


@dataclass(slots=True, kw_only=True)
class Sheet:
    """All that decides how a form looks for one person."""

    page: Page
    form: Questionnaire
    writer: Role
    track: Track
    typed: Typed = field(default_factory=dict)
    problems: Sequence[Problem] = ()
    kept: frozenset[str] = frozenset()
    cards: tuple[Card, ...] = ()

    def parts(self) -> list[Part]:
        """The sections, ready to show."""
        return [self._part(section) for section in self.form.sections]

    def wrong(self) -> list[tuple[str, str, str]]:
        """The problems for the summary on top: question id, the question, what is wrong."""
        asked = {q.id: self.page.say(q.ask) for q in self.form.questions}
        return [(problem.question, asked[problem.question], self.page.say(problem.text)) for problem in self.problems]

    def _part(self, section: Section) -> Part:
        told = {sentence(self.page, self.writer, q.reads, self.track) for q in section.questions}
        blocks, before = [], None
        for when, questions in groupby(section.questions, key=lambda q: q.when):
            row = list(questions)
            condition = self._condition(when, before) if when else ""
            blocks.append(Block(condition, tuple(self._field(q, own_reads=len(told) > 1) for q in row)))
            before = row[-1].id if when is None else before
        reads = told.pop() if len(told) == 1 else ""
        return Part(self.page.say(section.title), self.page.say(section.intro), reads, tuple(blocks))

    def _condition(self, when: When, before: str | None) -> str:
        say, asked = self.page.say, next(q for q in self.form.questions if q.id == when.question)
        answers = [_label(asked, value) for value in when.values]
        if asked.kind is Kind.YES_NO and before == asked.id:
            return say("Only if you answered yes") if when.values == ("yes",) else say("Only if you answered no")
        chosen = self.page.listed([say(label) for label in answers])
        return say("Only if you answered “%(answer)s” to: %(question)s", answer=chosen, question=say(asked.ask))

    def _field(self, q: Question, *, own_reads: bool) -> Field:
        say = self.page.say
        return Field(
            id=q.id,
            kind=str(q.kind),
            ask=say(q.ask),
            help=say(q.help),
            options=tuple((o.id, _worded(self.page, o.label)) for o in q.options),
            low=say(q.low),
            high=say(q.high),
            unit=say(q.unit),
            own=q.own,
            required=q.required,
            reads=sentence(self.page, self.writer, q.reads, self.track) if own_reads else "",
            error=next((say(p.text) for p in self.problems if p.question == q.id), ""),
            kept=q.id in self.kept,
            typed=self.typed,
            places=tuple(places(q)) if q.kind is Kind.RANKING else (),
            cards=self.cards if q.kind is Kind.RANKING else (),
        )


def _worded(page: Page, label: str) -> str:
    """A choice in words: a date in full, anything else as the catalogues have it."""
    return page.day(date.fromisoformat(label)) if ISO_DAY.fullmatch(label) else page.say(label)


def _label(question: Question, value: str) -> str:
    known = {"yes": "Yes", "no": "No"} if question.kind is Kind.YES_NO else {o.id: o.label for o in question.options}
    return known.get(value, value)


def with_options(
    form: Questionnaire, options: Mapping[str, Sequence[Sequence[str]]], most: int | None = None
) -> Questionnaire:
    """The form with the choices that are known only now, such as the dates of a course; `most`: names in a ranking."""

    def filled(q: Question) -> Question:
        known_now = tuple(Option(*pair) for pair in options.get(q.id, ()))
        return replace(q, options=known_now, most=most or q.most) if known_now and not q.options else q

    sections = tuple(replace(s, questions=tuple(filled(q) for q in s.questions)) for s in form.sections)
    return replace(form, sections=sections)


def retyped(form: Questionnaire, answers: Answers) -> dict[str, list[str]]:
    """Answers as they would be typed again: reading this gives the same answers back."""
    found: dict[str, list[str]] = {}
    for question in form.questions:
        if question.id in answers:
            found |= _retyped(question, answers[question.id])
    return found


def _retyped(question: Question, value: object) -> dict[str, list[str]]:
    if isinstance(value, Mapping):
        chosen = {f"{question.id}.{key}": [str(v)] for key, v in value.items() if not str(key).startswith("own:")}
        return chosen | _own(question, list(value))
    if question.kind is Kind.RANKING and isinstance(value, list):
        return {f"{question.id}.{place}": [str(v)] for place, v in enumerate(value, 1)}
    if isinstance(value, list):
        return {question.id: [str(v) for v in value if not str(v).startswith("own:")]} | _own(question, value)
    if question.kind is Kind.DATE:
        on = date.fromisoformat(str(value))
        return {f"{question.id}.{part}": [str(getattr(on, part))] for part in ("day", "month", "year")}
    return {question.id: [str(value)]}


def _own(question: Question, values: list[object]) -> dict[str, list[str]]:
    lines = [str(v).removeprefix("own:") for v in values if str(v).startswith("own:")]
    return {f"{question.id}.own": ["\n".join(lines)]} if lines else {}
