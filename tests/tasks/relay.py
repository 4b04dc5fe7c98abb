"""A relay with a ledger: what stands in it was accepted. A process of its own: PORT LEDGER DELAY [LOST BUSY SEED].

A share `LOST` of its acknowledgements never arrives, a share `BUSY` of recipients is told to come back (451). Beside the
ledger stands `<ledger>.events`, a line for each of either.
"""

import asyncio
import random
import re
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

MESSAGE_ID = re.compile(rb"^Message-ID: <([^@>]+)", re.MULTILINE)
MARK = re.compile(rb"mark\d{6}")


class Relay:
    """Writes down each message that it accepts, and what stands in it, before it says so."""

    def __init__(self, ledger: str, delay: float, lost: float, busy: float, seed: int) -> None:
        self.ledger = Path(ledger).open("ab", buffering=0)  # noqa: SIM115 - as long as the process
        self.events = Path(f"{ledger}.events").open("ab", buffering=0)  # noqa: SIM115
        self.delay, self.lost, self.busy, self.dice = delay, lost, busy, random.Random(seed)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the recipient, or ask the sender to come back."""
        if self.dice.random() < self.busy:
            self.events.write(b"busy\n")
            return "451 4.7.1 Come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Accept, and take a moment to say so: the window in which a sender may die. Some answers never arrive."""
        assert isinstance(envelope.content, bytes)
        found = MESSAGE_ID.search(envelope.content)
        assert found
        marks = sorted(set(MARK.findall(envelope.content.replace(b"=\r\n", b""))))
        self.ledger.write(b" ".join([found[1], envelope.rcpt_tos[0].encode(), b",".join(marks)]) + b"\n")
        if self.dice.random() < self.lost:
            self.events.write(b"lost\n")
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        await asyncio.sleep(self.delay)
        return "250 OK"


async def main(port: str, ledger: str, delay: str, lost: str = "0", busy: str = "0", seed: str = "1") -> None:
    """Listen on this machine until the end."""
    relay, loop = Relay(ledger, float(delay), float(lost), float(busy), int(seed)), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(relay, loop=loop), "127.0.0.1", int(port))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
