"""The way into the pages of a running programme: open the desk, give the page, or take what was sent."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal.visit import DeskVisit, RefusedError, open_desk, transaction_of

DIGITS = 9  # of a number in an address
PAGE = 50  # rows on one page
Answer = Callable[[Session, DeskVisit], Response]


async def opened(http: Request, rest: str, answer: Answer) -> Response:
    """The answer of the desk behind the address, or a kind refusal; `rest` is the part of the address below it."""
    return await run_in_threadpool(_opened, http, rest, answer)


def _opened(http: Request, rest: str, answer: Answer) -> Response:
    with transaction_of(http.method) as session:
        try:
            visit = open_desk(session, http.path_params["token"], http.query_params, rest)
        except RefusedError as refused:
            return refused.page
        return answer(session, visit)


def number(http: Request) -> int:
    """The number in the address. Raises HTTPException 404 for one that no row can have."""
    given = int(http.path_params["number"])
    if len(str(given)) > DIGITS:
        raise HTTPException(404)
    return given


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of a long list: which, of how many, and where its rows begin."""

    at: int
    of: int
    start: int
    total: int

    @property
    def end(self) -> int:
        """One past the last row."""
        return min(self.total, self.start + PAGE)


def leaf(query: QueryParams, total: int) -> Leaf:
    """The page that the address asks for, or the nearest that there is; they count from 1."""
    pages = max(1, -(-total // PAGE))
    at = max(1, min(pages, asked_page(query)))
    return Leaf(at, pages, (at - 1) * PAGE, total)


def asked_page(query: QueryParams) -> int:
    """The page's number as it stands in the address; 1 for anything else."""
    given = query.get("page", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= DIGITS else 1
