"""`baken bounces`, `reconcile` and `settle`: counts, and one clear line for every mistake."""

import gzip
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from mailbox import Maildir
from pathlib import Path

import pytest
import sqlalchemy as sa
from cyclopts import App

from deployments import terminal
from deployments.commands import bounces as commands
from models import programme
from models.base import transaction
from models.delivery import Delivery
from models.settings import secret_key
from notifications import verp
from tests.models.rows import mail, settings, someone
from tests.notifications import reports

BASE = "bounce@baken.example"
NONE = dict.fromkeys(("bounced", "delayed", "known", "unknown", "not_a_report", "failed"), 0)


@pytest.fixture
def house(sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A programme, a mail that was sent (number 1), and one that is unsure (number 2)."""
    monkeypatch.setenv("BAKEN_BOUNCE_ADDRESS", BASE)
    monkeypatch.setattr(terminal.err, "width", 300)
    with transaction() as session:
        own = programme.keep(session, settings())
        someone(session, "boss")
        lotte = someone(session, "lotte", email=reports.WRITTEN_TO)
        mail(session, own.id, lotte.id, "one", state="sent")
        mail(session, own.id, lotte.id, "two", state="unsure", began_at=1_800_000_000.0)
    return sqlite


def baken(*words: str) -> int:
    app = App(name="baken", result_action="return_value")
    for command in (commands.bounces, commands.reconcile, commands.settle):
        app.command(command)
    return app(list(words))


def as_json(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, int]:
    capsys.readouterr()
    assert baken(*words, "--json") == 0
    return json.loads(capsys.readouterr().out)


def back() -> bytes:
    return reports.report(reports.POSTFIX, back_to=verp.sender(1, BASE, secret_key()))


def message_id(number: int) -> str:
    with transaction() as session:
        return session.get_one(Delivery, number).message_id


def state(number: int) -> str:
    with transaction() as session:
        return session.scalars(sa.select(Delivery.state).where(Delivery.id == number)).one()


def test_mailbox_is_counted_and_nothing_personal_is_said(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    box = Maildir(house / "box", create=True)
    late = reports.report(reports.POSTFIX, back_to=verp.sender(1, BASE, secret_key()), action="delayed")
    late = late.replace(b"20270301080002.9A", b"20270301080002.9B")
    for one in (back(), back(), late, reports.report(reports.EXIM), reports.report(reports.REPLY)):
        box.add(one)
    said = as_json(capsys, "bounces", str(house / "box"))
    assert said == NONE | {"bounced": 1, "known": 1, "delayed": 1, "unknown": 1, "not_a_report": 1}
    assert state(1) == "refused"
    assert as_json(capsys, "bounces", str(house / "box"))["bounced"] == 0
    assert baken("bounces", str(house / "box")) == 0
    assert "known 2" in capsys.readouterr().out


def test_pipe_is_read_as_a_mail_server_hands_it_over(house: Path) -> None:
    code = "import sys; from deployments.commands.bounces import bounces; sys.exit(bounces(json=True))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=back(),
        capture_output=True,
        cwd=Path(__file__).parents[2],
        env=os.environ | {"BAKEN_HOME": str(house)},
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == NONE | {"bounced": 1}


def test_long_mailbox_shows_a_bar(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.StringIO()
    monkeypatch.setattr(terminal, "err", terminal.Console(file=shown, force_terminal=True, width=80))
    assert list(commands._with_bar(iter([b"x"] * 30), 30)) == [b"x"] * 30  # noqa: SLF001
    assert "Mails" in shown.getvalue()
    before = len(shown.getvalue())
    assert list(commands._with_bar(iter([b"x"]), 1)) == [b"x"]  # noqa: SLF001
    assert len(shown.getvalue()) == before


def test_one_odd_mail_stops_no_other(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import tasks.bounces

    taken = tasks.bounces.take_bounce

    def breaks(raw: bytes, today):
        return taken(raw, today) if b"Mail Delivery" in raw else 1 // 0

    monkeypatch.setattr(tasks.bounces, "take_bounce", breaks)
    box = Maildir(house / "box", create=True)
    for one in (reports.report(reports.REPLY), back()):
        box.add(one)
    capsys.readouterr()
    assert baken("bounces", str(house / "box"), "--json") == 1
    said = capsys.readouterr()
    assert json.loads(said.out) == NONE | {"bounced": 1, "failed": 1}
    assert "errors.log" in said.err


@pytest.mark.parametrize(
    ("words", "says", "code"),
    [
        (("bounces", "nowhere.mbox"), "No such file", 1),
        (("bounces", "."), "not a Maildir", 1),
        (("bounces", "--imap"), "BAKEN_BOUNCE_IMAP_HOST", 1),
        (("bounces", "x", "--imap"), "not both", 2),
        (("reconcile", "nowhere.log"), "No such file", 1),
        (("settle", "1", "sent"), "not unsure", 1),
    ],
)
def test_mistake_gives_one_line(
    house: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], says: str, code: int
) -> None:
    capsys.readouterr()
    assert baken(*words) == code
    said = capsys.readouterr().err
    assert says in said
    assert len(said.strip().splitlines()) == 1


@pytest.mark.parametrize("name", ["mail.log", "mail.log.gz"])
def test_log_settles_what_is_unsure(house: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    raw = f"\xff noise\n<{message_id(2)}@baken.example>\n".encode("latin-1")
    (house / name).write_bytes(gzip.compress(raw) if name.endswith("gz") else raw)
    assert as_json(capsys, "reconcile", str(house / name)) == {"sent": 1, "queued": 0, "unsure": 0}
    assert state(2) == "sent"


def test_what_the_log_does_not_know_goes_again_only_when_it_is_complete(
    house: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (house / "mail.log").write_text("nothing\n")
    file = str(house / "mail.log")
    assert as_json(capsys, "reconcile", file)["unsure"] == 1
    assert as_json(capsys, "reconcile", file, "--until", "2020-01-01T00:00:00")["unsure"] == 1
    assert as_json(capsys, "reconcile", file, "--until", "2030-01-01", "--since", "2029-01-01")["unsure"] == 1
    assert as_json(capsys, "reconcile", file, "--until", "2030-01-01T00:00:00")["queued"] == 1
    assert state(2) == "queued"


def test_broken_archive_gives_one_line(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (house / "mail.log.gz").write_bytes(gzip.compress(b"x" * 9999)[:-9])
    assert baken("reconcile", str(house / "mail.log.gz")) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_operators_word(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert as_json(capsys, "settle", "2", "again") == {"mail": 2, "state": "queued"}
    assert baken("settle", "2", "again") == 1
