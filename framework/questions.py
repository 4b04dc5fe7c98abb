"""One engine for every question: a questionnaire is data, and what people type is read against it.

The English wording is the source; other languages stand in the catalogues under the same words. `%(mentor)s`,
`%(mentors)s`, `%(mentee)s`, `%(mentees)s` and `%(company)s` in a wording become the company's own words (CAP-011).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from framework.people import Role
from framework.visibility import CONFIDENTIAL, Visibility

Answers = dict[str, object]
MAX_SHORT, MAX_LONG = 200, 4000


class Kind(StrEnum):
    """How a question is answered."""

    SCALE = "scale"  # 1 to 5, nothing preselected
    YES_NO = "yes_no"
    CHOICE = "choice"  # one of the options
    CHOICES = "choices"  # any of the options
    PRIORITIES = "priorities"  # a priority of 1 to 3 for any of the options, and own additions
    RANKING = "ranking"  # some of the options, the dearest first; how many at most is known when it is asked
    TEXT = "text"  # one line
    LONG_TEXT = "long_text"
    NUMBER = "number"  # a whole number of 0 or more, with a unit
    DATE = "date"
    CONFIRM = "confirm"  # a box that has to be ticked
    SIGNATURE = "signature"  # one's own name, typed


WORDS = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.SIGNATURE})
"""Kinds that are answered in words of one's own."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose; `id` is what is stored."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class When:
    """Ask only if another question of the same form was answered with one of `values`."""

    question: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. `id` never changes once asked; `source` is its ID in the framework (RDY-Q01, SES-F3, ...)."""

    id: str
    ask: str
    kind: Kind
    reads: Visibility
    help: str = ""
    options: tuple[Option, ...] = ()
    low: str = "Not at all"
    high: str = "Very much"
    unit: str = ""
    own: bool = False  # PRIORITIES and CHOICES: may the person add a line of his or her own?
    most: int = 10  # RANKING: the most that one may put in order
    required: bool = True
    when: When | None = None
    source: str = ""

    @property
    def confided(self) -> bool:
        """Whether the answer is sealed: a class that people confide, or words of one's own (LEG-11, LEG-26)."""
        return self.reads in CONFIDENTIAL or self.kind in WORDS or self.own


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that belong together, under one heading."""

    title: str
    questions: tuple[Question, ...]
    intro: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """The clock of an open question, in days after it was opened (house idea 1).

    `remind` are the days of the reminders, `escalate` the day the owner hears of it, `due` the last day; after it the
    request lapses, and the phase does what `silence` says in words. Where nothing follows from silence, `wakes` is
    false: no run is made for the lapse alone, the next one writes it down.
    """

    due: int
    remind: tuple[int, ...]
    escalate: int | None = None
    silence: str
    wakes: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """A form: who answers it, in which phase, and its questions. `version` rises when a wording changes (CAP-209)."""

    id: str
    title: str
    intro: str
    phase: str
    by: Role
    ladder: Ladder
    sections: tuple[Section, ...]
    version: int = 1
    thanks: str = "Thank you. Your answers have been received."
    next: str = ""  # what happens next, on the receipt
    source: str = ""

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions, in the order asked."""
        return tuple(q for s in self.sections for q in s.questions)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an answer was refused; `text` is a phrase of the catalogues."""

    question: str
    text: str


@dataclass(slots=True)
class Reading:
    """What was typed, read: `answers` that hold, and `problems` with the rest. Nothing typed is lost by a problem."""

    answers: Answers = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


Typed = Mapping[str, Sequence[str]]


def read(form: Questionnaire, typed: Typed) -> Reading:
    """Read what was typed into a form against its questions; never raises for what a person typed."""
    reading = Reading()
    for question in form.questions:
        if question.when and not _applies(question.when, reading.answers):
            continue
        try:
            value = READ[question.kind](question, typed)
        except ValueError as refused:
            reading.problems.append(Problem(question.id, str(refused)))
            continue
        if value in (None, "", [], {}):
            if question.required:
                reading.problems.append(Problem(question.id, MISSING[question.kind]))
        else:
            reading.answers[question.id] = value
    return reading


def _applies(when: When, answers: Answers) -> bool:
    given = answers.get(when.question)
    values = {str(v) for v in given} if isinstance(given, list) else {str(given)}
    return bool(values & set(when.values))


def _one(question: Question, typed: Typed) -> str:
    values = typed.get(question.id, ())
    return values[-1].strip() if values else ""


def _text(question: Question, typed: Typed) -> str:
    limit = MAX_LONG if question.kind is Kind.LONG_TEXT else MAX_SHORT
    text = _one(question, typed).replace("\r\n", "\n")
    if len(text) > limit:
        raise ValueError(
            "This is too long. Please shorten it." if limit == MAX_LONG else "Please keep this to one line."
        )
    return text


def _scale(question: Question, typed: Typed) -> int | None:
    value = _one(question, typed)
    if not value:
        return None
    if value not in {"1", "2", "3", "4", "5"}:
        raise ValueError("Choose one of the five steps.")
    return int(value)


def _yes_no(question: Question, typed: Typed) -> str:
    value = _one(question, typed)
    if value not in {"", "yes", "no"}:
        raise ValueError("Choose yes or no.")
    return value


def _choice(question: Question, typed: Typed) -> str:
    value = _one(question, typed)
    if value and value not in {o.id for o in question.options}:
        raise ValueError("Choose one of the answers.")
    return value


def _own_lines(question: Question, typed: Typed) -> list[str]:
    lines = [line.strip() for value in typed.get(f"{question.id}.own", ()) for line in value.splitlines()]
    if any(len(line) > MAX_SHORT for line in lines):
        raise ValueError("Please keep each line of your own short.")
    return [line for line in lines if line][:20] if question.own else []


def _choices(question: Question, typed: Typed) -> list[str]:
    known = {o.id for o in question.options}
    chosen = [v for v in typed.get(question.id, ()) if v]
    if set(chosen) - known:
        raise ValueError("Choose from the answers shown.")
    return [o.id for o in question.options if o.id in chosen] + [f"own:{x}" for x in _own_lines(question, typed)]


def _priorities(question: Question, typed: Typed) -> dict[str, int]:
    found: dict[str, int] = {}
    for option in question.options:
        value = (typed.get(f"{question.id}.{option.id}") or ("",))[-1]
        if value not in {"", "0", "1", "2", "3"}:
            raise ValueError("A priority is 1, 2 or 3.")
        if value not in {"", "0"}:
            found[option.id] = int(value)
    return found | {f"own:{line}": 1 for line in _own_lines(question, typed)}


def _ranking(question: Question, typed: Typed) -> list[str]:
    """First, second, third choice, each in a field of its own; what was left empty in between is closed up."""
    fields = (typed.get(f"{question.id}.{place}") or ("",) for place in places(question))
    chosen = [value for values in fields if (value := values[-1].strip())]
    if set(chosen) - {o.id for o in question.options}:
        raise ValueError("Choose from the names shown.")
    if len(set(chosen)) < len(chosen):
        raise ValueError("You have chosen the same name twice. Choose each name once.")
    return chosen


def places(question: Question) -> range:
    """The places that can be given in a ranking, from 1."""
    return range(1, min(question.most, len(question.options)) + 1)


def _number(question: Question, typed: Typed) -> int | None:
    value = _one(question, typed).replace(" ", "").replace("\u00a0", "")
    if not value:
        return None
    if not (value.isascii() and value.isdigit()) or len(value) > 9:  # noqa: PLR2004 - a thousand million is enough
        raise ValueError("Type a whole number, for example 12.")
    return int(value)


def _date(question: Question, typed: Typed) -> str:
    """A date as people type it: three fields (day, month, year), or one field with the day first or ISO."""
    parts = [(typed.get(f"{question.id}.{part}") or ("",))[-1].strip() for part in ("day", "month", "year")]
    text = " ".join(parts).strip() or _one(question, typed)
    if not text:
        return ""
    numbers = [n for n in "".join(c if c.isascii() and c.isdigit() else " " for c in text).split() if len(n) <= 4]  # noqa: PLR2004
    try:
        first, second, third = (int(n) for n in numbers)
        day, month, year = (third, second, first) if first > 31 else (first, second, third)  # noqa: PLR2004
        return date(year, month, day).isoformat()
    except ValueError as wrong:
        raise ValueError("Type a date as day, month and year, for example 27 3 2027.") from wrong


def _confirm(question: Question, typed: Typed) -> str:
    return "yes" if _one(question, typed) == "yes" else ""


READ = {
    Kind.SCALE: _scale,
    Kind.YES_NO: _yes_no,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.PRIORITIES: _priorities,
    Kind.RANKING: _ranking,
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.CONFIRM: _confirm,
    Kind.SIGNATURE: _text,
}
MISSING = {
    Kind.SCALE: "Choose one of the five steps.",
    Kind.YES_NO: "Choose yes or no.",
    Kind.CHOICE: "Choose one of the answers.",
    Kind.CHOICES: "Choose at least one answer.",
    Kind.PRIORITIES: "Give at least one line a priority.",
    Kind.RANKING: "Choose at least one name.",
    Kind.TEXT: "Please fill this in.",
    Kind.LONG_TEXT: "Please write a few words.",
    Kind.NUMBER: "Type a whole number, for example 12.",
    Kind.DATE: "Type a date as day, month and year, for example 27 3 2027.",
    Kind.CONFIRM: "Tick this box to go on.",
    Kind.SIGNATURE: "Type your own name to sign.",
}
