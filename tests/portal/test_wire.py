"""Bytes as no browser sends them, to a real server: it answers or hangs up, says nothing of it, and goes on."""

import re
import socket
import sys
import time

import httpx
import pytest

from tests.portal.test_quiet import WORDS, free_port, leaks, running, tokens_of

PATIENCE = 3.0  # seconds until we give up
MEGABYTE = 1 << 20


def exchange(port, *pieces):
    """Send the pieces one after the other, wait a while, and hang up; what came back."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
        found = b""
        try:
            for number, piece in enumerate(pieces):
                time.sleep(0.2 if number else 0)
                line.sendall(piece)
            while more := line.recv(65536):
                found += more
        except OSError:  # it hung up, or waits for more
            pass
    return found


def statuses(answer):
    """Every status in what came back."""
    return [int(one) for one in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


def request(token, line=b"GET /f/%s HTTP/1.1", *headers, body=b""):
    """One request, as bytes."""
    head = [line.replace(b"%s", token), b"Host: localhost", *headers, b"Connection: close"]
    return b"\r\n".join(head) + b"\r\n\r\n" + body


FORM = b"Content-Type: application/x-www-form-urlencoded"
POST = b"POST /f/%s HTTP/1.1"
CHUNKED = b"Transfer-Encoding: chunked"


def attacks(token):
    """By name: what is sent in how many pieces."""
    return misspelt(token) | unfinished(token) | addresses(token) | bytes_and_kinds(token)


def misspelt(token):
    """What is hardly HTTP, or too much of it."""
    word = WORDS.encode()
    return {
        "no HTTP": [b"GARBAGE " + token + b"\r\n\r\n"],
        "nothing but a break": [b"\r\n\r\n\r\n"],
        "another protocol": [b"\x16\x03\x01\x02\x00" + token],
        "another version": [request(token, b"GET /f/%s HTTP/9.9")],
        "line feeds alone": [b"GET /f/" + token + b" HTTP/1.1\nHost: x\n\n"],
        "folded header": [request(token, b"GET /f/%s HTTP/1.1", b"X: a\r\n b: " + word)],
        "10 MB of headers": [request(token, b"GET /f/%s HTTP/1.1", *[b"X-A: " + word * 4000] * 130)],
        "one long header": [request(token, b"GET /f/%s HTTP/1.1", b"Cookie: sitting=" + b"9" * MEGABYTE)],
        "one long address": [request(token, b"GET /f/%s?q=" + b"9" * MEGABYTE + b" HTTP/1.1")],
    }


def unfinished(token):
    """Bodies that come slowly, end early, or are not as long as they say."""
    word = WORDS.encode()
    return {
        "slow body": [request(token, POST, FORM, b"Content-Length: 10"), b"reas", b"on=abc"],
        "body that ends early": [request(token, POST, FORM, b"Content-Length: 500", body=b"reason=" + word)],
        "more than said": [request(token, POST, FORM, b"Content-Length: 3", body=b"a=b&reason=" + word)],
        "half a chunk": [request(token, POST, FORM, CHUNKED, body=b"ff\r\nreason=" + word)],
        "a chunk of no size": [request(token, POST, FORM, CHUNKED, body=b"zz\r\n" + word)],
        "a chunk too many": [request(token, POST, FORM, CHUNKED, body=b"fffffffffffffffff\r\n" + word)],
        "both lengths": [
            request(token, POST, FORM, CHUNKED, b"Content-Length: 4", body=b"0\r\n\r\nGET /desk HTTP/1.1\r\n\r\n")
        ],
        "two lengths": [request(token, POST, FORM, b"Content-Length: 3", b"Content-Length: 5", body=b"a=bcd")],
        "a length below nothing": [request(token, POST, FORM, b"Content-Length: -1", body=word)],
    }


def addresses(token):
    """Addresses of elsewhere, with breaks, or that are no text."""
    return {
        "absolute address": [request(token, b"GET http://evil.example/f/%s HTTP/1.1")],
        "another host's address": [request(token, b"GET //evil.example/f/%s/renew HTTP/1.1")],
        "a tunnel": [request(token, b"CONNECT evil.example:443 HTTP/1.1")],
        "every address": [request(token, b"OPTIONS * HTTP/1.1")],
        "written line break": [request(token, b"GET /f/%s%0d%0aSet-Cookie:%20evil=1 HTTP/1.1")],
        "written line break in a query": [request(token, b"GET /f/%s/renew?lang=%0d%0aSet-Cookie:%20evil=1 HTTP/1.1")],
        "line break": [b"GET /f/" + token + b"\r\nSet-Cookie: evil=1 HTTP/1.1\r\nHost: x\r\n\r\n"],
        "NUL": [request(token, b"GET /f/%s%00 HTTP/1.1"), b"\0"],
        "bytes in the address": [b"GET /f/\xff\xfe" + token + b" HTTP/1.1\r\nHost: x\r\n\r\n"],
        "no UTF-8 in the address": [request(token, b"GET /f/%s/%ff%fe HTTP/1.1")],
        "no UTF-8 in a query": [request(token, b"GET /f/%s?lang=%ff&q=%c3%28&v=%ed%a0%80 HTTP/1.1")],
        "no UTF-8 in a name": [request(token, b"GET /desk/%s/waiting/%ed%a0%80 HTTP/1.1")],
        "half a percent": [request(token, b"GET /f/%s/%e2%8?q=%&v=%zz HTTP/1.1")],
    }


def bytes_and_kinds(token):
    """Fields, headers and kinds of body that are no text, or none of ours."""
    return {
        "lone surrogates": [request(token, POST, FORM, b"Content-Length: 16", body=b"reason=%ed%a0%80")],
        "bytes in a form": [request(token, POST, FORM, b"Content-Length: 9", body=b"reason=\xff\xfe")],
        "bytes in a cookie": [request(token, b"GET /f/%s/mine HTTP/1.1", b"Cookie: sitting=\xff\xfe.\xed\xa0\x80")],
        "bytes in headers": [
            request(token, POST, FORM + b"; charset=\xff", b"Origin: \xff://\xfe", b"Content-Length: 0")
        ],
        "a strange origin": [request(token, POST, FORM, b"Origin: http://[", b"Content-Length: 0")],
        "a strange host": [request(token, b"GET /f/%s/renew HTTP/1.1", b"Host: [::1", b"X-Forwarded-For: [, ::, \xff")],
        "a strange kind of form": [
            request(token, b"POST /no/%s HTTP/1.1", b"Content-Type: multipart/form-data; boundary=\xff")
        ],
        "no end of a part": [
            request(
                token,
                b"POST /no/%s HTTP/1.1",
                b"Content-Type: multipart/form-data; boundary=a",
                b"Content-Length: 9",
                body=b"--a\r\nX: b",
            )
        ],
        "a length in words": [
            request(
                token,
                b"POST /no/%s HTTP/1.1",
                b"Content-Type: multipart/form-data; boundary=a",
                b"Content-Length: +5",
                body=b"--a--",
            )
        ],
    }


@pytest.mark.slow
def test_server_bears_what_no_browser_sends(stage, tmp_path):
    tokens, port, log = tokens_of(stage), free_port(), tmp_path / "printed"
    token, health = tokens[0].encode(), f"http://127.0.0.1:{port}/health"
    with running([sys.executable, "-m", "portal", "--port", str(port)], log, health):
        found = {name: exchange(port, *pieces) for name, pieces in attacks(token).items()}
        both = exchange(port, request(token).replace(b"close", b"keep-alive") + request(token, b"HEAD /f/%s HTTP/1.1"))
        alive = httpx.get(health).status_code
        form = httpx.get(f"http://127.0.0.1:{port}/f/{tokens[0]}").status_code
    seen = {name: statuses(answer) for name, answer in found.items()}
    assert {name: those for name, those in seen.items() if any(one >= 500 for one in those)} == {}
    assert not any(b"evil=1" in one.partition(b"\r\n\r\n")[0] for one in found.values())
    assert not any(b"ocation: http" in one or b"ocation: //" in one for one in found.values())
    assert statuses(both) == [200, 200]
    assert (alive, form) == (200, 200)
    assert seen["slow body"] == [422]  # the control: one that is only slow is read
    printed = log.read_text()
    assert "Traceback" not in printed
    assert leaks(printed, tokens) == []
