"""What every form page begins with: one transaction, the link, the form behind it, and whether the sitting is fresh."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from framework.reading import Typed
from models import draft, link, request
from portal import gate, sitting
from portal.visit import RefusedError, Visit, open_form, transaction_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """One look at a form page, or one post to it: `posted` is what was typed, `fresh` whether a sitting holds."""

    http: Request
    session: Session
    visit: Visit
    fresh: bool
    posted: Typed = field(default_factory=dict)

    @property
    def go(self) -> str:
        """The button that was pressed: `next`, `later` or `back`; the first of them where none is named."""
        pressed = (self.posted.get("go") or ("next",))[-1]
        return pressed if pressed in {"later", "back"} else "next"

    def to(self, rest: str, **query: object) -> Response:
        """On to another page of this form (303: a post is not repeated when the page is loaded again)."""
        return RedirectResponse(self.visit.link(rest, **query), 303)


Answer = Callable[[Here], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def looking(answer: Answer) -> Endpoint:
    """A page that is only looked at: it writes nothing."""

    async def endpoint(http: Request) -> Response:
        return await run_in_threadpool(_answered, http, answer, None)

    endpoint.__doc__ = answer.__doc__
    return endpoint


def posting(answer: Answer) -> Endpoint:
    """A page that takes what was typed; whoever typed it may be shown it again in that browser."""

    async def endpoint(http: Request) -> Response:
        posted = await gate.typed(http)
        return await run_in_threadpool(_answered, http, answer, posted)

    endpoint.__doc__ = answer.__doc__
    return endpoint


def _answered(http: Request, answer: Answer, posted: Typed | None) -> Response:
    with transaction_of(http.method) as session:
        if posted is not None:
            held = link.hold(session, http.path_params["token"], "form")
            if held:
                request.hold(session, held.id)
        try:
            visit = open_form(session, http.path_params["token"], http.query_params)
        except RefusedError as refused:
            return refused.page
        visit.page.path = http.url.path
        kept = draft.mark(session, visit.request.id)
        fresh = sitting.holds(http, visit, kept=kept)
        response = answer(Here(http=http, session=session, visit=visit, fresh=fresh, posted=posted or {}))
        if posted is not None and (fresh or not kept):  # a post alone does not open what somebody confided before
            sitting.begin(response, visit, kept=draft.mark(session, visit.request.id))
        return response
