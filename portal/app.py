"""The portal: its addresses, its headers, and what it says when something is not as it should be."""

from importlib import resources

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal import (
    asked,
    colour,
    decisions,
    desk,
    faces,
    feedback,
    forms,
    gate,
    health,
    limits,
    mail_desk,
    opt_out,
    previews,
    programmes,
    renew,
    waiting_mail,
    who,
)
from portal.dates import pages as dates
from portal.downloads import pages as downloads
from portal.matching import fairness, pages, what_if
from portal.page import STYLE, Page
from portal.running import routes as running

KEEP = {"Cache-Control": "public, max-age=86400"}
ICON = (resources.files("portal") / "static" / "icon.svg").read_bytes()


async def style(_: Request) -> Response:
    """GET /static/baken.css: the one stylesheet."""
    return Response(STYLE, media_type="text/css", headers=KEEP)


async def icon(_: Request) -> Response:
    """GET /static/icon.svg: the beacon."""
    return Response(ICON, media_type="image/svg+xml", headers=KEEP)


async def brand(http: Request) -> Response:
    """GET /static/brand-0b5d66.css: one company's colour."""
    try:
        text = colour.stylesheet(http.path_params["code"])
    except ValueError as wrong:
        raise HTTPException(404) from wrong
    return Response(text, media_type="text/css", headers=KEEP)


async def refused(http: Request, wrong: Exception) -> Response:
    """A page for what cannot be done: not found, not allowed, too big."""
    status = wrong.status_code if isinstance(wrong, HTTPException) else 500
    busy = status == 429  # noqa: PLR2004 - then nothing is looked up
    page = Page(http.query_params) if busy else await faces.page_for(http)
    template = "gone.html" if status == 404 else "oops.html"  # noqa: PLR2004
    answer = page.render(template, status, unknown=True, code=status)
    answer.headers.update(getattr(wrong, "headers", None) or {})
    return answer


async def broken(http: Request, wrong: Exception) -> Response:
    """A page for our own mistake; nothing was kept."""
    gate.log_failure(wrong)
    return await refused(http, wrong)


def create_app() -> Starlette:
    """The portal, ready to serve."""
    app = Starlette(
        routes=[
            Route("/health", health.show),
            Route("/static/baken.css", style),
            Route("/static/icon.svg", icon),
            Route("/static/brand-{code}.css", brand),
            Route("/static/logo-{name}", faces.logo),
            *forms.routes(),
            Route("/f/{token}/who", who.show),
            Route("/f/{token}/fresh", renew.ask),
            Route("/f/{token}/fresh", renew.mail_fresh, methods=["POST"]),
            Route("/f/{token}/renew", renew.ended),
            Route("/f/{token}/renew", renew.mail_new, methods=["POST"]),
            Route("/r/{token}", renew.show),
            Route("/r/{token}", renew.enter, methods=["POST"]),
            Route("/no/{token}", opt_out.show),
            Route("/no/{token}", opt_out.send, methods=["POST"]),
            Route("/desk/{token}", desk.show),
            Route("/desk/{token}/matching/fairness", fairness.show),
            Route("/desk/{token}/mails", mail_desk.show),
            Route("/desk/{token}/mails", mail_desk.send, methods=["POST"]),
            Route("/desk/{token}/mails/letters.pdf", mail_desk.letters),
            Route("/desk/{token}/mails/preview", previews.show),
            Route("/desk/{token}/mails/preview/sheet", previews.sheet),
            *waiting_mail.routes(),
            Route("/desk/{token}/mails/{number:int}", mail_desk.one),
            Route("/desk/{token}/mails/{number:int}/sheet", mail_desk.sheet),
            Route("/desk/{token}/matching/pair/{number:int}", pages.pair),
            Route("/desk/{token}/matching/pair/{number:int}", pages.choose, methods=["POST"]),
            Route("/desk/{token}/matching/unmatched", pages.left_over),
            Route("/desk/{token}/matching/what-if", what_if.show),
            Route("/desk/{token}/matching/what-if", what_if.send, methods=["POST"]),
            Route("/desk/{token}/programmes", programmes.show),
            Route("/desk/{token}/programmes", programmes.enter, methods=["POST"]),
            Route("/desk/{token}/downloads", downloads.show),
            Route("/desk/{token}/downloads", downloads.make, methods=["POST"]),
            Route("/desk/{token}/downloads/calendar.ics", downloads.calendar),
            *running.routes(),
            *dates.routes(),
            *asked.routes(),
            *feedback.routes(),
            Route("/desk/{token}/{phase}", decisions.show),
            Route("/desk/{token}/{phase}", decisions.send, methods=["POST"]),
        ],
        middleware=[
            Middleware(gate.Headers),
            Middleware(gate.Calm, answer=broken),
            Middleware(limits.Limits, answer=refused),
        ],
        exception_handlers={HTTPException: refused},
    )
    app.router.redirect_slashes = False  # such a redirect would name whatever host the request claimed
    return app
