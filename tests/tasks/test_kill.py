"""A sender that is killed at any moment loses no mail, and repeats at most the one that it was posting."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from models import delivery, programme
from models.base import engine, transaction
from models.delivery import Delivery
from notifications.emails.matching import RematchStarted
from tests.world import MENTEES, MENTORS, SLUG, START, build

LEASE = 1.0  # seconds
ROOT = Path(__file__).parents[2]


@contextmanager
def process(module: str, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A Python process of ours that has said that it is ready; stopped at the end."""
    with subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        try:
            assert running.stdout
            assert running.stdout.readline() == "ready\n"
            yield running
        finally:
            running.kill()


def fill(count: int) -> None:
    """So many mails in the outbox."""
    world = build()
    people = [world.ids[name] for name in MENTORS + MENTEES]
    mail = RematchStarted(given_name="Zoë")
    with transaction() as session:
        row = programme.by_slug(session, SLUG).id
        for number in range(count):
            delivery.enqueue(
                session,
                key=f"k{number}",
                programme_id=row,
                phase="matching",
                template=mail.name,
                person_id=people[number % len(people)],
                language="en",
                fields=mail.model_dump(mode="json", exclude={"link"}),
                due_on=START,
            )
    engine().dispose()


def states() -> Counter[str]:
    """How the outbox stands."""
    with transaction() as session:
        return Counter(session.scalars(sa.select(Delivery.state)))


def post(sender: subprocess.Popen[str], kill_after: float | None = None) -> bool:
    """One life of a sender; whether it was killed."""
    assert sender.stdin
    assert sender.stdout
    sender.stdin.write("go\n")
    sender.stdin.flush()
    child = int(sender.stdout.readline())
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    sender.stdin.write("and?\n")
    sender.stdin.flush()
    return bool(int(sender.stdout.readline()))


def massacre(home: Path, kills: int, mails: int, seed: int) -> tuple[int, int, Counter[str]]:
    """Post everything while senders die; kills that struck, kills meant, and how often each mail arrived."""
    dice = random.Random(seed)
    fill(mails)
    ledger = home / "ledger"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    smtp = {
        "BAKEN_SMTP_HOST": "127.0.0.1",
        "BAKEN_SMTP_PORT": port,
        "BAKEN_SMTP_SECURITY": "none",
        "BAKEN_HOME": str(home),
    }
    with (
        process("tests.tasks.relay", port, str(ledger), "0.003"),
        process("tests.tasks.sender", START.isoformat(), str(LEASE), "8", **smtp) as sender,
    ):
        struck = 0
        for _ in range(kills):
            struck += post(sender, dice.uniform(0.03, 0.4))
        deadline = time.monotonic() + 120
        while set(states()) != {"sent"}:
            assert time.monotonic() < deadline, states()
            time.sleep(LEASE / 4)
            assert not post(sender)
    return struck, kills, Counter(line.split()[0].decode() for line in ledger.read_bytes().splitlines())


def judge(struck: int, kills: int, arrived: Counter[str]) -> None:
    """Nothing lost; at most one repeated a kill, each under its own Message-ID."""
    with transaction() as session:
        wanted = {row.message_id.partition("@")[0] for row in session.scalars(sa.select(Delivery))}
    assert struck > kills // 2
    assert set(arrived) == wanted
    assert sum(arrived.values()) - len(wanted) <= struck


@pytest.mark.slow
def test_senders_killed_at_random_lose_nothing_and_repeat_at_most_one_each(sqlite: Path) -> None:
    judge(*massacre(sqlite, kills=15, mails=260, seed=1))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
def test_many_senders_killed_lose_nothing(sqlite: Path, seed: int) -> None:
    judge(*massacre(sqlite, kills=60, mails=900, seed=seed))
