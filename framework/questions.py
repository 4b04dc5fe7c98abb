"""One engine for every question: a questionnaire is data. What people type is read against it in `reading.py`.

The English wording is the source; other languages stand in the catalogues under the same words. `%(mentor)s`,
`%(mentors)s`, `%(mentee)s`, `%(mentees)s` and `%(company)s` in a wording become the company's own words (CAP-011).
"""

from dataclasses import dataclass
from enum import StrEnum

from framework.people import Role
from framework.visibility import CONFIDENTIAL, Visibility

Answers = dict[str, object]
FEW_QUESTIONS, HANDFUL = 6, 3


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
    PERSON = "person"  # one colleague, by name or e-mail address as typed; nobody is shown a list of colleagues
    ROWS = "rows"  # a small table with `columns`; empty rows fall away


WORDS = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.SIGNATURE, Kind.PERSON, Kind.ROWS})
"""Kinds that are answered in words of one's own."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose; `id` is what is stored."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a question in rows; `kind` is TEXT, NUMBER, DATE, CHOICE (with options) or PERSON."""

    id: str
    label: str
    kind: Kind
    options: tuple[Option, ...] = ()


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
    most: int = 10  # RANKING: the most that one may put in order; ROWS: the most rows
    columns: tuple[Column, ...] = ()  # ROWS
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

    @property
    def asking(self) -> tuple[Section, ...]:
        """The sections that ask something: the parts of the form, in order."""
        return tuple(s for s in self.sections if s.questions)

    @property
    def long(self) -> bool:
        """Whether it is answered a part at a time: several sections or many questions, and more than a handful."""
        asked = len(self.questions)
        return asked > FEW_QUESTIONS or (asked > HANDFUL and len(self.asking) > 1)

    @property
    def signed(self) -> bool:
        """Whether somebody signs with it."""
        return any(q.kind is Kind.SIGNATURE for q in self.questions)
