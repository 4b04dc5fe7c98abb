"""`baken person`: found, handed over whole, erased after a question; and a file of HR brings nobody back."""

import csv
import io
import json
import stat
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from deployments.cli import main
from models import draft, ledger
from models.base import transaction
from models.delivery import Delivery
from models.event import Event
from models.person import Person
from models.request import Request
from models.response import Response
from tests.world import FAMILY, MENTEES, MENTORS, SECRET, SLUG, STAFF, World, address

pytestmark = pytest.mark.slow
WHO = MENTEES[0]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def baken(capsys: pytest.CaptureFixture[str]) -> Run:
    """A command: its exit code, what it says, and what it complains of."""

    def run(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main(list(words))
        said = capsys.readouterr()
        return int(stopped.value.code or 0), " ".join(said.out.split()), " ".join(said.err.split())

    return run


def test_person_is_found_by_parts_of_a_name(world_at: Callable[..., World], baken: Run) -> None:
    world = world_at("matching")
    code, out, _ = baken("person", "find", WHO.lower()[:4], FAMILY[:5], "--json")
    [found] = json.loads(out)["people"]
    assert (code, found["id"], found["address"]) == (0, world.ids[WHO], address(WHO))
    assert found["takes_part"] == [{"programme": SLUG, "role": "mentee", "status": "confirmed"}]
    assert WHO in baken("person", "find", WHO)[1]
    assert baken("person", "find", "nobody at all")[1] == "Nobody."
    assert baken("person", "find", "100%")[1] == "Nobody."
    assert len(world.rows(Event, Event.action == "looked_up")) == 4


def test_export_holds_all_and_nothing_that_others_confided(
    world_at: Callable[..., World], baken: Run, tmp_path: Path
) -> None:
    world = world_at("closure")
    mine, partner = f"{SECRET} of mine", f"{SECRET} of the other"
    with transaction() as session:
        given = session.scalars(sa.select(Response).join(Request).where(Request.person_id == world.ids[WHO])).unique()
        reviewed = next(one for one in given if one.form == "check_in_mentee")
        reviewed.tell("explain", mine)
        other = next(
            one
            for one in session.scalars(sa.select(Response).where(Response.form == "check_in_mentor")).unique()
            if one.request.about == reviewed.request.about
        )
        other.tell("explain", partner)
        asked = session.scalars(sa.select(Request).where(Request.person_id == world.ids[WHO], Request.status == "open"))
        draft.save(session, asked.unique().first(), {"thanks": ["=1+1"]}, world.today)
    to = tmp_path / "out" / "held.zip"
    code, out, err = baken("person", "export", address(WHO), "--to", str(to))
    assert code == 0, err
    assert SECRET not in out + err
    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    with ZipFile(to) as packed:
        files = {name: packed.read(name).decode("utf-8-sig") for name in packed.namelist()}
    whole = json.loads(files["data.json"])
    assert {"read-me.html", "data.json", "baken.css", "pairs.csv", "mails.csv", "trail.csv", "questions.csv"} <= set(
        files
    )
    assert whole["record"]["email"] == address(WHO)
    assert whole["roles"][0]["profile"]
    assert whole["pairs"][0]["reasons"]
    assert whole["matchings"][0]["seen"][0]["person"]["department"] == "Sales"
    assert len(whole["mails"]) == len(world.rows(Delivery, Delivery.person_id == world.ids[WHO]))
    assert all(one["text"] for one in whole["mails"] if one["state"] != "cancelled")
    assert whole["drafts"][0]["typed"] == {"thanks": ["=1+1"]}
    for text in (files["data.json"], files["read-me.html"]):
        assert mine in text
    assert partner not in "".join(files.values())
    assert "/f/" in files["data.json"]
    with transaction() as session:
        tokens = [one.link.token for one in session.scalars(sa.select(Request)).unique()]
    assert not any(token in text for token in tokens for text in files.values())
    rows = list(csv.DictReader(io.StringIO(files["questions.csv"])))
    assert len(rows) == len(whole["questions"])
    assert [one.about for one in world.rows(Event, Event.action == "exported")] == [f"person:{world.ids[WHO]}"]
    assert baken("person", "export", address(WHO), "--to", str(to))[0] == 1, "no file is written over"


@pytest.mark.parametrize(("language", "said"), [("nl", "Wat wij over u bewaren"), ("fr", "Ce que nous conservons")])
def test_export_speaks_the_language_of_its_reader(
    world_at: Callable[..., World], baken: Run, tmp_path: Path, language: str, said: str
) -> None:
    world = world_at("review")
    with transaction() as session:
        session.get_one(Person, world.ids[WHO]).language = language
    assert baken("person", "export", str(world.ids[WHO]), "--to", str(tmp_path / "a.zip"), "--json")[0] == 0
    with ZipFile(tmp_path / "a.zip") as packed:
        page = packed.read("read-me.html").decode()
    assert said in page
    assert "%(" not in page


def test_erase_shows_first_and_asks(world_at: Callable[..., World], baken: Run, tmp_path: Path) -> None:
    world = world_at("review")
    who = world.ids[WHO]
    code, out, err = baken("person", "erase", address(WHO))
    assert code == 2
    assert "cannot be undone" in out
    assert "partners hear that it ends, not why" in out
    assert "--yes" in err
    assert ledger.entries() == ()
    (tmp_path / "programmes").mkdir()
    (tmp_path / "programmes" / "old.toml").write_text(f'team = ["{address(WHO)}"]')
    code, out, _ = baken("person", "erase", str(who), "--yes", "--json")
    done = json.loads(out)
    assert (code, done["erased"]["ended"], done["files"]) == (0, 1, ["programmes/old.toml"])
    assert baken("person", "erase", str(who))[2].endswith("nothing is held any more.")
    assert baken("person", "find", WHO)[1] == "Nobody."
    assert baken("person", "export", str(who), "--to", str(tmp_path / "b.zip"))[1].endswith(
        f"Nothing is held on person {who}."
    )
    assert address(WHO).encode() not in (tmp_path / "baken.db").read_bytes()
    assert WHO.encode() not in (tmp_path / "baken.db").read_bytes()


def test_mistakes_end_in_a_line(world_at: Callable[..., World], baken: Run, tmp_path: Path) -> None:
    world_at("review")
    assert baken("person", "erase", "4711", "--yes")[::2] == (
        1,
        "Nobody here has the number or address '4711'; `baken person find` looks for parts.",
    )
    assert baken("person", "export", "no@body.example", "--to", str(tmp_path / "c.zip"))[0] == 1
    code, _, err = baken("person", "erase", address(STAFF[0]), "--yes")
    assert code == 1
    assert f"the coordinator of {SLUG}, which still runs" in err


def test_file_of_hr_brings_nobody_back_until_the_company_wants_it(
    world_at: Callable[..., World], baken: Run, tmp_path: Path
) -> None:
    world_at("review")
    file = tmp_path / "people.csv"
    rows = [f"7;{name};{FAMILY};{address(name)}" for name in (WHO,)] + [
        f"8;{MENTORS[0]};{FAMILY};{address(MENTORS[0])}"
    ]
    file.write_text("\n".join(["Number;First name;Last name;E-mail", *rows]), encoding="utf-8")
    assert baken("person", "erase", address(WHO), "--yes")[0] == 0
    code, out, _ = baken("roster", "import", str(file), "--apply", "--json")
    told = json.loads(out)
    assert code == 3
    assert [one["row"] for one in told["refused"]] == [2]
    assert "erased on request" in told["refused"][0]["reason"]
    assert baken("person", "find", WHO)[1] == "Nobody."
    assert baken("person", "readmit", "nobody@x.example")[0] == 1
    assert baken("person", "readmit", address(WHO))[0] == 0
    assert baken("roster", "import", str(file), "--apply")[0] == 0
    [found] = json.loads(baken("person", "find", WHO, "--json")[1])["people"]
    assert found["takes_part"] == []


def test_retention_shows_what_would_go_and_does_it_on_request(world_at: Callable[..., World], baken: Run) -> None:
    world = world_at("evaluation", 2)
    with transaction() as session:
        session.execute(sa.update(Delivery).values(state="sent", sent_on=Delivery.due_on))
    code, out, _ = baken("retention", "--dry-run", "--json")
    coming = json.loads(out)["programmes"][SLUG]
    assert (code, coming["mails"] > 50, coming["agreements"]) == (0, True, 0)
    assert len(world.rows(Delivery, Delivery.sealed != "")) == len(world.rows(Delivery))
    assert "Nothing was changed." in baken("retention", SLUG, "--dry-run")[1]
    assert json.loads(baken("retention", "--json")[1])["programmes"][SLUG] == coming
    assert set(json.loads(baken("retention", "--json")[1])["programmes"][SLUG].values()) == {0}
