"""All programmes that one person carries, side by side: how each stands, what waits, and the way to its desk.

Looking makes no link: a desk that was never opened is opened by a post, and only for its coordinator; a deputy gets one
by mail when it is needed (CAP-018).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models import event, extract, installation, link, person, programme
from models.programme import Milestone, Programme
from portal import gate, outbox, words
from portal.mail_desk import at_the_desk
from portal.overview import WIDTH, Card, at, cards, waiting
from portal.page import Page, brand_of
from portal.running.lines import counts, lines
from portal.visit import DeskVisit

DIGITS = 9
TOGETHER = ("accepted", "active")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One programme on the page. `spans` are the bars of the thin timeline, each with its mark and its place."""

    id: int
    title: str
    company: str
    deputy: bool
    phases: tuple[str, ...]
    over: bool
    spans: tuple[tuple[str, int, int], ...]
    today_at: int
    cards: tuple[Card, ...]
    open: int
    late: int
    pairs: int
    health: Mapping[str, int]
    held: int
    attention: int
    next: str
    next_on: date | None
    desk: str


async def show(http: Request) -> Response:
    """GET /desk/{token}/programmes: every programme of this coordinator."""
    query = http.query_params
    return await at_the_desk(http, "/programmes", lambda session, visit: _page(session, visit, query))


async def enter(http: Request) -> Response:
    """POST /desk/{token}/programmes: make the desk of another programme of one's own, and go there."""
    typed = await gate.typed(http)
    return await at_the_desk(
        http, "/programmes", lambda session, visit: _enter(session, visit, typed, http.query_params)
    )


def carried(session: Session, person_id: int) -> list[tuple[Programme, bool]]:
    """The programmes that somebody coordinates, or stands in for (True), one's own first, by title."""
    found = []
    for row in programme.all_programmes(session):
        keys = [key for key in (row.rules.coordinator, row.rules.deputy) if key]
        roles = {one.id: one_is_first for one, one_is_first in _named(session, keys)}
        if person_id in roles:
            found.append((row, not roles[person_id]))
    return sorted(found, key=lambda one: (one[1], one[0].rules.title.casefold()))


def _named(session: Session, keys: Sequence[str]) -> list[tuple[person.Person, bool]]:
    """The deputy first, so that who is both counts as coordinator."""
    rows = [(person.by_key(session, key), place == 0) for place, key in enumerate(keys)]
    return [(one, first) for one, first in reversed(rows) if one is not None]


def _page(session: Session, visit: DeskVisit, query: QueryParams, untouched: int = 0) -> Response:
    known = link.desks_of(session, visit.link.person_id)
    rows = [
        _row(session, _visiting(session, visit, row, known.get(row.id), query), deputy=deputy)
        for row, deputy in carried(session, visit.link.person_id)
    ]
    told = {"rows": rows, "width": WIDTH, "words": words, "untouched": untouched}
    return visit.page.render("programmes.html", 422 if untouched else 200, visit=visit, **told)


def _visiting(
    session: Session, visit: DeskVisit, row: Programme, known: link.Link | None, query: QueryParams
) -> DeskVisit:
    """That programme seen from its own desk; where there is none yet, behind a link that is not kept."""
    page = Page(query, visit.page.language)
    page.brand = brand_of(row.rules, person.by_key(session, row.rules.coordinator), page.language)
    behind = known or link.Link(purpose="desk", programme_id=row.id, person_id=visit.link.person_id)
    today = installation.today(session, row.rules.time_zone)
    token = known.token if known else ""
    return DeskVisit(token=token, link=behind, programme=row.rules, page=page, today=today)


def _row(session: Session, visit: DeskVisit, *, deputy: bool) -> Row:
    own = visit.link.programme_id
    rows = programme.milestones(session, own)
    start, end = min(m.opens_on for m in rows), max(m.closes_on for m in rows)
    asked, found = waiting(session, visit, rows), outbox.attention(session, visit)
    pairs, coming = extract.pair_states(session, own), _next(visit, rows)
    return Row(
        id=own,
        title=visit.programme.title,
        company=visit.programme.company,
        deputy=deputy,
        phases=tuple(_name(visit, m) for m in rows if m.opened_on and not m.finished_on),
        over=programme.is_over(session, own),
        spans=tuple(_span(m, start, end) for m in rows),
        today_at=min(at(visit.today, start, end), WIDTH - 4),
        cards=tuple(cards(session, visit, found.mailings)),
        open=sum(one.open for one in asked),
        late=sum(one.open for one in asked if one.late),
        pairs=sum(number for (status, _), number in pairs.items() if status in TOGETHER),
        health=counts(lines(session, visit)),
        held=found.mailings,
        attention=sum(number for number, _ in found.counts),
        next=coming[0],
        next_on=coming[1],
        desk=visit.page.link(f"/desk/{visit.token}") if visit.token else "",
    )


def _name(visit: DeskVisit, one: Milestone) -> str:
    return words.milestone(visit.page.say, one.phase, one.kind)


def _span(one: Milestone, start: date, end: date) -> tuple[str, int, int]:
    left = at(one.opens_on, start, end)
    mark = "done" if one.finished_on else "now" if one.opened_on else "later"
    return mark, left, max(8, at(one.closes_on, start, end) - left)


def _next(visit: DeskVisit, rows: Sequence[Milestone]) -> tuple[str, date | None]:
    """What opens next, and its day; no day where that is past and it waits for the phase before it."""
    coming = [one for one in rows if one.opened_on is None and one.finished_on is None]
    first = min(coming, key=lambda one: one.opens_on, default=None)
    if first is None:
        return "", None
    return _name(visit, first), first.opens_on if first.opens_on > visit.today else None


def _enter(session: Session, visit: DeskVisit, typed: Mapping[str, Sequence[str]], query: QueryParams) -> Response:
    given = "".join(typed.get("programme", ()))
    wanted = int(given) if given.isascii() and given.isdigit() and len(given) <= DIGITS else 0
    mine = {row.id: deputy for row, deputy in carried(session, visit.link.person_id)}
    if mine.get(wanted, True):
        raise HTTPException(403 if wanted in mine else 404)
    if not gate.sure(typed):
        return _page(session, visit, query, wanted)
    made = link.desk_link(session, wanted, visit.link.person_id)
    event.record(session, f"person:{visit.link.person_id}", "desk opened", f"programme:{wanted}")
    return RedirectResponse(visit.page.link(f"/desk/{made.token}"), 303)
