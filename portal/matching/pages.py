"""The pages behind the proposals: one pair in full, why not another one, and who has nobody and what would help."""

from collections.abc import Callable

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from models import participant
from models.base import transaction
from models.pairing import Pairing
from portal import words
from portal.matching import one_pair, pair_words, unmatched
from portal.rounds import Round, open_round
from portal.visit import DeskVisit, RefusedError, open_desk

DIGITS = 9  # of a number in the address
HERE = "/matching"


async def pair(http: Request) -> Response:
    """GET /desk/{token}/matching/pair/{number}: one pair in full; `?mentor=12` asks why not that one."""
    return await run_in_threadpool(_pair, http.path_params["token"], http.path_params["number"], http.query_params)


async def left_over(http: Request) -> Response:
    """GET /desk/{token}/matching/unmatched: who has nobody and what would help; `?from=25` goes on from there."""
    return await run_in_threadpool(_left_over, http.path_params["token"], http.query_params)


def number_in(query: QueryParams, name: str) -> int:
    """A whole number of the address; 0 for anything else."""
    given = query.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= DIGITS else 0


def look(token: str, query: QueryParams, rest: str, page: Callable[[Session, DeskVisit], Response]) -> Response:
    """A page of the desk below /matching, or a kind refusal."""
    with transaction() as session:
        try:
            visit = open_desk(session, token, query, f"{HERE}{rest}")
        except RefusedError as refused:
            return refused.page
        return page(session, visit)


def round_now(session: Session, visit: DeskVisit) -> Round | None:
    """The round of matching that is open; nothing where there is none."""
    milestone = open_round(session, visit.link.programme_id, "matching")
    if milestone is None:
        return None
    return Round(
        session=session,
        programme_id=visit.link.programme_id,
        rules=visit.programme,
        milestone=milestone,
        today=visit.today,
    )


def named(session: Session, visit: DeskVisit) -> dict[int, participant.Participant]:
    """Everybody of the programme by participant id."""
    return {one.id: one for one in participant.of_programme(session, visit.link.programme_id)}


def _pair(token: str, number: int, query: QueryParams) -> Response:
    def page(session: Session, visit: DeskVisit) -> Response:
        found = session.get(Pairing, number)
        if found is None or found.programme_id != visit.link.programme_id:
            raise HTTPException(404)
        visit.page.query |= {name: value for name, value in query.items() if name == "mentor"}
        seen = one_pair.full(session, visit, found, named(session, visit), number_in(query, "mentor"))
        return visit.page.render("one_pair.html", visit=visit, seen=seen, words=words, pair_words=pair_words)

    return look(token, query, f"/pair/{number}", page)


def _left_over(token: str, query: QueryParams) -> Response:
    def page(session: Session, visit: DeskVisit) -> Response:
        now = round_now(session, visit)
        first = number_in(query, "from")
        seen = unmatched.everybody(now, visit.page, named(session, visit), first) if now else None
        return visit.page.render("unmatched.html", visit=visit, seen=seen, first=first)

    return look(token, query, "/unmatched", page)
