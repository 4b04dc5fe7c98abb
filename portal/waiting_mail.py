"""A mailing that waits for a word, person by person: look at everybody, and let go or call off those that are ticked.

A word is bound to a digest of the whole mailing as it was shown (house idea 8): what changed meanwhile is asked again.
"""

from collections.abc import Collection
from hashlib import sha256

from sqlalchemy.orm import Session
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from framework.reading import Typed
from models import extract, mailing
from portal import gate, outbox
from portal.mail_desk import Word, at_the_desk, is_taken, keep_word
from portal.outbox import Held
from portal.visit import DeskVisit

AT_ONCE = 50  # people on one page
DIGITS = 5
DONE = frozenset({"release", "cancel"})


def routes() -> list[Route]:
    """The pages below /desk/{token}."""
    return [
        Route("/desk/{token}/mails/held/{name}", show),
        Route("/desk/{token}/mails/held/{name}", send, methods=["POST"]),
    ]


async def show(http: Request) -> Response:
    """GET /desk/{token}/mails/held/{name}: everybody whom a mailing would reach."""
    name, query = http.path_params["name"], http.query_params
    return await at_the_desk(http, f"/mails/held/{name}", lambda session, visit: _page(session, visit, name, query))


async def send(http: Request) -> Response:
    """POST there: one word on those that are ticked."""
    name, query, typed = http.path_params["name"], http.query_params, await gate.typed(http)
    return await at_the_desk(
        http, f"/mails/held/{name}", lambda session, visit: _take(session, visit, name, query, typed)
    )


def _waiting(session: Session, visit: DeskVisit, name: str) -> Held | None:
    return next((one for one in outbox.held(session, visit) if one.template == name), None)


def _page(
    session: Session,
    visit: DeskVisit,
    name: str,
    query: QueryParams,
    *,
    stale: bool = False,
    problem: str = "",
) -> Response:
    """The page; `problem` is a phrase about what the form still wants."""
    one, given = _waiting(session, visit, name), query.get("page", "1")
    number = int(given) if given.isascii() and given.isdigit() and len(given) <= DIGITS else 0
    if one is None or number < 1:
        raise HTTPException(404)
    rows = extract.held_people(session, visit.link.programme_id, name, (number - 1) * AT_ONCE, AT_ONCE)
    visit.page.query["page"] = number
    return visit.page.render(
        "mail_held.html",
        409 if stale else 422 if problem else 200,
        visit=visit,
        one=one,
        rows=rows,
        number=number,
        last=max(1, -(-one.messages // AT_ONCE)),
        done=visit.page.query.get("done", ""),
        stale=stale,
        problem=problem,
    )


def _take(session: Session, visit: DeskVisit, name: str, query: QueryParams, typed: Typed) -> Response:
    choice, digest = ((typed.get(field) or [""])[-1].strip() for field in ("choice", "digest"))
    ticked = {int(one) for one in typed.get("message", ()) if one.isascii() and one.isdigit() and len(one) < AT_ONCE}
    if not ticked:
        return _page(session, visit, name, query, problem=visit.page.say("Tick whom it is about."))
    if choice not in DONE:
        return _page(session, visit, name, query, problem=visit.page.say("Choose one of the answers."))
    if not _record(session, visit, name, choice, digest, ticked):
        if _waiting(session, visit, name) is None:
            raise HTTPException(404)
        return _page(session, visit, name, query, stale=True)
    rest = f"/mails/held/{name}" if _waiting(session, visit, name) else "/mails"
    return RedirectResponse(visit.page.link(f"/desk/{visit.token}{rest}", done=choice), 303)


def _record(session: Session, visit: DeskVisit, name: str, choice: str, digest: str, ticked: Collection[int]) -> bool:
    """The word on these messages, once; False when the mailing is not what was shown."""
    own = visit.link.programme_id
    subject = f"mailing:{sha256(f'{digest} {sorted(ticked)}'.encode()).hexdigest()[:40]}"
    now = _waiting(session, visit, name)
    if now is None or now.digest != digest or not set(ticked) <= set(now.numbers):
        return is_taken(session, own, subject, choice)
    number = mailing.let_some_go(session, own, ticked, send=choice == "release")
    return keep_word(session, visit, name, Word(subject, choice, digest), number)
