"""The coordinator's desk: how the programme stands, and what waits for a decision."""

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from models.base import transaction
from portal.overview import WIDTH, overview
from portal.visit import RefusedError, open_desk

DIGITS = 6  # of the number recorded, as it comes back in the address


async def show(http: Request) -> Response:
    """GET /desk/{token}: the whole desk."""
    return await run_in_threadpool(_show, http.path_params["token"], http.query_params)


def _show(token: str, query: QueryParams) -> Response:
    with transaction() as session:
        try:
            visit = open_desk(session, token, query)
        except RefusedError as refused:
            return refused.page
        given = query.get("recorded", "")
        recorded = int(given) if given.isascii() and given.isdigit() and len(given) <= DIGITS else None
        seen = overview(session, visit)
        return visit.page.render("desk.html", visit=visit, desk=seen, recorded=recorded, width=WIDTH)
