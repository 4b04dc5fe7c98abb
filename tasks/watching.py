"""The watchdog's round: look at everything, remember since when, and tell the operator.

The operator's mail goes past the outbox, straight to the relay: an alarm must not wait in the queue that it is about,
and the operator is nobody of the roster. What is told is a row: it counts as told when the relay has taken the mail, so
a mail arrives at least once, and twice under one Message-ID at most when we die in that moment.
"""

import time as clock
from email.utils import parseaddr
from hashlib import blake2b
from random import Random
from uuid import uuid4
from zoneinfo import ZoneInfo

from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL

from framework import watch as rules
from framework.programme import Words
from framework.watch import News
from models import installation, pace, person, programme, watch
from models.base import reading, transaction
from models.settings import settings
from notifications.email import Brand
from notifications.emails.operating import Line, OperatorNews
from notifications.envelope import build
from notifications.render import render
from notifications.sender import NotConfigured, Undelivered, connect
from notifications.settings import MailSettings
from tasks import auditing, checks, checks_prefect
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
    if not settings().operator or not _post(news):
        return {"told": 0, "untold": number}
    with transaction() as session:
        watch.told(session, news, now=installation.now())
    return {"told": number, "untold": 0}


@step
def end_round(token: str) -> None:
    """The round is over, and was held."""
    with transaction() as session:
        watch.end(session, "watch", token, now=installation.now())


def _post(news: News) -> bool:
    """One mail, straight to the relay, unless that is known to be down; whether it was taken."""
    relay = MailSettings()
    key = f"relay:{relay.smtp_host}:{relay.smtp_port}"
    with transaction() as session:
        if pace.closed(session, key, clock=clock.time()) > 0:
            return False
    try:
        post = connect(relay)
    except NotConfigured:
        return False
    try:
        post.deliver(parseaddr(relay.mail_from)[1], settings().operator, _message(news, relay))
    except Undelivered as fault:
        if fault.ours:
            with transaction() as session:
                for_good = fault.kind == "down" and fault.phase == "login"
                pace.trip(session, key, clock=clock.time(), dice=Random(), for_good=for_good)  # noqa: S311 - a pause
        return False
    finally:
        post.close()
    with transaction() as session:
        pace.well(session, key)
    return True


def _message(news: News, relay: MailSettings) -> bytes:
    """The mail as it goes over the line; its Message-ID follows from what it tells."""
    face, zone, language, name = _to_whom(relay)
    digest = blake2b(repr(news).encode(), digest_size=20).hexdigest()
    lines = {kind: [Line.of(one, zone) for one in getattr(news, kind)] for kind in ("new", "still", "over")}
    mail = OperatorNews(given_name=name, **lines)
    return build(
        render(mail, language, face),
        sender=relay.mail_from,
        to_name=name,
        to_address=settings().operator,
        reply_to="",
        message_id=f"{digest}@{parseaddr(relay.mail_from)[1].rpartition('@')[2]}",
        key_digest=digest,
        sent_at=installation.now(),
    )


def _to_whom(relay: MailSettings) -> tuple[Brand, ZoneInfo, str, str]:
    """The face, the zone, the language and the name: the first programme's, and the operator's where HR has one."""
    address = settings().operator
    with reading() as session:
        known = person.by_key(session, address.lower())
        first = next((one.rules for one in programme.all_programmes(session)), None)
    face = Brand(
        company=first.company if first else "Baken",
        programme="Baken",
        colour="#0b5d66",
        coordinator_name="Baken",
        coordinator_email=parseaddr(relay.mail_from)[1],
        **Words().model_dump(),
    )
    zone = ZoneInfo(first.time_zone if first else "Europe/Brussels")
    language, name = (known.language, known.given_name) if known else ("en", address.partition("@")[0])
    return face, zone, language, name
