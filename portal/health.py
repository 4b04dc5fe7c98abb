"""A sign of life, for a monitor outside: the database answers, and the rounds that go by the clock are held.

It tells ages and nothing else. Nothing here calls out: who wants to know asks.
"""

from datetime import timedelta

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from models import installation, schema, watch
from models.base import reading
from portal import gate

ROUNDS = ("watch", "mail")
LONGEST = 24 * 60  # minutes that may be asked for


async def show(http: Request) -> Response:
    """GET /health: `ok`, and how long ago the last rounds were; 503 when the database does not answer.

    With `?minutes=30` it is 503, too, when the watchdog or the mail has not had its round for so long: then whoever
    asks is told of a Baken that is silent itself.
    """
    try:
        ages = await run_in_threadpool(_ages)
    except Exception as wrong:  # noqa: BLE001 - whatever is wrong with the database, the answer is the same
        gate.log_failure(wrong)
        ages = None
    if ages is None:
        return PlainTextResponse("the database is not ready", 503)
    most = _most(http.query_params.get("minutes", ""))
    silent = [name for name, age in ages.items() if most and (age is None or age > most)]
    lines = [f"{name}: {'never' if age is None else _said(age)}" for name, age in ages.items()]
    return PlainTextResponse("\n".join(["silent" if silent else "ok", *lines]), 503 if silent else 200)


def _ages() -> dict[str, timedelta | None] | None:
    """How long ago each round was held, None for never; nothing where there are no tables."""
    if not schema.is_current():
        return None
    with reading() as session:
        last = watch.last_rounds(session)
    now = installation.now()
    return {name: now - last[name] if name in last else None for name in ROUNDS}


def _most(asked: str) -> timedelta | None:
    """The age that is asked for; None where nothing sensible is."""
    minutes = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= len(str(LONGEST)) else 0
    return timedelta(minutes=minutes) if 0 < minutes <= LONGEST else None


def _said(age: timedelta) -> str:
    return f"{max(0, int(age.total_seconds() // 60))} minutes ago"
