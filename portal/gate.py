"""The door: what every answer carries, and what a posted form must be before anything reads it.

No page runs a script, loads from elsewhere, is framed, kept or indexed, or passes its address on.
"""

import logging
from asyncio import timeout
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.settings import settings

LOG = logging.getLogger("baken.portal")
MAX_BODY = 256 * 1024  # bytes of a posted form
MAX_FIELDS = 2000
MAX_NAME = 200  # characters of a field's name
BODY_SECONDS = 30.0  # for a whole form to arrive
YEAR = 31_536_000  # seconds

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), clipboard-read=(), display-capture=(), fullscreen=(), geolocation=(), "
        "gyroscope=(), microphone=(), payment=(), publickey-credentials-get=(), screen-wake-lock=(), usb=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

FRAMED = HEADERS["Content-Security-Policy"] + "; frame-src 'self'"
"""The page with a preview in it may frame our own pages."""

LETTER_ONLY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "frame-ancestors 'self'; base-uri 'none'; sandbox"
)
"""The message itself: its own inline style and picture, and nothing that runs, leads away or loads."""


def headers() -> dict[str, str]:
    """What every answer carries; behind TLS also the word that browsers should never come without it."""
    tls = settings().portal_url.startswith("https://")
    return HEADERS | ({"Strict-Transport-Security": f"max-age={YEAR}"} if tls else {})


class Headers:
    """Gives every answer the headers of the house; an answer that sets one itself keeps its own."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and dress what comes back."""

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                more = [(name.lower().encode(), value.encode()) for name, value in headers().items()]
                message["headers"] = [*message["headers"], *(pair for pair in more if pair[0] not in present)]
            await send(message)

        await self.app(scope, receive, dressed if scope["type"] == "http" else send)


def log_failure(wrong: Exception) -> None:
    """Write down what kind of thing broke, and where: never its text, which may hold what somebody wrote."""
    trace, place = wrong.__traceback__, ""
    while trace:
        place, trace = f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}", trace.tb_next
    LOG.error("%s at %s", type(wrong).__name__, place)


def same_origin(request: Request) -> bool:
    """Whether a post comes from one of our own pages, as far as the browser says.

    With `Referrer-Policy: no-referrer` browsers send `Origin: null` from our own pages; then Sec-Fetch-Site decides.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin", "null")
    ours = {request.headers.get("host", ""), urlsplit(settings().portal_url).netloc}
    try:
        return origin == "null" or urlsplit(origin).netloc in ours
    except ValueError:  # such as `http://[`
        return False


async def typed(request: Request) -> dict[str, list[str]]:
    """The fields of a posted form, each with all its values.

    Raises HTTPException: 403 from elsewhere, 408 too slow, 413 too big, 415 another kind of body, 400 not
    text, with NUL in it, or of a shape that no form of ours has.
    """
    if not same_origin(request):
        raise HTTPException(403)
    return await fields(request)


async def fields(request: Request) -> dict[str, list[str]]:
    """As `typed`, from wherever it was posted: for an address that itself says who asks, such as a mail program's."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = bytearray()
    async with in_time():
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY:
                raise HTTPException(413)
    if body and kind != "application/x-www-form-urlencoded":
        raise HTTPException(415)
    found: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except ValueError as wrong:
        raise HTTPException(400) from wrong
    for name, value in pairs:
        if "\0" in name or "\0" in value or len(name) > MAX_NAME:
            raise HTTPException(400)
        found.setdefault(name, []).append(value)
    return found


def sure(typed: Mapping[str, Sequence[str]]) -> bool:
    """Whether the box was ticked that a page asks for before it does something; an untouched form has it empty."""
    return list(typed.get("sure", ())) == ["yes"]


@asynccontextmanager
async def in_time() -> AsyncIterator[None]:
    """Within this block a body has to arrive. Raises HTTPException (408) when it is too slow."""
    try:
        async with timeout(BODY_SECONDS):
            yield
    except TimeoutError as slow:
        raise HTTPException(408) from slow


class Calm:
    """Answers our own mistakes with a page, and keeps their text out of every log."""

    def __init__(self, app: ASGIApp, answer: Callable[[Request, Exception], Awaitable[Response]]) -> None:
        """Stand before `app`; `answer` makes the page."""
        self.app, self.answer = app, answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; whatever breaks becomes an answer of its own."""
        try:
            await self.app(scope, receive, send)
        except Exception as wrong:
            if scope["type"] != "http":
                raise
            await (await self.answer(Request(scope), wrong))(scope, receive, send)
