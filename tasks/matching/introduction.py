"""People become a pair or a group: they hear who the others are, and line managers that it exists (MAT-M07).

With the mail comes a calendar entry that proposes a time for the first talk: the same entry for everybody concerned,
without a word on whom one meets. It stands in the row of the outbox, so that a mail posted again brings the same one.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from framework.content.skills import LANGUAGES
from framework.pairing import PairingStatus
from framework.participation import ParticipantStatus
from framework.people import Role
from framework.programme import Programme as Rules
from framework.working_time import next_common_day
from models import delivery, pairing
from models.pairing import Pairing
from models.participant import Participant
from models.person import Person
from models.programme import Programme, begins_on, milestone_of
from notifications.email import Appointment
from notifications.emails.matching import Contact, Introduction, IntroductionLineManager
from notifications.emails.matching_ways import GroupIntroduction
from notifications.places import place_of
from tasks.relationship import sides
from tasks.requests import manager_of, tell
from tasks.stage import Stage

AT = time(10)
"""When a first talk is proposed, by the programme's clock."""
SOON = timedelta(days=14)
TELLING = (Introduction.name, GroupIntroduction.name)
TONGUES = {option.id: option.label for option in LANGUAGES}
S = PairingStatus


def introduce(session: Session, stage: Stage, pair: Pairing) -> None:
    """Everybody said yes (or the mentor was appointed): the pair stands, and is told; a group once it is complete."""
    pair.move(S.ACCEPTED)
    pair.accepted_on = stage.today
    for one in (pair.mentor, pair.mentee):
        settle(one)
    session.flush()
    if session.get_one(Programme, stage.programme).rules.matching.shape == "group":
        introduce_group(session, stage, pair.mentor_id)
    else:
        _tell_pair(session, stage, pair)


def settle(one: Participant) -> None:
    """Who has found somebody waits no longer (CAP-101)."""
    one.waiting_since = None
    if one.status == ParticipantStatus.WAITING:
        one.move(ParticipantStatus.CONFIRMED)


def introduce_group(session: Session, stage: Stage, mentor_id: int) -> None:
    """Tell a group of this round that it begins, once nobody in it is still to decide; one mentee alone is a pair."""
    of_mentor = [
        p for p in pairing.of_programme(session, stage.programme, number=stage.round) if p.mentor_id == mentor_id
    ]
    pairs = [p for p in of_mentor if p.accepted_on]
    if not pairs or any(p.status in {S.PROPOSED, S.APPROVED} for p in of_mentor):
        return
    if len(pairs) == 1:
        _tell_pair(session, stage, pairs[0])
    else:
        _tell_group(session, stage, pairs)


def _tell_pair(session: Session, stage: Stage, pair: Pairing) -> None:
    rules = session.get_one(Programme, stage.programme).rules
    equals = rules.matching.shape == "peers"
    people = [one for one, _, _ in sides(pair)]
    first_on = _first_on(session, stage, people)
    entry = _entry(stage, rules, first_on, f"first-talk-{pair.id}")
    for one, other, role in sides(pair):
        mail = Introduction(
            given_name=one.given_name,
            partner=other.value().name,
            partner_title=other.job_title,
            partner_email=other.email or "",
            own_role="peer" if equals else "mentor" if role is Role.MENTOR else "mentee",
            first_on=first_on,
            tongue=TONGUES.get(pair.language, pair.language),
            appointment=entry,
        )
        tell(session, stage, one, mail, about=f"pairing:{pair.id}")
    _tell_boss(session, stage, pair.mentee.person, pair.mentor.person, pair, first_on)
    if equals:
        again = f"{stage.round}.{pair.mentor_id}"  # one manager may lead them both
        _tell_boss(session, stage, pair.mentor.person, pair.mentee.person, pair, first_on, occasion=again)


def _tell_group(session: Session, stage: Stage, pairs: Sequence[Pairing]) -> None:
    rules = session.get_one(Programme, stage.programme).rules
    mentor = pairs[0].mentor
    everybody = [mentor.person, *(pair.mentee.person for pair in pairs)]
    first_on = _first_on(session, stage, everybody)
    entry = _entry(stage, rules, first_on, f"first-talk-group-{mentor.id}-{stage.round}")
    for one in everybody:
        mail = GroupIntroduction(
            given_name=one.given_name,
            own_role="mentor" if one is mentor.person else "mentee",
            partner=mentor.person.value().name,
            members=tuple(_contact(other) for other in everybody if other is not one),
            first_on=first_on,
            appointment=entry,
        )
        tell(session, stage, one, mail, about=f"group:{mentor.id}")
    for pair in pairs:
        _tell_boss(session, stage, pair.mentee.person, mentor.person, pair, first_on, group=True)


def _contact(one: Person) -> Contact:
    return Contact(
        name=one.value().name, title=one.job_title, department=one.department, site=one.site, email=one.email or ""
    )


def _first_on(session: Session, stage: Stage, people: Collection[Person]) -> date:
    """The day that is proposed for the first talk: nobody's day off, and a day of its own for who has several."""
    rules = session.get_one(Programme, stage.programme).rules
    places = [place_of(one.country, rules.time_zone) for one in people]
    told = delivery.of_people(session, stage.programme, [one.id for one in people], *TELLING)
    taken = {row.fields["first_on"] for row in told}
    begun = [one.hired_on for one in people if one.hired_on]
    on = next_common_day(max([begins_on(session, stage.programme), stage.today + SOON, *begun]), places, rules.mail)
    while on.isoformat() in taken:
        on = next_common_day(on + timedelta(days=1), places, rules.mail)
    return on


def _entry(stage: Stage, rules: Rules, on: date, name: str) -> Appointment:
    return Appointment(
        uid=f"{name}@{stage.slug}.baken",
        title=rules.title,
        zone=rules.time_zone,
        starts_at=datetime.combine(on, AT, ZoneInfo(rules.time_zone)),
        minutes=rules.meetings.minutes,
        made_on=stage.today,
    )


def _tell_boss(
    session: Session,
    stage: Stage,
    report: Person,
    partner: Person,
    pair: Pairing,
    first_on: date,
    *,
    group: bool = False,
    occasion: str = "",
) -> None:
    boss = manager_of(session, stage, report)
    if boss:
        mail = IntroductionLineManager(
            given_name=boss.given_name,
            report=report.value().name,
            partner=partner.value().name,
            ends_on=max(first_on, milestone_of(session, stage.programme, "closure", 1).opens_on),
            group=group,
        )
        tell(session, stage, boss, mail, about=f"pairing:{pair.id}", occasion=occasion)
