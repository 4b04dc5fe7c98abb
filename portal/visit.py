"""Whose link was opened, for which request, and whether it still works."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session
from starlette.datastructures import QueryParams
from starlette.responses import Response

from framework.content import FORMS
from framework.people import Role
from framework.programme import Programme
from framework.questions import Answers, Questionnaire
from framework.requests import RequestStatus
from models import installation, link, meeting, pairing, person, programme, request, response
from models.base import reading, transaction
from models.desk.rulings import carriers
from portal import cards
from portal.cards import Card
from portal.fields import with_options
from portal.page import Page, brand_of

GIVEN = frozenset({RequestStatus.ANSWERED, RequestStatus.SETTLED})


def transaction_of(method: str) -> AbstractContextManager[Session]:
    """The transaction of one request: a post may write; whoever looks cannot, the database itself refuses it."""
    return transaction() if method == "POST" else reading()


class RefusedError(Exception):
    """A link that opens nothing; `page` says so kindly."""

    def __init__(self, page: Response) -> None:
        """Keep the page to answer with."""
        super().__init__("a link was refused")
        self.page = page


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One opened form: the request, its rules and questions, the day, and what was answered before."""

    token: str
    request: request.Request
    programme: Programme
    form: Questionnaire
    writer: Role
    page: Page
    today: date
    answered: bool
    answers: Answers
    cards: tuple[Card, ...] = ()

    @property
    def may_change(self) -> bool:
        """Late answers are welcome; changes of mind until the due date."""
        return not self.answered or self.today <= self.request.due_on

    def link(self, rest: str = "", **query: object) -> str:
        """The address of this form, or of a page below it."""
        return self.page.link(f"/f/{self.token}{rest}", **query)


def open_form(session: Session, token: str, query: QueryParams) -> Visit:
    """The form behind a token. Raises RefusedError: unknown or forged (404), expired or withdrawn (410)."""
    opened = _opened(session, token, "form", query)
    asked = request.by_link(session, opened.id)
    form = FORMS.get(asked.form) if asked else None
    if asked is None or form is None:
        raise RefusedError(unknown(query))
    rules, page = dressed(session, opened, query, f"/f/{token}")
    today = installation.today(session, rules.time_zone)
    if not still_asked(session, asked, today) or (opened.expires_on and opened.expires_on < today):
        raise RefusedError(gone(page, token))
    earlier = response.of_request(session, asked.id)
    people = cards.of_request(session, page, asked, form, rules.track)
    return Visit(
        token=token,
        request=asked,
        programme=rules,
        form=with_options(form, cards.named(asked.options, people), rules.matching.wishes),
        writer=_writer(session, asked, form),
        page=page,
        today=today,
        answered=earlier is not None and asked.status in GIVEN,
        answers=earlier.answers if earlier else {},
        cards=people,
    )


def still_asked(session: Session, asked: request.Request, today: date) -> bool:
    """Whether a question's link may open: not called off, of a programme that goes on, to somebody still here."""
    if asked.status == RequestStatus.CANCELLED or programme.is_over(session, asked.programme_id):
        return False
    return asked.person.value().is_here(today)


def unknown(query: QueryParams) -> Response:
    """The page for a link that we never made."""
    return Page(query).render("gone.html", 404, unknown=True)


def gone(page: Page, token: str, *, asked: bool = False, unsure: bool = False) -> Response:
    """The page for a form's link that no longer works: the same for everybody.

    `asked` when a new one was asked for, `unsure` when the box for that was left empty.
    """
    renew = page.link(f"/f/{token}/renew")
    status = 422 if unsure else 200 if asked else 410
    return page.render("gone.html", status, unknown=False, renew=renew, asked=asked, unsure=unsure)


def _opened(session: Session, token: str, purpose: str, query: QueryParams) -> link.Link:
    """The link behind a token. Raises RefusedError: never ours (404), or revoked (410)."""
    if found := link.open_link(session, token, purpose):
        return found
    dead = link.dead_link(session, token, purpose)
    if dead is None:
        raise RefusedError(unknown(query))
    _, page = dressed(session, dead, query, "")
    raise RefusedError(gone(page, token) if purpose == "form" else closed(page))


def closed(page: Page) -> Response:
    """The page for any other link that no longer works."""
    return page.render("gone.html", 410, unknown=False, renew="", asked=False)


def dressed(session: Session, opened: link.Link, query: QueryParams, path: str) -> tuple[Programme, Page]:
    """The programme that a link belongs to, and a page in its holder's language and its company's face."""
    rules = session.get_one(programme.Programme, opened.programme_id).rules
    holder = session.get_one(person.Person, opened.person_id)
    page = Page(query, holder.language, path=path)
    page.brand = brand_of(rules, person.by_key(session, rules.coordinator), page.language)
    return rules, page


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskVisit:
    """A coordinator at the desk of one programme."""

    token: str
    link: link.Link
    programme: Programme
    page: Page
    today: date


def open_desk(session: Session, token: str, query: QueryParams, rest: str = "") -> DeskVisit:
    """The desk behind a token. Raises RefusedError: unknown, forged or for something else (404), expired (410)."""
    opened = _opened(session, token, "desk", query)
    rules, page = dressed(session, opened, query, f"/desk/{token}{rest}")
    today = installation.today(session, rules.time_zone)
    carry = {one.id for one in carriers(session, rules, today)}
    if opened.person_id not in carry or (opened.expires_on and opened.expires_on < today):
        raise RefusedError(closed(page))
    return DeskVisit(token=token, link=opened, programme=rules, page=page, today=today)


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOutVisit:
    """Somebody who looks at the end of calls and announcements."""

    token: str
    person: person.Person
    page: Page
    today: date


def open_opt_out(session: Session, token: str, query: QueryParams) -> OptOutVisit:
    """The person behind a token. Raises RefusedError (404): unknown, forged or for something else."""
    opened = _opened(session, token, "opt_out", query)
    rules, page = dressed(session, opened, query, f"/no/{token}")
    holder = session.get_one(person.Person, opened.person_id)
    return OptOutVisit(token=token, person=holder, page=page, today=installation.today(session, rules.time_zone))


def _writer(session: Session, asked: request.Request, form: Questionnaire) -> Role:
    """In which role the person answers: the form's, unless the pair says that this is the other one of the two."""
    pair = pair_of(session, asked.about)
    if pair and pair.mentor.person_id == asked.person_id:
        return Role.MENTOR
    if pair and pair.mentee.person_id == asked.person_id:
        return Role.MENTEE
    return form.by


def pair_of(session: Session, about: str) -> pairing.Pairing | None:
    """The pair that a question is about, by itself or through one of its meetings; None where it is about neither."""
    kind, _, number = about.partition(":")
    if not number.isdecimal():
        return None
    if kind == "meeting":
        met = session.get(meeting.Meeting, int(number))
        return met.pairing if met else None
    return session.get(pairing.Pairing, int(number)) if kind == "pairing" else None
