"""What a real server prints and keeps: no token and no word of anybody, whatever is asked of it, and however badly."""

import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

ROOM = Path(__file__).parents[2]
WORDS = "kwetsbaarheid-4471"  # what somebody writes


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(command, log, health, seconds=60):
    """A server of its own, until the end of the block; it is stopped as Ctrl-C does."""
    with log.open("wb") as out, subprocess.Popen(command, cwd=ROOM, stdout=out, stderr=out) as server:
        try:
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                try:
                    if httpx.get(health).status_code == 200:
                        break
                except httpx.TransportError:
                    time.sleep(0.2)
            yield
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(60)


def raw(port, text):
    """Bytes as no browser sends them; what came back."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(text)
        line.shutdown(socket.SHUT_WR)
        answer = b""
        while more := line.recv(65536):
            answer += more
    return answer


def misuse(port, home, tokens):
    """Everything that may bring an address or a word into a log; the statuses."""
    known, unknown, fresh, desk = tokens
    url = f"http://127.0.0.1:{port}"
    found = [
        httpx.get(f"{url}/f/{known}?q={WORDS}").status_code,
        httpx.get(f"{url}/f/{unknown}").status_code,
        httpx.get(f"{url}/r/{fresh}").status_code,
        httpx.get(f"{url}/desk/{desk}/nothing").status_code,
        httpx.post(f"{url}/f/{known}", data={"reason": WORDS}).status_code,
        httpx.post(f"{url}/f/{known}", data={"reason": WORDS * 20_000}).status_code,
        httpx.post(f"{url}/f/{known}", content=WORDS.encode(), headers={"content-type": "text/plain"}).status_code,
        httpx.request("TRACE", f"{url}/f/{known}").status_code,
    ]
    for text in (
        f"GET /f/{known} {WORDS}\r\n\r\n",
        f"POST /f/{known} HTTP/1.1\r\nHost: x\r\nContent-Length: {WORDS}\r\n\r\n",
        f"GET /f/{known} HTTP/1.1\r\nHost: x\r\nX: {WORDS * 2000}\r\n\r\n",
        f"POST /f/{known} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{WORDS}",
        f"\x16\x03\x01 /f/{known}",
    ):
        raw(port, text.encode("latin-1"))
    with sqlite3.connect(home / "baken.db") as broken:
        broken.execute("ALTER TABLE draft RENAME TO gone")
    broken.close()
    found.append(httpx.post(f"{url}/f/{known}", data={"reason": WORDS}).status_code)
    return found


def tokens_of(stage):
    """A link that works, one that does not, and the desk; all of them secrets."""
    known = stage.ask("pairing_mentor")
    unknown = known[:22] + known[22:][::-1]
    return known, unknown, unknown[::-1], stage.desk


def leaks(text, tokens):
    """Which secrets stand in a text, in whole or in part."""
    return [secret for secret in (*tokens, *(token[:22] for token in tokens), WORDS) if secret in text]


@pytest.mark.slow
def test_portal_prints_no_token_and_no_word(stage, tmp_path):
    tokens, port, log = tokens_of(stage), free_port(), tmp_path / "printed"
    command = [sys.executable, "-m", "portal", "--port", str(port)]
    with running(command, log, f"http://127.0.0.1:{port}/health"):
        statuses = misuse(port, tmp_path, tokens)
    printed = log.read_text()
    assert statuses == [200, 404, 404, 404, 422, 413, 415, 405, 500]
    assert "Uvicorn running" in printed
    assert "OperationalError" in printed  # what broke is told
    assert "Invalid HTTP request received" in printed
    assert leaks(printed, tokens) == []
    assert leaks(f"GET /f/{tokens[0]} 200", tokens)  # the control


@pytest.mark.long
def test_nothing_that_is_served_keeps_a_token_or_a_word(stage, tmp_path):
    """`baken serve`: its own output, its logs, and Prefect's database."""
    tokens, port, log = tokens_of(stage), free_port(), tmp_path / "printed"
    command = [sys.executable, "-m", "deployments.cli", "serve", "--prefect-port", str(free_port())]
    with running([*command, "--portal-port", str(port)], log, f"http://127.0.0.1:{port}/health", seconds=120):
        misuse(port, tmp_path, tokens)
        time.sleep(5)
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and not path.name.startswith("baken.db")]
    names = {path.name for path in kept}
    assert {"printed", "portal.log", "prefect.log", "prefect.db"} <= names
    found = {path.name: leaks(path.read_bytes().decode("latin-1"), tokens) for path in kept}
    assert {name: secrets for name, secrets in found.items() if secrets} == {}
    assert (tmp_path / "log" / "portal.log").stat().st_size > 0
