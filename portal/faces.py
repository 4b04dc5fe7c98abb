"""The company's face where no form or desk is open: its logo as a file, and its colour on a page of errors."""

import re

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from models import link, programme
from models.base import reading
from notifications.logo import PREFIX, BadLogo, picture
from portal import gate
from portal.page import Page, logo_name
from portal.visit import dressed

ROOMS = {"f": "form", "desk": "desk", "no": "opt_out", "r": "fresh"}
OURS = re.compile(r"/(f|desk|no|r)/([\w-]{30,100})(?:/|$)", re.ASCII)
KEEP = {"Cache-Control": "public, max-age=86400"}


async def logo(http: Request) -> Response:
    """GET /static/logo-<digest>: the logo of a programme's company."""
    return await run_in_threadpool(_logo, http.path_params["name"])


def _logo(name: str) -> Response:
    with reading() as session:
        kept = [row.rules.mail.logo for row in programme.all_programmes(session)]
    found = next((one for one in kept if one.startswith(PREFIX) and logo_name(one) == name), "")
    try:
        raw = picture(found)
    except BadLogo:
        raw = None
    if raw is None:
        raise HTTPException(404)
    return Response(raw, media_type=found.removeprefix("data:").partition(";")[0], headers=KEEP)


async def page_for(http: Request) -> Page:
    """A page of errors in the face of the programme whose link was opened, or in our own where there is none."""
    return await run_in_threadpool(_page_for, http.url.path, http.query_params)


def _page_for(path: str, query: QueryParams) -> Page:
    where = OURS.match(path)
    if where is None:
        return Page(query)
    try:
        with reading() as session:
            opened = link.open_link(session, where[2], ROOMS[where[1]])
            return dressed(session, opened, query, "")[1] if opened else Page(query)
    except Exception as wrong:  # noqa: BLE001 - what broke may be the database itself; the page says so without it
        gate.log_failure(wrong)
        return Page(query)
