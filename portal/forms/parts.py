"""The parts of a form, one section each: how each of them stands, and which comes next."""

from dataclasses import dataclass, replace

from framework.questions import Question, Section
from portal.forms.so_far import SoFar

DONE, BEGUN, TO_DO, FREE, SKIPPED = "done", "begun", "to_do", "free", "skipped"
STATES = {
    DONE: "Done",
    BEGUN: "Begun",
    TO_DO: "Still to do",
    FREE: "You may leave this out",
    SKIPPED: "Does not apply to you",
}
"""How a part stands, in words."""


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a form: `number` counts from 1."""

    number: int
    section: Section
    state: str


def steps(so_far: SoFar) -> list[Step]:
    """All parts, in order."""
    return [Step(n, section, _state(so_far, section)) for n, section in enumerate(so_far.form.asking, 1)]


def next_step(so_far: SoFar) -> Step | None:
    """Where to go on: the first part begun, or to do, or to be left out and not come to yet; None at the end."""
    found = steps(so_far)
    come_to = max((s.number for s in found if s.state in {DONE, BEGUN}), default=0)
    waiting = [s for s in found if s.state in {BEGUN, TO_DO} or (s.state == FREE and s.number > come_to)]
    return next(iter(waiting), None)


def after(so_far: SoFar, number: int) -> int:
    """The next part that applies; 0 where there is none."""
    return next((s.number for s in steps(so_far) if s.number > number and s.state != SKIPPED), 0)


def before(so_far: SoFar, number: int) -> int:
    """The part before it that applies; 0 where there is none."""
    return next((s.number for s in reversed(steps(so_far)) if s.number < number and s.state != SKIPPED), 0)


def section_of(so_far: SoFar, number: int) -> Section:
    """The section to show: questions that earlier parts leave out are gone, those that they ask for stand alone."""
    section = so_far.form.asking[number - 1]
    here = {q.id for q in section.questions}
    kept = [q for q in section.questions if q.id not in so_far.left_out or (q.when and q.when.question in here)]
    return replace(section, questions=tuple(_settled(so_far, q, here) for q in kept))


def _settled(so_far: SoFar, question: Question, here: set[str]) -> Question:
    when = question.when
    asked_for = when and when.question not in here and when.question in so_far.reading.answers
    return replace(question, when=None) if asked_for else question


def number_of(so_far: SoFar, question: str) -> int:
    """The part in which a question stands."""
    return next(n for n, s in enumerate(so_far.form.asking, 1) if any(q.id == question for q in s.questions))


def _state(so_far: SoFar, section: Section) -> str:
    asked = [q for q in section.questions if q.id not in so_far.left_out]
    if not asked:
        return SKIPPED
    open_ = {p.question for p in so_far.reading.problems}
    for question in so_far.form.questions:  # who has not yet said yes or no may still be asked why
        if question.when and question.required and question.when.question in open_:
            open_.add(question.id)
    filled = any(so_far.has(q) for q in asked)
    if any(q.id in open_ for q in asked):
        return BEGUN if filled else TO_DO
    return DONE if filled else FREE
