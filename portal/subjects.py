"""What a subject on the desk is called: the people whom it is about, and needs in the words of the survey."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from framework.content import FORMS
from framework.desk import Subject
from framework.people import Role
from models import pairing, participant, training


def called(subject: Subject) -> str:
    """The two people of a pair, from what is shown of them; empty for any other subject."""
    both = [subject.shown.get(role) for role in (Role.MENTOR, Role.MENTEE)]
    return " · ".join(str(one["name"]) for one in both if isinstance(one, Mapping))


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
