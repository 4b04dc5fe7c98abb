"""Answers read back, part by part: what was asked, what was told, and who can read it."""

from dataclasses import dataclass

from framework.questions import Question, Section
from framework.reading import applies
from portal import shown
from portal.fields import said
from portal.forms.so_far import SoFar
from portal.readers import sentence


@dataclass(frozen=True, slots=True)
class Line:
    """One answer: `kept` says that it is not shown here, `error` what is wrong with it, `where` how to change it."""

    id: str
    ask: str
    told: str
    kept: bool
    error: str
    reads: str
    where: str


@dataclass(frozen=True, slots=True)
class Group:
    """The answers of one part. `reads` says who can read it, where that is the same for all of it."""

    number: int
    title: str
    reads: str
    lines: tuple[Line, ...]


def groups(so_far: SoFar) -> list[Group]:
    """Every part with an answer, or one still to come; questions that do not apply are left out."""
    made = [_group(so_far, number, section) for number, section in enumerate(so_far.form.asking, 1)]
    return [group for group in made if group.lines]


def _group(so_far: SoFar, number: int, section: Section) -> Group:
    visit, answers = so_far.here.visit, so_far.reading.answers
    asked = [q for q in section.questions if not q.when or applies(q.when, answers)]
    reads = {q.id: sentence(visit.page, visit.writer, q.reads, visit.programme.track) for q in asked}
    same = len(set(reads.values())) == 1
    lines = tuple(_line(so_far, q, number, "" if same else reads[q.id]) for q in asked)
    return Group(number, visit.page.say(section.title), next(iter(reads.values())) if same else "", lines)


def _line(so_far: SoFar, question: Question, number: int, reads: str) -> Line:
    visit = so_far.here.visit
    page, kept = visit.page, question.id in so_far.hidden
    problem = next((p for p in so_far.reading.problems if p.question == question.id), None)
    return Line(
        id=question.id,
        ask=page.say(question.ask),
        told="" if kept else _told(so_far, question),
        kept=kept,
        error=said(page, question, problem) if problem else "",
        reads=reads,
        where=visit.link(f"/part/{number}", to="check") + f"#f-{question.id}",
    )


def _told(so_far: SoFar, question: Question) -> str:
    answers = so_far.reading.answers
    if question.id in answers:
        return shown.told(so_far.here.visit.page, question, answers[question.id])
    typed = [v for name, values in so_far.typed.items() if name.partition(".")[0] == question.id for v in values]
    return " ".join(typed)  # what does not hold stands as it was typed
