"""The door: headers on every answer, what a post must be, and logs that hold no token and no words."""

import logging
import os
import re
import socket
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from models import installation, watch
from models.base import transaction
from portal import colour
from portal.gate import HEADERS, MAX_BODY


def _dressed(answer):
    return all(answer.headers.get(name) == value for name, value in HEADERS.items())


def test_every_page_carries_the_headers(stage, browser):
    token = stage.ask("pairing_mentor")
    pages = [
        f"/f/{token}",
        f"/f/{token}/done",
        f"/desk/{stage.desk}",
        f"/desk/{stage.desk}/matching",
        "/f/x",
        "/",
        "/health",
    ]
    assert all(_dressed(browser.get(path)) for path in pages)
    assert _dressed(browser.post(f"/f/{token}", data={}))
    assert _dressed(browser.post(f"/f/{token}", data={"accept": "yes"}))
    assert _dressed(browser.put(f"/f/{token}"))


def test_pages_hold_no_script_and_no_inline_style(stage, browser):
    for path in (f"/f/{stage.ask('readiness_survey')}", f"/desk/{stage.desk}"):
        page = browser.get(path).text
        assert "<script" not in page
        assert "<style" not in page
        assert " style=" not in page
        assert "://" not in page.replace("http://www.w3.org/2000/svg", "")


def test_health_knows_whether_the_database_is_there(stage, browser, monkeypatch, tmp_path):
    said = "ok\nwatch: never\nmail: never"
    assert (browser.get("/health").status_code, browser.get("/health").text) == (200, said)
    monkeypatch.setenv("BAKEN_HOME", str(tmp_path / "nowhere"))
    assert browser.get("/health").status_code == 503


def test_health_tells_a_monitor_that_the_rounds_are_silent(stage, browser):
    def asked(query=""):
        found = browser.get(f"/health{query}")
        return found.status_code, found.text.splitlines()

    assert asked("?minutes=30") == (503, ["silent", "watch: never", "mail: never"])
    for name, minutes in (("watch", 7), ("mail", 31)):
        with transaction() as session:
            watch.beat(session, name, now=installation.now() - timedelta(minutes=minutes, seconds=5))
    assert asked() == (200, ["ok", "watch: 7 minutes ago", "mail: 31 minutes ago"])
    assert asked("?minutes=30")[0] == 503
    assert asked("?minutes=32")[0] == 200
    assert asked("?minutes=soon")[0] == asked("?minutes=-1")[0] == asked("?minutes=99999999999")[0] == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, 303),
        ({"origin": "http://testserver"}, 303),
        ({"origin": "null"}, 303),
        ({"sec-fetch-site": "cross-site", "origin": "http://testserver"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://elsewhere.example"}, 403),
    ],
)
def test_post_comes_from_our_own_page(stage, browser, headers, status):
    token = stage.ask("pairing_mentor")
    assert browser.post(f"/f/{token}", data={"accept": "yes"}, headers=headers).status_code == status


FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"accept=yes&reason=a%00b", FORM, 400),
        (b"acc%00ept=yes", FORM, 400),
        (b"accept=%ff%fe", FORM, 400),
        (b"accept=yes" + b"&a=b" * 3000, FORM, 400),
        (b"a=" + b"x" * MAX_BODY, FORM, 413),
        (b'{"accept": "yes"}', {"content-type": "application/json"}, 415),
        (b"accept=yes", {}, 415),
    ],
)
def test_strange_bodies_are_refused_with_a_page(stage, browser, body, headers, status):
    page = browser.post(f"/f/{stage.ask('pairing_mentor')}", content=body, headers=headers)
    assert page.status_code == status
    assert "That did not work" in page.text


def test_our_own_mistake_is_a_calm_page_and_keeps_its_text_out_of_the_log(
    stage, browser, monkeypatch, tmp_path, caplog
):
    token = stage.ask("pairing_mentor")
    monkeypatch.setenv("BAKEN_HOME", str(tmp_path / "nowhere"))
    with caplog.at_level(logging.DEBUG):
        page = browser.post(f"/f/{token}", data={"accept": "canary"})
    assert page.status_code == 500
    assert _dressed(page)
    assert "OperationalError" in caplog.text
    ours = "".join(record.getMessage() for record in caplog.records if record.name.startswith("baken"))
    assert token not in ours
    assert "canary" not in ours


def test_server_prints_no_token(stage):
    token = stage.ask("pairing_mentor")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    room = Path(__file__).parents[2]
    command = [sys.executable, "-m", "portal", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=room, env=dict(os.environ), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as server:
        try:
            assert _fetch(f"http://127.0.0.1:{port}/f/{token}") == 200
        finally:
            server.terminate()
        printed = server.stdout.read().decode()
    assert "Uvicorn running" in printed
    assert token not in printed


def _fetch(address):
    for _ in range(100):
        try:
            return httpx.get(address).status_code
        except httpx.TransportError:
            time.sleep(0.1)
    return 0


def test_stylesheets_are_served(browser):
    assert "text/css" in browser.get("/static/baken.css").headers["content-type"]
    assert "--brand:#0b5d66" in browser.get("/static/brand-0b5d66.css").text
    assert browser.get("/static/icon.svg").status_code == 200
    for wrong in ("red", "0b5d6", "0b5d66}", "0B5D66", "..%2f"):
        assert browser.get(f"/static/brand-{wrong}.css").status_code == 404


@pytest.mark.parametrize("code", ["000000", "ffffff", "ffd500", "0b5d66", "808080", "ff0000", "7fff00"])
def test_any_brand_colour_is_readable_in_light_and_dark(code):
    colours = colour.stylesheet(code)
    for block, page in zip(colours.split("{--")[1:3], (colour.LIGHT[0], colour.DARK[0]), strict=True):
        named = dict(pair.lstrip("-").split(":#") for pair in block.split("}")[0].split(";") if pair)
        rgb = {name: tuple(bytes.fromhex(value)) for name, value in named.items()}
        assert colour.contrast(rgb["brand"], page) >= 4.5
        assert colour.contrast(rgb["brand"], rgb["on-brand"]) >= 4.5
        assert colour.contrast(rgb["brand"], rgb["brand-soft"]) >= 4.5


def _tokens(sheet):
    """The colours of light and of dark, by name."""
    light, dark = re.findall(r":root \{(.*?)\n\s*\}", sheet, re.DOTALL)[:2]
    found = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", block)) for block in (light, dark)]
    return [{n: tuple(bytes.fromhex(v[1:] if len(v) == 7 else v[1:] * 2)) for n, v in one.items()} for one in found]


def test_borders_and_words_have_enough_contrast(browser):
    for named in _tokens(browser.get("/static/baken.css").text):
        for ground in ("page", "card", "sunk"):
            assert colour.contrast(named["edge"], named[ground]) >= 3
            assert colour.contrast(named["ink"], named[ground]) >= 7
            assert colour.contrast(named["soft"], named[ground]) >= 4.5
        assert colour.contrast(named["wrong"], named["wrong-soft"]) >= 4.5
    assert [_tokens(browser.get("/static/baken.css").text)[n]["card"] for n in (0, 1)] == [
        colour.LIGHT[0],
        colour.DARK[0],
    ]
