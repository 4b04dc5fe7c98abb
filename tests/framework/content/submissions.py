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
    }[question.kind]


def in_full(form: Questionnaire, **said: str) -> Filled:
    """Every question answered, those in `said` with the answer given there."""
    return {question.id: _typed(question) for question in form.questions} | {id_: [text] for id_, text in said.items()}


def only_required(form: Questionnaire, **said: str) -> Filled:
    """What has to be answered and nothing more, apart from `said`."""
    asked = {question.id for question in form.questions if question.required}
    return {id_: typed for id_, typed in in_full(form, **said).items() if id_ in asked | set(said)}
