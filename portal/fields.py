"""A questionnaire as the page shows it: sections, blocks under one condition, and fields with what was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from framework.people import Role
from framework.questions import Answers, Column, Kind, Option, Question, Questionnaire, Section, When
from framework.reading import Problem, Typed, places
from framework.visibility import Track
from portal.cards import Card
from portal.page import Page
from portal.readers import sentence

FEW_ROWS = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of a question in rows, as it is shown."""

    id: str
    label: str
    kind: str
    options: tuple[tuple[str, str], ...]


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
    columns: tuple[Cell, ...] = ()
    most: int = 0
    wrong_at: tuple[int, str] = (0, "")

    @property
    def rows(self) -> int:
        """How many rows stand open: those that were filled in, one more, and some in any case."""
        start = f"{self.id}."
        used = [int(row) for name in self.typed if name.startswith(start) and (row := name.split(".")[1]).isdecimal()]
        return min(self.most, max([FEW_ROWS, *(row + 1 for row in used if row <= self.most)]))

    def cell(self, row: int, column: str, part: str = "") -> str:
        """The id of a cell on the page; the first one is where the question begins."""
        if row == 1 and column == self.columns[0].id:
            return f"f-{self.id}{part}"
        return f"f-{self.id}-{row}-{column}{part}"

    def value(self, part: str = "") -> str:
        """What was typed in the field, or in a part of it (`day`, `own`, an option's id)."""
        values = self.typed.get(f"{self.id}.{part}" if part else self.id, ())
        return values[-1] if values else ""

    def has(self, value: str) -> bool:
        """Whether that value was chosen, blanks around it aside, as the reader takes it."""
        return value in {one.strip() for one in self.typed.get(self.id, ())}


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
        return [self.part(section) for section in self.form.asking]

    def wrong(self) -> list[tuple[str, str, str]]:
        """The problems for the summary on top: where the field is on the page, the question, what is wrong."""
        asked = {q.id: q for q in self.form.questions}
        return [
            (f"#{place(asked[p.question], p)}", self.page.say(asked[p.question].ask), self._said(p))
            for p in self.problems
        ]

    def _said(self, problem: Problem) -> str:
        asked = next(q for q in self.form.questions if q.id == problem.question)
        return said(self.page, asked, problem)

    def part(self, section: Section) -> Part:
        """One section, ready to show."""
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

    def _cell(self, column: Column) -> Cell:
        options = tuple((o.id, self.page.worded(o.label)) for o in column.options)
        return Cell(column.id, self.page.say(column.label), str(column.kind), options)

    def _field(self, q: Question, *, own_reads: bool) -> Field:
        say = self.page.say
        return Field(
            id=q.id,
            kind=str(q.kind),
            ask=say(q.ask),
            help=say(q.help),
            options=tuple((o.id, self.page.worded(o.label)) for o in q.options),
            low=say(q.low),
            high=say(q.high),
            unit=say(q.unit),
            own=q.own,
            required=q.required,
            reads=sentence(self.page, self.writer, q.reads, self.track) if own_reads else "",
            error=next((self._said(p) for p in self.problems if p.question == q.id), ""),
            kept=q.id in self.kept,
            typed=self.typed,
            places=tuple(places(q)) if q.kind is Kind.RANKING else (),
            cards=self.cards if q.kind is Kind.RANKING else (),
            columns=tuple(self._cell(c) for c in q.columns),
            most=q.most,
            wrong_at=next(((p.row, p.column) for p in self.problems if p.question == q.id), (0, "")),
        )


def place(question: Question, problem: Problem) -> str:
    """The id, on the page, of the field in which something is wrong."""
    if not problem.row or (problem.row == 1 and problem.column == question.columns[0].id):
        return f"f-{question.id}"
    return f"f-{question.id}-{problem.row}-{problem.column}"


def said(page: Page, question: Question, problem: Problem) -> str:
    """What is wrong, in words; in a table, with the row and the column."""
    if not problem.row:
        return page.say(problem.text)
    column = next(c.label for c in question.columns if c.id == problem.column)
    where = page.say("Line %(row)s, %(column)s:", row=problem.row, column=page.say(column))
    return f"{where} {page.say(problem.text)}"


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
    if question.kind is Kind.ROWS and isinstance(value, list):
        cells = [(f"{question.id}.{n}.{c.id}", c, row) for n, row in enumerate(value, 1) for c in question.columns]
        return {k: v for name, c, row in cells if c.id in row for k, v in _recell(name, c, row[c.id]).items()}
    if isinstance(value, Mapping):
        chosen = {f"{question.id}.{key}": [str(v)] for key, v in value.items() if not str(key).startswith("own:")}
        return chosen | _own(question, list(value))
    if question.kind is Kind.RANKING and isinstance(value, list):
        return {f"{question.id}.{place}": [str(v)] for place, v in enumerate(value, 1)}
    if isinstance(value, list):
        return {question.id: [str(v) for v in value if not str(v).startswith("own:")]} | _own(question, value)
    return _redate(question.id, value) if question.kind is Kind.DATE else {question.id: [str(value)]}


def _recell(name: str, column: Column, value: object) -> dict[str, list[str]]:
    return _redate(name, value) if column.kind is Kind.DATE else {name: [str(value)]}


def _redate(name: str, value: object) -> dict[str, list[str]]:
    on = date.fromisoformat(str(value))
    return {f"{name}.{part}": [str(getattr(on, part))] for part in ("day", "month", "year")}


def _own(question: Question, values: list[object]) -> dict[str, list[str]]:
    lines = [str(v).removeprefix("own:") for v in values if str(v).startswith("own:")]
    return {f"{question.id}.own": ["\n".join(lines)]} if lines else {}
