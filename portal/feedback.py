"""What people think of the programme: their words without names, from five on (CAP-173, REV-07).

A name stands beside a message only where its writer said so. The order is a fixed lot, so that it tells nobody's turn.
"""

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request as Http
from starlette.responses import Response
from starlette.routing import Route

from framework.content import FORMS
from framework.people import Role
from framework.visibility import readable
from models import response
from models.base import reading
from portal.page import Page
from portal.shown import told
from portal.visit import DeskVisit, RefusedError, open_desk

FORM, FEWEST = "programme_feedback", 5


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its kind and its words; the name of its writer where that may stand there."""

    kind: str
    words: str
    who: str


def routes() -> list[Route]:
    """The page below /desk/{token}; it stands before the pages of the phases."""
    return [Route("/desk/{token}/feedback", show)]


async def show(http: Http) -> Response:
    """GET /desk/{token}/feedback: how many messages there are, and the words once there are five."""
    return await run_in_threadpool(_show, http.path_params["token"], http.query_params)


def _show(token: str, query: QueryParams) -> Response:
    with reading() as session:
        try:
            visit = open_desk(session, token, query, "/feedback")
        except RefusedError as refused:
            return refused.page
        given = response.of_programme(session, visit.link.programme_id, FORM)
        shown = messages(session, visit) if len(given) >= FEWEST else []
        return visit.page.render("feedback.html", visit=visit, number=len(given), messages=shown, fewest=FEWEST)


def messages(session: Session, visit: DeskVisit) -> list[Message]:
    """Every message that the coordinator may read, in the order of the lot."""
    given = [one for one in response.of_programme(session, visit.link.programme_id, FORM) if one.emptied_on is None]
    drawn = sorted(given, key=lambda one: sha256(f"{FORM}|{one.request.link.public_id}".encode()).digest())
    return [_message(visit, one) for one in drawn]


def _message(visit: DeskVisit, given: response.Response) -> Message:
    mine = readable(FORMS[FORM], given.answers, Role.COORDINATOR, visit.programme.track)
    named = mine.get("named") == "yes"
    return Message(
        kind=_worded(visit.page, "kind", mine),
        words=_worded(visit.page, "what", mine),
        who=given.request.person.value().name if named else "",
    )


def _worded(page: Page, name: str, answers: dict[str, object]) -> str:
    question = next(q for q in FORMS[FORM].questions if q.id == name)
    return told(page, question, answers[name]) if name in answers else ""
