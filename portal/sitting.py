"""A fresh sitting: this browser has just now shown that it is the person's own.

It begins when somebody opens a short-lived link that went to the person's own mailbox; for two hours that browser may
be shown again what was confided through that one link. It also begins when somebody types into a form in which nothing
was confided yet: then it holds for what this browser wrote (`kept`), and ends when another one writes. So who has the
mail alone reads nothing: posting a form does not open what somebody else has put in it.

The cookie holds an instant and a signature, and nothing else: nobody is followed with it, and it is worth nothing for
another link, or once the link is revoked.
"""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256

from starlette.requests import HTTPConnection
from starlette.responses import Response

from models.installation import now
from models.link import Link
from models.settings import secret_key, settings
from portal.visit import Visit

LASTS = timedelta(hours=2)
DIGITS = 12  # of an instant, in seconds since 1970


def cookie_name() -> str:
    """`sitting`; behind TLS with the prefix that lets browsers take it over TLS alone (RFC 6265bis, 4.1.3.1)."""
    return "__Secure-sitting" if _over_tls() else "sitting"


def begin(response: Response, whose: Visit | Link, *, kept: str | None = None, at: datetime | None = None) -> None:
    """Let `response` begin a sitting for one form's link, at this instant unless another is named.

    With `kept` (`models.draft.mark`) it holds as long as just that is kept; without, for whatever is.
    """
    link = whose if isinstance(whose, Link) else whose.request.link
    instant = str(int((at or now()).timestamp()))
    response.set_cookie(
        cookie_name(),
        f"{instant}.{_signed(link, instant, kept)}",
        max_age=int(LASTS.total_seconds()),
        path=f"/f/{link.token}",
        secure=_over_tls(),
        httponly=True,
        samesite="strict",
    )


def holds(http: HTTPConnection, whose: Visit | Link, *, kept: str | None = None, at: datetime | None = None) -> bool:
    """Whether the browser that asks is in a fresh sitting for that very link; never raises for what it sent.

    `kept` is what is kept now: a sitting that began by typing holds for just that.
    """
    link = whose if isinstance(whose, Link) else whose.request.link
    instant, _, signature = http.cookies.get(cookie_name(), "").partition(".")
    if not (instant.isascii() and instant.isdigit()) or len(instant) > DIGITS:
        return False
    given = signature.encode("utf-8", "replace")
    if not any(hmac.compare_digest(_signed(link, instant, one).encode(), given) for one in {None, kept}):
        return False
    age = (at or now()).timestamp() - int(instant)
    return 0 <= age <= LASTS.total_seconds()


def _signed(link: Link, instant: str, kept: str | None) -> str:
    how = "mailbox" if kept is None else f"typed:{kept}"
    text = f"sitting|{link.public_id}|{link.version}|{instant}|{how}"
    return hmac.new(secret_key(), text.encode(), sha256).hexdigest()


def _over_tls() -> bool:
    return settings().portal_url.startswith("https://")
