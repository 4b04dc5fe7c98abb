"""Links by mail, when somebody asks on a page: a fresh one for half an hour, or a new one for one that has ended.

They go to the address that we have, never to one that is typed in; and the page says the same to everybody, whether a
mail goes or not. Looking burns nothing: mail scanners open every link, so only a button does something.
"""

from datetime import date, timedelta

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from framework.content import FORMS
from framework.programme import Programme
from framework.requests import GRACE_DAYS, LATEST_DAYS
from models import attempt, delivery, event, installation, link, programme, request
from models.base import reading, transaction
from models.link import Link
from models.person import Person
from notifications.emails.common import FreshLink, NewLink
from notifications.places import place_of
from portal import gate, sitting, visit
from portal.visit import RefusedError, open_form

MOST, HOUR = 3, 3600  # mails with a link, to one person, in so many seconds


async def ask(http: Request) -> Response:
    """GET /f/{token}/fresh: why a fresh link is needed, and a button; afterwards, that one is on its way."""
    return await run_in_threadpool(_ask, http.path_params["token"], http.query_params)


async def mail_fresh(http: Request) -> Response:
    """POST /f/{token}/fresh: mail a fresh link."""
    sure = gate.sure(await gate.typed(http))
    return await run_in_threadpool(_mail_fresh, http.path_params["token"], http.query_params, sure)


async def ended(http: Request) -> Response:
    """GET /f/{token}/renew: that the link has ended, and a button; afterwards, that a new one may be on its way."""
    return await run_in_threadpool(_ended, http.path_params["token"], http.query_params)


async def mail_new(http: Request) -> Response:
    """POST /f/{token}/renew: mail a new link, where the question may still be answered or read back."""
    sure = gate.sure(await gate.typed(http))
    return await run_in_threadpool(_ended, http.path_params["token"], http.query_params, sure=sure)


async def show(http: Request) -> Response:
    """GET /r/{token}: a button; the fresh link burns nothing by being looked at."""
    return await run_in_threadpool(_open, http.path_params["token"], http.query_params)


async def enter(http: Request) -> Response:
    """POST /r/{token}: begin a sitting in this browser, and go to the form or to what was sent with it."""
    sure = gate.sure(await gate.typed(http))
    return await run_in_threadpool(_open, http.path_params["token"], http.query_params, sure=sure)


def _ask(token: str, query: QueryParams) -> Response:
    with reading() as session:
        try:
            opened = open_form(session, token, query)
        except RefusedError as refused:
            return refused.page
        return _fresh(opened, asked=bool(query.get("asked")))


def _fresh(opened: visit.Visit, *, asked: bool = False, unsure: bool = False) -> Response:
    """The page that offers a fresh link, or tells that one is on its way."""
    opened.page.path += "/fresh"
    told = {"kind": "asked" if asked else "ask", "action": opened.link("/fresh"), "unsure": unsure}
    return opened.page.render("fresh.html", 422 if unsure else 200, **told)


def _mail_fresh(token: str, query: QueryParams, sure: bool) -> Response:
    with transaction() as session:
        try:
            opened = open_form(session, token, query)
        except RefusedError as refused:
            return refused.page
        if not sure:
            return _fresh(opened, unsure=True)
        one = opened.request
        if _may_mail(session, one.person):
            fresh = link.fresh_link(session, one.link, installation.now())
            mail = FreshLink(given_name=one.person.given_name, title=opened.form.title)
            _post(session, opened.programme, one, mail, fresh, opened.today)
    return RedirectResponse(opened.link("/fresh", asked=1), 303)


def _ended(token: str, query: QueryParams, *, sure: bool | None = None) -> Response:
    """`sure` is the box of a post; None when the page is only looked at."""
    with transaction() if sure else reading() as session:
        try:
            opened = open_form(session, token, query)
            return RedirectResponse(opened.link(), 303)
        except RefusedError as refused:
            found = link.open_link(session, token, "form") or link.dead_link(session, token, "form")
            if found is None:
                return refused.page
        rules, page = visit.dressed(session, found, query, "")
        if not sure:
            asked = sure is None and bool(query.get("asked"))
            return visit.gone(page, token, asked=asked, unsure=sure is False)
        _mail_new(session, rules, found)
        return RedirectResponse(page.link(f"/f/{token}/renew", asked=1), 303)


def _mail_new(session: Session, rules: Programme, ended: Link) -> None:
    """Give the link another address and another last day, and mail it to the one whose link it is."""
    today = installation.today(session, rules.time_zone)
    asked = request.by_link(session, ended.id)
    if asked is None or not _may_renew(session, asked, today) or not _may_mail(session, asked.person):
        return
    link.revoke(session, ended)
    until = min(today + timedelta(days=GRACE_DAYS), asked.due_on + timedelta(days=LATEST_DAYS))
    ended.expires_on = max(until, ended.expires_on or until)
    mail = NewLink(given_name=asked.person.given_name, title=FORMS[asked.form].title, closes_on=ended.expires_on)
    _post(session, rules, asked, mail, ended, today)


def _may_renew(session: Session, asked: request.Request, today: date) -> bool:
    """Whether an answer still counts or can be read back: sixty days after its last day it is over for good."""
    if asked.form not in FORMS or not visit.still_asked(session, asked, today):
        return False
    if today >= asked.due_on + timedelta(days=LATEST_DAYS):
        return False
    given = asked.status in visit.GIVEN
    rounds = programme.milestones(session, asked.programme_id, asked.phase)
    return given or not any(one.round == asked.round and one.finished_on for one in rounds)


def _may_mail(session: Session, whom: Person) -> bool:
    """Whether that person has a mailbox, and got fewer such mails this hour than we send."""
    at = installation.now().timestamp()
    return attempt.within(session, "link", str(whom.id), most=MOST, seconds=HOUR, at=at) and whom.mailbox is not None


def _post(
    session: Session, rules: Programme, asked: request.Request, mail: FreshLink | NewLink, behind: Link, today: date
) -> None:
    """Put it in the outbox, for this minute."""
    whom = asked.person
    delivery.enqueue(
        session,
        key=f"{rules.slug}:mail:{mail.name}:request:{asked.id}:{whom.id}:{behind.id}.{behind.version}",
        programme_id=asked.programme_id,
        phase="mail",
        template=mail.name,
        person_id=whom.id,
        link_id=behind.id,
        request_id=None,
        language=whom.language if whom.language in rules.languages else rules.languages[0],
        fields=mail.model_dump(mode="json", exclude={"link"}),
        due_on=today,
        place=place_of(whom.country, rules.time_zone).code,
        domain=(whom.email or "").rpartition("@")[2],
    )
    event.record(session, f"person:{whom.id}", "asked for a link", f"request:{asked.id}", kind=mail.name)


def _open(token: str, query: QueryParams, *, sure: bool | None = None) -> Response:
    """`sure` is the box of a post; None when the page is only looked at."""
    at = installation.now()
    with reading() as session:
        fresh = link.open_link(session, token, "fresh")
        known = fresh or link.dead_link(session, token, "fresh")
        if known is None:
            return visit.unknown(query)
        _, page = visit.dressed(session, known, query, f"/r/{token}")
        target = link.form_of(session, fresh, at) if fresh else None
        if target is None:
            return page.render("fresh.html", 410, kind="over", action="", unsure=False)
        try:
            opened = open_form(session, target.token, query)
        except RefusedError:
            return visit.closed(page)
        if not sure:
            told = {"kind": "open", "action": page.link(f"/r/{token}"), "unsure": sure is False}
            return page.render("fresh.html", 200 if sure is None else 422, **told)
        response = RedirectResponse(opened.link("/mine" if opened.answered else ""), 303)
        sitting.begin(response, target, at=at)
        return response
