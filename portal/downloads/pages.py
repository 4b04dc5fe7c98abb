"""The page of downloads. A file of the programme is asked for by a post: taking data along is written in the trail."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import IO

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from models import event, installation, programme
from portal import gate
from portal.downloads import book, dates, flat
from portal.downloads.sheets import SHEETS, by_id
from portal.visit import DeskVisit, RefusedError, open_desk, transaction_of

IN_MEMORY, PIECE = 1 << 20, 1 << 16  # bytes of a file before it goes to disk, and of what is sent at once
WRITERS = {"xlsx": (book.write, book.KIND), "csv": (flat.write, flat.KIND)}
Answer = Callable[[Session, DeskVisit], Response]


async def show(http: Request) -> Response:
    """GET /desk/{token}/downloads: what there is to take along, and who may see it."""
    return await _at_the_desk(http, _page)


async def make(http: Request) -> Response:
    """POST /desk/{token}/downloads: one list as a file."""
    typed = await gate.typed(http)
    return await _at_the_desk(http, lambda session, visit: _file(session, visit, typed))


async def calendar(http: Request) -> Response:
    """GET /desk/{token}/downloads/calendar.ics: the milestones; no names, and nothing is written."""
    return await _at_the_desk(http, _calendar)


async def _at_the_desk(http: Request, answer: Answer) -> Response:
    return await run_in_threadpool(_opened, http, answer)


def _opened(http: Request, answer: Answer) -> Response:
    with transaction_of(http.method) as session:
        try:
            visit = open_desk(session, http.path_params["token"], http.query_params, "/downloads")
        except RefusedError as refused:
            return refused.page
        return answer(session, visit)


def _page(_: Session, visit: DeskVisit) -> Response:
    shown = [
        (sheet, [visit.page.say(sheet.columns[place].title) for place in sheet.open_to(visit.programme.track)])
        for sheet in SHEETS
    ]
    return visit.page.render("downloads.html", visit=visit, sheets=shown)


def _file(session: Session, visit: DeskVisit, typed: Mapping[str, Sequence[str]]) -> Response:
    sheet, way = by_id("".join(typed.get("what", ()))), "".join(typed.get("as", ()))
    if sheet is None or way not in WRITERS:
        raise HTTPException(400)
    write, kind = WRITERS[way]
    kept = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed when it is sent
    try:
        rows = write(sheet, session, visit, kept)
        about = f"programme:{visit.link.programme_id}"
        event.record(session, f"person:{visit.link.person_id}", "downloaded", about, list=sheet.id, form=way, rows=rows)
        session.flush()
    except BaseException:
        kept.close()
        raise
    return StreamingResponse(_pieces(kept), media_type=kind, headers=_named(visit, sheet.id, way))


def _calendar(session: Session, visit: DeskVisit) -> Response:
    rows = programme.milestones(session, visit.link.programme_id)
    text = dates.calendar(visit, rows, installation.now())
    return Response(text, media_type=dates.KIND, headers=_named(visit, "calendar", "ics"))


def _named(visit: DeskVisit, what: str, ending: str) -> dict[str, str]:
    """A plain file name: the programme's short name, the list, the day."""
    name = f"{visit.programme.slug}-{what}-{visit.today}.{ending}"
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}


def _pieces(kept: IO[bytes]) -> Iterator[bytes]:
    with kept:
        kept.seek(0)
        while piece := kept.read(PIECE):
            yield piece
