"""The opinions on the programme, counted: how often each answer was given, and never in a small group (LEG-28)."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy.orm import Session

from framework.content import FORMS
from framework.matching.disclosure import LEAST
from framework.people import Role
from framework.questions import Answers, Kind, Question
from framework.visibility import Visibility, may_read
from models import extract
from portal import words
from portal.downloads.cells import Value
from portal.visit import DeskVisit

ONE_WORD = frozenset({Kind.SCALE, Kind.YES_NO, Kind.CHOICE, Kind.CHOICES})
YES_NO = {"yes": "Yes", "no": "No"}


def asked() -> list[tuple[str, Question]]:
    """The questions that are counted, with their form: opinions on the programme, in one word, not sealed."""
    return [
        (name, question)
        for name, form in FORMS.items()
        if form.phase == "evaluation"
        for question in form.questions
        if question.reads is Visibility.PROGRAMME and question.kind in ONE_WORD and not question.confided
    ]


def counts(session: Session, visit: DeskVisit) -> Iterator[tuple[Value, ...]]:
    """One row for each answer that could be given, round by round; nothing where fewer than five answered."""
    say = visit.page.say
    if not may_read(Role.COORDINATOR, Visibility.PROGRAMME, visit.programme.track):
        return
    for name in dict.fromkeys(form for form, _ in asked()):
        form = FORMS[name]
        title = f"{say(form.title)} ({say(words.ASKED[form.by])})"
        for number, answers in extract.counted(session, visit.link.programme_id, name).items():
            for question in (one for of, one in asked() if of == name):
                for answer, times, whole in _counted(question, answers):
                    yield (title, number, say(question.ask), say(answer), times, whole)


def _counted(question: Question, answers: list[Answers]) -> Iterator[tuple[str, int, int]]:
    given = [one[question.id] for one in answers if question.id in one]
    if len(given) < LEAST:
        return
    total = Counter(str(value) for one in given for value in (one if isinstance(one, list) else [one]))
    known = {str(point): str(point) for point in range(1, 6)} if question.kind is Kind.SCALE else YES_NO
    if question.options:
        known = {option.id: option.label for option in question.options}
    for code, label in known.items():
        yield label, total[code], len(given)
