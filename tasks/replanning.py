"""Planning anew: a phase moves, gets another last day, or is cancelled; who has to know hears of it.

One transaction a change: the calendar, the trail, the e-mail to the coordinator. Where a phase that is open gets more
time, so do the people who still owe it an answer, as many days; less time takes no day away that somebody was promised.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from framework.another_day import read
from framework.content import FORMS
from framework.replanning import Calendar, Change, Refused
from framework.working_time import next_working_day
from models import link, programme, replanning
from models.base import transaction
from models.decision import Decision
from models.desk import calendar as desk
from models.person import Person
from models.programme import Programme
from notifications.emails.by_hand import MoreTime
from notifications.emails.common import Reminder
from notifications.emails.replanning import CalendarChanged, CalendarKept, Moved
from notifications.places import place_of
from tasks.requests import coordinator_of, tell
from tasks.stage import GRACE_DAYS, Stage
from tasks.standing import DESK, stage_of

Wish = Callable[[Calendar], tuple[Change, ...]]
"""What is wanted of the calendar, as `framework.replanning` says it."""


def foresee(slug: str, wish: Wish) -> tuple[Change, ...]:
    """What would change; nothing is written. Raises UnknownProgramme, Refused."""
    with transaction() as session:
        return wish(replanning.calendar(session, programme.by_slug(session, slug).id))


def replan(slug: str, wish: Wish, today: date, *, actor: str = "operator") -> tuple[Change, ...]:
    """Change the calendar, and tell. Raises UnknownProgramme, Refused."""
    with transaction() as session:
        stage = stage_of(session, slug, DESK, today)
        changes = wish(replanning.calendar(session, stage.programme, to_change=True))
        _write(session, stage, changes, actor)
        return changes


def carry_out_word(session: Session, stage: Stage, taken: Decision) -> bool:
    """Carry out a word that was given on the desk; where something else follows from it by now, it is told so."""
    desk_stage = replace(stage, phase=DESK)
    try:
        word = read(taken.choice)
        found = desk.foresee(session, stage.programme, word, stage.today, Reminder.name, to_change=True)
    except (Refused, LookupError):
        found = None
    if found is None or not desk.holds(found, taken):
        _tell_kept(session, desk_stage, taken)
        return False
    _write(session, desk_stage, found.changes, f"person:{taken.decided_by}")
    return True


def _write(session: Session, stage: Stage, changes: tuple[Change, ...], actor: str) -> None:
    """The one way in which a calendar changes, whoever wants it, and through whichever door."""
    replanning.write(session, stage.programme, changes, today=stage.today, actor=actor)
    for one in changes:
        _more_time(session, stage, one)
    if changes:
        _tell(session, stage, changes)


def number_of(calendar: Calendar, phase: str, number: int | None) -> int:
    """The round that is meant where none is named: the only one that is not over. Raises Refused."""
    if number is not None:
        return number
    rounds = [one for one in calendar.values() if one.phase == phase]
    left = [one.round for one in rounds if one.finished_on is None]
    if len(left) == 1 or len(rounds) == 1:
        return (left or [rounds[0].round])[0]
    if not rounds:
        msg = f"the calendar has no phase {phase!r}; `baken programme plan` shows those that there are"
        raise Refused(msg)
    coming = ", ".join(map(str, sorted(left or [one.round for one in rounds])))
    msg = f"{phase} has several rounds; name one of {coming} with --round"
    raise Refused(msg)


def _more_time(session: Session, stage: Stage, change: Change) -> None:
    """As many days more for each question that somebody owes an answer to; a reminder that waits names the old day."""
    asked = replanning.owing(session, stage.programme, change)
    replanning.call_off(session, replanning.outdated(session, asked, Reminder.name))
    days = (change.after.last_day - change.before.last_day).days
    rules = session.get_one(Programme, stage.programme).rules
    for one in asked:
        place = place_of(one.person.country, rules.time_zone)
        one.due_on = next_working_day(one.due_on + timedelta(days=days), place, rules.mail)
        one.link.expires_on = one.due_on + timedelta(days=GRACE_DAYS)
        mail = MoreTime(given_name=one.person.given_name, title=FORMS[one.form].title, closes_on=one.due_on)
        tell(session, stage, one.person, mail, about=f"request:{one.id}", occasion=f"plan.{one.due_on}", asked=one)


def _tell_kept(session: Session, stage: Stage, taken: Decision) -> None:
    """Who decided hears that nothing was done: the calendar was another one by then."""
    who = session.get_one(Person, taken.decided_by)
    behind = link.desk_link(session, stage.programme, who.id)
    mail = CalendarKept(given_name=who.given_name, decided_on=taken.decided_on)
    tell(session, stage, who, mail, about="calendar", occasion=f"kept.{taken.id}", behind=behind)


def _tell(session: Session, stage: Stage, changes: tuple[Change, ...]) -> None:
    """The coordinator hears what changed, with the desk at hand."""
    who = coordinator_of(session, stage.programme)
    rows = [
        Moved(
            phase=c.after.phase,
            round=c.after.round,
            opens_on=c.after.opened_on or c.after.opens_on,
            closes_on=c.after.last_day,
            cancelled=c.after.cancelled,
        )
        for c in changes
    ]
    mail = CalendarChanged(given_name=who.given_name, changes=rows)
    desk = link.desk_link(session, stage.programme, who.id)
    tell(session, stage, who, mail, about="calendar", occasion=uuid4().hex[:8], behind=desk)
