"""What waits for a decision, built from what is remembered: one subject each, with all that its page shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from framework.content import FORMS
from framework.desk import Subject, choices
from framework.pairing import PairingStatus
from framework.participation import ParticipantStatus
from framework.people import Role
from framework.programme import Programme
from framework.questions import Answers
from framework.training import EnrolmentStatus
from framework.visibility import may_read
from models import pairing, participant, programme, response, signal, training
from models.person import Person

FULL = 1000  # the points of a perfect pair
EXTRACT = 400  # characters of an application that the desk shows of each answer
APPLICATION = {
    Role.MENTOR: ("motivation", "topics", "worries"),
    Role.MENTEE: ("goal", "competences", "expectations"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """The round of a phase that is open, on the desk's day."""

    session: Session
    programme_id: int
    rules: Programme
    milestone: programme.Milestone
    today: date


def open_round(session: Session, programme_id: int, phase: str) -> programme.Milestone | None:
    """The latest round of that phase that has opened and is not finished."""
    rounds = programme.milestones(session, programme_id, phase)
    return next((m for m in reversed(rounds) if m.opened_on and not m.finished_on), None)


def subjects(now: Round) -> list[Subject]:
    """Everything in this round that the coordinator may decide on, decided already or not."""
    return BUILD[now.milestone.phase](now)


def _who(person: Person) -> dict[str, object]:
    return {
        "name": person.value().name,
        "title": person.job_title,
        "department": person.department,
        "site": person.site,
        "years": person.years,
        "language": person.language,
    }


def _readiness(now: Round) -> list[Subject]:
    counts = now.milestone.counts
    if not ({"needs", "recommend"} & set(counts)):  # the answers have not been added up yet
        return []
    shown = {name: counts.get(name) for name in ("asked", "answered", "needs", "understood", "recommend", "proposal")}
    return [Subject(id="readiness", choices=choices("readiness"), shown=shown)]


def _selection(now: Round) -> list[Subject]:
    found = []
    said = {role: _applications(now, role) for role in APPLICATION}
    for one in participant.of_programme(now.session, now.programme_id, None, ParticipantStatus.APPLIED):
        role = Role(one.role)
        shown = {**_who(one.person), "role": str(role), "score": one.score, "said": said[role].get(one.person_id, {})}
        found.append(Subject(id=f"participant:{one.id}", choices=choices("selection", role), shown=shown))
    return found


def _applications(now: Round, role: Role) -> dict[int, dict[str, object]]:
    """By person: the parts of the application that help to decide, shortened, and only what a coordinator may read."""
    form = FORMS[f"{role}_application"]
    open_to_us = {q.id for q in form.questions if may_read(Role.COORDINATOR, q.reads, now.rules.track)}
    wanted = [name for name in APPLICATION[role] if name in open_to_us]
    rows = response.of_programme(now.session, now.programme_id, form.id)
    return {row.request.person_id: _extract(row.answers, wanted) for row in rows}


def _extract(answers: Answers, wanted: list[str]) -> dict[str, object]:
    return {name: _short(answers[name]) for name in wanted if name in answers}


def _short(value: object) -> object:
    return value[:EXTRACT].rstrip() + "…" if isinstance(value, str) and len(value) > EXTRACT else value


def _matching(now: Round) -> list[Subject]:
    weights = now.rules.matching.weights.model_dump()
    proposed = pairing.of_programme(now.session, now.programme_id, PairingStatus.PROPOSED, number=now.milestone.round)
    return [
        Subject(
            id=f"pairing:{one.id}",
            choices=choices("matching"),
            shown={
                "mentor": _who(one.mentor.person),
                "mentee": _who(one.mentee.person),
                "score": one.score,
                "reasons": _reasons(one.reasons, weights),
            },
        )
        for one in proposed
    ]


def _reasons(reasons: Mapping[str, int], weights: Mapping[str, int]) -> list[list[object]]:
    """Each factor with its points and the most that it can give, the weightiest first."""
    rows = [(name, points, weights.get(name, FULL)) for name, points in reasons.items()]
    return [list(row) for row in sorted(rows, key=lambda row: (-row[2], row[0]))]


def _training(now: Round) -> list[Subject]:
    return [
        Subject(
            id=f"enrolment:{one.id}",
            choices=choices("training"),
            shown={
                **_who(one.participant.person),
                "role": str(one.participant.role),
                "on": one.session.on.isoformat(),
                "place": one.session.place,
            },
        )
        for one in training.enrolments(now.session, now.programme_id, EnrolmentStatus.ENROLLED)
        if one.session and one.session.on <= now.today
    ]


def _review(now: Round) -> list[Subject]:
    found: dict[str, list[list[object]]] = {}
    for one in signal.of_programme(now.session, now.programme_id, number=now.milestone.round):
        if one.settled_on is None and one.about.startswith("pairing:"):
            found.setdefault(one.about, []).append([one.code, dict(sorted(one.numbers.items()))])
    pairs = {f"pairing:{one.id}": one for one in pairing.of_programme(now.session, now.programme_id)}
    return [
        Subject(
            id=about,
            choices=choices("review"),
            shown={
                "mentor": _who(pairs[about].mentor.person),
                "mentee": _who(pairs[about].mentee.person),
                "signals": signals,
            },
        )
        for about, signals in found.items()
        if about in pairs
    ]


BUILD = {
    "readiness": _readiness,
    "selection": _selection,
    "matching": _matching,
    "training": _training,
    "review": _review,
}


def named(session: Session, subject: str) -> str:
    """The people that a subject is about, whatever has become of it; empty where it is about nobody."""
    kind, _, number = subject.partition(":")
    if kind == "pairing" and (pair := session.get(pairing.Pairing, int(number))):
        return f"{pair.mentor.person.value().name} · {pair.mentee.person.value().name}"
    if kind == "participant" and (one := session.get(participant.Participant, int(number))):
        return one.person.value().name
    if kind == "enrolment" and (enrolled := session.get(training.Enrolment, int(number))):
        return enrolled.participant.person.value().name
    return ""


def needs(codes: object) -> list[tuple[str, int]]:
    """The ranked needs of the readiness survey with the labels of their options (phrases of the catalogues)."""
    labels: Mapping[str, str] = {o.id: o.label for q in FORMS["readiness_survey"].questions for o in q.options}
    rows = codes if isinstance(codes, list) else []
    return [(labels.get(str(code), str(code)), int(points)) for code, points in rows]
