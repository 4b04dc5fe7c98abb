"""Mail that came back, and mail of which nobody knew: each is settled once, by what a report or the relay's log says.

What is read holds addresses, which Prefect must never see: only `read_mailbox` is a step, and it gives counts.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from framework.mail import MOVES, DeliveryStatus
from framework.moves import move
from models import delivery, event, link, person, programme
from models.base import transaction
from models.delivery import Delivery
from models.event import Event
from models.person import Person
from models.settings import secret_key
from notifications.bounces import Bounce, BounceSettings, bounce_of
from notifications.emails.mail_faults import AddressRefused
from notifications.envelope import postal
from notifications.mailboxes import UnreadableMailbox, messages
from notifications.relay_log import evidence
from notifications.settings import MailSettings
from tasks.requests import coordinator_of, tell
from tasks.stage import Stage
from tasks.step import keep_error, step

S = DeliveryStatus
Outcome = Literal["bounced", "delayed", "known", "unknown", "not a report"]


def take_bounce(raw: bytes, today: date) -> Outcome:
    """Take in one mail that came back; reading it again changes nothing.

    `bounced`: the message is refused, and somebody hears of it. `delayed`: the relay still tries. `known`: it was read
    before. `unknown`: a report about none of our messages. `not a report`: a reply, an out-of-office note, a receipt.
    """
    found = bounce_of(raw, MailSettings().bounce_address, secret_key())
    if found is None:
        return "not a report"
    with transaction() as session:
        row = _message(session, found)
        if row is None:
            return "unknown"
        if found.action == "delayed":
            return "delayed"
        whom = session.get_one(Person, row.person_id)
        moved = _has_moved(whom, found)
        if not _first_time(session, row.id, found, again=moved):
            return "known"
        delivery.mark_refused(session, row.id, found.status, today)
        session.refresh(row)
        if moved:
            _send_again(session, row)
        elif found.spoils_address:
            address_refused(session, row, found.status, today)
        else:
            _tell_coordinator(session, row, whom, today, lasting=False)
        return "bounced"


def take_in(mails: Iterable[bytes], today: date) -> Counter[str]:
    """Take in mails that came back; how many ended how, and how many `failed`: one odd mail stops no other."""
    found: Counter[str] = Counter()
    for raw in mails:
        try:
            found[take_bounce(raw, today)] += 1
        except OperationalError:  # the database is away: the mails wait where they are
            raise
        except Exception as error:  # noqa: BLE001 - kept where only the operator reads it
            keep_error("bounces.take_bounce", error)
            found["failed"] += 1
    return found


@step
def read_mailbox(today: date) -> dict[str, int]:
    """Fetch what came back, where a mailbox is set; a mailbox that cannot be read stops no mail, and counts as one."""
    settings = BounceSettings()
    if not settings.bounce_imap_host:
        return {}
    try:
        with messages(settings) as mails:
            return dict(take_in(mails.each, today))
    except UnreadableMailbox as error:
        keep_error("bounces.read_mailbox", error)
        return {"unreadable mailbox": 1}


def address_refused(session: Session, row: Delivery, code: str, today: date) -> None:
    """The address of a message takes no mail: mark it, hold what waits for it, and tell the coordinator, once a day.

    `code` is a status (5.1.1), or the relay's own number (550). The mark goes when the roster brings another address.
    """
    whom = session.get_one(Person, row.person_id)
    if whom.mail_refused_on is None:
        whom.mail_refused_on, whom.mail_refused_code = today, code[:20]
        event.record(session, "flow", "address refused", f"person:{whom.id}", status=code[:20])
        session.flush()
        delivery.readdress(session, whom.id, None)
    _tell_coordinator(session, row, whom, today, lasting=True)


def _message(session: Session, found: Bounce) -> Delivery | None:
    """The message that a report is about, held till the end of the transaction."""
    number = found.delivery_id
    if number is None or session.get(Delivery, number) is None:
        named = delivery.by_message_id(session, found.message_id) if found.message_id else None
        number = named.id if named else None
    return session.get(Delivery, number, with_for_update=True) if number is not None else None


def _first_time(session: Session, delivery_id: int, found: Bounce, *, again: bool) -> bool:
    """Write the report down by its mark; False when it was known, or the message went again since."""
    about = f"delivery:{delivery_id}"
    before = session.scalars(sa.select(Event).where(Event.about == about, Event.action == "bounced")).all()
    if any(one.detail.get("report") == found.mark or (again and one.detail.get("again")) for one in before):
        return False
    event.record(session, "flow", "bounced", about, status=found.status, report=found.mark, again=again)
    return True


def _has_moved(whom: Person, found: Bounce) -> bool:
    """Whether the roster has brought another address since the message went out."""
    return bool(found.sent_to and whom.mailbox and _same_form(whom.mailbox) != _same_form(found.sent_to))


def _same_form(address: str) -> str:
    try:
        return postal(address).lower()
    except ValueError:
        return address.lower()


def _send_again(session: Session, row: Delivery) -> None:
    """The message never arrived, and there is a better address by now; what went inside it goes on its own."""
    for one in (row, *delivery.parts_of(session, [row.id]).get(row.id, ())):
        if one.state == S.REFUSED:
            one.state = move(MOVES, S(one.state), S.QUEUED).value
            one.carrier_id, one.attempts, one.retry_at, one.tried_at = None, 0, None, None
            one.sent_on, one.sent_at = None, None


def _tell_coordinator(session: Session, row: Delivery, whom: Person, today: date, *, lasting: bool) -> None:
    """One mail a person a day; the deputy hears of the coordinator's own address. Who has left needs no mail."""
    rules = session.get_one(programme.Programme, row.programme_id)
    if not whom.value().is_here(today):
        return
    try:
        who = coordinator_of(session, row.programme_id)
    except LookupError:  # nobody to tell: the desk shows it to whoever comes
        return
    deputy = person.by_key(session, rules.rules.deputy) if rules.rules.deputy else None
    if who.id == whom.id and deputy is not None and deputy.value().is_here(today):
        who = deputy
    mail = AddressRefused(
        given_name=who.given_name, person=whom.value().name, address=whom.email or "", about=row.phase, lasting=lasting
    )
    stage = Stage(0, row.programme_id, rules.slug, "mail", 1, "", today, today, today)
    desk = link.desk_link(session, row.programme_id, who.id)
    tell(session, stage, who, mail, about=f"person:{whom.id}", occasion=str(today), behind=desk)


def reconcile(
    lines: Iterable[str], complete_until: datetime | None = None, complete_from: datetime | None = None
) -> dict[str, int]:
    """Settle the unsure messages by the relay's log; how many were `sent`, are `queued` again, and are still `unsure`.

    What the log knows was sent. What it does not know goes again under its Message-ID, but only where the attempt
    began between `complete_from` and `complete_until`, instants of which the log tells all; without an end none goes
    again. A message that the log saw begin, and not end, stays unsure. Raises ValueError for an instant without a zone.
    """
    if any(one is not None and one.tzinfo is None for one in (complete_from, complete_until)):
        raise ValueError("a time without a zone")
    with transaction() as session:
        wanted = {row.message_id: (row.id, row.began_at) for row in delivery.unsure(session)}
    told = evidence(lines, wanted)  # outside a transaction: a log may be long
    first = complete_from.timestamp() if complete_from else float("-inf")
    last = complete_until.timestamp() if complete_until else float("-inf")
    found = {"sent": 0, "queued": 0, "unsure": 0}
    with transaction() as session:
        for message_id, (number, began_at) in wanted.items():
            if message_id in told.accepted:
                end = S.SENT
            elif message_id not in told.begun and began_at is not None and first <= began_at < last:
                end = S.QUEUED
            else:
                found["unsure"] += 1
                continue
            found[end.value] += _resolved(session, number, end, "relay log", "flow")
    return found


def settle(number: int, what: Literal["sent", "again"]) -> bool:
    """The operator's word on one unsure message: it was sent, or it is to go again. False when it is not unsure."""
    with transaction() as session:
        return _resolved(session, number, S.SENT if what == "sent" else S.QUEUED, "operator", "operator")


def _resolved(session: Session, number: int, end: DeliveryStatus, how: str, actor: str) -> bool:
    done = delivery.resolve(session, number, end.value, how)
    if done:
        event.record(session, actor, "settled", f"delivery:{number}", state=end.value, evidence=how)
    return done
