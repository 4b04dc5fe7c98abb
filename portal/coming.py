"""What goes next: the mails that the coming weeks will bring, and to how many people, as far as can be known today.

Nothing is written and nothing is run: the calendar says when, the rows say how many. `baken mail dry-run` plays one day
by the very code that sends.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from framework.pairing import PairingStatus
from framework.participation import TAKES_PART, ParticipantStatus
from framework.people import Role
from framework.programme import Programme
from framework.recruitment import LEAD_DAYS, role_for
from framework.training import must_train
from models import extract, participant, person, programme
from portal import words
from portal.visit import DeskVisit

AHEAD_DAYS = 60
S = ParticipantStatus


@dataclass(frozen=True, slots=True)
class Known:
    """The numbers of today, counted once for a page."""

    rules: Programme
    today: date
    called: dict[Role, int]
    managers: int
    taking: dict[Role, int]
    applied: int
    completed: int
    accepted: int
    active: int

    @property
    def both(self) -> int:
        """Everybody who takes part."""
        return sum(self.taking.values())


Count = Callable[[Known], int]


@dataclass(frozen=True, slots=True)
class Planned:
    """An e-mail that a phase brings, how many days after its opening, and to how many people as it stands."""

    template: str
    people: Count
    after: int = 0


def _trained(known: Known) -> int:
    return sum(number for role, number in known.taking.items() if must_train(role, known.rules.track))


MATCHING: dict[str, tuple[Planned, ...]] = {
    "mutual": (
        Planned("choose_mentors", lambda known: known.taking[Role.MENTEE]),
        Planned("choose_mentees", lambda known: known.taking[Role.MENTOR]),
    ),
    "mentee_picks": (Planned("choose_mentors", lambda known: known.taking[Role.MENTEE]),),
    "open_pool": (
        Planned("pool_listed", lambda known: known.taking[Role.MENTOR]),
        Planned("pool_open", lambda known: known.taking[Role.MENTEE]),
    ),
    "appointed": (Planned("introduction", lambda known: known.both),),
}
_PROPOSED = (
    Planned("pairing_mentor", lambda known: known.taking[Role.MENTOR]),
    Planned("pairing_mentee", lambda known: known.taking[Role.MENTEE]),
)
_PHASES: dict[str, tuple[Planned, ...]] = {
    "readiness": (Planned("readiness_invitation", lambda known: len(known.rules.team)),),
    "recruitment": (
        Planned("programme_announcement", lambda known: sum(known.called.values())),
        Planned("manager_briefing", lambda known: known.managers),
        Planned("mentor_call", lambda known: known.called[Role.MENTOR], LEAD_DAYS),
        Planned("mentee_call", lambda known: known.called[Role.MENTEE], LEAD_DAYS),
    ),
    "selection": (Planned("profile_request", lambda known: known.applied),),
    "training": (Planned("training_invitation", _trained),),
    "agreement": (Planned("agreement_draft", lambda known: known.accepted),),
    "meetings": (Planned("meeting_preparation", lambda known: known.active),),
    "review": (Planned("review_request", lambda known: 2 * known.active),),
    "closure": (
        Planned("relationship_end", lambda known: 2 * known.active),
        Planned("celebration_invitation", lambda known: 2 * known.active),
    ),
    "evaluation": (Planned("follow_up", lambda known: known.completed),),
}
_FINAL = (Planned("final_evaluation", lambda known: known.completed + len(known.rules.team)),)


@dataclass(frozen=True, slots=True)
class Coming:
    """One e-mail to come: from which day, in which milestone, which, and to how many; 0 is not known yet."""

    on: date
    milestone: str
    template: str
    people: int


def coming(session: Session, visit: DeskVisit) -> list[Coming]:
    """The mails of the milestones that open in the coming weeks, in the order of their days."""
    last = visit.today + timedelta(days=AHEAD_DAYS)
    rows = [
        one
        for one in programme.milestones(session, visit.link.programme_id)
        if one.opened_on is None and one.finished_on is None and one.opens_on <= last
    ]
    if not rows:
        return []
    known = _known(session, visit)
    found = [
        Coming(
            max(one.opens_on, visit.today) + timedelta(days=mail.after),
            words.milestone(visit.page.say, one.phase, one.kind),
            mail.template,
            mail.people(known),
        )
        for one in rows
        for mail in mails_of(visit.programme, one.phase, one.kind)
    ]
    return sorted(found, key=lambda one: one.on)


def mails_of(rules: Programme, phase: str, kind: str) -> tuple[Planned, ...]:
    """What a milestone sends first."""
    if phase == "matching":
        return MATCHING.get(str(rules.matching.mode), _PROPOSED)
    return _FINAL if kind == "final" else _PHASES.get(phase, ())


def _known(session: Session, visit: DeskVisit) -> Known:
    own, stands = visit.link.programme_id, extract.statuses(session, visit.link.programme_id)
    pairs = extract.pair_states(session, own)
    called, managers = _called(session, visit)
    return Known(
        rules=visit.programme,
        today=visit.today,
        called=called,
        managers=managers,
        taking={role: _taking(stands.get(role)) for role in (Role.MENTOR, Role.MENTEE)},
        applied=len(participant.ids(session, own, Role.MENTOR, S.APPLIED)),
        completed=sum(one[S.COMPLETED] for one in stands.values()),
        accepted=sum(number for (status, _), number in pairs.items() if status == PairingStatus.ACCEPTED),
        active=sum(number for (status, _), number in pairs.items() if status == PairingStatus.ACTIVE),
    )


def _taking(stands: Mapping[str, int] | None) -> int:
    return sum((stands or {}).get(status, 0) for status in TAKES_PART)


def _called(session: Session, visit: DeskVisit) -> tuple[dict[Role, int], int]:
    """Whom a call would reach, as recruitment itself decides it, and how many managers they have."""
    rules, found, bosses = visit.programme, {Role.MENTOR: 0, Role.MENTEE: 0}, set()
    for one in person.here_on(session, visit.today):
        if one.no_campaigns_since is not None:
            continue
        reverse = rules.matching.reverse
        if role := role_for(one.value(), rules.target_group, one.hired_on, visit.today, reverse=reverse):
            found[role] += 1
            bosses.add(one.manager_id)
    return found, len(bosses - {None})
