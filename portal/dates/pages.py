"""The pages of dates, and the one post behind them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request as Http
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from framework.another_day import DEEDS, Word
from framework.by_hand import Deed
from framework.reading import Typed
from framework.replanning import Refused
from models.desk import calendar as desk
from models.desk.calendar import Foreseen
from notifications.emails.common import Reminder
from portal import gate
from portal.dates import lines as shown
from portal.dates.lines import Line
from portal.dates.phrases import DEEDS as WORDS
from portal.dates.phrases import MISSING
from portal.running import door
from portal.visit import DeskVisit


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for in the address or the form: what, and on which day, as typed.

    `problem` is a phrase about what is missing; `word` is there once nothing is.
    """

    deed: str = ""
    on: str = ""
    problem: str = ""
    word: Word | None = None


def routes() -> list[Route]:
    """Each page below /desk/{token}; they stand before the pages of the phases."""
    return [
        Route("/desk/{token}/dates", show),
        Route("/desk/{token}/dates/{number:int}", one),
        Route("/desk/{token}/dates/{number:int}", send, methods=["POST"]),
    ]


async def show(http: Http) -> Response:
    """GET /desk/{token}/dates: every phase and round, and what may be done about each."""
    return await door.opened(http, "/dates", lambda session, visit: _list(session, visit, http.query_params))


async def one(http: Http) -> Response:
    """GET /desk/{token}/dates/{number}?do=move&on=2027-05-10: one round, and what would follow from that."""
    number, query = door.number(http), http.query_params
    back = f"/dates/{number}"
    return await door.opened(http, back, lambda session, visit: _one(session, visit, number, query))


async def send(http: Http) -> Response:
    """POST there: the word, once, for exactly what was shown."""
    typed, number = await gate.typed(http), door.number(http)
    back = f"/dates/{number}"
    return await door.opened(http, back, lambda session, visit: _take(session, visit, number, typed))


def _list(session: Session, visit: DeskVisit, query: QueryParams) -> Response:
    every = shown.lines(session, visit)
    done = query.get("done", "") == "yes"
    return visit.page.render("dates.html", visit=visit, lines=every, waits=_waits(session, visit, every), done=done)


def _waits(session: Session, visit: DeskVisit, every: list[Line]) -> str:
    """The word that is recorded and not carried out yet, in short; empty where there is none."""
    found = [taken for taken in desk.said(session, visit.link.programme_id) if not taken.applied]
    return shown.in_short(visit, found[0], every) if found else ""


def _one(session: Session, visit: DeskVisit, number: int, query: QueryParams) -> Response:
    line = _line(session, visit, number)
    asked = "do" in query or "on" in query
    wanted = _wanted(line, query.get("do", ""), query.get("on", "")) if asked else Wanted()
    return _page(session, visit, line, wanted)


def _line(session: Session, visit: DeskVisit, number: int) -> Line:
    """The round of that number in this programme. Raises HTTPException 404 for any other."""
    found = next((one for one in shown.lines(session, visit) if one.number == number), None)
    if found is None:
        raise HTTPException(404)
    return found


def _wanted(line: Line, deed: str, on: str) -> Wanted:
    deed, on = deed.strip(), on.strip()
    if deed not in DEEDS:
        return Wanted(on=on, problem=MISSING["what"])
    if deed == Deed.CALL_OFF:
        return Wanted(deed=deed, word=Word(Deed.CALL_OFF, line.number))
    try:
        day = date.fromisoformat(on)
    except ValueError:
        return Wanted(deed=deed, on=on, problem=MISSING["day"])
    return Wanted(deed=deed, on=on, word=Word(Deed(deed), line.number, day))


def _page(
    session: Session,
    visit: DeskVisit,
    line: Line,
    wanted: Wanted,
    *,
    stale: bool = False,
    unsure: bool = False,
) -> Response:
    """The round, and what follows from what was asked for; `unsure` where the box was left empty."""
    every = shown.lines(session, visit)
    waits = _waits(session, visit, every)
    found, problem = (None, wanted.problem) if waits or not wanted.word else _foresee(session, visit, wanted.word)
    if wanted.word:
        visit.page.query |= {"do": wanted.word.deed, "on": wanted.on}
    wrong = bool(problem) or unsure
    return visit.page.render(
        "dates_one.html",
        409 if stale else 422 if wrong else 200,
        visit=visit,
        line=line,
        waits=waits,
        wanted=wanted,
        problem=problem,
        stale=stale,
        unsure=unsure,
        choices=[(deed, visit.page.say(WORDS[deed])) for deed in line.may],
        found=found,
        moved=shown.moved(visit, found) if found else [],
        owing=shown.owing(visit, found) if found else [],
        digest=found.digest(visit.link.programme_id, len(desk.said(session, visit.link.programme_id))) if found else "",
    )


def _foresee(session: Session, visit: DeskVisit, word: Word) -> tuple[Foreseen | None, str]:
    """What follows, or why nothing can."""
    try:
        return desk.foresee(session, visit.link.programme_id, word, visit.today, Reminder.name), ""
    except Refused as refused:
        return None, shown.said(visit, refused)


def _take(session: Session, visit: DeskVisit, number: int, typed: Typed) -> Response:
    line = _line(session, visit, number)
    deed, on, digest = (_last(typed, name) for name in ("do", "on", "digest"))
    wanted = _wanted(line, deed, on)
    if wanted.word is None or not digest:
        raise HTTPException(400)
    own, here = visit.link.programme_id, visit.page.link(f"/desk/{visit.token}/dates", done="yes")
    if desk.was_said(session, own, wanted.word, digest):
        return RedirectResponse(here, 303)
    if not gate.sure(typed):
        return _page(session, visit, line, wanted, unsure=True)
    found, _ = _foresee(session, visit, wanted.word)
    if found and desk.take(session, own, found, digest, who=visit.link.person_id, today=visit.today):
        return RedirectResponse(here, 303)
    return _page(session, visit, line, wanted, stale=True)


def _last(typed: Typed, name: str) -> str:
    values = typed.get(name, ())
    return values[-1].strip() if values else ""
