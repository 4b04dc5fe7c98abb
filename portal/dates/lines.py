"""What the pages of dates show: every round as it is planned, and what a word would change."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from framework import another_day
from framework.another_day import Word
from framework.by_hand import Deed
from framework.content import FORMS
from framework.replanning import Calendar, Entry, Refused
from models import programme, replanning
from models.decision import Decision
from models.desk.calendar import Foreseen
from models.programme import Milestone, Programme
from portal import words
from portal.dates.phrases import DONE, REFUSED
from portal.overview import state_of
from portal.visit import DeskVisit


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One round: its name, first and last day, how it stands, whether by hand, and what may be wanted of it.

    `why_not` says why it cannot be called off, where it could be moved.
    """

    number: int
    name: str
    opens_on: date
    closes_on: date
    state: str
    mark: str
    by_hand: bool
    may: tuple[Deed, ...]
    why_not: str


@dataclass(frozen=True, slots=True)
class Moved:
    """One round that changes: its days now and then; None where it is called off."""

    name: str
    now: tuple[date, date] | None
    then: tuple[date, date] | None


def lines(session: Session, visit: DeskVisit) -> list[Line]:
    """Every round of the programme, in the order of its days."""
    own = visit.link.programme_id
    calendar = replanning.calendar(session, own)
    moved = {one.id for one in replanning.by_hand(session, session.get_one(Programme, own))}
    return [_line(visit, one, calendar, by_hand=one.id in moved) for one in programme.milestones(session, own)]


def _line(visit: DeskVisit, one: Milestone, calendar: Calendar, *, by_hand: bool) -> Line:
    entry = calendar[one.phase, one.round]
    must_attend = visit.programme.training.must_attend
    may, refused = another_day.offers(calendar, entry, must_attend=must_attend)
    return Line(
        number=one.id,
        name=name_of(visit, entry),
        opens_on=one.opened_on or one.opens_on,
        closes_on=entry.last_day,
        state=state_of(visit, one),
        mark="done" if one.finished_on else "now" if one.opened_on else "later",
        by_hand=by_hand,
        may=may,
        why_not=said(visit, refused) if refused else "",
    )


def name_of(visit: DeskVisit, one: Entry) -> str:
    """The round's name, with its number where its phase has several of that kind."""
    name = words.milestone(visit.page.say, one.phase, one.kind)
    return f"{name} ({one.round})" if one.phase == "review" or (one.round > 1 and one.kind == "again") else name


def said(visit: DeskVisit, refused: Refused) -> str:
    """Why not, in the reader's words."""
    phase = name_of(visit, refused.one) if refused.one else ""
    day = visit.page.day(refused.on) if refused.on else ""
    return visit.page.say(REFUSED.get(refused.why, str(refused)), phase=phase, day=day)


def moved(visit: DeskVisit, foreseen: Foreseen) -> list[Moved]:
    """Each date that changes, in the order of the calendar."""
    return [Moved(name_of(visit, one.after), _days(one.before), _days(one.after)) for one in foreseen.changes]


def _days(one: Entry) -> tuple[date, date] | None:
    return None if one.cancelled else (one.opened_on or one.opens_on, one.last_day)


def owing(visit: DeskVisit, foreseen: Foreseen) -> list[tuple[int, str]]:
    """How many people get more days, for which form."""
    found = Counter(one.form for one in foreseen.owing)
    return [(number, visit.page.say(FORMS[form].title)) for form, number in found.items()]


def in_short(visit: DeskVisit, taken: Decision, known: Sequence[Line]) -> str:
    """A word that was given, in short."""
    names: Mapping[int, str] = {one.number: one.name for one in known}
    word: Word = another_day.read(taken.choice)
    day = visit.page.day(word.on) if word.on else ""
    return visit.page.say(DONE[word.deed], phase=names.get(word.milestone, ""), day=day)
