"""Senders that die, stop and go deaf while they post: the harness, and what it says afterwards.

Two processes post one outbox through a relay that keeps a ledger. Both are killed (SIGKILL) and stopped for longer than
their lease (SIGSTOP, SIGCONT) at random moments; the relay loses some of its acknowledgements and sends some messages
back. What stands in the ledger arrived; it is compared with what was written. A third of the messages are of a kind
that goes in bundles: what lay inside a message is known by marks in the text.
"""

import os
import random
import signal
import socket
import subprocess
import time
from collections import Counter, defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock, Thread

import sqlalchemy as sa

from framework.mail import DeliveryStatus
from models import sending
from models.base import engine, transaction
from models.delivery import Delivery
from notifications.emails.matching import Introduction
from notifications.emails.review import ReviewChanges
from tasks.bounces import reconcile
from tests.tasks.company import DAY, Company
from tests.tasks.lives import Life, process, ready
from tests.tasks.verdict import Plan, Verdict

FEW = 6  # people, where one sender is stopped once
AT_WORK, LINE = 0.8, 80  # share of the strikes that wait till mail goes out; letters of a line in the ledger
PATIENCE = 180.0  # seconds that the end may take
LOW_WATER, BLOCK = 90, 15  # messages that must wait, so that every kill finds work; people who come with each refill
SENT, UNSURE = DeliveryStatus.SENT.value, DeliveryStatus.UNSURE.value


@dataclass
class Carnage:
    """One run of a plan over the database that the environment names; `home` takes the ledger."""

    plan: Plan
    home: Path
    lock: Lock = field(default_factory=Lock)

    def run(self) -> Verdict:
        """Kill as planned, let what is left go out in peace, and judge."""
        began, plan = time.monotonic(), self.plan
        self.verdict = Verdict(plan, engine().dialect.name)
        self.company, self.ledger = Company(), self.home / "ledger"
        self.company.write(2 * BLOCK if plan.kills else FEW)
        engine().dispose()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        smtp = {f"BAKEN_SMTP_{name}": value for name, value in (("HOST", "127.0.0.1"), ("PORT", port))}
        smtp |= {"BAKEN_SMTP_SECURITY": "none", "BAKEN_MAIL_UNSURE": plan.mode}
        numbers = (str(plan.delay), str(plan.lost), str(plan.busy), str(plan.seed))
        with ExitStack() as stack:
            relay = stack.enter_context(process("tests.tasks.relay", port, str(self.ledger), *numbers))
            sender = ("tests.tasks.sender", DAY.isoformat(), str(plan.lease), str(plan.rows), plan.control)
            parents = [stack.enter_context(process(*sender, **smtp)) for _ in range(plan.senders)]
            for one in (relay, *parents):
                ready(one)
            if plan.kills:
                self._torment(parents)
            else:
                self._sleepwalk(*parents)
            self._settle(parents[0])
        self._judge()
        self.verdict.seconds = time.monotonic() - began
        return self.verdict

    def _torment(self, parents: list[subprocess.Popen[str]]) -> None:
        seeds = [random.Random(f"{self.plan.seed}.{number}") for number, _ in enumerate(parents)]
        faults: list[BaseException] = []

        def lives(parent: subprocess.Popen[str], dice: random.Random) -> None:
            try:
                while self.verdict.kills < self.plan.kills:
                    self._life(parent, dice)
            except BaseException as error:  # noqa: BLE001 - raised below, in the thread that asked
                faults.append(error)

        threads = [Thread(target=lives, args=pair) for pair in zip(parents, seeds, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if faults:
            raise faults[0]

    def _life(self, parent: subprocess.Popen[str], dice: random.Random) -> None:
        if self.company.waiting() < LOW_WATER:
            self.company.write(BLOCK)
        life, stopped = Life(parent), False
        self._wait(dice)
        if dice.random() < self.plan.pauses:
            stopped = life.stop(self.plan.lease * dice.uniform(*self.plan.asleep))
            time.sleep(dice.uniform(0.0, self.plan.awake))
        life.kill()
        end = life.end()
        with self.lock:
            self.verdict.kills += end == signal.SIGKILL
            self.verdict.pauses += stopped
            self.verdict.crashed += end == 256

    def _sleepwalk(self, one: subprocess.Popen[str], other: subprocess.Popen[str]) -> None:
        """No kills: one sender is stopped in the middle of its rows, and wakes up when the other has posted all."""
        sleeper = Life(one)
        while self._size() < 3 * LINE:
            time.sleep(0.005)
        os.kill(sleeper.pid, signal.SIGSTOP)
        time.sleep(self.plan.lease * 1.1)
        assert Life(other).end() == 0
        os.kill(sleeper.pid, signal.SIGCONT)
        assert sleeper.end() == 0
        self.verdict.pauses += 1

    def _wait(self, dice: random.Random) -> None:
        """Till a moment at which to strike: mostly while mail goes out, at times before it does."""
        until = time.monotonic() + 2.0
        if dice.random() < AT_WORK:
            enough = self._size() + dice.uniform(0, 15) * LINE
            while self._size() < enough and time.monotonic() < until:
                time.sleep(0.002)
            time.sleep(dice.uniform(0.0, 0.02))
        else:
            time.sleep(dice.uniform(0.0, 0.4))

    def _size(self) -> int:
        return self.ledger.stat().st_size if self.ledger.exists() else 0

    def _settle(self, parent: subprocess.Popen[str]) -> None:
        """No more kills: what waits goes out, and what nobody knew is asked of the relay's log."""
        deadline = time.monotonic() + PATIENCE
        first = True
        while True:
            while self.company.waiting():
                assert time.monotonic() < deadline, self._states()
                self.verdict.crashed += Life(parent).end() == 256
                time.sleep(0.1)
                with transaction() as session:  # what a dead sender left, as the next round would
                    sending.revive(session, [*self._held()])
            if first:
                first = False
                lines = self._lines()
                self.verdict.copies_before, self.verdict.mails_before = len(lines), len({one[0] for one in lines})
            if not self._states()[UNSURE]:
                return
            self.verdict.unsure += self._states()[UNSURE]
            told = [f"<{line[0]}@localhost.localdomain>" for line in self._lines()]
            found = reconcile(told, complete_until=datetime.now(UTC))
            self.verdict.found += found["sent"]
            self.verdict.again += found["queued"]

    def _held(self) -> list[str]:
        return [Introduction.name, ReviewChanges.name] if self.plan.mode == "hold" else []

    def _states(self) -> Counter[str]:
        with transaction() as session:
            return Counter(session.scalars(sa.select(Delivery.state)))

    def _lines(self) -> list[list[str]]:
        return [line.split() for line in self.ledger.read_text().splitlines()]

    def _judge(self) -> None:
        verdict, under = self.verdict, defaultdict[str, set[str]](set)
        lines = self._lines()
        for message_id, _, *marks in lines:
            for mark in marks[0].split(",") if marks else []:
                under[mark].add(message_id)
        copies = Counter(line[0] for line in lines)
        with transaction() as session:
            rows = session.execute(sa.select(Delivery.key, Delivery.state)).all()
            verdict.moves = Counter(
                (before, after) for before, after in session.execute(sa.text("SELECT * FROM moved"))
            )
        marked = {key.split(":")[3]: state for key, state in rows}
        events = Path(f"{self.ledger}.events").read_text().split()
        verdict.lost_answers, verdict.put_off = events.count("lost"), events.count("busy")
        verdict.written, verdict.mails, verdict.copies = len(rows), len(copies), sum(copies.values())
        verdict.most_copies = max(copies.values())
        verdict.lost = len(marked.keys() - under.keys())
        verdict.repeated_inside = sum(len(those) > 1 for those in under.values())
        verdict.unlike = sum((state == SENT) != (mark in under) for mark, state in marked.items())
