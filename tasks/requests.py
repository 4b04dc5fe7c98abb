"""Asking people, reminding them, and telling them: always a row and a message in one transaction."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from framework.content import FORMS
from framework.people import Role
from framework.questions import Answers
from framework.requests import RequestStatus
from framework.requests import step as clock
from framework.working_time import next_working_day
from models import delivery, event, installation, link, person, request, response
from models.base import insert_once, transaction
from models.person import Person
from models.programme import Programme
from models.request import Request
from notifications.email import Email
from notifications.emails.common import DecisionReminder, DecisionWaiting, Escalation, Reminder
from notifications.places import place_of
from tasks.stage import GRACE_DAYS, Stage
from tasks.step import step

ACTED_ON = frozenset(
    {
        "mentor_invitation",
        "pairing_mentor",
        "pairing_mentee",
        "pairing_group_mentor",
        "pairing_group_mentee",
        "pairing_two",
        "contract_signature",
        "manager_consent",
    }
)
"""Forms whose answer sets things in motion at once: it may be changed until then, and not afterwards."""


def language_of(someone: Person, languages: tuple[str, ...]) -> str:
    """The person's own language where the programme speaks it, else the programme's first."""
    return someone.language if someone.language in languages else languages[0]


def tell(
    session: Session,
    stage: Stage,
    whom: Person,
    mail: Email,
    *,
    about: str = "programme",
    occasion: str = "",
    asked: Request | request.Opened | None = None,
    behind: link.Link | None = None,
    due_on: date | None = None,
) -> bool:
    """Put a mail in the outbox, once an occasion, for the next working day where that person is.

    Without a mailbox it is held for print. Who has left gets none, nor who wants no campaigns; who is still to begin
    here gets it on the first day.
    """
    if not whom.value().is_here(stage.today) or (mail.campaign and whom.no_campaigns_since):
        return False
    rules = session.get_one(Programme, stage.programme).rules
    number = occasion or str(stage.round)
    place = place_of(whom.country, rules.time_zone)
    planned_on = max(due_on or stage.today, whom.hired_on or stage.today)
    return delivery.enqueue(
        session,
        key=f"{stage.slug}:{stage.phase}:{mail.name}:{about}:{whom.id}:{number}",
        programme_id=stage.programme,
        phase=stage.phase,
        template=mail.name,
        person_id=whom.id,
        link_id=asked.link_id if asked else behind.id if behind else None,
        request_id=asked.id if asked else None,
        language=language_of(whom, rules.languages),
        fields=mail.model_dump(mode="json", exclude={"link"}),
        state="queued" if whom.mailbox else "held",
        planned_on=planned_on,
        due_on=next_working_day(planned_on, place, rules.mail),
        place=place.code,
        domain=(whom.email or "").rpartition("@")[2],
    )


def ask(
    session: Session,
    stage: Stage,
    whom: Person,
    form: str,
    mail: Email,
    *,
    about: str = "programme",
    options: dict[str, Any] | None = None,
    occasion: str = "",
    behind: link.Link | None = None,
    until: date | None = None,
) -> Request:
    """Open a question and send its invitation; asking again for the same occasion changes nothing.

    Its days count from the day on which the mail may go, and end on a working day of that person: over a weekend or a
    holiday nobody loses time to answer. The mail says that last day, whatever `closes_on` it came with. Nobody
    is asked beyond `until`.
    """
    key = key_of(stage, form, about, whom, occasion)
    if found := request.by_key(session, key):
        return found
    opened_on, due_on = days_of(session, stage, whom, form, until)
    mail = saying(mail, due_on)
    own = behind or link.new_link(
        session,
        purpose="form",
        programme_id=stage.programme,
        person_id=whom.id,
        expires_on=due_on + timedelta(days=GRACE_DAYS),
    )
    first = insert_once(
        session,
        Request,
        key=key,
        programme_id=stage.programme,
        phase=stage.phase,
        round=stage.round,
        form=form,
        person_id=whom.id,
        link_id=own.id,
        about=about,
        options=options or {},
        status=RequestStatus.OPEN,
        opened_on=opened_on,
        due_on=due_on,
        reminders=0,
    )
    made = request.by_key(session, key)
    if made is None:
        raise LookupError(key)
    if first:
        event.record(session, "flow", "asked", f"request:{made.id}", form=form)
    tell(session, stage, whom, mail, about=about, asked=made, occasion=occasion)
    return made


def key_of(stage: Stage, form: str, about: str, whom: Person, occasion: str = "") -> str:
    """The occasion on which somebody is asked, once: without a word of its own, the round."""
    return f"{stage.slug}:{stage.phase}:{form}:{about}:{whom.id}:{occasion or stage.round}"


def days_of(session: Session, stage: Stage, whom: Person, form: str, until: date | None = None) -> tuple[date, date]:
    """The first and the last day of a question that is asked today; nobody is asked beyond `until`."""
    opened_on = _arrives(session, stage, whom)
    due_on = _arrives(session, stage, whom, opened_on + timedelta(days=FORMS[form].ladder.due))
    return opened_on, max(opened_on, min(due_on, until or due_on))


def saying(mail: Email, due_on: date) -> Email:
    """The e-mail with the question's last day: its reader has all the days that the form gives."""
    return mail.model_copy(update={"closes_on": due_on}) if "closes_on" in type(mail).model_fields else mail


def _arrives(session: Session, stage: Stage, whom: Person, day: date | None = None) -> date:
    """The day itself, or the next on which that person works: a question's days begin when its mail may go."""
    rules = session.get_one(Programme, stage.programme).rules
    first = max(day or stage.today, whom.hired_on or stage.today)
    return next_working_day(first, place_of(whom.country, rules.time_zone), rules.mail)


def due_on(stage: Stage, form: str) -> date:
    """The last day for an answer to a form that is asked today."""
    return stage.today + timedelta(days=FORMS[form].ladder.due)


def answered(session: Session, stage: Stage, *forms: str) -> Iterator[tuple[Request, Answers]]:
    """The answers that wait to be acted on; each is settled as it is taken."""
    for one in request.of_round(session, stage.programme, stage.phase, stage.round, RequestStatus.ANSWERED):
        given = response.of_request(session, one.id)
        if (forms and one.form not in forms) or given is None:
            continue
        if request.change_status(session, one.id, RequestStatus.ANSWERED, RequestStatus.SETTLED):
            session.refresh(one)
            if one.form in ACTED_ON:
                one.due_on = min(one.due_on, stage.today - timedelta(days=1))
            yield one, dict(given.answers)


def waiting(session: Session, stage: Stage, *forms: str) -> int:
    """How many questions of this round are still open."""
    return request.count(session, stage.programme, stage.phase, stage.round, RequestStatus.OPEN, *forms)


def lapsed(session: Session, stage: Stage, *forms: str) -> list[Request]:
    """The questions of this round that nobody answered in time."""
    gone = request.of_round(session, stage.programme, stage.phase, stage.round, RequestStatus.LAPSED)
    return [one for one in gone if not forms or one.form in forms]


def coordinator_of(session: Session, programme_id: int) -> Person:
    """The one who carries the programme; the deputy once the coordinator has left (CAP-018)."""
    rules = session.get_one(Programme, programme_id).rules
    today = installation.today(session, rules.time_zone)
    for key in (rules.coordinator, rules.deputy or ""):
        found = person.by_key(session, key) if key else None
        if found and found.value().is_here(today):
            return found
    msg = "neither the coordinator nor the deputy of the programme is on the roster"
    raise LookupError(msg)


def manager_of(session: Session, stage: Stage, someone: Person) -> Person | None:
    """The line manager, if there is one who still works here."""
    found = session.get(Person, someone.manager_id) if someone.manager_id else None
    return found if found and found.value().is_here(stage.today) else None


def ask_decision(session: Session, stage: Stage, count: int, *, relaxed: int = 0) -> None:
    """Let the coordinator know that decisions wait on the desk; one open question at a time.

    `relaxed` of the proposed pairs bend a rule of the programme (MAT-M11).

    When it lapses, or when somebody else carries the programme by now, it is asked anew: its clock never stops.
    """
    every = request.of_round(session, stage.programme, stage.phase, stage.round, form="decision")
    who = coordinator_of(session, stage.programme)
    if any(one.status == RequestStatus.OPEN and one.person_id == who.id for one in every):
        return
    for one in every:
        request.change_status(session, one.id, RequestStatus.OPEN, RequestStatus.CANCELLED)
    desk = link.desk_link(session, stage.programme, who.id)
    mail = DecisionWaiting(given_name=who.given_name, what=stage.phase, count=count, relaxed=relaxed)
    ask(session, stage, who, "decision", mail, about="desk", occasion=f"{stage.round}.{len(every) + 1}", behind=desk)


def close_decision(session: Session, stage: Stage) -> None:
    """Nothing waits on the desk any more for this round."""
    for one in request.of_round(session, stage.programme, stage.phase, stage.round, form="decision"):
        for now in (RequestStatus.OPEN, RequestStatus.LAPSED):
            if request.change_status(session, one.id, now, RequestStatus.ANSWERED, answered_on=stage.today):
                request.change_status(session, one.id, RequestStatus.ANSWERED, RequestStatus.SETTLED)
                delivery.cancel_for_request(session, one.id)


@step
def tend_requests(stage: Stage) -> int:
    """Remind, escalate and lapse what is due today; how many questions are still open."""
    with transaction() as session:
        return tend(session, stage)


def tend(session: Session, stage: Stage) -> int:
    """As `tend_requests`, within a transaction."""
    open_ = request.of_round(session, stage.programme, stage.phase, stage.round, RequestStatus.OPEN)
    still = [one for one in open_ if _tend(session, stage, one)]
    _escalate(session, stage, still)
    return len(still)


def _tend(session: Session, stage: Stage, one: Request) -> bool:
    form = FORMS[one.form]
    due = clock(
        form.ladder, one.opened_on, one.due_on, one.reminders, escalated=one.escalated_on is not None, today=stage.today
    )
    if due.lapse:
        request.change_status(session, one.id, RequestStatus.OPEN, RequestStatus.LAPSED, lapsed_on=stage.today)
        delivery.cancel_for_request(session, one.id)
        event.record(session, "flow", "lapsed", f"request:{one.id}", form=one.form)
        return False
    if due.remind:
        one.reminders, one.reminded_on = due.remind, stage.today
        mail: Email = Reminder(
            given_name=one.person.given_name, title=form.title, closes_on=one.due_on, number=due.remind
        )
        if form.by is Role.COORDINATOR:
            mail = DecisionReminder(given_name=one.person.given_name, closes_on=one.due_on, number=due.remind)
        tell(session, stage, one.person, mail, about=f"request:{one.id}", occasion=str(due.remind), asked=one)
    if due.escalate:
        one.escalated_on = stage.today
    return True


def _escalate(session: Session, stage: Stage, still: Iterable[Request]) -> None:
    """One mail a form to the coordinator; for the coordinator's own decisions to the deputy, with an own desk."""
    late: dict[str, list[Request]] = {}
    for one in still:
        if one.escalated_on == stage.today:
            late.setdefault(one.form, []).append(one)
    for form, those in late.items():
        who = coordinator_of(session, stage.programme)
        if FORMS[form].by is Role.COORDINATOR:
            key = session.get_one(Programme, stage.programme).rules.deputy
            deputy = person.by_key(session, key) if key else None
            who = deputy if deputy and deputy.value().is_here(stage.today) else who
        desk = link.desk_link(session, stage.programme, who.id)
        closes_on = min(one.due_on for one in those)
        mail = Escalation(given_name=who.given_name, title=FORMS[form].title, people=len(those), closes_on=closes_on)
        tell(session, stage, who, mail, about=form, occasion=f"{stage.round}.{stage.today}", behind=desk)
