"""What a person who answers everything would type into a form."""

from framework.questions import Kind, Question, Questionnaire

Filled = dict[str, list[str]]


def _typed(question: Question) -> list[str]:
    first = [option.id for option in question.options][:1]
    return {
        Kind.SCALE: ["4"],
        Kind.YES_NO: ["yes"],
        Kind.CHOICE: first,
        Kind.CHOICES: first,
        Kind.TEXT: ["How to lead a meeting"],
        Kind.LONG_TEXT: ["We spoke about it twice.\nIt helped."],
        Kind.NUMBER: ["6"],
        Kind.DATE: ["27 3 2027"],
        Kind.CONFIRM: ["yes"],
        Kind.SIGNATURE: ["An Peeters"],
        Kind.PERSON: ["An Peeters"],
    }[question.kind]


def _rows(question: Question) -> Filled:
    """The first line of a table, each of its cells."""
    cells = {
        column.id: [column.options[0].id] if column.options else ["3 5 2027" if column.kind is Kind.DATE else "Some"]
        for column in question.columns
    }
    return {f"{question.id}.1.{name}": typed for name, typed in cells.items()}


def _fields(question: Question) -> Filled:
    return _rows(question) if question.kind is Kind.ROWS else {question.id: _typed(question)}


def in_full(form: Questionnaire, **said: str) -> Filled:
    """Every question answered, those in `said` with the answer given there."""
    every = {name: typed for question in form.questions for name, typed in _fields(question).items()}
    return every | {id_: [text] for id_, text in said.items()}


def only_required(form: Questionnaire, **said: str) -> Filled:
    """What has to be answered and nothing more, apart from `said`."""
    asked = {question.id for question in form.questions if question.required}
    return {name: typed for name, typed in in_full(form, **said).items() if name.partition(".")[0] in asked | set(said)}
