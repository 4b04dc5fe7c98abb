"""A real IMAP server in a process of its own, with TLS, and settings that name it."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

from tests.notifications import imap_server


@contextmanager
def served(folder: Path, mails: Sequence[bytes], monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A mailbox with these mails; its port. The certificate to trust is `ca.pem` in the folder."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
    for number, mail in enumerate(mails):
        (folder / f"{number}.eml").write_bytes(mail)
    with subprocess.Popen(
        [sys.executable, imap_server.__file__, str(folder / "server.pem"), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as server:
        assert server.stdout
        port = server.stdout.readline().decode().strip()
        values = {"HOST": "localhost", "PORT": port, "USER": imap_server.USER, "PASSWORD": imap_server.PASSWORD}
        for name, value in (values | {"CAFILE": str(folder / "ca.pem")}).items():
            monkeypatch.setenv(f"BAKEN_BOUNCE_IMAP_{name}", value)
        try:
            yield int(port)
        finally:
            server.kill()
