"""What waits for a decision, built from what is remembered: one subject each, with all that its page shows."""

from collections.abc import Iterable, Mapping

from framework.content import FORMS
from framework.desk import Subject, choices
from framework.participation import ParticipantStatus
from framework.people import Role
from framework.questions import Answers
from framework.training import EnrolmentStatus
from framework.visibility import readable
from models import pairing, participant, response, signal, training
from models.desk import pairs
from models.desk.rounds import Round, who

EXTRACT = 400  # characters of an application that the desk shows of each answer
APPLICATION = {
    Role.MENTOR: ("motivation", "topics", "worries"),
    Role.MENTEE: ("goal", "competences", "expectations"),
}


def subjects(now: Round) -> list[Subject]:
    """Everything in this round that the coordinator may decide on, decided already or not."""
    return BUILD[now.milestone.phase](now)


def seats(now: Round) -> Mapping[int, int]:
    """The places that are left with each person whom a choice in this round may take."""
    return pairs.places(now) if now.milestone.phase == "matching" else {}


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
        shown = {**who(one.person), "role": str(role), "score": one.score, "said": said[role].get(one.person_id, {})}
        found.append(Subject(id=f"participant:{one.id}", choices=choices("selection", role), shown=shown))
    return found


def _applications(now: Round, role: Role) -> dict[int, dict[str, object]]:
    """By person: the parts of the application that help to decide, shortened, and only what a coordinator may read."""
    form = FORMS[f"{role}_application"]
    rows = response.of_programme(now.session, now.programme_id, form.id)
    given = ((row, readable(form, row.answers, Role.COORDINATOR, now.rules.track)) for row in rows)
    return {row.request.person_id: _extract(told, APPLICATION[role]) for row, told in given}


def _extract(answers: Answers, wanted: Iterable[str]) -> dict[str, object]:
    return {name: _short(answers[name]) for name in wanted if name in answers}


def _short(value: object) -> object:
    return value[:EXTRACT].rstrip() + "…" if isinstance(value, str) and len(value) > EXTRACT else value


def _training(now: Round) -> list[Subject]:
    return [
        Subject(
            id=f"enrolment:{one.id}",
            choices=choices("training"),
            shown={
                **who(one.participant.person),
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
    known = {f"pairing:{one.id}": one for one in pairing.of_programme(now.session, now.programme_id)}
    return [
        Subject(
            id=about,
            choices=choices("review"),
            shown={
                "mentor": who(known[about].mentor.person),
                "mentee": who(known[about].mentee.person),
                "signals": signals,
            },
        )
        for about, signals in found.items()
        if about in known
    ]


BUILD = {
    "readiness": _readiness,
    "selection": _selection,
    "matching": pairs.subjects,
    "training": _training,
    "review": _review,
}
