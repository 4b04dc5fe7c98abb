"""What people type, read against a questionnaire: nothing raises, nothing is lost, nothing foreign gets in."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from framework.dates import typed_date
from framework.questions import Answers, Column, Kind, Question, Questionnaire, When

MAX_SHORT, MAX_LONG, MAX_DIGITS = 200, 4000, 9
NUMBER = re.compile(r"\d+|\d{1,3}( \d{3})+", re.ASCII)
Typed = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an answer was refused: a phrase of the catalogues. `row` (from 1) and `column` say where in a table."""

    question: str
    text: str
    row: int = 0
    column: str = ""


@dataclass(slots=True)
class Reading:
    """What was typed, read: `answers` that hold, and `problems` with the rest. Nothing typed is lost by a problem."""

    answers: Answers = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class RowError(ValueError):
    """A cell of a question in rows that does not hold."""

    def __init__(self, text: str, row: int, column: str) -> None:
        """Say what is wrong, in which row (from 1) and in which column."""
        super().__init__(text)
        self.row, self.column = row, column


def read(form: Questionnaire, typed: Typed) -> Reading:
    """Read what was typed into a form against its questions; never raises for what a person typed."""
    reading = Reading()
    for question in form.questions:
        if question.when and not applies(question.when, reading.answers):
            continue
        try:
            value = READ[question.kind](question, typed)
        except RowError as refused:
            reading.problems.append(Problem(question.id, str(refused), refused.row, refused.column))
            continue
        except ValueError as refused:
            reading.problems.append(Problem(question.id, str(refused)))
            continue
        if value in (None, "", [], {}):
            if question.required:
                reading.problems.append(Problem(question.id, MISSING[question.kind]))
        else:
            reading.answers[question.id] = value
    return reading


def applies(when: When, answers: Answers) -> bool:
    """Whether what was answered so far makes the question behind `when` one to ask."""
    given = answers.get(when.question)
    values = {str(v) for v in given} if isinstance(given, list) else {str(given)}
    return bool(values & set(when.values))


def ruled_out(form: Questionnaire, answers: Answers) -> frozenset[str]:
    """The questions that an answer given before leaves out; where that answer is still to come, nothing is left out."""
    out: set[str] = set()
    for question in form.questions:
        when = question.when
        if when and (when.question in out or (when.question in answers and not applies(when, answers))):
            out.add(question.id)
    return frozenset(out)


def places(question: Question) -> range:
    """The places that can be given in a ranking, from 1."""
    return range(1, min(question.most, len(question.options)) + 1)


def _at(typed: Typed, name: str) -> str:
    values = typed.get(name, ())
    return values[-1].strip() if values else ""


def _text(question: Question, typed: Typed) -> str:
    limit = MAX_LONG if question.kind is Kind.LONG_TEXT else MAX_SHORT
    return _short(_at(typed, question.id).replace("\r\n", "\n"), limit)


def _short(text: str, limit: int = MAX_SHORT) -> str:
    if len(text) > limit:
        raise ValueError(
            "This is too long. Please shorten it." if limit == MAX_LONG else "Please keep this to one line."
        )
    return text


def _person(question: Question, typed: Typed) -> str:
    return _line(_at(typed, question.id))


def _line(text: str) -> str:
    if "\n" in text or "\r" in text:
        raise ValueError("Please keep this to one line.")
    return " ".join(_short(text).split())


def _scale(question: Question, typed: Typed) -> int | None:
    value = _at(typed, question.id)
    if not value:
        return None
    if value not in {"1", "2", "3", "4", "5"}:
        raise ValueError("Choose one of the five steps.")
    return int(value)


def _yes_no(question: Question, typed: Typed) -> str:
    value = _at(typed, question.id)
    if value not in {"", "yes", "no"}:
        raise ValueError("Choose yes or no.")
    return value


def _choice(question: Question, typed: Typed) -> str:
    return _chosen(_at(typed, question.id), question)


def _chosen(value: str, of: Question | Column) -> str:
    if value and value not in {o.id for o in of.options}:
        raise ValueError("Choose one of the answers.")
    return value


def _own_lines(question: Question, typed: Typed) -> list[str]:
    lines = [line.strip() for line in _at(typed, f"{question.id}.own").splitlines()]
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
        value = _at(typed, f"{question.id}.{option.id}")
        if value not in {"", "0", "1", "2", "3"}:
            raise ValueError("A priority is 1, 2 or 3.")
        if value not in {"", "0"}:
            found[option.id] = int(value)
    return found | {f"own:{line}": 1 for line in _own_lines(question, typed)}


def _ranking(question: Question, typed: Typed) -> list[str]:
    """First, second, third choice, each in a field of its own; what was left empty in between is closed up."""
    chosen = [value for place in places(question) if (value := _at(typed, f"{question.id}.{place}"))]
    if set(chosen) - {o.id for o in question.options}:
        raise ValueError("Choose from the names shown.")
    if len(set(chosen)) < len(chosen):
        raise ValueError("You have chosen the same name twice. Choose each name once.")
    return chosen


def _number(question: Question, typed: Typed) -> int | None:
    return _whole(_at(typed, question.id))


def _whole(text: str) -> int | None:
    """Digits, in threes with a space between if one likes; a point or a comma could mean two things."""
    value = text.replace("\u00a0", " ").replace("\u202f", " ")
    if not value:
        return None
    if "." in value or "," in value:
        raise ValueError("Type a whole number without a point or a comma, for example 1200.")
    if not NUMBER.fullmatch(value) or len(value.replace(" ", "")) > MAX_DIGITS:
        raise ValueError("Type a whole number, for example 12.")
    return int(value.replace(" ", ""))


def _date(question: Question, typed: Typed) -> str:
    """A date as people type it: three fields (day, month, year), or one field with the day first or ISO."""
    return _day(typed, question.id)


def _day(typed: Typed, name: str) -> str:
    text = " ".join(_at(typed, f"{name}.{part}") for part in ("day", "month", "year")).strip() or _at(typed, name)
    return typed_date(text).isoformat() if text else ""


def _rows(question: Question, typed: Typed) -> list[dict[str, str | int]]:
    """Row by row; a cell may stay empty, and a row in which nothing was typed is none."""
    found = []
    for row in range(1, question.most + 1):
        cells: dict[str, str | int] = {}
        for column in question.columns:
            try:
                value = _cell(column, typed, f"{question.id}.{row}.{column.id}")
            except ValueError as refused:
                raise RowError(str(refused), row, column.id) from None
            if value not in (None, ""):
                cells[column.id] = value
        if cells:
            found.append(cells)
    return found


def _cell(column: Column, typed: Typed, name: str) -> str | int | None:
    match column.kind:
        case Kind.NUMBER:
            return _whole(_at(typed, name))
        case Kind.DATE:
            return _day(typed, name)
        case Kind.CHOICE:
            return _chosen(_at(typed, name), column)
        case _:
            return _line(_at(typed, name))


def _confirm(question: Question, typed: Typed) -> str:
    return "yes" if _at(typed, question.id) == "yes" else ""


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
    Kind.PERSON: _person,
    Kind.ROWS: _rows,
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
    Kind.PERSON: "Type the name or the e-mail address of one colleague.",
    Kind.ROWS: "Fill in at least one line.",
}
