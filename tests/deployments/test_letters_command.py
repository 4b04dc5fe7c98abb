"""`baken mail letters`: the file first, then the note that it is printed; never over a file, and never twice."""

import json
import os
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pypdfium2
import pytest
import sqlalchemy as sa

import tasks.letters
from deployments.commands import letters as command
from deployments.commands.letters import letters
from models import installation, programme, schema
from models.base import transaction
from models.delivery import Delivery
from notifications.emails import EMAILS
from tests.models.rows import mail, settings, someone

TODAY = date(2027, 3, 1)
SLUG = "p1"


@pytest.fixture
def stock(own_database: str) -> int:
    """A rehearsal on a Monday, with three letters that wait."""
    with transaction() as session:
        installation.mark_as_rehearsal(session, TODAY)
        ours = programme.keep(session, settings(SLUG)).id
        someone(session, "boss")
        for name in ("Żaneta", "Ștefan", "Ödön"):
            whom = someone(session, name, email=None)
            words = EMAILS["application_received"].sample().model_copy(update={"given_name": name})
            fields = words.model_dump(mode="json", exclude={"link"})
            mail(session, ours, whom.id, name, state="held", template="application_received", fields=fields)
    return 3


def states() -> set[str]:
    with transaction() as session:
        return {row.state for row in session.scalars(sa.select(Delivery))}


def people(file: Path) -> list[str]:
    return [
        name
        for page in pypdfium2.PdfDocument(file)
        for name in ("Żaneta", "Ștefan", "Ödön")
        if f"{name} Bo" in page.get_textpage().get_text_range()
    ]


def test_letters_are_written_then_noted(stock: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "out.pdf"
    assert letters(SLUG, file) == 0
    assert sorted(people(file)) == sorted(["Żaneta", "Ștefan", "Ödön"])
    assert file.stat().st_mode & 0o777 == 0o600
    assert "3 letters are in" in capsys.readouterr().out.replace("\n", " ")
    assert states() == {"printed"}
    assert letters(SLUG, tmp_path / "more.pdf") == 0
    assert "No letter was printed." in capsys.readouterr().out
    assert not (tmp_path / "more.pdf").exists()


def test_folder_gets_a_file_named_for_the_day(stock: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert letters(SLUG, tmp_path, json=True) == 0
    said = json.loads(capsys.readouterr().out)
    assert said == {"letters": 3, "file": str(tmp_path / "letters-p1-2027-03-01.pdf"), "waiting": 0}


def test_day_can_be_printed_again(stock: int, tmp_path: Path) -> None:
    letters(SLUG, tmp_path / "a.pdf")
    with transaction() as session:
        installation.move_to(session, TODAY + timedelta(days=3))
    assert letters(SLUG, tmp_path / "b.pdf", again=TODAY) == 0
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_file_that_is_there_is_not_overwritten(stock: int, tmp_path: Path) -> None:
    file = tmp_path / "out.pdf"
    file.write_text("mine")
    assert letters(SLUG, file) == 1
    assert file.read_text() == "mine"
    assert states() == {"held"}


def test_folder_that_is_not_there_loses_nothing(stock: int, tmp_path: Path) -> None:
    assert letters(SLUG, tmp_path / "no" / "out.pdf") == 1
    assert states() == {"held"}


def test_full_disk_loses_nothing_and_leaves_no_half_file(
    stock: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert letters(SLUG, tmp_path / "out.pdf") == 1
    monkeypatch.undo()
    assert list(tmp_path.glob("*.pdf")) == []
    assert states() == {"held"}
    assert letters(SLUG, tmp_path / "out.pdf") == 0


def test_crash_between_writing_and_marking_loses_nothing(
    stock: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> list[int]:
        assert len(people(tmp_path / "a.pdf")) == 3  # the file is whole before anything is noted
        raise KeyboardInterrupt

    monkeypatch.setattr(tasks.letters, "mark_printed", crash)
    with pytest.raises(KeyboardInterrupt):
        letters(SLUG, tmp_path / "a.pdf")
    monkeypatch.undo()
    assert states() == {"held"}
    assert letters(SLUG, tmp_path / "b.pdf") == 0
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_two_at_once_print_each_letter_once(stock: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    together, real = Barrier(2, timeout=30), command.write_new

    def write(file: Path, content: bytes) -> None:
        real(file, content)
        if not file.name.endswith(".mine"):
            together.wait()  # both have written their files, nobody has noted anything

    monkeypatch.setattr(command, "write_new", write)
    monkeypatch.setattr(schema, "upgrade", lambda: None)  # alembic is not made for threads; the tables are there
    files = [tmp_path / "a.pdf", tmp_path / "b.pdf"]
    both = [Thread(target=letters, args=(SLUG, file)) for file in files]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sum(len(people(file)) for file in files if file.exists()) == 3
    assert states() == {"printed"}


def test_letter_that_somebody_took_meanwhile_leaves_the_file(
    stock: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = tasks.letters.mark_printed

    def late(ids: list[int], today: date) -> list[int]:
        real(ids[:1], today)
        return real(ids, today)

    monkeypatch.setattr(tasks.letters, "mark_printed", late)
    assert letters(SLUG, tmp_path / "a.pdf") == 0
    assert len(people(tmp_path / "a.pdf")) == 2
    assert [path.name for path in tmp_path.glob("*.mine")] == []


def test_letter_that_cannot_be_made_is_told(stock: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with transaction() as session:
        session.execute(
            sa.update(Delivery).where(Delivery.key == "Ödön").values(open_fields={"no": "such field"}, sealed="")
        )
    assert letters(SLUG, tmp_path / "a.pdf") == 1
    assert len(people(tmp_path / "a.pdf")) == 2
    assert "1 letter still waits" in capsys.readouterr().err
