"""The desk: what a coordinator may decide, and the proof of what was shown (house idea 8).

Source: RDY-D1 to D5, SEL-D1, SEL-D2, SEL-02, CAP-168.

A subject is shown from `shown` alone, so that its digest covers all that the decision rests on. Reading a form back
gives verdicts, problems, and the subjects that changed since they were looked at.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from framework.people import Role
from framework.questions import MAX_LONG, Problem, Typed

PHASES = ("readiness", "selection", "matching", "training", "review")
"""The phases that wait for the coordinator, in the order of the calendar."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to decide; `id` is what is recorded, `reason` whether a reason is asked for."""

    id: str
    label: str
    reason: bool = False


READINESS = (
    Choice("go", "Start the programme"),
    Choice("not_needed", "We do not need it", reason=True),
    Choice("inform_first", "First explain what mentoring is", reason=True),
    Choice("other_first", "Something else comes first", reason=True),
    Choice("outside_help", "First find outside help or a budget", reason=True),
)
MENTORS = (
    Choice("select", "Select"),
    Choice("later", "Not yet: prepare for a later time", reason=True),
    Choice("not_selected", "Do not select", reason=True),
)
MENTEES = (Choice("select", "Select"), Choice("not_selected", "Do not select", reason=True))
MATCHING = (Choice("approve", "Approve this pair"), Choice("strike", "Strike this pair", reason=True))
TRAINING = (
    Choice("attended", "Was there"),
    Choice("absent", "Was not there"),
    Choice("waived", "May start without it", reason=True),
)
REVIEW = (
    Choice("continue", "Let them go on as they are"),
    Choice("adjust", "Let them adjust their agreement"),
    Choice("support", "Give them support"),
    Choice("rematch", "Look for another partner", reason=True),
    Choice("end", "End the relation", reason=True),
)
BULK = {"selection": "select", "matching": "approve", "training": "attended"}
"""The one choice that may be made for all subjects left untouched, where there is one."""

BULK_FIELD = "all"


def choices(phase: str, role: str = "") -> tuple[Choice, ...]:
    """What may be decided in a phase; in selection it depends on the candidate's role. Raises KeyError elsewhere."""
    if phase == "selection":
        return MENTORS if role == Role.MENTOR else MENTEES
    return {"readiness": READINESS, "matching": MATCHING, "training": TRAINING, "review": REVIEW}[phase]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One thing to decide on: `pairing:7`, `participant:3`, `enrolment:5` or `readiness`.

    `shown` is all that the page shows of it: plain values that JSON can hold, the same in every language.
    """

    id: str
    choices: tuple[Choice, ...]
    shown: Mapping[str, object]

    def digest(self) -> str:
        """SHA-256 of what is shown, as 64 hexadecimal digits."""
        return _digest([self.id, [choice.id for choice in self.choices], self.shown])


def list_digest(subjects: Sequence[Subject]) -> str:
    """SHA-256 of a whole list as shown; whether a subject is decided already makes no difference."""
    return _digest(sorted(subject.digest() for subject in subjects))


def _digest(value: object) -> str:
    return sha256(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Verdict:
    """One decision as it was typed in, on the subject whose digest was seen."""

    subject: str
    choice: str
    reason: str
    digest: str


@dataclass(slots=True)
class Ruling:
    """A desk form, read: what holds, what is missing, and which subjects have changed since they were shown."""

    verdicts: list[Verdict] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)


def read(phase: str, subjects: Sequence[Subject], typed: Typed, decided: Mapping[str, str]) -> Ruling:
    """Read what was typed on a decision page; never raises for what a person typed.

    Each subject has the fields `<id>` (the choice), `<id>.reason` and `<id>.digest`; `all` and `all.digest` stand for
    the subjects left untouched. `decided` holds the choices that were recorded already: the same choice again is a
    verdict like any other (a double click), another one is stale.
    """
    ruling = Ruling()
    bulk = BULK.get(phase, "") if _last(typed, BULK_FIELD) else ""
    whole = _last(typed, f"{BULK_FIELD}.digest") == list_digest(subjects)
    for subject in subjects:
        if choice := _last(typed, subject.id):
            _judge(ruling, subject, choice, typed, decided)
        elif bulk and not whole:
            ruling.stale.append(subject.id)
        elif bulk and decided.get(subject.id, bulk) == bulk:
            ruling.verdicts.append(Verdict(subject.id, bulk, "", subject.digest()))
    ruling.stale += _gone({subject.id for subject in subjects}, typed, decided)
    return ruling


def _judge(ruling: Ruling, subject: Subject, choice: str, typed: Typed, decided: Mapping[str, str]) -> None:
    reason = _last(typed, f"{subject.id}.reason").replace("\r\n", "\n")
    wanted = next((c for c in subject.choices if c.id == choice), None)
    if wanted is None:
        ruling.problems.append(Problem(subject.id, "Choose one of the answers."))
    elif len(reason) > MAX_LONG:
        ruling.problems.append(Problem(subject.id, "This is too long. Please shorten it."))
    elif wanted.reason and not reason:
        ruling.problems.append(Problem(subject.id, "Please say why, in a few words."))
    elif _last(typed, f"{subject.id}.digest") != subject.digest() or decided.get(subject.id, choice) != choice:
        ruling.stale.append(subject.id)
    else:
        ruling.verdicts.append(Verdict(subject.id, choice, reason, subject.digest()))


def _gone(known: set[str], typed: Typed, decided: Mapping[str, str]) -> list[str]:
    """Subjects that were shown and chosen on, but are no longer there; those decided just so are not missed."""
    shown = [name.removesuffix(".digest") for name in typed if name.endswith(".digest")]
    asked = [name for name in shown if name not in known and name != BULK_FIELD and _last(typed, name)]
    return [name for name in asked if decided.get(name) != _last(typed, name)]


def _last(typed: Typed, name: str) -> str:
    values = typed.get(name, ())
    return values[-1].strip() if values else ""
