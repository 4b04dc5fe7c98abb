"""Who owes an answer to one form, since when, and what was done about it: the longest waiting first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request as Http
from starlette.responses import Response

from framework.content import FORMS
from models import glance
from models.delivery import Delivery
from models.request import Request
from portal import gate, outbox, words
from portal.running import door, hands, phrases
from portal.running.hands import Hand, Taken
from portal.visit import DeskVisit


@dataclass(frozen=True, slots=True, kw_only=True)
class Owing:
    """One question that waits: of whom, about which pair, for how many days, and how its newest e-mail stands."""

    row: Request
    about: str
    path: str
    days: int
    mail: str
    mail_id: int
    hand: Hand


async def show(http: Http) -> Response:
    """GET /desk/{token}/waiting/{form}: who owes an answer to that form; `?page=2` goes on."""
    form, query = http.path_params["form"], http.query_params
    return await door.opened(http, f"/waiting/{form}", lambda session, visit: _page(session, visit, form, query))


async def send(http: Http) -> Response:
    """POST /desk/{token}/waiting/{form}: one word about one of these questions."""
    typed = await gate.typed(http)
    form, query = http.path_params["form"], http.query_params
    back = f"/waiting/{form}"

    def answer(session: Session, visit: DeskVisit) -> Response:
        _known(form)
        return hands.take(session, visit, typed, back, lambda taken: _page(session, visit, form, query, taken))

    return await door.opened(http, back, answer)


def _known(form: str) -> None:
    """A form that people answer. Raises HTTPException 404 for another word."""
    if form not in FORMS or not FORMS[form].sections:
        raise HTTPException(404)


def _page(session: Session, visit: DeskVisit, form: str, query: QueryParams, taken: Taken | None = None) -> Response:
    _known(form)
    own, done = visit.link.programme_id, query.get("done", "")
    start = (door.asked_page(query) - 1) * door.PAGE
    rows, total = glance.waiting(session, own, form, start=start, most=door.PAGE)
    leaf = door.leaf(query, total)
    if not rows and total:  # beyond the last page
        rows, _ = glance.waiting(session, own, form, start=leaf.start, most=door.PAGE)
    return visit.page.render(
        "waiting.html",
        hands.status(taken),
        visit=visit,
        form=FORMS[form],
        rows=_owing(session, visit, rows),
        leaf=leaf,
        taken=taken,
        done=done if done in phrases.DEEDS else "",
        words=words,
        phrases=phrases,
    )


def _owing(session: Session, visit: DeskVisit, rows: Sequence[Request]) -> list[Owing]:
    made, own = hands.books(session, visit), visit.link.programme_id
    sent = glance.latest_mails(session, {one.id for one in rows})
    pairs = {one.id: f"{one.mentor} · {one.mentee}" for one in glance.couples(session, own)}
    belongs = glance.meetings(session, own)[1] if any(one.about.startswith("meeting:") for one in rows) else {}
    return [_one(visit, one, sent.get(one.id), pairs, belongs, made) for one in rows]


def _one(
    visit: DeskVisit,
    one: Request,
    mail: Delivery | None,
    pairs: Mapping[int, str],
    belongs: Mapping[int, int],
    made: hands.Books,
) -> Owing:
    kind, _, number = one.about.partition(":")
    pair = int(number) if kind == "pairing" else belongs.get(int(number), 0) if kind == "meeting" else 0
    return Owing(
        row=one,
        about=pairs.get(pair, ""),
        path=f"/pairs/{pair}" if pair in pairs else "",
        days=(visit.today - one.opened_on).days,
        mail=outbox.state_of(visit, mail) if mail else "",
        mail_id=mail.id if mail else 0,
        hand=hands.on_request(one, made),
    )
