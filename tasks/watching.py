"""The watchdog's round: look at everything, remember since when, and tell the operator.

What is told is a row: it counts as told when the relay has taken the mail, so a mail arrives at least once, and twice
under one Message-ID at most when we die in that moment.
"""

from uuid import uuid4
from zoneinfo import ZoneInfo

from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL

from framework import watch as rules
from framework.watch import News
from models import installation, watch
from models.base import transaction
from notifications.emails.operating import Line, OperatorNews
from tasks import auditing, checks, checks_prefect
from tasks.operator_mail import post
from tasks.step import keep_error, step

ROUND_SECONDS = 300.0  # longer than a round takes, shorter than until the next
LOOKS = (
    checks.secret,
    checks.seals,
    checks.disk,
    checks.tables,
    checks.rounds,
    checks.outbox,
    checks.programmes,
    checks.people_feed,
    auditing.trail,
    checks_prefect.runs,
)


@step
def look_round() -> dict[str, int]:
    """All that is wrong now, by code, with how many; a look that itself breaks is `look-broken`."""
    found: dict[str, int] = {}
    for look in LOOKS:
        try:
            wrong = [one for one in look() if one.code and one.verdict == "wrong"]
        except Exception as error:  # noqa: BLE001 - one look that breaks hides no other
            keep_error("watching.look", error)
            found["look-broken"] = found.get("look-broken", 0) + 1
            continue
        for one in wrong:
            found[one.code] = found.get(one.code, 0) + one.number
    return found


@step
def mark_silent() -> int:
    """Mark the runs in Prefect that are dead beyond doubt, should its own automation have missed them; how many."""
    if not PREFECT_API_URL.value():
        return 0
    with get_client(sync_client=True) as client:
        return checks_prefect.lay_to_rest(client, installation.now())


@step
def begin_round() -> str:
    """Take the watchdog's round; its token, or nothing when another one is going on."""
    token = uuid4().hex
    with transaction() as session:
        mine = watch.claim(session, "watch", token, seconds=ROUND_SECONDS, now=installation.now())
    return token if mine else ""


@step
def remember(found: dict[str, int]) -> None:
    """Write down what is there, and since when."""
    with transaction() as session:
        watch.remember(session, found, now=installation.now())


@step
def tell_operator() -> dict[str, int]:
    """Mail what is news, in one mail: how many findings were told, and how many should be and cannot."""
    with transaction() as session:
        news = rules.news(watch.sightings(session), installation.now())
    number = len(news.new) + len(news.still) + len(news.over)
    if not number:
        return {"told": 0, "untold": 0}
    if not post(lambda zone, name: _mail(news, zone, name), repr(news)):
        return {"told": 0, "untold": number}
    with transaction() as session:
        watch.told(session, news, now=installation.now())
    return {"told": number, "untold": 0}


@step
def end_round(token: str) -> None:
    """The round is over, and was held."""
    with transaction() as session:
        watch.end(session, "watch", token, now=installation.now())


def _mail(news: News, zone: ZoneInfo, name: str) -> OperatorNews:
    lines = {kind: [Line.of(one, zone) for one in getattr(news, kind)] for kind in ("new", "still", "over")}
    return OperatorNews(given_name=name, **lines)
