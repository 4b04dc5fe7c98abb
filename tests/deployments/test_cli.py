"""The command line as people use it: every command of the README, and one clear line for every mistake."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deployments.cli import main
from deployments.sample.company import make_company, write_csv

BOSS = "coordinator@noordzee-werken.example"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    kept = dict(os.environ)
    for name in [n for n in os.environ if n.startswith("BAKEN_")]:
        del os.environ[name]
    os.environ["BAKEN_HOME"] = str(tmp_path / "home")
    yield tmp_path
    os.environ.clear()
    os.environ.update(kept)


def baken(*words: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(list(words))
    return int(stopped.value.code or 0)


def as_json(capsys: pytest.CaptureFixture[str], *words: str) -> dict:
    capsys.readouterr()
    assert baken(*words, "--json") == 0
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def company(home: Path) -> Path:
    rows = make_company(40, 5)
    rows[1]["E-mail"] = BOSS
    file = home / "people.csv"
    write_csv(rows, file)
    return file


@pytest.fixture
def programme(company: Path) -> str:
    assert baken("roster", "import", str(company), "--apply") == 0
    assert (
        baken("programme", "new", "growth-2027", "--from", "growth", "--coordinator", BOSS, "--company", "Noordzee")
        == 0
    )
    return "growth-2027"


def test_roster_import_shows_first_and_writes_on_request(company: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert as_json(capsys, "roster", "import", str(company))["applied"] is False
    assert as_json(capsys, "roster", "import", str(company), "--apply")["applied"] is True
    again = as_json(capsys, "roster", "import", str(company))
    assert again["counts"]["unchanged"] == 40


def test_roster_import_names_refused_rows(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = home / "people.csv"
    file.write_text("Number;First name;Last name;E-mail\n1;Zoë;Maes;zoe@firm.example\n2;Jan;Smet;not an address\n")
    assert baken("roster", "import", str(file)) == 3
    shown = capsys.readouterr().out
    assert "3" in shown
    assert "E-mail" in shown


def test_programme_has_a_file_and_a_calendar(programme: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = home / "home" / "programmes" / "growth-2027.toml"
    assert f'coordinator = "{BOSS}"' in file.read_text()
    file.write_text(file.read_text().replace("relationship_months = 12", "relationship_months = 9"))
    assert baken("programme", "load", str(file)) == 0
    calendar = as_json(capsys, "programme", "calendar", programme)["calendar"]
    assert [e["phase"] for e in calendar][:3] == ["readiness", "recruitment", "selection"]
    assert sum(e["phase"] == "review" for e in calendar) == 2
    assert as_json(capsys, "programme", "show", programme)["phases"]["readiness"] == "Planned"
    assert as_json(capsys, "programme", "list")["programmes"][0]["slug"] == programme


@pytest.mark.parametrize("track", ["growth", "new-hire"])
def test_each_ready_made_programme_can_be_started(company: Path, track: str) -> None:
    assert baken("roster", "import", str(company), "--apply") == 0
    assert baken("programme", "new", "ours", "--from", track, "--coordinator", BOSS) == 0
    assert baken("programme", "calendar", "ours") == 0


def test_desk_link_is_the_same_each_time(programme: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert as_json(capsys, "desk", programme) == as_json(capsys, "desk", programme)


def test_mail_commands(programme: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert as_json(capsys, "mail", "list", programme)["mails"] == {}
    assert "mentor" in as_json(capsys, "mail", "preview", "mentor_call", "--language", "nl")["text"]
    assert as_json(capsys, "mail", "gallery", str(home / "gallery"))["mails"] >= 150
    assert (home / "gallery" / "index.html").exists()
    assert as_json(capsys, "mail", "retry", programme) == {"queued": 0}
    assert baken("mail", "send", programme) == 1  # no relay is set


def test_forms_and_report(programme: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    forms = {f["form"]: f for f in as_json(capsys, "forms")["forms"]}
    assert forms["readiness_survey"]["languages"] == "en, fr, nl"
    assert as_json(capsys, "forms", "mentor_application")["questions"][0]["id"] == "join"
    page = home / "report.html"
    assert as_json(capsys, "report", programme, "--html", str(page))["programme"] == programme
    assert page.exists()


def test_doctor_says_what_is_wrong(programme: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert baken("doctor", "--json") == 0
    found = {f["what"]: f["verdict"] for f in json.loads(capsys.readouterr().out)["findings"]}
    assert found["database"] == "ok"
    assert found["mail relay"] == "note"
    os.environ |= {"BAKEN_SMTP_HOST": "127.0.0.1", "BAKEN_SMTP_PORT": "9", "BAKEN_SMTP_SECURITY": "none"}
    assert baken("doctor") == 1


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("programme", "show", "nope"), "there is no programme 'nope'"),
        (("programme", "new", "ours", "--from", "nope"), "no ready-made programme 'nope'"),
        (("programme", "new", "Not A Slug"), "slug"),
        (
            ("programme", "new", "ours", "--coordinator", "nobody@firm.example"),
            "not on the roster: nobody@firm.example",
        ),
        (("roster", "import", "nowhere.csv"), "nowhere.csv: there is no such file"),
        (("mail", "preview", "nope"), "There is no e-mail 'nope'"),
        (("forms", "nope"), "There is no form 'nope'"),
        (("run", "nope", "ours"), "There is no phase 'nope'"),
        (("advance",), "Name a programme"),
        (("demo", "--people", "3"), "at least 20 people"),
    ],
)
def test_a_mistake_ends_in_one_line(
    home: Path, words: tuple[str, ...], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert baken(*words) in {1, 2}
    said = capsys.readouterr().err
    assert line in said
    assert "Traceback" not in said


def test_a_real_programme_does_not_live_in_the_future(programme: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert baken("advance", programme, "--today", "2099-01-01") == 1
    assert "in the future" in capsys.readouterr().err


def test_a_bad_setting_ends_in_one_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.environ["BAKEN_SMTP_PORT"] = "many"
    assert baken("doctor") == 1
    assert "smtp_port" in capsys.readouterr().out


def elsewhere(prefect: str, *words: str) -> dict:
    """A command in a process of its own, against that Prefect server."""
    done = subprocess.run(
        [sys.executable, "-m", "deployments.cli", *words, "--json"],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        timeout=120,
        env={k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
        | {"PREFECT_API_URL": f"{prefect}/api"},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_database_can_be_a_rehearsal_until_mails_have_gone_out(
    programme: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert as_json(capsys, "rehearsal", "2027-01-11") == {"rehearsal": "2027-01-11"}
    from models import installation
    from models.base import transaction

    with transaction() as session:
        assert str(installation.move_to(session, installation.date(2027, 3, 1))) == "2027-03-01"
        assert str(installation.today(session)) == "2027-03-01"


@pytest.mark.slow
def test_serve_runs_everything_until_stopped(home: Path, programme: str) -> None:
    import httpx

    from deployments.phases import ABOUT
    from deployments.processes import free_port

    ports = ["--prefect-port", str(free_port()), "--portal-port", str(free_port())]
    served = subprocess.Popen(
        [sys.executable, "-m", "deployments.cli", "serve", *ports, "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=Path(__file__).parents[2],
        env={k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")},
    )
    try:
        assert served.stdout
        said = ""
        while not said.rstrip().endswith("}"):
            said += served.stdout.readline()
        where = json.loads(said)
        assert httpx.get(f"{where['portal']}/health").status_code == 200
        found: list[dict] = []
        for _ in range(120):
            found = httpx.post(f"{where['prefect']}/api/deployments/filter", json={}).json()
            if len(found) >= len(ABOUT):
                break
            import time

            time.sleep(0.5)
        names = {re.sub(r"\d+", "", d["name"]) for d in found}
        assert names == {"baken"}
        assert len(found) == len(ABOUT)
        review = next(d for d in found if "review" in d["tags"])
        assert {s["slug"] for s in review["schedules"]} == {"growth-2027-quarterly", "growth-2027-half-yearly"}
        assert review["parameter_openapi_schema"]["properties"]["programme"]["description"]
        advanced = elsewhere(where["prefect"], "advance", programme)
        assert advanced["moved"] == {}
        assert advanced["next"] == "2027-01-11"
        assert elsewhere(where["prefect"], "advance", "--all")["programmes"] == [advanced]
        wanted = {"flow_runs": {"tags": {"all_": ["calendar:growth-2027"]}}, "sort": "EXPECTED_START_TIME_ASC"}
        ahead = httpx.post(f"{where['prefect']}/api/flow_runs/filter", json=wanted).json()
        assert [one["name"].partition(" · ")[2] for one in ahead][:2] == ["readiness opens", "readiness: reminders"]
        assert elsewhere(where["prefect"], "run", "readiness", programme)["state"] == "Not-Due"
    finally:
        import signal

        served.send_signal(signal.SIGINT)
        served.wait(40)
