"""What was typed in a form so far: the draft, else what was sent before; what of it may be shown; what a post adds."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

from framework.questions import Kind, Question, Questionnaire
from framework.reading import Reading, Typed, read, ruled_out
from framework.visibility import CONFIDENTIAL
from models import draft
from portal.fields import retyped
from portal.forms.opening import Here

VERSION = ".version"  # no question's id begins with a dot
PICKED = (Kind.SCALE, Kind.YES_NO, Kind.CHOICE)


@dataclass(frozen=True)
class SoFar:
    """One form as it stands: `typed` is everything, `drafted` whether some of it was never sent.

    `reworded` says that the questions have changed since the draft was made.
    """

    here: Here
    typed: dict[str, list[str]]
    drafted: bool = False
    reworded: bool = False

    @classmethod
    def of(cls, here: Here) -> Self:
        """Look it up; fields of questions that are no longer asked fall away."""
        form = here.visit.form
        kept = draft.of_request(here.session, here.visit.request)
        if not kept:
            return cls(here, retyped(form, here.visit.answers))
        asked = {q.id for q in form.questions}
        typed = {name: values for name, values in kept.items() if name.partition(".")[0] in asked}
        return cls(here, typed, drafted=True, reworded=kept.get(VERSION) != [str(form.version)])

    @property
    def form(self) -> Questionnaire:
        """The questions."""
        return self.here.visit.form

    @cached_property
    def reading(self) -> Reading:
        """What of it holds, and what is wrong or missing."""
        return read(self.form, self.typed)

    @cached_property
    def left_out(self) -> frozenset[str]:
        """The questions that an earlier answer leaves out."""
        return ruled_out(self.form, self.reading.answers)

    @cached_property
    def hidden(self) -> frozenset[str]:
        """The questions whose answer is kept, and shown again only in a fresh sitting; what was just typed is shown."""
        if self.here.fresh:
            return frozenset()
        closed = (q for q in self.form.questions if q.reads in CONFIDENTIAL and self.has(q))
        return frozenset(q.id for q in closed if not _filled(q, self.here.posted))

    def has(self, question: Question) -> bool:
        """Whether something was typed there."""
        return any(name.partition(".")[0] == question.id for name in self.typed)

    def shown(self) -> dict[str, list[str]]:
        """What stands in the fields: all that may be shown, and what a link in a mail has filled in (`?q=…&v=…`)."""
        mine = {name: values for name, values in self.typed.items() if name.partition(".")[0] not in self.hidden}
        return mine | self.offered

    @cached_property
    def offered(self) -> dict[str, list[str]]:
        """What a link in a mail has filled in, and nobody has said yet: the field with its answer, or nothing."""
        query = self.here.http.query_params
        asked = picked(self.form, query.get("q", ""), query.get("v", ""))
        return {} if asked is None or self.has(asked) else {asked.id: [query["v"]]}

    def untouched(self, after: "SoFar") -> bool:
        """Whether `after` is what stood there already: a program that presses every button sends just that."""
        return after.typed == {**self.typed, **self.offered}

    def posted(self, questions: Iterable[Question]) -> "SoFar":
        """As it stands once what was posted for these questions is counted in: what is hidden and left empty stays."""
        after = dict(self.typed)
        for question in questions:
            mine = _filled(question, self.here.posted)
            if mine or question.id not in self.hidden:
                after = {name: v for name, v in after.items() if name.partition(".")[0] != question.id} | mine
        return SoFar(self.here, after, self.drafted, self.reworded)

    def save(self, before: "SoFar") -> None:
        """Keep it as a draft, right or wrong; where nothing was changed, nothing is written."""
        if self.typed != before.typed:
            told = {**self.typed, VERSION: [str(self.form.version)]}
            draft.save(self.here.session, self.here.visit.request, told, self.here.visit.today)


def picked(form: Questionnaire, name: str, value: str) -> Question | None:
    """The question that a link in a mail fills in, if it is one to pick from and the value is one of its answers."""
    asked = next((q for q in form.questions if q.id == name and q.kind in PICKED), None)
    return asked if asked and value and not read(_alone(form, asked), {name: [value]}).problems else None


def _alone(form: Questionnaire, question: Question) -> Questionnaire:
    return replace(form, sections=(replace(form.sections[0], questions=(replace(question, when=None),)),))


def _filled(question: Question, posted: Typed) -> dict[str, list[str]]:
    empty = {"", "0"} if question.kind is Kind.PRIORITIES else {""}
    mine = {name: values for name, values in posted.items() if name.partition(".")[0] == question.id}
    filled = {
        name: [v.replace("\r\n", "\n") for v in values if v.strip() not in empty] for name, values in mine.items()
    }
    return {name: values for name, values in filled.items() if values}
