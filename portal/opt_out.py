"""No more calls and announcements: one click in a mail program (RFC 8058), or a tick on a page, and a way back.

The address itself says who asks; there is no cookie and nothing to log in to. Looking at it changes nothing, nor does a
program that presses the button for its reader.
"""

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models import delivery, event
from models.base import reading, transaction
from models.delivery import Delivery
from notifications.emails import EMAILS
from portal import gate
from portal.visit import OptOutVisit, RefusedError, open_opt_out

CAMPAIGNS = frozenset(name for name, kind in EMAILS.items() if kind.campaign)
ONE_CLICK = ("List-Unsubscribe", "One-Click")
MULTIPART = "multipart/form-data"
OK, UNTOUCHED = 200, 422
LARGEST, DIGITS = 16 * 1024, 9  # bytes of a mail program's post, and the digits of that number


async def show(http: Request) -> Response:
    """GET /no/{token}: what it means, and a box to tick."""
    return await run_in_threadpool(_show, http.path_params["token"], http.query_params)


async def send(http: Request) -> Response:
    """POST /no/{token}: a mail program's one click, or our own page; without a tick the page comes back.

    Raises HTTPException: 400 for a post that asks for neither, and what `gate.typed` raises.
    """
    typed = await _typed(http)
    one_click = typed.get(ONE_CLICK[0]) == ONE_CLICK[1]
    choice = "stop" if one_click else typed.get("choice", "")
    if choice not in {"stop", "again", ""} or (typed and not choice):
        raise HTTPException(400)
    if not one_click and not gate.same_origin(http):
        raise HTTPException(403)
    return await run_in_threadpool(_send, http.path_params["token"], http.query_params, choice, one_click)


async def _typed(http: Request) -> dict[str, str]:
    """The fields of either kind of form; the last value of each. A mail program posts from anywhere."""
    kind = http.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != MULTIPART:
        return {name: values[-1] for name, values in (await gate.fields(http)).items()}
    length = http.headers.get("content-length", "")
    if not (length.isascii() and length.isdigit() and len(length) < DIGITS and int(length) <= LARGEST):
        raise HTTPException(413)
    async with gate.in_time(), http.form(max_files=0, max_fields=20, max_part_size=LARGEST) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


def _show(token: str, query: QueryParams) -> Response:
    with reading() as session:
        try:
            visit = open_opt_out(session, token, query)
        except RefusedError as refused:
            return refused.page
        return _page(visit)


def _send(token: str, query: QueryParams, choice: str, one_click: bool) -> Response:
    with transaction() as session:
        try:
            visit = open_opt_out(session, token, query)
        except RefusedError as refused:
            return refused.page
        if not choice:
            return _page(visit, status=UNTOUCHED)
        _stop(session, visit) if choice == "stop" else _again(session, visit)
        if one_click:  # a mail program wants an answer, and no other address (RFC 8058, 3.1)
            return _page(visit)
        return RedirectResponse(visit.page.link(f"/no/{token}"), 303)


def _stop(session: Session, visit: OptOutVisit) -> None:
    """Calls and announcements end today, those on their way too; a second time changes nothing."""
    if visit.person.no_campaigns_since is None:
        visit.person.no_campaigns_since = visit.today
        event.record(session, f"person:{visit.person.id}", "opted out", f"person:{visit.person.id}")
    delivery.cancel(session, Delivery.person_id == visit.person.id, Delivery.template.in_(CAMPAIGNS))


def _again(session: Session, visit: OptOutVisit) -> None:
    if visit.person.no_campaigns_since is not None:
        visit.person.no_campaigns_since = None
        event.record(session, f"person:{visit.person.id}", "opted in", f"person:{visit.person.id}")


def _page(visit: OptOutVisit, status: int = OK) -> Response:
    since = visit.person.no_campaigns_since
    return visit.page.render("opt_out.html", status, visit=visit, since=since, untouched=status != OK)
