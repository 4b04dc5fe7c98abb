"""`baken programme place` and the timeline's address, without a Prefect server."""

import json
from datetime import date

import pytest

from deployments.cli import main
from deployments.doctor import examine
from models import placement, programme
from models.base import transaction
from tests.world import SLUG, build

UI = "https://prefect.example"


@pytest.fixture(autouse=True)
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as stopped:
        main(list(words))
    assert not stopped.value.code
    return capsys.readouterr().out


def test_without_a_server_nothing_is_placed_and_a_line_says_so(sqlite, capsys) -> None:
    build()
    assert said(capsys, "programme", "place", SLUG).startswith(f"{SLUG}: no Prefect server is set")
    told = json.loads(said(capsys, "programme", "place", SLUG, "--json"))
    assert (told["slug"], told["placed"], told["timeline"]) == (SLUG, 0, "")


def test_timeline_is_shown_where_a_ui_or_a_server_is_known(sqlite, capsys, monkeypatch) -> None:
    build()
    assert "timeline" not in said(capsys, "programme", "show", SLUG)
    monkeypatch.setenv("BAKEN_PREFECT_UI", UI)
    address = json.loads(said(capsys, "programme", "show", SLUG, "--json"))["timeline"]
    assert address.startswith(f"{UI}/v2/runs?")
    assert f"calendar%3A{SLUG}" in address
    assert "timeline: https://prefect.example" in said(capsys, "programme", "place", SLUG)
    monkeypatch.delenv("BAKEN_PREFECT_UI")
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:4200/api")
    address = json.loads(said(capsys, "programme", "show", SLUG, "--json"))["timeline"]
    assert address.startswith("http://127.0.0.1:4200/v2/runs?")


def test_doctor_counts_what_stands_and_what_was_taken_away(sqlite, capsys) -> None:
    build()
    day = date(2027, 2, 1)
    with transaction() as session:
        number = programme.by_slug(session, SLUG).id
        for row in placement.compare(session, number, {"a": day, "b": day, "c": day}, day):
            placement.note(session, row.id, 1, run_id=row.key, deployment_id="x", removed=row.key != "a")
    found = [one for one in examine() if one.what == "calendar"]
    assert [(one.verdict, one.found) for one in found] == [("note", "1 runs stand ahead, 2 were taken away by hand")]
    said(capsys, "programme", "place", SLUG, "--again")
    found = [one for one in examine() if one.what == "calendar"]
    assert [(one.verdict, one.found) for one in found] == [("ok", "1 runs stand ahead")]
