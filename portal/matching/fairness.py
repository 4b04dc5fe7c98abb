"""The desk's page of fairness: how each group fared in a round of matching, for reading only (LEG-23, LEG-28)."""

from dataclasses import dataclass

from babel.numbers import format_percent
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from framework.matching.fairness import Count, Side, Table, Verdict
from models import fairness, matching_run
from models.base import reading
from notifications.dates import WRITTEN_AS
from portal import words
from portal.page import Page
from portal.visit import DeskVisit, RefusedError, open_desk

PATH = "/matching/fairness"
DIGITS = 3  # of a round in the address


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One group on the page: its name, its share as a length of 100 and as people write it, and its figures."""

    name: str
    long: int
    percent: str
    count: Count
    lower: bool
    too_few: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """One way of grouping."""

    way: str
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class Half:
    """One side: who they are, all of them, and chart by chart; `lower` names the groups that are marked."""

    whom: str
    whole: Bar | None
    charts: list[Chart]
    lower: list[str]


async def show(http: Request) -> Response:
    """GET /desk/{token}/matching/fairness: the newest round that was matched, or `?round=2`."""
    return await run_in_threadpool(_show, http.path_params["token"], http.query_params)


def _show(token: str, query: QueryParams) -> Response:
    with reading() as session:
        try:
            visit = open_desk(session, token, query, PATH)
        except RefusedError as refused:
            return refused.page
        return _page(session, visit, query.get("round", ""))


def _page(session: Session, visit: DeskVisit, asked: str) -> Response:
    runs = [run for run in matching_run.of_programme(session, visit.link.programme_id) if not run.trial]
    made_on = {run.round: run.made_on for run in runs}
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= DIGITS else 0
    number = number if number in made_on else max(made_on, default=0)
    if number and len(made_on) > 1:
        visit.page.query["round"] = str(number)
    halves = fairness.sides(session, visit.link.programme_id, number)
    return visit.page.render(
        "fairness.html",
        visit=visit,
        here=f"/desk/{visit.token}{PATH}",
        halves=[_half(visit.page, half) for half in halves],
        made_on=made_on.get(number),
        number=number,
        rounds=sorted(made_on),
    )


def _half(page: Page, side: Side) -> Half:
    return Half(
        page.say(words.ASKED[side.role]),
        _bar(page, "", side.whole) if side.whole else None,
        [_chart(page, table) for table in side.tables],
        [f"{_name(page, way, one.group)} ({page.say(words.WAYS[way])})" for way, one in side.lower],
    )


def _chart(page: Page, table: Table) -> Chart:
    bars = [_bar(page, _name(page, table.way, one.group), one) for one in table.counts]
    if table.rest:
        bars.append(_bar(page, page.say("Smaller groups, together"), table.rest))
    return Chart(page.say(words.WAYS[table.way]), bars)


def _bar(page: Page, name: str, count: Count) -> Bar:
    return Bar(
        name=name,
        long=round(100 * count.share),
        percent=format_percent(count.share, locale=WRITTEN_AS.get(page.language, page.language)),
        count=count,
        lower=count.verdict is Verdict.LOWER,
        too_few=count.verdict is Verdict.TOO_FEW,
    )


def _name(page: Page, way: str, group: str) -> str:
    """A group as people call it."""
    if not group:
        return page.say("not stated")
    if way == "level":
        return page.say("Grade %(number)s", number=group)
    return words.LANGUAGES.get(group, group) if way == "language" else group
