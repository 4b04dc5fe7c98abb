"""Closure: what the relation brought, stories, a celebration, certificates, and a formal end."""

from collections import Counter
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from framework.agreement import AgreementStatus
from framework.closure import celebration_on, certificate_number
from framework.content import FORMS
from framework.content.closure import FORM_OF
from framework.meetings import MeetingStatus
from framework.pairing import OPEN, CloseReason, PairingStatus
from framework.participation import TAKES_PART, ParticipantStatus
from framework.people import Role
from framework.visibility import readable
from models import agreement, certificate, meeting, pairing, participant, programme, request, response
from models.base import insert_once, transaction
from models.certificate import Certificate
from models.pairing import Pairing
from models.participant import Participant
from models.programme import Programme
from notifications.email import Appointment
from notifications.emails.closure import (
    CelebrationInvitation,
    FormallyEnded,
    StoryRequest,
    ThanksFromPartner,
)
from notifications.emails.closure import Certificate as CertificateMail
from tasks.relationship import ask_relationship_end, drop_meetings, sides
from tasks.requests import answered, ask, due_on, tell, waiting
from tasks.stage import Stage
from tasks.step import step

END, STORY = "relationship_end", "story"
ALL_FORMS = tuple(FORM_OF.values())


@step
def invite_to_close(stage: Stage) -> int:
    """Ask every active pair for its final evaluation and a story, and invite all to the celebration; how many pairs."""
    with transaction() as session:
        pairs = pairing.of_programme(session, stage.programme, PairingStatus.ACTIVE)
        for pair in pairs:
            ask_relationship_end(session, stage, pair)
            for one, other, role in sides(pair):
                form = FORM_OF[STORY, role]
                mail = StoryRequest(
                    given_name=one.given_name, partner=other.value().name, closes_on=due_on(stage, form)
                )
                ask(session, stage, one, form, mail, about=f"pairing:{pair.id}")
        for taking in participant.of_programme(session, stage.programme, None, *TAKES_PART):
            _invite(session, stage, taking)
        return len(pairs)


def _invite(session: Session, stage: Stage, one: Participant) -> None:
    rules = session.get_one(Programme, stage.programme).rules
    on = celebration_on(stage.opens_on)
    starts_at = datetime.combine(on, time(16), ZoneInfo(rules.time_zone))
    entry = Appointment(
        uid=f"celebration@{stage.slug}.baken",
        title=rules.title,
        zone=rules.time_zone,
        starts_at=starts_at,
        minutes=120,
        place=one.person.site,
    )
    mail = CelebrationInvitation(given_name=one.person.given_name, on=on, place=one.person.site, appointment=entry)
    tell(session, stage, one.person, mail)


@step
def take_last_answers(stage: Stage) -> dict[str, int]:
    """Take the final answers and stories; a word of thanks goes to the partner once the celebration is there."""
    with transaction() as session:
        list(answered(session, stage, *ALL_FORMS))
        stories = [
            r
            for role in (Role.MENTOR, Role.MENTEE)
            for r in response.of_programme(session, stage.programme, FORM_OF[STORY, role])
        ]
        ends = [
            r
            for role in (Role.MENTOR, Role.MENTEE)
            for r in response.of_programme(session, stage.programme, FORM_OF[END, role])
        ]
        return {"ends": len(ends), "stories": len(stories), "open": waiting(session, stage, *ALL_FORMS)}


@step
def celebrate(stage: Stage) -> int:
    """Certificates, mentors and mentees alike, and the words of thanks; how many certificates were given."""
    with transaction() as session:
        every = pairing.of_programme(session, stage.programme, PairingStatus.ACTIVE, PairingStatus.CLOSED)
        pairs = [p for p in every if p.status == PairingStatus.ACTIVE or p.close_reason == CloseReason.COMPLETED]
        held = _held(session, stage)
        for pair in pairs:
            for one, other, role in sides(pair):
                side = pair.mentor if role is Role.MENTOR else pair.mentee
                _certify(session, stage, side, held[side.id])
                if words := _thanks(session, stage, pair, role):
                    mail = ThanksFromPartner(given_name=other.given_name, partner=one.value().name, words=words)
                    tell(session, stage, other, mail, about=f"pairing:{pair.id}")
        return len(certificate.of_programme(session, stage.programme))


def _thanks(session: Session, stage: Stage, pair: Pairing, role: Role) -> str:
    """The word of thanks of the one in that role, as far as the other may read it; empty where there is none."""
    form = FORM_OF[STORY, role]
    given = response.of_programme(session, stage.programme, form, about=f"pairing:{pair.id}")
    track = session.get_one(Programme, stage.programme).rules.track
    partner = Role.MENTEE if role is Role.MENTOR else Role.MENTOR
    told = readable(FORMS[form], given[-1].answers, partner, track) if given else {}
    return str(told.get("thanks", ""))


def _held(session: Session, stage: Stage) -> Counter[int]:
    """How many meetings each participant has had, in all of his or her relations."""
    held: Counter[int] = Counter()
    for one in meeting.of_programme(session, stage.programme, MeetingStatus.HELD):
        held.update((one.pairing.mentor_id, one.pairing.mentee_id))
    return held


def _certify(session: Session, stage: Stage, one: Participant, held: int) -> None:
    number = certificate_number(stage.slug, one.id, stage.today.year)
    insert_once(
        session,
        Certificate,
        programme_id=stage.programme,
        participant_id=one.id,
        number=number,
        issued_on=stage.today,
    )
    mail = CertificateMail(given_name=one.person.given_name, number=number, role=Role(one.role), meetings=held)
    tell(session, stage, one.person, mail, about=f"participant:{one.id}")


def _end(session: Session, stage: Stage, pair: Pairing) -> None:
    """A relation is completed; what had not become one yet is over without a word of blame."""
    if pair.status == PairingStatus.PROPOSED:
        pair.move(PairingStatus.STRUCK)
        return
    was_active = pair.status == PairingStatus.ACTIVE
    if not was_active:
        request.cancel_about(session, f"pairing:{pair.id}")
    pair.close(CloseReason.COMPLETED if was_active else CloseReason.NOT_AGREED, stage.today)
    if agreed := agreement.of_pairing(session, pair.id):
        agreed.move(AgreementStatus.ENDED)
    drop_meetings(session, pair)


@step
def end_formally(stage: Stage) -> int:
    """The formal end: relations closed, meetings left cancelled, everybody told what follows; how many pairs."""
    with transaction() as session:
        waves = [m.opens_on for m in programme.milestones(session, stage.programme, "evaluation") if m.kind != "final"]
        pairs = pairing.of_programme(session, stage.programme, PairingStatus.ACTIVE)
        for pair in pairing.of_programme(session, stage.programme, *OPEN):
            _end(session, stage, pair)
        for taking in participant.of_programme(session, stage.programme, None, *TAKES_PART):
            taking.move(ParticipantStatus.COMPLETED)
            mail = FormallyEnded(given_name=taking.person.given_name, ended_on=stage.today, follow_ups=tuple(waves))
            tell(session, stage, taking.person, mail)
        return len(pairs)
