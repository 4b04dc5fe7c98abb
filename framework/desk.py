"""The desk: what a coordinator may decide, and the proof of what was shown (house idea 8).

Source: RDY-D1 to D5, SEL-D1, SEL-D2, SEL-02, CAP-168; MAT-D1, MAT-08, MAT-M11.

A subject is shown from `shown` alone, so that its digest covers all that the decision rests on. Reading a form back
gives verdicts, problems, and the subjects that changed since they were looked at.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from framework.people import Role
from framework.reading import MAX_LONG, Problem, Typed

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
SWAP = "swap:"
"""Begins the choice of another mentor for this mentee; the mentor's participant id follows."""
ADOPT = Choice("adopt", "Match with these settings")
"""What may be decided on a `run:<id>`, a trial with other settings (CAP-086)."""
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

AS_A_WHOLE = {"readiness": "go", **BULK}
"""The phases whose open question may be answered with one yes to all that was shown, and the choice which that is.

A review is not among them: a signal is raised so that a person looks at that one pair.
"""

BULK_FIELD = "all"


def choices(phase: str, role: str = "") -> tuple[Choice, ...]:
    """What may be decided in a phase; in selection it depends on the candidate's role. Raises KeyError elsewhere."""
    if phase == "selection":
        return MENTORS if role == Role.MENTOR else MENTEES
    return {"readiness": READINESS, "matching": MATCHING, "training": TRAINING, "review": REVIEW}[phase]


def pair_choices(others: Sequence[int] = (), *, bent: bool = False) -> tuple[Choice, ...]:
    """What may be decided on a proposed pair: `others` are the mentors who may be chosen instead.

    A pair that bends a hard rule is approved with a reason only: a person answers for it by name (MAT-08, LEG-07).
    """
    approve, strike = MATCHING
    swaps = (Choice(f"{SWAP}{mentor}", "Choose this one instead") for mentor in others)
    return (Choice(approve.id, approve.label, reason=bent), *swaps, strike)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One thing to decide on: `pairing:7`, `participant:3`, `enrolment:5` or `readiness`.

    `shown` is all that the page shows of it: plain values that JSON can hold, the same in every language. `seats` says
    with whom each choice takes a place, where places are limited.
    """

    id: str
    choices: tuple[Choice, ...]
    shown: Mapping[str, object]
    seats: Mapping[str, int] = field(default_factory=dict)

    def digest(self) -> str:
        """SHA-256 of what is shown, as 64 hexadecimal digits."""
        return _digest([self.id, [choice.id for choice in self.choices], self.shown])


def list_digest(subjects: Sequence[Subject]) -> str:
    """SHA-256 of a whole list as shown; whether a subject is decided already makes no difference."""
    return _digest(sorted(subject.digest() for subject in subjects))


def together(phase: str, subjects: Sequence[Subject], digest: str) -> Typed:
    """The form that says yes to all as shown, for `read`; `digest` is the list's at the moment when it was shown."""
    if phase in BULK:
        return {BULK_FIELD: ("yes",), f"{BULK_FIELD}.digest": (digest,)}
    same = digest == list_digest(subjects)
    typed: dict[str, Sequence[str]] = {}
    for one in subjects:
        typed |= {one.id: (AS_A_WHOLE[phase],), f"{one.id}.digest": (one.digest() if same else "",)}
    return typed


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


def read(
    phase: str,
    subjects: Sequence[Subject],
    typed: Typed,
    decided: Mapping[str, str],
    places: Mapping[int, int] | None = None,
) -> Ruling:
    """Read what was typed on a decision page; never raises for what a person typed.

    Each subject has the fields `<id>` (the choice), `<id>.reason` and `<id>.digest`; `all` and `all.digest` stand for
    the subjects left untouched, but for those that need a reason or that find no place any more. `decided` holds the
    choices that were recorded already: the same choice again is a verdict like any other (a double click), another
    one is stale. `places` are those that the people named in `seats` have; whom it does not name has enough.
    """
    ruling = Ruling()
    bulk = BULK.get(phase, "") if _last(typed, BULK_FIELD) else ""
    whole = _last(typed, f"{BULK_FIELD}.digest") == list_digest(subjects)
    for subject in subjects:
        if choice := _last(typed, subject.id):
            _judge(ruling, subject, choice, typed, decided)
    taken = _seated(ruling, subjects, decided, places or {})
    for subject in subjects if bulk else ():
        if _last(typed, subject.id) or any(one.id == bulk and one.reason for one in subject.choices):
            continue
        if not whole:
            ruling.stale.append(subject.id)
        elif decided.get(subject.id, bulk) == bulk and _takes(taken, subject, bulk, decided, places or {}):
            ruling.verdicts.append(Verdict(subject.id, bulk, "", subject.digest()))
    ruling.stale += _gone({subject.id for subject in subjects}, typed, decided)
    return ruling


def _seated(
    ruling: Ruling, subjects: Sequence[Subject], decided: Mapping[str, str], places: Mapping[int, int]
) -> Counter[int]:
    """The places taken by what is decided, before and now. Where there are too few, each choice is a problem."""
    wanted = {subject.id: _seat(subject, decided.get(subject.id, "")) for subject in subjects}
    of = {subject.id: subject for subject in subjects}
    chosen = {one.subject: _seat(of[one.subject], one.choice) for one in ruling.verdicts}
    taken = Counter(seat for seat in (wanted | chosen).values() if seat is not None)
    full = {seat for seat, number in taken.items() if number > places.get(seat, number)}
    for name in (name for name, seat in chosen.items() if seat in full):
        ruling.problems.append(
            Problem(name, "This person is chosen more often than there are places. Please change one of these choices.")
        )
    return taken


def _seat(subject: Subject, choice: str) -> int | None:
    """With whom a choice takes a place; another mentor may have been chosen who is not among those shown."""
    if choice.startswith(SWAP):
        return int(choice.removeprefix(SWAP))
    return subject.seats.get(choice)


def _takes(
    taken: Counter[int], subject: Subject, choice: str, decided: Mapping[str, str], places: Mapping[int, int]
) -> bool:
    """Take the place that a choice needs, if there is one left."""
    seat = subject.seats.get(choice)
    if seat is None or subject.id in decided:
        return True
    if taken[seat] >= places.get(seat, taken[seat] + 1):
        return False
    taken[seat] += 1
    return True


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
