"""All pairs of a programme with the health of each, the one that needs somebody first; filtered by GET links."""

from sqlalchemy.orm import Session
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from portal import words
from portal.running import door, phrases
from portal.running.lines import ORDER, counts, lines
from portal.visit import DeskVisit


async def show(http: Request) -> Response:
    """GET /desk/{token}/pairs: every pair; `?state=look` those that stand so, `?page=2` goes on."""
    query = http.query_params
    return await door.opened(http, "/pairs", lambda session, visit: _page(session, visit, query))


def _page(session: Session, visit: DeskVisit, query: QueryParams) -> Response:
    every = lines(session, visit)
    state = query.get("state", "")
    state = state if state in ORDER else ""
    if state:
        visit.page.query["state"] = state
    found = [line for line in every if state in {"", line.state}]
    leaf = door.leaf(query, len(found))
    return visit.page.render(
        "pairs.html",
        visit=visit,
        lines=found[leaf.start : leaf.end],
        leaf=leaf,
        state=state,
        order=ORDER,
        counts=counts(every),
        total=len(every),
        words=words,
        phrases=phrases,
    )
