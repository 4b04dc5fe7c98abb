"""Help that people asked for: the coordinator reads it here, and says how it went on (CAP-153, SUP-M04)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request as Http
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from framework.content import FORMS
from framework.people import Role
from framework.reading import Problem, Typed, read
from framework.requests import RequestStatus
from framework.visibility import readable
from models import delivery, event, request, response
from models.request import Request
from portal import answers, gate
from portal.fields import Sheet
from portal.shown import Shown, told
from portal.visit import DeskVisit, RefusedError, open_desk, transaction_of

ASKED, GIVEN = "help_request", "help_given"
URGENT = "today"
TOLD = (RequestStatus.ANSWERED, RequestStatus.SETTLED)


@dataclass(frozen=True, slots=True)
class Call:
    """One call for help: who, when, whether it hopes for today, and what was done about it, if anything was."""

    number: int
    who: str
    on: date
    urgent: bool
    done: Request | None


def routes() -> list[Route]:
    """The pages below /desk/{token}; they stand before the pages of the phases."""
    return [
        Route("/desk/{token}/asked", show),
        Route("/desk/{token}/asked/{number:int}", one),
        Route("/desk/{token}/asked/{number:int}", send, methods=["POST"]),
    ]


async def show(http: Http) -> Response:
    """GET /desk/{token}/asked: who asked for help, those who wait first."""
    return await _at_the_desk(http, "/asked", _list)


async def one(http: Http) -> Response:
    """GET /desk/{token}/asked/{number}: what somebody wrote, and the form to say what was done."""
    number = http.path_params["number"]
    return await _at_the_desk(http, f"/asked/{number}", lambda session, visit: _page(session, visit, number))


async def send(http: Http) -> Response:
    """POST there: what was done, once."""
    typed, number = await gate.typed(http), http.path_params["number"]
    return await _at_the_desk(http, f"/asked/{number}", lambda session, visit: _done(session, visit, number, typed))


async def _at_the_desk(http: Http, rest: str, answer: Callable[[Session, DeskVisit], Response]) -> Response:
    return await run_in_threadpool(_opened, http, rest, answer)


def _opened(http: Http, rest: str, answer: Callable[[Session, DeskVisit], Response]) -> Response:
    with transaction_of(http.method) as session:
        try:
            return answer(session, open_desk(session, http.path_params["token"], http.query_params, rest))
        except RefusedError as refused:
            return refused.page


def calls(session: Session, programme_id: int) -> list[Call]:
    """Every call for help in a programme: those that wait first, the oldest of each first."""
    done = {one.about: one for one in request.standing(session, programme_id, *TOLD, form=GIVEN)}
    found = []
    for asked in request.standing(session, programme_id, *TOLD, form=ASKED):
        given = response.of_request(session, asked.id)
        urgent = given is not None and given.answers.get("urgent") == URGENT
        who = asked.person.value().name
        found.append(Call(asked.id, who, asked.opened_on, urgent, done.get(f"request:{asked.id}")))
    return sorted(found, key=lambda call: (call.done is not None, not call.urgent, call.on, call.number))


def waiting(session: Session, programme_id: int) -> int:
    """How many of them wait."""
    done = {one.about for one in request.standing(session, programme_id, *TOLD, form=GIVEN)}
    asked = request.standing(session, programme_id, *TOLD, form=ASKED)
    return sum(f"request:{one.id}" not in done for one in asked)


def _list(session: Session, visit: DeskVisit) -> Response:
    return visit.page.render("asked.html", visit=visit, calls=calls(session, visit.link.programme_id))


def _call(session: Session, visit: DeskVisit, number: int) -> Call:
    """The call of that number in this programme; 404 for anything else."""
    found = next((call for call in calls(session, visit.link.programme_id) if call.number == number), None)
    if found is None:
        raise HTTPException(404)
    return found


def _page(
    session: Session, visit: DeskVisit, number: int, typed: Typed | None = None, problems: Sequence[Problem] = ()
) -> Response:
    call, form = _call(session, visit, number), FORMS[GIVEN]
    sheet = Sheet(
        page=visit.page,
        form=form,
        writer=Role.COORDINATOR,
        track=visit.programme.track,
        typed=typed or {},
        problems=problems,
    )
    return visit.page.render(
        "asked_one.html",
        422 if problems else 200,
        visit=visit,
        call=call,
        beside=_told(session, visit, number),
        outcome=_told(session, visit, call.done.id) if call.done else None,
        parts=sheet.parts(),
        wrong=sheet.wrong(),
    )


def _told(session: Session, visit: DeskVisit, request_id: int) -> Shown:
    """What was answered to a question, as far as the coordinator may read it."""
    given = response.of_request(session, request_id)
    if given is None:
        raise HTTPException(404)
    form, page = FORMS[given.form], visit.page
    mine = readable(form, given.answers, Role.COORDINATOR, visit.programme.track)
    lines = tuple((page.say(q.ask), told(page, q, mine[q.id])) for q in form.questions if q.id in mine)
    return Shown(page.say(form.title), given.answered_on, (("", lines),) if lines else ())


def _done(session: Session, visit: DeskVisit, number: int, typed: Typed) -> Response:
    call, form = _call(session, visit, number), FORMS[GIVEN]
    if call.done is None:
        reading = read(form, typed)
        if reading.problems:
            return _page(session, visit, number, typed, reading.problems)
        item = _item(session, visit, number)
        answers.keep(session, item, form, reading.answers, language=visit.page.language, today=visit.today)
        event.record(session, f"person:{visit.link.person_id}", "helped", f"request:{number}")
    return RedirectResponse(visit.page.link(f"/desk/{visit.token}/asked"), 303)


def _item(session: Session, visit: DeskVisit, number: int) -> Request:
    """What is open on this reader's own desk, or an item of his or her own in the place of another's."""
    about, reader = f"request:{number}", visit.link.person_id
    open_ = request.standing(session, visit.link.programme_id, RequestStatus.OPEN, form=GIVEN)
    items = [one for one in open_ if one.about == about]
    for one in items:
        if one.person_id != reader:
            request.change_status(session, one.id, RequestStatus.OPEN, RequestStatus.CANCELLED)
            delivery.cancel_for_request(session, one.id)
    return next((one for one in items if one.person_id == reader), None) or request.open_own(
        session,
        slug=visit.programme.slug,
        programme_id=visit.link.programme_id,
        form=GIVEN,
        person_id=reader,
        today=visit.today,
        about=about,
    )
