"""A planned meeting of which nobody said anything: the mentee is asked once more, in one question (CAP-165, SES-M06).

Until then it counts as unconfirmed. A yes makes it held, a no missed; silence stays unconfirmed, and escalates.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from framework.meetings import MeetingStatus
from framework.pairing import PairingStatus
from framework.requests import RequestStatus
from models import delivery, meeting, request
from models.base import insert_once, transaction
from models.meeting import Meeting
from models.signal import raise_signal
from notifications.emails.meetings import MeetingMissed, TookPlace
from tasks.requests import answered, ask, tell
from tasks.stage import Stage
from tasks.step import step

FORM = "took_place_mentee"
IN_A_ROW = 2  # so many meetings in a row that did not happen are a signal
S = MeetingStatus


def ask_whether(session: Session, stage: Stage, one: Meeting) -> None:
    """Ask the mentee whether it took place; of a pair that is over nobody is asked."""
    if one.pairing.status != PairingStatus.ACTIVE:
        watch(session, stage, one)
        return
    mentee, mentor = one.pairing.mentee.person, one.pairing.mentor.person
    mail = TookPlace(given_name=mentee.given_name, partner=mentor.value().name, on=one.planned_on)
    ask(session, stage, mentee, FORM, mail, about=f"meeting:{one.id}")


@step
def take_confirmations(stage: Stage) -> int:
    """Keep what the mentee says of it; a kind word and a signal where nobody says anything; how many answers came."""
    with transaction() as session:
        came = 0
        for asked, answers in answered(session, stage, FORM):
            came += 1
            _keep(session, stage, session.get_one(Meeting, int(asked.about.partition(":")[2])), dict(answers))
        told = delivery.abouts(session, stage.programme, MeetingMissed.name)
        for one in silent(session, stage, FORM, S.UNCONFIRMED):
            if f"meeting:{one.id}" not in told:
                console(session, stage, one)
                watch(session, stage, one)
        return came


def silent(session: Session, stage: Stage, form: str, status: MeetingStatus) -> Sequence[Meeting]:
    """The meetings in that status of which nobody said anything on that form, while it could be answered."""
    lapsed = request.abouts(session, stage.programme, stage.phase, stage.round, RequestStatus.LAPSED, form)
    still = meeting.ids(session, stage.programme, status) if lapsed else set()
    numbers = [number for about in lapsed if (number := int(about.partition(":")[2])) in still]
    return [session.get_one(Meeting, number) for number in numbers]


def _keep(session: Session, stage: Stage, one: Meeting, answers: dict[str, object]) -> None:
    if one.status not in {S.UNCONFIRMED, S.MISSED}:
        return  # the log has told more since
    match answers.get("took_place"):
        case "yes":
            one.move(S.HELD)
            one.held_on = one.planned_on
        case "moved" if answers.get("new_date"):
            one.move(S.MISSED)
            _plan_again(session, stage, one, date.fromisoformat(str(answers["new_date"])))
        case _:
            one.move(S.MISSED)
            console(session, stage, one)
            watch(session, stage, one)


def _plan_again(session: Session, stage: Stage, one: Meeting, on: date) -> None:
    """Another meeting on the day that the two have found; it is prepared and asked after like any other."""
    every = meeting.of_pairing(session, one.pairing_id)
    if one.pairing.status != PairingStatus.ACTIVE or any(m.planned_on == on for m in every):
        return
    insert_once(
        session,
        Meeting,
        programme_id=stage.programme,
        pairing_id=one.pairing_id,
        number=max(m.number for m in every) + 1,
        planned_on=on,
        status=S.PLANNED,
        prepared=on <= stage.today,
        asked=False,
    )


def forget_doubt(session: Session, stage: Stage, one: Meeting) -> None:
    """The log came after all: the short question is not needed any more."""
    for asked in request.of_round(
        session, stage.programme, stage.phase, stage.round, form=FORM, about=f"meeting:{one.id}"
    ):
        for now in (RequestStatus.OPEN, RequestStatus.LAPSED):
            if request.change_status(session, asked.id, now, RequestStatus.CANCELLED):
                delivery.cancel_for_request(session, asked.id)


def console(session: Session, stage: Stage, one: Meeting) -> None:
    """A kind word to both, as long as they are a pair."""
    if one.pairing.status != PairingStatus.ACTIVE:
        return
    mentor, mentee = one.pairing.mentor.person, one.pairing.mentee.person
    for person, other in ((mentee, mentor), (mentor, mentee)):
        mail = MeetingMissed(given_name=person.given_name, partner=other.value().name, on=one.planned_on)
        tell(session, stage, person, mail, about=f"meeting:{one.id}")


def watch(session: Session, stage: Stage, one: Meeting) -> None:
    """Meetings that do not happen, several in a row, are a signal (RSK-14)."""
    session.flush()
    past = [
        m for m in meeting.of_pairing(session, one.pairing_id) if m.number <= one.number and m.status != S.CANCELLED
    ]
    row = past[-IN_A_ROW:]
    if len(row) == IN_A_ROW and all(m.status in {S.MISSED, S.UNCONFIRMED} for m in row):
        raise_signal(
            session,
            stage.programme,
            "RSK-14",
            f"pairing:{one.pairing_id}",
            100 + one.number,
            stage.today,
            missed=IN_A_ROW,
        )
