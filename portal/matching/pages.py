"""The pages behind the proposals: one pair in full, why not another one, and who has nobody and what would help.

On the page of one pair the coordinator may choose another mentor, once for exactly what was shown (house idea 8).
"""

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from framework import desk
from framework.reading import Typed
from models import decision, participant
from models.desk.rounds import Round, open_round
from models.desk.subjects import seats
from models.pairing import Pairing
from portal import decisions, gate, words
from portal.matching import one_pair, pair_words, unmatched
from portal.visit import DeskVisit, RefusedError, open_desk, transaction_of

DIGITS = 9  # of a number in the address
HERE = "/matching"


async def pair(http: Request) -> Response:
    """GET /desk/{token}/matching/pair/{number}: one pair in full; `?mentor=12` asks why not that one."""
    return await run_in_threadpool(_pair, http.path_params["token"], http.path_params["number"], http.query_params)


async def choose(http: Request) -> Response:
    """POST /desk/{token}/matching/pair/{number}?mentor=12: have that mentor instead, for exactly what was shown."""
    typed = await gate.typed(http)
    where = http.path_params
    return await run_in_threadpool(_choose, where["token"], where["number"], http.query_params, typed)


async def left_over(http: Request) -> Response:
    """GET /desk/{token}/matching/unmatched: who has nobody and what would help; `?from=25` goes on from there."""
    return await run_in_threadpool(_left_over, http.path_params["token"], http.query_params)


def number_in(query: QueryParams, name: str) -> int:
    """A whole number of the address; 0 for anything else."""
    given = query.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= DIGITS else 0


def look(
    token: str,
    query: QueryParams,
    rest: str,
    page: Callable[[Session, DeskVisit], Response],
    *,
    method: str = "GET",
) -> Response:
    """A page of the desk below /matching, or a kind refusal; only a post (`method`) may write."""
    with transaction_of(method) as session:
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
        return _one(session, visit, _found(session, visit, number), query)

    return look(token, query, f"/pair/{number}", page)


def _found(session: Session, visit: DeskVisit, number: int) -> Pairing:
    found = session.get(Pairing, number)
    if found is None or found.programme_id != visit.link.programme_id:
        raise HTTPException(404)
    return found


def _one(
    session: Session,
    visit: DeskVisit,
    pair: Pairing,
    query: QueryParams,
    *,
    stale: bool = False,
    wrong: Sequence[str] = (),
    reason: str = "",
    untouched: bool = False,
) -> Response:
    """The page of one pair, perhaps with what stands in the way of a choice."""
    visit.page.query |= {name: value for name, value in query.items() if name == "mentor"}
    people, asked = named(session, visit), number_in(query, "mentor")
    seen = one_pair.full(session, visit, pair, people, asked, round_now(session, visit))
    return visit.page.render(
        "one_pair.html",
        409 if stale else 422 if wrong or untouched else 200,
        visit=visit,
        seen=seen,
        made=_made(session, pair),
        stale=stale,
        wrong=wrong,
        reason=reason,
        untouched=untouched,
        words=words,
        pair_words=pair_words,
    )


def _made(session: Session, pair: Pairing) -> str:
    """What was decided on this pair; empty where nothing was."""
    made = decision.of_round(session, pair.programme_id, "matching", pair.round)
    return next((one.choice for one in made if one.subject == f"pairing:{pair.id}"), "")


def _choose(token: str, number: int, query: QueryParams, typed: Typed) -> Response:
    def page(session: Session, visit: DeskVisit) -> Response:
        pair = _found(session, visit, number)
        name = f"pairing:{pair.id}"
        mine = {field: values for field, values in typed.items() if field.partition(".")[0] == name}
        back = RedirectResponse(f"{visit.page.link(f'/desk/{token}{HERE}')}#pairing-{pair.id}", 303)
        sent, made = (mine.get(name) or ("",))[-1], _made(session, pair)
        if made and sent == made:
            return back  # a form that was sent twice
        now, people = round_now(session, visit), named(session, visit)
        seen = one_pair.full(session, visit, pair, people, number_in(query, "mentor"), now)
        if now is None or seen.choice is None or made:
            return _one(session, visit, pair, query, stale=True)
        if not sent:
            reason = (mine.get(f"{name}.reason") or ("",))[-1]
            return _one(session, visit, pair, query, reason=reason, untouched=True)
        on = decisions.bench(session, visit, "matching")
        subjects = [seen.choice if one.id == name else one for one in on.subjects]
        before = {subject: one.choice for subject, one in on.decided.items()}
        ruling = desk.read("matching", subjects, mine, before, seats(now))
        if ruling.problems:
            reason = (mine.get(f"{name}.reason") or ("",))[-1]
            wrong = [visit.page.say(one.text) for one in ruling.problems]
            return _one(session, visit, pair, query, wrong=wrong, reason=reason)
        if ruling.stale or not ruling.verdicts:
            return _one(session, visit, pair, query, stale=True)
        decisions.record(session, on, ruling)
        return back

    return look(token, query, f"/pair/{number}", page, method="POST")


def _left_over(token: str, query: QueryParams) -> Response:
    def page(session: Session, visit: DeskVisit) -> Response:
        now = round_now(session, visit)
        first = number_in(query, "from")
        seen = unmatched.everybody(now, visit.page, named(session, visit), first) if now else None
        return visit.page.render("unmatched.html", visit=visit, seen=seen, first=first)

    return look(token, query, "/unmatched", page)
