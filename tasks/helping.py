"""Help that somebody asked for: the coordinator hears at once who, never what, and is reminded until it was given.

Source: CAP-153, SUP-M04. What was written stays on the desk, sealed; a mail names the person alone.
"""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from framework.requests import RequestStatus
from framework.support import CLOCKS, USUAL, HelpClock, struck, working_days
from framework.working_time import LOOK_AHEAD, Place
from models import delivery, event, link, person, programme, request, response
from models.base import transaction
from models.person import Person
from models.programme import Programme
from models.request import Request
from notifications.emails.meetings import HelpAsked, HelpDeputy, HelpReminder
from notifications.places import place_of
from tasks.requests import ask, coordinator_of, tell
from tasks.stage import Stage
from tasks.standing import DESK, stage_of
from tasks.step import step

ASKED, GIVEN = "help_request", "help_given"
R = RequestStatus


@step
def take_help(slug: str, today: date) -> int:
    """Tell the coordinator who asked for help, and keep the clock of each until it is done; how many wait."""
    with transaction() as session:
        stage = stage_of(session, slug, DESK, today)
        for one in request.standing(session, stage.programme, R.ANSWERED, R.SETTLED, form=ASKED):
            request.change_status(session, one.id, R.ANSWERED, R.SETTLED)
            _hand_over(session, stage, one)
        for one in request.standing(session, stage.programme, R.ANSWERED, form=GIVEN):
            request.change_status(session, one.id, R.ANSWERED, R.SETTLED)
            delivery.cancel_for_request(session, one.id)
        session.expire_all()
        waiting = request.standing(session, stage.programme, R.OPEN, form=GIVEN)
        for one in waiting:
            _tend(session, stage, one)
        return len(waiting)


def _hand_over(session: Session, stage: Stage, asked: Request) -> None:
    """An open item on the desk of who carries the programme, with a mail; the next one's, should that person leave."""
    about = f"request:{asked.id}"
    items = [one for one in request.standing(session, stage.programme, form=GIVEN) if one.about == about]
    if any(one.status != R.CANCELLED for one in items):
        return
    who = coordinator_of(session, stage.programme)
    given = response.of_request(session, asked.id)
    urgency = str(given.answers.get("urgent", "")) if given else ""
    mail = HelpAsked(given_name=who.given_name, who=asked.person.value().name, soon=urgency == "today")
    options = {"urgent": urgency} if urgency in CLOCKS else {}
    ask(
        session,
        stage,
        who,
        GIVEN,
        mail,
        about=about,
        options=options,
        occasion=str(len(items) + 1),
        behind=link.desk_link(session, stage.programme, who.id),
    )
    event.record(session, "flow", "help_asked", about)


def _clock(asked: Request) -> HelpClock:
    return CLOCKS.get(str(asked.options.get("urgent", "")), USUAL)


def _place(session: Session, asked: Request) -> tuple[Place, Programme]:
    row = session.get_one(Programme, asked.programme_id)
    return place_of(asked.person.country, row.rules.time_zone), row


def _passed(session: Session, asked: Request, today: date) -> int:
    place, row = _place(session, asked)
    return working_days(asked.opened_on, today, place, row.rules.mail)


def _tend(session: Session, stage: Stage, one: Request) -> None:
    reminders, deputy = struck(_clock(one), _passed(session, one, stage.today))
    about = session.get_one(Request, int(one.about.partition(":")[2]))
    names = {"who": about.person.value().name, "since": about.opened_on}
    carries = coordinator_of(session, stage.programme)
    if reminders > one.reminders:
        one.reminders, one.reminded_on = reminders, stage.today
        mail = HelpReminder(given_name=carries.given_name, number=reminders, **names)
        _send(session, stage, one, carries, mail, str(reminders))
    if deputy and one.escalated_on is None:
        one.escalated_on = stage.today
        second = _deputy(session, stage)
        if second and second.id != carries.id:
            _send(session, stage, one, second, HelpDeputy(given_name=second.given_name, **names), "deputy")


def _send(
    session: Session, stage: Stage, one: Request, whom: Person, mail: HelpReminder | HelpDeputy, occasion: str
) -> None:
    """To the reader's own desk. A mail to whom the item was given is stale once it is done."""
    desk = link.desk_link(session, stage.programme, whom.id)
    asked = one if whom.id == one.person_id else None
    tell(session, stage, whom, mail, about=f"request:{one.id}", occasion=occasion, asked=asked, behind=desk)


def _deputy(session: Session, stage: Stage) -> Person | None:
    key = session.get_one(Programme, stage.programme).rules.deputy
    found = person.by_key(session, key) if key else None
    return found if found and found.value().is_here(stage.today) else None


def next_look(session: Session, slug: str, today: date) -> date | None:
    """The next day on which somebody has to be reminded that help was asked for."""
    where = programme.by_slug(session, slug).id
    found = [day for one in request.standing(session, where, R.OPEN, form=GIVEN) if (day := _next(session, one, today))]
    return min(found, default=None)


def _next(session: Session, one: Request, today: date) -> date | None:
    place, row = _place(session, one)
    for number in range(1, LOOK_AHEAD + 1):
        day = today + timedelta(days=number)
        reminders, deputy = struck(_clock(one), working_days(one.opened_on, day, place, row.rules.mail))
        if reminders > one.reminders or (deputy and one.escalated_on is None):
            return day
    return None
