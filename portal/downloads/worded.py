"""The rows of each list, with their codes in plain words of the page's language."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from framework.content import FORMS
from models import extract
from portal import words
from portal.downloads.cells import Value
from portal.page import Page
from portal.visit import DeskVisit

Rows = Iterator[tuple[Value, ...]]

ROLES = {"mentor": "%(mentor)s", "mentee": "%(mentee)s"}
PEOPLE = {
    "invited": "asked, no answer yet",
    "applied": "applied",
    "declined": "said no, or did not answer",
    "selected": "selected",
    "confirmed": "takes part",
    "later": "not yet: prepares for later",
    "not_selected": "not selected",
    "waiting": "waits for a partner",
    "withdrawn": "left the programme",
    "completed": "took part to the end",
}
PAIRS = {
    "proposed": "proposed",
    "approved": "approved, being asked",
    "struck": "struck",
    "dropped": "replaced by another proposal",
    "accepted": "agreed, no agreement yet",
    "declined": "declined by one of the two",
    "active": "together",
    "closed": "ended",
}
ENDS = {
    "completed": "came to its end",
    "rematch": "another partner was looked for",
    "partner_left": "one of the two left",
    "not_agreed": "no agreement came about",
    "ended_early": "ended early",
}
MADE = {
    "best": "the best set",
    "mutual": "they chose each other",
    "pick": "a list of wishes",
    "lot": "a draw",
    "chosen": "chosen on the desk",
}
QUESTIONS = {"open": "waits for an answer", "lapsed": "time is over"}
TRAINING = {
    "invited": "asked, no date yet",
    "enrolled": "enrolled",
    "attended": "was there",
    "absent": "was not there",
    "waived": "may start without it",
}
ABOUT = {"pairing": "pair %(number)s", "participant": "participant %(number)s"}


def _in(page: Page, table: dict[str, str], code: object) -> str:
    """A code in words, and as it stands where it has none."""
    known = table.get(str(code))
    return page.say(known) if known else str(code or "")


def participants(session: Session, visit: DeskVisit) -> Rows:
    """Everybody in the programme."""
    for number, family, given, email, role, status, *rest in extract.participants(session, visit.link.programme_id):
        told = (_in(visit.page, ROLES, role), _in(visit.page, PEOPLE, status))
        yield (number, family, given, email, *told, *rest)


def pairs(session: Session, visit: DeskVisit) -> Rows:
    """Every pair."""
    for number, turn, *two, status, origin, score, since, active, ended, why in extract.pairs(
        session, visit.link.programme_id
    ):
        told = (_in(visit.page, PAIRS, status), _in(visit.page, MADE, origin))
        yield (number, turn, *two, *told, score, since, active, ended, _in(visit.page, ENDS, why))


def meetings(session: Session, visit: DeskVisit) -> Rows:
    """The meetings of each pair, counted."""
    return extract.meetings(session, visit.link.programme_id)


def questions(session: Session, visit: DeskVisit) -> Rows:
    """The questions that wait."""
    titles = {name: visit.page.say(form.title) for name, form in FORMS.items()}
    for form, *whom_and_when, status in extract.questions(session, visit.link.programme_id):
        yield (titles.get(form, form), *whom_and_when, _in(visit.page, QUESTIONS, status))


def mails(session: Session, visit: DeskVisit) -> Rows:
    """The envelopes of all e-mails."""
    known = words.MAILS | {code: words.MAILS[same] for code, same in words.MAIL_STATES.items()}
    for *envelope, state in extract.mails(session, visit.link.programme_id):
        yield (*envelope, _in(visit.page, known, state))


def training(session: Session, visit: DeskVisit) -> Rows:
    """Who follows the training."""
    for family, given, email, role, status, *rest in extract.enrolments(session, visit.link.programme_id):
        yield (family, given, email, _in(visit.page, ROLES, role), _in(visit.page, TRAINING, status), *rest)


def signals(session: Session, visit: DeskVisit) -> Rows:
    """What crossed a line."""
    for code, about, *rest in extract.signals(session, visit.link.programme_id):
        kind, _, number = about.partition(":")
        whom = visit.page.say(ABOUT[kind], number=number) if kind in ABOUT else about
        yield (code, _in(visit.page, words.RISKS, code), whom, *rest)
