"""Posting the outbox: what may go is taken a few rows at a time, worded, and posted one by one over a kept connection.

No sender ever has more than one message of unknown end. A relay that is down stops the round and costs no message an
attempt; what goes twice, or is held until somebody knows, each e-mail's class says.
"""

import time as clock
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from random import Random
from typing import Protocol
from uuid import uuid4

from sqlalchemy.orm import Session

from framework.mail import GIVE_UP_SECONDS, DeliveryStatus, backoff
from models import delivery, mailing, pace, sending, watch
from models.base import rehearsed, transaction
from models.delivery import Delivery
from models.installation import now
from notifications.emails import EMAILS
from notifications.sender import NotConfigured, Undelivered, connect
from notifications.settings import MailSettings
from tasks.bounces import address_refused
from tasks.composing import NobodyCoordinates, NoMailbox, Ready, at_hand, finished
from tasks.manners import AT_ONCE, Places, open_places, tidy
from tasks.step import keep_error, step

LEASE_SECONDS, ROWS, LEAST_ROWS = (
    300.0,
    50,
    8,
)  # longer than all steps of one delivery may take, and than posting so many rows
NOBODY_SECONDS = 3600.0  # until somebody may coordinate again
ROUND_SECONDS = 240.0  # a round ends before the next one of the schedule begins; what is left goes then
CLOSING = 421  # RFC 5321, 4.2.3
NO_SUCH_ADDRESS = frozenset({550, 551, 553})  # RFC 5321, 4.2.3, at RCPT
S = DeliveryStatus


class Post(Protocol):
    """What takes finished messages: a sender, or something that keeps them to be looked at."""

    def deliver(self, sender: str, recipient: str, raw: bytes) -> str:
        """Take one message; the answer. Raises Undelivered."""

    def close(self) -> None:
        """Take leave."""


def held_when_unsure(settings: MailSettings) -> frozenset[str]:
    """The e-mails that wait for evidence when nobody knows whether they arrived; the others go again."""
    if settings.mail_unsure == "class":
        return frozenset(name for name, kind in EMAILS.items() if kind.twice == "hold")
    return frozenset(EMAILS) if settings.mail_unsure == "hold" else frozenset()


@step
def send_due(today: date) -> dict[str, int]:
    """Post what may go on `today`; how many were sent, put off, refused and so on; `down` is 1 when the relay was."""
    found = post_due(today)
    with transaction() as session:
        watch.beat(session, "mail", now=now())
    return found


def post_due(today: date, open_post: Callable[[], Post] | None = None) -> dict[str, int]:
    """As `send_due`; `open_post` takes the messages instead of the relay, as a dry run wants it."""
    settings = MailSettings()
    opened = open_post or (lambda: connect(settings))
    places, tidied = make_ready(today, settings, at_any_hour=open_post is not None)
    rounds = [Round(today, settings, places, opened) for _ in range(1 if open_post else settings.smtp_connections)]
    if len(rounds) == 1:
        rounds[0].run()
    else:
        with ThreadPoolExecutor(len(rounds)) as threads:
            list(threads.map(Round.run, rounds))
    return in_all([one.found for one in rounds]) | tidied


def make_ready(today: date, settings: MailSettings, *, at_any_hour: bool = False) -> tuple[Places, dict[str, int]]:
    """Make the queue fit to be posted: where mail may leave now, and how much was tidied."""
    with transaction() as session:
        mailing.take_turns(session)
        sending.revive(session, held_when_unsure(settings))
        places = None if at_any_hour else open_places(session, today)
        return places, tidy(session, today, places)


def in_all(found: Iterable[dict[str, int]]) -> dict[str, int]:
    """What several senders did, together; `down` is 1 when the relay was for one of them."""
    total = sum(map(Counter, found), Counter[str]())
    names = ("sent", "later", "unsure", "refused", "dead")
    return {name: total[name] for name in names} | {"down": int(total["down"] > 0)}


def share(settings: MailSettings) -> int:
    """How many rows one sender takes at a time: a part of what all connections may have in hand."""
    return max(ROWS // settings.smtp_connections, LEAST_ROWS)


def relay_key(settings: MailSettings) -> str:
    """The relay's name in the table of pace."""
    return f"relay:{settings.smtp_host}:{settings.smtp_port}"


@dataclass
class Round:
    """One sender's round: its own connection, its own token, its own share of the queue."""

    today: date
    settings: MailSettings
    places: Places
    opened: Callable[[], Post]
    found: Counter[str] = field(default_factory=Counter)
    token: str = field(default_factory=lambda: uuid4().hex)
    ends_at: float = field(default_factory=lambda: clock.monotonic() + ROUND_SECONDS)
    dice: Random = field(default_factory=Random)

    def run(self) -> None:
        """Take and post until nothing is left, the relay is down, or the round's time is over."""
        if self._is_shut():
            self.found["down"] = 1
            return
        try:
            post = self.opened()
        except NotConfigured:
            self.found["down"] = 1
            return
        try:
            while clock.monotonic() < self.ends_at and (batch := self._take()):
                if not self._post(batch, post):
                    self.found["down"] = 1
                    break
        finally:
            post.close()
            with suppress(Exception), transaction() as session:  # the first fault is the one to tell
                sending.release(session, self.token)

    def _is_shut(self) -> bool:
        """Whether the relay was down a moment ago; when its time is over, one sender alone goes to see."""
        if rehearsed() is not None:
            return False
        with transaction() as session:
            return pace.closed(session, relay_key(self.settings), clock=clock.time()) > 0

    def _take(self) -> list[int]:
        """The next rows, at the relay's pace: a short wait for its next turn is better than a round that ends."""
        most = share(self.settings)
        rows, key, rate = most, relay_key(self.settings), self.settings.smtp_per_minute
        while rehearsed() is None:
            with transaction() as session:
                rows = pace.take(session, key, rate, most, clock=clock.time())
                wait = 0.0 if rows else pace.wait_for(session, key, clock=clock.time())
                idle = not rows and not delivery.waits(session, self.today)
            if rows:
                break
            if idle or clock.monotonic() + wait > self.ends_at:
                return []
            clock.sleep(wait)
        with transaction() as session:
            taken = sending.lease(
                session,
                self.token,
                today=self.today,
                seconds=LEASE_SECONDS,
                rows=rows,
                places=self.places,
                at_once=AT_ONCE,
            )
            return self._within_domains(session, taken) if self.settings.smtp_domain_per_minute else taken

    def _within_domains(self, session: Session, taken: list[int]) -> list[int]:
        """What the recipients' own servers take at this pace; the rest waits some seconds, which costs it nothing."""
        by_domain: dict[str, list[int]] = {}
        for row in delivery.by_ids(session, taken):
            by_domain.setdefault(row.domain, []).append(row.id)
        kept: list[int] = []
        for domain, ids in sorted(by_domain.items()):  # in their order, or two senders wait for each other
            key, rate = f"domain:{domain}", self.settings.smtp_domain_per_minute
            may = pace.take(session, key, rate, len(ids), clock=clock.time())
            kept += ids[:may]
            if ids[may:]:
                wait = pace.wait_for(session, key, clock=clock.time())
                sending.put_back(session, ids[may:], self.token, wait=max(wait, 1.0))
                self.found["later"] += len(ids) - may
        return sorted(kept)

    def _post(self, batch: Sequence[int], post: Post) -> bool:
        """Post these, one by one: word all first, so that little time lies between the relay's word and ours."""
        last: Ready | None = None
        answer = ""
        finished = self._build(batch)
        with sending.line() as line:

            def step_to(following: int | None) -> bool:
                return sending.advance(
                    line,
                    self.token,
                    last.id if last else None,
                    following,
                    today=self.today,
                    seconds=LEASE_SECONDS,
                    answer=answer,
                    carried=bool(last and last.parts),
                )

            for one in finished:
                mine, last = step_to(one.id), None
                if not mine:
                    continue
                try:
                    answer = post.deliver(one.sender, one.to, one.raw)
                except Undelivered as fault:
                    if not self._settle(one.id, fault):
                        return False
                    continue
                last = one
                self.found["sent"] += 1
            step_to(None)
        with transaction() as session:
            pace.well(session, relay_key(self.settings))
        return True

    def _build(self, batch: Sequence[int]) -> list[Ready]:
        """Word and build these; the database is free meanwhile, for other senders too."""
        with transaction() as session:
            inside = delivery.parts_of(session, batch)
            rows = delivery.by_ids(session, batch)
            hand = at_hand(session, [*rows, *chain.from_iterable(inside.values())])
        made: list[Ready] = []
        for row in rows:
            try:
                made.append(finished(row, inside.get(row.id, ()), hand, self.settings, self.today))
            except Exception as error:  # noqa: BLE001 - one message that cannot be built stops no other
                self._put_aside(row.id, error, together=row.id in inside)
        return made

    def _put_aside(self, delivery_id: int, error: Exception, *, together: bool) -> None:
        """What cannot be built comes apart, waits for a coordinator, goes on paper, or is given up and shown."""
        with transaction() as session:
            if isinstance(error, NobodyCoordinates):
                sending.put_back(session, [delivery_id], self.token, wait=NOBODY_SECONDS)
                self.found["later"] += 1
            elif together:
                sending.part(session, delivery_id, self.token)
            elif isinstance(error, NoMailbox):
                sending.settle(session, delivery_id, self.token, S.HELD, retry_in=None)
            else:
                keep_error("mail.compose", error)
                sending.settle(session, delivery_id, self.token, S.DEAD, evidence="could not be worded")
                self.found["dead"] += 1

    def _settle(self, delivery_id: int, fault: Undelivered) -> bool:
        """Write down how it ended; False when the relay is down and the round should stop."""
        with transaction() as session:
            row = session.get_one(Delivery, delivery_id)
            evidence = f"{fault.code} at {fault.phase}"
            if fault.ours:
                sending.settle(session, delivery_id, self.token, S.QUEUED, code=fault.code, retry_in=None)
                for_good = fault.kind == "down" and fault.phase == "login"
                pace.trip(session, relay_key(self.settings), clock=clock.time(), dice=self.dice, for_good=for_good)
            elif fault.kind == "refuse":
                sending.settle(session, delivery_id, self.token, S.REFUSED, code=fault.code, evidence=evidence)
                self.found["refused"] += 1
                if fault.phase == "rcpt" and fault.code in NO_SUCH_ADDRESS:
                    address_refused(session, row, str(fault.code), self.today)
            elif fault.kind == "unsure" and row.template in held_when_unsure(self.settings):
                sending.settle(session, delivery_id, self.token, S.UNSURE, code=fault.code, evidence="no answer")
                self.found["unsure"] += 1
            elif row.tried_at is not None and clock.time() - row.tried_at > GIVE_UP_SECONDS:
                sending.settle(session, delivery_id, self.token, S.DEAD, code=fault.code, evidence=evidence)
                self.found["dead"] += 1
            else:
                wait = backoff(row.attempts, self.dice)
                sending.settle(session, delivery_id, self.token, S.QUEUED, code=fault.code, retry_in=wait)
                self.found["later"] += 1
                if fault.slow_down and (fault.phase != "rcpt" or fault.code == CLOSING):  # others speak of one mailbox
                    pace.slow_down(session, relay_key(self.settings), clock=clock.time())
        return not fault.ours
