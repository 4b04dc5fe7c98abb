"""The coordinator's desk: how the programme stands, and what waits for a decision."""

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from models.base import reading
from portal import runs
from portal.charts import charts
from portal.overview import WIDTH, overview
from portal.programmes import carried
from portal.running.front import front
from portal.visit import RefusedError, open_desk

DIGITS = 6  # of the number recorded, as it comes back in the address


async def show(http: Request) -> Response:
    """GET /desk/{token}: the whole desk."""
    return await run_in_threadpool(_show, http.path_params["token"], http.query_params)


def _show(token: str, query: QueryParams) -> Response:
    with reading() as session:
        try:
            visit = open_desk(session, token, query)
        except RefusedError as refused:
            return refused.page
        given = query.get("recorded", "")
        recorded = int(given) if given.isascii() and given.isdigit() and len(given) <= DIGITS else None
        return visit.page.render(
            "desk.html",
            visit=visit,
            desk=overview(session, visit),
            recorded=recorded,
            width=WIDTH,
            charts=charts(session, visit),
            running=front(session, visit),
            runs=runs.runs(visit.programme),
            several=len(carried(session, visit.link.person_id)) > 1,
        )
