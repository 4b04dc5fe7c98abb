"""Posting the outbox: lease a few messages, send them one by one, never more than one in flight."""

from datetime import UTC, date, datetime, time
from email.utils import parseaddr
from uuid import uuid4

from framework.people import Person as PersonValue
from models import delivery, link, person, programme
from models.base import transaction
from models.delivery import Delivery
from notifications.brand import brand
from notifications.emails import EMAILS
from notifications.envelope import build
from notifications.render import render
from notifications.sender import NotConfigured, Sender, Undelivered, connect
from notifications.settings import MailSettings
from tasks.requests import coordinator_of
from tasks.step import keep_error, step

LEASE_SECONDS, ROWS = 300.0, 50  # longer than all steps of one delivery may take, at 30 seconds each
RETRY_SECONDS = (60, 300, 1800, 7200, 14400)


def compose(delivery_id: int, *, today: date) -> tuple[str, bytes]:
    """The finished message of one row, and whom it goes to; its link is made here and kept nowhere."""
    with transaction() as session:
        row = session.get_one(Delivery, delivery_id)
        rules = session.get_one(programme.Programme, row.programme_id).rules
        whom = session.get_one(person.Person, row.person_id).value()
        coordinator = coordinator_of(session, row.programme_id).value()
        behind = session.get(link.Link, row.link_id) if row.link_id else None
        url = behind.url if behind else ""
        template, fields, language, digest = row.template, dict(row.fields), row.language, row.message_id
    face = brand(rules, coordinator, language)
    mail = EMAILS[template].model_validate(fields)
    raw = build(
        render(mail, language, face, url),
        sender=MailSettings().mail_from,
        to_name=whom.name,
        to_address=_address(whom),
        reply_to=coordinator.email or "",
        message_id=f"{digest}@{parseaddr(MailSettings().mail_from)[1].rpartition('@')[2]}",
        key_digest=digest,
        sent_at=datetime.combine(today, time(8), UTC),
        appointment=mail.appointment,
    )
    return _address(whom), raw


def _address(whom: PersonValue) -> str:
    return whom.email or ""


@step
def send_due(today: date) -> dict[str, int]:
    """Post what may go on `today`; how many were sent, put off and given up. A relay that is down stops the round."""
    found = {"sent": 0, "later": 0, "dead": 0, "down": 0}
    with transaction() as session:
        delivery.revive(session)
    try:
        sender = connect(MailSettings())
    except NotConfigured:
        return found | {"down": 1}
    token = uuid4().hex
    try:
        while batch := _lease(token, today):
            if not _post_all(batch, token, sender, today, found):
                found["down"] = 1
                break
    finally:
        sender.close()
        with transaction() as session:
            delivery.release(session, token)
    return found


def _lease(token: str, today: date) -> list[int]:
    with transaction() as session:
        return delivery.lease(session, token, today=today, seconds=LEASE_SECONDS, rows=ROWS)


def _post_all(batch: list[int], token: str, sender: Sender, today: date, found: dict[str, int]) -> bool:
    done: int | None = None
    own = parseaddr(MailSettings().mail_from)[1]
    for following in batch:
        with transaction() as session:
            mine = delivery.advance(session, token, done, following, today=today, seconds=LEASE_SECONDS)
        done = None
        if not mine:
            continue
        try:
            address, raw = compose(following, today=today)
        except Exception as error:  # noqa: BLE001 - one message that cannot be built stops no other
            keep_error("mail.compose", error)
            with transaction() as session:
                delivery.settle(session, following, token, "dead")
            found["dead"] += 1
            continue
        try:
            sender.deliver(own, address, raw)
        except Undelivered as refused:
            if not _settle(following, token, refused, found):
                return False
            continue
        done = following
        found["sent"] += 1
    with transaction() as session:
        delivery.advance(session, token, done, None, today=today, seconds=LEASE_SECONDS)
    return True


def _settle(delivery_id: int, token: str, refused: Undelivered, found: dict[str, int]) -> bool:
    """Write down how it ended; False when the relay is down and the round should stop."""
    with transaction() as session:
        attempts = session.get_one(Delivery, delivery_id).attempts
        if refused.kind == "down":
            delivery.settle(session, delivery_id, token, "queued", code=refused.code, retry_in=-1)
        elif refused.kind == "refuse" or attempts >= len(RETRY_SECONDS):
            delivery.settle(session, delivery_id, token, "dead", code=refused.code)
            found["dead"] += 1
        else:
            delivery.settle(session, delivery_id, token, "queued", code=refused.code, retry_in=RETRY_SECONDS[attempts])
            found["later"] += 1
    return refused.kind != "down"
