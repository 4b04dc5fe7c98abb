"""The form pages: ask, listen, thank. Opening a page changes nothing; only sending the form does."""

from collections.abc import Mapping, Sequence

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from framework.questions import Problem, read
from models.base import transaction
from portal import answers, gate, readers, shown
from portal.fields import Sheet
from portal.visit import RefusedError, Visit, open_form


async def show(http: Request) -> Response:
    """GET /f/{token}: the form, or the receipt when it was answered before."""
    return await run_in_threadpool(_show, http.path_params["token"], http.query_params)


async def send(http: Request) -> Response:
    """POST /f/{token}: read what was typed; keep it, or give the page back with what is wrong."""
    typed = await gate.typed(http)
    return await run_in_threadpool(_send, http.path_params["token"], http.query_params, typed)


async def done(http: Request) -> Response:
    """GET /f/{token}/done: the receipt."""
    return await run_in_threadpool(_done, http.path_params["token"], http.query_params)


def _show(token: str, query: QueryParams) -> Response:
    with transaction() as session:
        try:
            visit = open_form(session, token, query)
        except RefusedError as refused:
            return refused.page
        beside = shown.beside(session, visit.page, visit.request, visit.writer, visit.programme.track)
        if visit.answered and not (query.get("change") and visit.may_change):
            return _receipt(visit, again=True)
        return _form(visit, beside, answers.shareable(visit.form, visit.answers))


def _send(token: str, query: QueryParams, typed: Mapping[str, Sequence[str]]) -> Response:
    with transaction() as session:
        try:
            visit = open_form(session, token, query)
        except RefusedError as refused:
            return refused.page
        reading = read(visit.form, answers.with_kept(visit.form, visit.answers, typed))
        if reading.problems:
            beside = shown.beside(session, visit.page, visit.request, visit.writer, visit.programme.track)
            return _form(visit, beside, typed, reading.problems)
        changed = not visit.answered or reading.answers != visit.answers
        if changed and not visit.may_change:
            return _receipt(visit, again=True, late=True)
        if changed:
            answers.keep(
                session,
                visit.request,
                visit.form,
                reading.answers,
                language=visit.page.language,
                today=visit.today,
            )
    return RedirectResponse(visit.link("/done"), 303)


def _done(token: str, query: QueryParams) -> Response:
    with transaction() as session:
        try:
            visit = open_form(session, token, query)
        except RefusedError as refused:
            return refused.page
        if not visit.answered:
            return RedirectResponse(visit.link(), 303)
        visit.page.path += "/done"
        return _receipt(visit, again=False)


def _form(
    visit: Visit,
    beside: shown.Shown | None,
    typed: Mapping[str, Sequence[str]],
    problems: Sequence[Problem] = (),
) -> Response:
    sheet = Sheet(
        page=visit.page,
        form=visit.form,
        writer=visit.writer,
        track=visit.programme.track,
        typed=typed,
        problems=problems,
        kept=answers.confidential(visit.form, visit.answers),
        cards=visit.cards,
    )
    action = visit.link(**visit.page.query)
    return visit.page.render(
        "form.html", 422 if problems else 200, visit=visit, form=visit.form, sheet=sheet, beside=beside, action=action
    )


def _receipt(visit: Visit, *, again: bool, late: bool = False) -> Response:
    readership = readers.of_form(visit.page, visit.form, visit.writer, visit.programme.track)
    return visit.page.render(
        "receipt.html",
        410 if late else 200,
        visit=visit,
        form=visit.form,
        readership=readership,
        again=again,
        late=late,
    )
