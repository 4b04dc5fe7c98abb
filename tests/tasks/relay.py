"""A relay with a ledger: what stands in it was accepted. A process of its own: PORT LEDGER DELAY."""

import asyncio
import re
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


class Relay:
    """Writes down each message that it accepts before it says so."""

    def __init__(self, ledger: str, delay: float) -> None:
        self.ledger, self.delay = Path(ledger).open("ab", buffering=0), delay  # noqa: SIM115 - as long as the process

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Accept, and take a moment to say so: the window in which a sender may die."""
        assert isinstance(envelope.content, bytes)
        found = re.search(rb"^Message-ID: <([^@>]+)", envelope.content, re.MULTILINE)
        assert found
        self.ledger.write(found[1] + b" " + envelope.rcpt_tos[0].encode() + b"\n")
        await asyncio.sleep(self.delay)
        return "250 OK"


async def main(port: str, ledger: str, delay: str) -> None:
    """Listen on this machine until the end."""
    relay, loop = Relay(ledger, float(delay)), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(relay, loop=loop), "127.0.0.1", int(port))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
