"""Who is asked what about a pair that the coordinator approved, or that a mentee picked: each question with its mail.

A mail names the other one, the strongest reasons, and for the mentor the goal in the mentee's own words (MAT-M04). The
names of the forms are kept; the same question is never asked twice.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import get_args

from sqlalchemy.orm import Session

from framework.content import FORMS
from framework.content.skills import LANGUAGES
from framework.matching.settings import Matching
from framework.people import Role
from framework.visibility import readable
from models import response
from models.pairing import Pairing
from models.person import Person
from models.programme import Programme
from models.request import Request
from notifications.email import Email
from notifications.emails.matching import PairingMentee, PairingMentor, Way, Why
from notifications.emails.matching_ways import (
    MeetFirst,
    PairingGroupMentee,
    PairingGroupMentor,
    PairingPeer,
    PairingTwo,
    Suggested,
)
from tasks.relationship import sides
from tasks.requests import ask, due_on
from tasks.stage import GRACE_DAYS, Stage

APPLICATION = "mentee_application"
MENTOR_FORM, MENTEE_FORM = "pairing_mentor", "pairing_mentee"
MEET = {Role.MENTOR: "meet_and_greet_mentor", Role.MENTEE: "meet_and_greet_mentee"}
PEER = {Role.MENTOR: "pairing_peer_mentor", Role.MENTEE: "pairing_peer_mentee"}
BOTH_FORMS = (*MEET.values(), *PEER.values())
"""Forms that both are asked at once: what came of them is told to both on the same day."""
GROUP_MENTOR, GROUP_MENTEE, TWO = "pairing_group_mentor", "pairing_group_mentee", "pairing_two"
TONGUES = {option.id: option.label for option in LANGUAGES}
TOLD = frozenset(get_args(Why))
REASONS = 3  # that a mail names, the strongest first
EXTRACT = 400  # characters of each goal where a mail holds several


def matching_of(session: Session, stage: Stage) -> Matching:
    """How the programme matches."""
    return session.get_one(Programme, stage.programme).rules.matching


def time_ends(asked: Request) -> date | None:
    """The day after the last one on which that question could be answered, whenever it was: then others may hear."""
    ends = asked.link.expires_on
    return ends - timedelta(days=GRACE_DAYS - 1) if ends else None


def goal_of(session: Session, stage: Stage, mentee_id: int) -> str:
    """What that mentee wants to reach, in the mentee's own words; empty where nobody asked."""
    given = response.of_programme(session, stage.programme, APPLICATION, about=f"participant:{mentee_id}")
    track = session.get_one(Programme, stage.programme).rules.track
    told = readable(FORMS[APPLICATION], given[-1].answers, Role.MENTOR, track) if given else {}
    return str(told.get("goal", ""))


def _reasons(pair: Pairing) -> tuple[str, ...]:
    """The strongest reasons that may be told; that somebody asked for the other by name never is (MAT-Q14)."""
    strong = sorted(pair.reasons, key=lambda name: -int(pair.reasons[name]))
    return tuple(name for name in strong if pair.reasons[name] and name in TOLD)[:REASONS]


def _shown(other: Person) -> dict[str, str]:
    """What the roster says of the other one at work."""
    return {
        "partner": other.value().name,
        "partner_title": other.job_title,
        "partner_department": other.department,
    }


def _way(session: Session, stage: Stage, pair: Pairing) -> Way:
    if pair.origin == "pick":
        return "picked"
    return "reverse" if matching_of(session, stage).reverse else "proposed"


def ask_for_mentor(session: Session, stage: Stage, pair: Pairing) -> Request:
    """Ask the mentor of a pair whether the mentee suits."""
    mail = PairingMentor(
        given_name=pair.mentor.person.given_name,
        **_shown(pair.mentee.person),
        goal=goal_of(session, stage, pair.mentee_id),
        closes_on=due_on(stage, MENTOR_FORM),
        way=_way(session, stage, pair),
        tongue=TONGUES.get(pair.language, pair.language),
    )
    return ask(session, stage, pair.mentor.person, MENTOR_FORM, mail, about=f"pairing:{pair.id}")


def ask_mentee(session: Session, stage: Stage, pair: Pairing) -> Request:
    """Ask the mentee of a pair whether the mentor suits, with the strongest reasons."""
    mail = PairingMentee.model_validate(
        {
            "given_name": pair.mentee.person.given_name,
            **_shown(pair.mentor.person),
            "reasons": _reasons(pair),
            "closes_on": due_on(stage, MENTEE_FORM),
            "way": _way(session, stage, pair),
            "tongue": TONGUES.get(pair.language, pair.language),
        }
    )
    return ask(session, stage, pair.mentee.person, MENTEE_FORM, mail, about=f"pairing:{pair.id}")


def ask_both(session: Session, stage: Stage, pair: Pairing) -> None:
    """Ask both at the same time: to meet first and then say yes or no, or, as equals, whether they would (MAT-12)."""
    settings = matching_of(session, stage)
    for one, other, role in sides(pair):
        form = MEET[role] if settings.meet_first else PEER[role]
        about = {"given_name": one.given_name, **_shown(other), "closes_on": due_on(stage, form)}
        equals = settings.shape == "peers"
        mail: Email
        if settings.meet_first:
            about["partner_email"] = other.email or ""
            if role is Role.MENTOR and not equals:
                about["goal"] = goal_of(session, stage, pair.mentee_id)
            else:
                about["reasons"] = _reasons(pair)
            mail = MeetFirst.model_validate(about | {"turned": settings.reverse})
        else:
            mail = PairingPeer.model_validate(about | {"reasons": _reasons(pair)})
        ask(session, stage, one, form, mail, about=f"pairing:{pair.id}")


def ask_group_mentor(session: Session, stage: Stage, pairs: Sequence[Pairing]) -> Request:
    """Ask a mentor once about the whole group: how many they are, and their goals without a name (CAP-103)."""
    who = pairs[0].mentor.person
    goals = [goal_of(session, stage, pair.mentee_id) for pair in pairs]
    mail = PairingGroupMentor(
        given_name=who.given_name,
        people=len(pairs),
        goals=tuple(f"{one[:EXTRACT].rstrip()}…" if len(one) > EXTRACT else one for one in goals if one),
        closes_on=due_on(stage, GROUP_MENTOR),
    )
    return ask(session, stage, who, GROUP_MENTOR, mail, about=f"participant:{pairs[0].mentor_id}")


def ask_group_mentees(session: Session, stage: Stage, pairs: Sequence[Pairing]) -> None:
    """Ask each mentee of a group, apart, once the mentor is ready to guide it."""
    for pair in pairs:
        mail = PairingGroupMentee(
            given_name=pair.mentee.person.given_name,
            **_shown(pair.mentor.person),
            people=len(pairs),
            closes_on=due_on(stage, GROUP_MENTEE),
        )
        ask(session, stage, pair.mentee.person, GROUP_MENTEE, mail, about=f"pairing:{pair.id}")


def ask_about_two(session: Session, stage: Stage, first: Pairing, second: Pairing) -> Request:
    """Ask the mentee once about two mentors, one for each language (CAP-092)."""
    shown = [
        Suggested(
            name=pair.mentor.person.value().name,
            title=pair.mentor.person.job_title,
            department=pair.mentor.person.department,
            tongue=TONGUES.get(pair.language, pair.language),
        )
        for pair in (first, second)
    ]
    who = first.mentee.person
    mail = PairingTwo(given_name=who.given_name, first=shown[0], second=shown[1], closes_on=due_on(stage, TWO))
    occasion = f"{stage.round}.{first.id}.{second.id}"
    return ask(session, stage, who, TWO, mail, about=f"pairing:{first.id}", occasion=occasion)
