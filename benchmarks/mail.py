"""Mail beside the least that posting can cost: `python -m benchmarks.mail [--json] [--messages 200] [--delay-ms 0]`.

A relay runs in a process of its own on this machine and keeps nothing. Four ways to post the same messages, taken in
turn in every round, so that a busy moment of the machine spoils none of them alone:

- floor: the standard library's client on one connection that is kept; the messages are built beforehand.
- sender: `notifications.sender.Sender`, the same finished messages.
- composed: each e-mail is worded, built and posted, one after the other, as the outbox does.
- written: wording and building alone, nothing is posted.

`ratio_smtp_transport` is the sender's messages a second over the floor's, `ratio_smtp_composed` those of the whole way
over the floor's: 1 is level, more is quicker. `cpu_us_*` is CPU time of this process for one message, in microseconds.
"""

import argparse
import asyncio
import json
import multiprocessing
import smtplib  # noqa: TID251 - the floor that the product is measured against
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import cycle, islice
from multiprocessing.connection import Connection

from aiosmtpd.smtp import SMTP, Envelope, Session

from notifications.emails import EMAILS
from notifications.envelope import build
from notifications.gallery import LINK, sample_brand
from notifications.render import render
from notifications.sender import Sender

FROM, TO = "baken@baken.example", "zoe@baken.example"
HOST = "127.0.0.1"
SENT_AT = datetime(2027, 4, 5, 8, tzinfo=UTC)


class Sink:
    """Takes everything and keeps nothing; `delay` seconds pass before it says so, as with a relay far away."""

    def __init__(self, delay: float) -> None:
        self.delay = delay

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - its shape
        """Accept the text."""
        if self.delay:
            await asyncio.sleep(self.delay)
        return "250 OK"


def serve(ready: Connection, delay: float) -> None:
    """Listen on a free port of this machine, tell which, and serve until the process is ended."""

    async def listen() -> None:
        sink = Sink(delay)
        server = await asyncio.get_running_loop().create_server(lambda: SMTP(sink), HOST, 0)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(listen())


@contextmanager
def relay(delay: float) -> Iterator[int]:
    """A relay in a process of its own, so that its work is not counted as ours; gives its port."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=serve, args=(there, delay), daemon=True)
    process.start()
    try:
        if not here.poll(30):
            raise TimeoutError("the relay did not start")
        yield here.recv()
    finally:
        process.terminate()
        process.join()


def composed(name: str, number: int) -> bytes:
    """One e-mail of the catalogue, worded in Dutch and built."""
    email, brand = EMAILS[name].sample(), sample_brand("nl")
    return build(
        render(email, "nl", brand, LINK),
        sender=f"Baken <{FROM}>",
        to_name="Zoë Łukasz",
        to_address=TO,
        reply_to=brand.coordinator_email,
        message_id=f"{number}@baken.example",
        key_digest=f"{number:064x}",
        sent_at=SENT_AT,
        appointment=email.appointment,
    )


def measure(messages: int, rounds: int = 5, delay: float = 0) -> dict[str, float]:
    """The figures for so many messages a round. `delay` is the relay's, in seconds for each message."""
    names = list(islice(cycle(EMAILS), messages))
    raw = [composed(name, number) for number, name in enumerate(names)]
    with (
        relay(delay) as port,
        Sender(host=HOST, port=port, security="none") as sender,
        smtplib.SMTP(HOST, port) as plain,
    ):
        ways: dict[str, Callable[[int], object]] = {
            "floor": lambda at: plain.sendmail(FROM, [TO], raw[at]),
            "sender": lambda at: sender.deliver(FROM, TO, raw[at]),
            "composed": lambda at: sender.deliver(FROM, TO, composed(names[at], at)),
            "written": lambda at: composed(names[at], at),
        }
        taken = _interleaved(ways, messages, rounds)
    rate = {name: messages / statistics.median(wall for wall, _ in taken[name]) for name in ways}
    cpu = {name: statistics.median(used for _, used in taken[name]) / messages * 1e6 for name in ways}
    return {
        "messages": messages,
        "rounds": rounds,
        "bytes": round(statistics.mean(map(len, raw))),
        "delay_ms": delay * 1000,
        **{f"per_second_{name}": round(number, 1) for name, number in rate.items()},
        **{f"cpu_us_{name}": round(number, 1) for name, number in cpu.items()},
        "ratio_smtp_transport": round(rate["sender"] / rate["floor"], 3),
        "ratio_smtp_composed": round(rate["composed"] / rate["floor"], 3),
    }


def _interleaved(
    ways: dict[str, Callable[[int], object]], messages: int, rounds: int
) -> dict[str, list[tuple[float, float]]]:
    """Wall and CPU seconds of each way, round by round, after one message each to warm up."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for way in ways.values():
        way(0)
    for turn in range(rounds):
        names = list(ways)[turn % len(ways) :] + list(ways)[: turn % len(ways)]
        for name in names:
            wall, cpu = time.perf_counter(), time.process_time()
            for at in range(messages):
                ways[name](at)
            taken[name].append((time.perf_counter() - wall, time.process_time() - cpu))
    return taken


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mail")
    parser.add_argument("--json", action="store_true", help="figures for machines, one object")
    parser.add_argument("--messages", type=int, default=200, help="how many in each round")
    parser.add_argument("--rounds", type=int, default=5, help="how often each way is timed")
    parser.add_argument("--delay-ms", type=float, default=0, help="what the relay takes before it answers")
    given = parser.parse_args(arguments)
    figures = measure(given.messages, given.rounds, given.delay_ms / 1000)
    if given.json:
        print(json.dumps(figures, indent=2))
        return
    for name, number in figures.items():
        print(f"{name:<24} {number:>10}")


if __name__ == "__main__":
    main()
