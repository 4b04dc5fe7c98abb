"""How much is too much: posts to one link, and links that we don't know from one address (ASVS 2.4.1).

Posts are counted in the database, so that the limit holds for all processes of the portal together. Looking at a page
writes nothing, whatever was asked: so unknown links are counted in this process's own memory, a minute long. A link has
128 random bits and a signature of 128 more, and is not found by trying; the limit spares the machine. It never stands
in the way of a link that works, since a whole company may come from one address.
"""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime
from ipaddress import IPv6Address, ip_address

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models import attempt, link
from models.base import transaction
from models.installation import now
from models.settings import settings

POSTS = {"form": 60, "fresh": 60, "opt_out": 60, "desk": 600}  # an hour, for each link
HOUR, MINUTE = 3600, 60
UNKNOWN = 20  # a minute, for each address
ADDRESSES = 10_000  # remembered at once; all others share one count
ROOMS = {path: purpose for purpose, path in ({"form": "f"} | link.PATHS).items()}
NOT_FOUND, TOO_MANY = 404, 429


class Strangers:
    """Who asked for links that we don't know, in the minute that goes on."""

    def __init__(self) -> None:
        """Nobody yet."""
        self.minute, self.seen = 0, Counter[str]()

    def too_many(self, address: str, at: datetime) -> bool:
        """Count one more; whether that is more than `UNKNOWN` in this minute."""
        minute = int(at.timestamp()) // MINUTE
        if minute != self.minute:
            self.minute, self.seen = minute, Counter()
        key = address if address in self.seen or len(self.seen) < ADDRESSES else ""
        self.seen[key] += 1
        return self.seen[key] > UNKNOWN


class Limits:
    """Answers with 429 and a time to wait, where a limit is passed; `answer` makes the page."""

    def __init__(self, app: ASGIApp, answer: Callable[[Request, Exception], Awaitable[Response]]) -> None:
        """Stand before `app`."""
        self.app, self.answer, self.strangers = app, answer, Strangers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, unless it is one too many."""
        room, token = _asked(scope["path"]) if scope["type"] == "http" else ("", "")
        if room not in ROOMS:
            await self.app(scope, receive, send)
            return
        if scope["method"] == "POST" and (wait := await run_in_threadpool(_wait, ROOMS[room], token)):
            await self._refuse(scope, receive, send, wait)
            return
        over = False

        async def watched(message: Message) -> None:
            nonlocal over
            if message["type"] == "http.response.start" and message["status"] == NOT_FOUND:
                over = self.strangers.too_many(address_of(scope), now())
            if not over:
                await send(message)

        await self.app(scope, receive, watched)
        if over:
            await self._refuse(scope, receive, send, MINUTE)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, wait: int) -> None:
        late = HTTPException(TOO_MANY, headers={"Retry-After": str(wait)})
        await (await self.answer(Request(scope), late))(scope, receive, send)


def _asked(path: str) -> tuple[str, str]:
    """The first two steps of a path: what kind of link, and its token."""
    parts = path.split("/", 3)
    return (parts[1], parts[2]) if len(parts) > 2 else ("", "")  # noqa: PLR2004


def _wait(purpose: str, token: str) -> int:
    """Count a post to a link that is or was ours; the seconds to wait when it is one too many, else 0."""
    at = now().timestamp()
    with transaction() as session:
        found = link.open_link(session, token, purpose) or link.dead_link(session, token, purpose)
        if found is None:
            return 0
        few = attempt.within(session, "post", found.public_id, most=POSTS[purpose], seconds=HOUR, at=at)
    return 0 if few else HOUR - int(at) % HOUR


def address_of(scope: Scope) -> str:
    """Where a request comes from: the connection's other end, or the last hop before the proxies that we trust.

    `X-Forwarded-For` can be written by anybody; only what a trusted proxy (`BAKEN_PROXIES`) added is believed. An IPv6
    address counts by its first 64 bits, which is what one household or one machine gets.
    """
    seen = str((scope.get("client") or ("",))[0])
    hops = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
    for hop in reversed(hops):
        if not _trusted(seen) or not _is_address(hop.strip()):
            break
        seen = hop.strip()
    if not _is_address(seen):
        return seen
    found = ip_address(seen)
    return f"{found.exploded[:19]}::/64" if isinstance(found, IPv6Address) and not found.ipv4_mapped else seen


def _is_address(text: str) -> bool:
    try:
        return bool(ip_address(text))
    except ValueError:
        return False


def _trusted(text: str) -> bool:
    return _is_address(text) and any(ip_address(text) in network for network in settings().proxy_networks)
