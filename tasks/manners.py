"""Good manners, before anything is posted: nothing stale, not too much at once, one bundle rather than four mails.

A mailing to more people than the programme expects waits for a person's word. Hours and days off are the recipient's.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from framework import working_time
from framework.mail import UNSURE_DAYS, MailRules
from framework.people import Role
from framework.working_time import Place, may_post
from models import delivery, event, installation, link, mailing, sending
from models.base import transaction
from models.mailing import Due
from models.programme import Programme
from notifications.brand import brand
from notifications.emails import EMAILS
from notifications.emails.common import DecisionReminder, MailingHeld, Reminder
from notifications.render import render
from tasks.requests import coordinator_of, language_of, tell
from tasks.stage import Stage
from tasks.step import keep_error, step

MOST_TOGETHER = 6
PATIENCE_DAYS = 7  # after so long a mail goes, however many that person got
LATEST_ONLY = frozenset(name for name, kind in EMAILS.items() if kind.latest_only)
REMINDERS = frozenset({Reminder.name, DecisionReminder.name})
AT_ONCE = frozenset(name for name, kind in EMAILS.items() if kind.at_once)
DESK = frozenset(name for name, kind in EMAILS.items() if set(kind.to) == {Role.COORDINATOR})
Places = Collection[tuple[int, str]] | None


def open_places(session: Session, today: date) -> Places:
    """Where mail may leave at this hour; None, for everywhere, in a rehearsal: its days are real, its hours are not."""
    if installation.is_rehearsal(session):
        return None
    now = installation.now()
    waiting = sending.waiting_places(session, today)
    return [one for one in waiting if may_post(now, place_of_row(session, *one), rules_of(session, one[0]))]


@step
def tend_outbox() -> int:
    """The clocks of what waits: what stayed unsure too long is given up, and shown; how many."""
    with transaction() as session:
        before = installation.now() - timedelta(days=UNSURE_DAYS)
        return mailing.give_up_unsure(session, before.timestamp())


def rules_of(session: Session, programme_id: int) -> MailRules:
    """The manners of a programme."""
    return session.get_one(Programme, programme_id).rules.mail


def place_of_row(session: Session, programme_id: int, code: str) -> Place:
    """The place that a message names; the programme's own where it names none."""
    return Place.read(code) if code else Place("", session.get_one(Programme, programme_id).rules.time_zone)


def tidy(session: Session, today: date, places: Places) -> dict[str, int]:
    """Make the queue fit to be posted today; how many messages are stale, held as drafts, bundled and put off."""
    mailing.unbundle(session)
    found = {"stale": mailing.outdate(session, LATEST_ONLY) + mailing.unasked(session, REMINDERS)}
    found["stale"] += delivery.cancel_erased(session)
    found["drafted"] = _hold_large_mailings(session, today)
    units: list[list[int]] = []
    postponed = 0
    waiting: dict[int, list[Due]] = {}
    for one in mailing.due(session, today, places, AT_ONCE):
        waiting.setdefault(one.person_id, []).append(one)
    had = mailing.got(session, waiting, today - timedelta(days=6), today, AT_ONCE) if waiting else {}
    for whom, those in waiting.items():
        go, wait = _within_budget(session, _units(those), had.get(whom, (0, 0)), today)
        units += [[one.id for one in unit] for unit in go]
        for unit in wait:
            first = unit[0]
            place = place_of_row(session, first.programme_id, first.place)
            rules = rules_of(session, first.programme_id)
            day = working_time.next_working_day(today + timedelta(days=1), place, rules)
            mailing.postpone(session, [one.id for one in unit], day)
            postponed += len(unit)
    return found | {"bundled": mailing.bundle(session, units), "postponed": postponed}


def _units(those: Sequence[Due]) -> list[list[Due]]:
    """What one person gets as mails: each alone, or several of one programme and language inside the first."""
    units: list[list[Due]] = []
    open_: dict[tuple[int, str], list[Due]] = {}
    for one in those:
        if one.began_at is not None or EMAILS[one.template].alone:
            units.append([one])
            continue
        unit = open_.get((one.programme_id, one.language))
        if unit is None or len(unit) == MOST_TOGETHER:
            unit = open_[one.programme_id, one.language] = []
            units.append(unit)
        unit.append(one)
    return units


def _within_budget(
    session: Session, units: Iterable[list[Due]], had: tuple[int, int], today: date
) -> tuple[list[list[Due]], list[list[Due]]]:
    """What goes today and what waits: the contact budget of one person, over all programmes (CAP-033)."""
    day, week = had
    go: list[list[Due]] = []
    wait: list[list[Due]] = []
    for unit in sorted(units, key=lambda unit: not any(_cannot_wait(one, today) for one in unit)):
        if unit[0].template in AT_ONCE:  # asked for by its reader: it costs nothing
            go.append(unit)
            continue
        rules = rules_of(session, unit[0].programme_id)
        if any(_cannot_wait(one, today) for one in unit) or (day < rules.a_day and week < rules.a_week):
            go.append(unit)
            day, week = day + 1, week + 1
        else:
            wait.append(unit)
    return go, wait


def _cannot_wait(one: Due, today: date) -> bool:
    pressing = EMAILS[one.template].pressing or one.template in DESK
    return pressing or one.began_at is not None or (today - one.planned_on).days >= PATIENCE_DAYS


def _hold_large_mailings(session: Session, today: date) -> int:
    held = 0
    for (programme_id, template), reach in mailing.mailings(session, today).items():
        rules = session.get_one(Programme, programme_id).rules
        if reach <= rules.mail.largest_mailing or template in DESK | AT_ONCE:
            continue
        if number := mailing.draft(session, programme_id, template):
            held += number
            event.record(session, "mail", "held", f"programme:{programme_id}", template=template, messages=number)
    for (programme_id, template), people in mailing.drafts(session).items():
        try:
            _tell(session, programme_id, template, people, today)
        except Exception as error:  # noqa: BLE001 - nobody to tell, or nothing to show: no other mail waits for that
            keep_error("mail.held", error)
    return held


def _tell(session: Session, programme_id: int, template: str, people: int, today: date) -> None:
    """The coordinator hears at once, and again each week while it waits."""
    row = session.get_one(Programme, programme_id)
    year, week, _ = today.isocalendar()
    stage = Stage(0, programme_id, row.slug, "mail", 1, "mail", today, today, today)
    who = coordinator_of(session, programme_id)
    one = mailing.first_draft(session, programme_id, template)
    language = language_of(who, row.rules.languages)
    shown = EMAILS[template].model_validate(one.fields)
    subject = render(shown, language, brand(row.rules, who.value(), language), "-").subject
    expected = row.rules.mail.largest_mailing
    mail = MailingHeld(given_name=who.given_name, subject=subject, people=people, expected=expected)
    desk = link.desk_link(session, programme_id, who.id)
    tell(session, stage, who, mail, about=template, occasion=f"{year}w{week}", behind=desk)
