"""A relay in a process of its own, so that its work is not counted as ours; it takes every message and keeps none.

Two kinds: a real SMTP server (aiosmtpd), which takes `delay` seconds before it accepts a text, as one far away does;
and a bare one, which says the least that the protocol asks for, where the posting side alone is to be seen.
"""

import argparse
import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"
HOUSE = Path(__file__).parents[1]
ANSWERS = {b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}
END = b"\r\n.\r\n"


class Sink:
    """Takes everything and keeps nothing."""

    def __init__(self, delay: float) -> None:
        self.delay = delay

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - its shape
        """Accept the text."""
        if self.delay:
            await asyncio.sleep(self.delay)
        return "250 OK"


class Bare(asyncio.Protocol):
    """Line by line `250 OK`, without a look at what was said."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.Transport)
        self.line, self.kept, self.in_text = transport, b"", False
        self.line.write(b"220 here\r\n")

    def data_received(self, data: bytes) -> None:
        """Answer each whole line, and each whole text."""
        self.kept += data
        while True:
            said, end, rest = self.kept.partition(END if self.in_text else b"\r\n")
            if not end:
                return
            self.kept = rest
            word = b"" if self.in_text else said[:4].upper()
            self.in_text = word == b"DATA"
            self.line.write(ANSWERS.get(word, b"250 OK\r\n"))
            if word == b"QUIT":
                self.line.close()


async def serve(delay: float, *, bare: bool) -> None:
    """Listen on a free port of this machine, print which, and serve until the process is ended."""
    sink = Sink(delay)
    server = await asyncio.get_running_loop().create_server(Bare if bare else lambda: SMTP(sink), HOST, 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def relay(delay: float = 0, *, bare: bool = False) -> Iterator[int]:
    """Start one; gives its port. Raises ValueError where it did not start."""
    command = [sys.executable, "-m", "benchmarks.relay", "--delay", str(delay), *(["--bare"] if bare else [])]
    with subprocess.Popen(command, cwd=HOUSE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def main() -> None:
    """Serve, as the process of its own."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.relay")
    parser.add_argument("--delay", type=float, default=0, help="seconds before a text is accepted")
    parser.add_argument("--bare", action="store_true", help="the least that the protocol asks for")
    given = parser.parse_args()
    asyncio.run(serve(given.delay, bare=given.bare))


if __name__ == "__main__":
    main()
