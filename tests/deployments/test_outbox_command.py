"""`baken mail dry-run`, `held`, `release`, `retry`: look first, and a person's word on large mailings."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from deployments.cli import main
from models import delivery, mailing, programme
from models.base import transaction
from models.delivery import Delivery
from models.person import Person
from tasks.mail import post_due
from tests.world import SLUG, settings


def baken(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """A command: its exit code, what it says, and what it complains of."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as stopped:
        main(list(words))
    said = capsys.readouterr()
    return int(stopped.value.code or 0), said.out, said.err


class Keeper:
    """Takes what is posted."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    def deliver(self, _sender: str, to: str, _raw: bytes) -> str:
        """Keep it."""
        self.kept.append(to)
        return "kept"

    def close(self) -> None:
        """Nothing to do."""


@pytest.fixture
def large(world_at):
    """A mailing to more people than the programme expects."""
    world = world_at("recruitment")
    with transaction() as session:
        programme.keep(session, settings(mail={"largest_mailing": 3}))
    return world


def test_dry_run_prints_every_mail_and_keeps_it_as_a_file(world_at, tmp_path: Path, capsys) -> None:
    world_at("recruitment")
    code, out, _ = baken(capsys, "mail", "dry-run", SLUG, "--folder", str(tmp_path / "eml"), "--json")
    found = json.loads(out)
    assert code == 0
    assert found["mails"]
    assert all(Path(one["file"]).exists() and one["to"] and one["subject"] for one in found["mails"])
    code, out, _ = baken(capsys, "mail", "dry-run", SLUG)
    assert code == 0
    assert "Nothing was sent" in " ".join(out.split())


def test_large_mailing_waits_for_a_word_and_goes_with_it(large, capsys) -> None:
    keeper = Keeper()
    assert post_due(large.today, lambda: keeper)["drafted"] > 3
    _, out, _ = baken(capsys, "mail", "held", SLUG, "--json")
    waiting = json.loads(out)["held"]
    name, people = next(iter(waiting.items()))
    code, _, err = baken(capsys, "mail", "release", SLUG, name, "--people", str(people + 1))
    assert code == 1
    assert f"would reach {people} people" in err
    before = len(keeper.kept)
    code, out, _ = baken(capsys, "mail", "release", SLUG, name, "--people", str(people), "--json")
    assert code == 0
    assert json.loads(out)["messages"] >= people
    for day in range(10):
        post_due(large.today + timedelta(days=day), lambda: keeper)
    with transaction() as session:
        states = set(session.scalars(sa.select(Delivery.state).where(Delivery.template == name)))
    assert states == {"sent"}
    assert len(keeper.kept) > before


def test_coordinator_hears_of_a_held_mailing_once_a_week(large) -> None:
    keeper = Keeper()
    for hours in range(3):
        post_due(large.today + timedelta(days=hours // 2), lambda: keeper)
    with transaction() as session:
        told = list(session.scalars(sa.select(Delivery.key).where(Delivery.template == "mailing_held")))
        held = len(mailing.drafts(session))
    assert len(told) == held > 0


def test_held_mailing_is_called_off(large, capsys) -> None:
    post_due(large.today, Keeper)
    with transaction() as session:
        (_, name), people = next(iter(mailing.drafts(session).items()))
    code, out, _ = baken(capsys, "mail", "release", SLUG, name, "--people", str(people), "--cancel")
    assert code == 0
    assert "called off" in out
    with transaction() as session:
        assert delivery.counts(session)[name]["cancelled"] >= people


def test_one_person_at_a_time_goes_and_the_others_wait(large, capsys) -> None:
    post_due(large.today, Keeper)
    _, out, _ = baken(capsys, "mail", "held", SLUG, "--json")
    name, people = next(iter(json.loads(out)["held"].items()))
    _, out, _ = baken(capsys, "mail", "held", SLUG, name, "--json")
    whom = [one["address"] for one in json.loads(out)["held"]]
    assert len(set(whom)) == people > 2
    first, second, *_ = whom
    code, _, err = baken(capsys, "mail", "release", SLUG, name, "--only", "x@y.example", "--people", "1")
    assert (code, "x@y.example" in err) == (1, True)
    code, _, err = baken(capsys, "mail", "release", SLUG, name, "--only", first, "--people", "2")
    assert (code, "would reach 1 people" in err) == (1, True)
    assert baken(capsys, "mail", "release", SLUG, name, "--only", first, "--people", "1")[0] == 0
    assert baken(capsys, "mail", "release", SLUG, name, "--only", second, "--people", "1", "--cancel")[0] == 0
    keeper = Keeper()
    post_due(large.today, lambda: keeper)
    with transaction() as session:
        assert mailing.drafts(session)[1, name] == people - 2
        ends = dict(
            session.execute(
                sa.select(Person.email, Delivery.state)
                .join(Person, Person.id == Delivery.person_id)
                .where(Delivery.template == name, Person.email.in_([first, second]))
            ).all()
        )
    assert ends == {first: "sent", second: "cancelled"}
    assert (first in keeper.kept, second in keeper.kept) == (True, False)


def test_everything_that_is_held_goes_with_one_word(large, capsys) -> None:
    post_due(large.today, Keeper)
    with transaction() as session:
        call = session.scalars(sa.select(Delivery).where(Delivery.template != "programme_announcement")).first()
        call.state = "draft"  # a backup that was put back holds whatever waited
        session.flush()
        every = mailing.drafts(session)
        people = len({one[1] for one in mailing.waiting_for(session, 1)})
    assert len(every) > 1
    code, _, err = baken(capsys, "mail", "release", SLUG, "--people", str(people - 1))
    assert (code, "All that is held" in err) == (1, True)
    assert baken(capsys, "mail", "release", SLUG, "--people", str(people))[0] == 0
    with transaction() as session:
        assert mailing.drafts(session) == {}


def test_mailing_of_the_expected_size_does_not_wait(world_at, capsys) -> None:
    """The control."""
    world = world_at("recruitment")
    assert post_due(world.today, Keeper)["drafted"] == 0
    _, out, _ = baken(capsys, "mail", "held", SLUG)
    assert "No mailing waits" in out


def test_unknown_phase_is_named(world_at, capsys) -> None:
    world_at("recruitment")
    code, _, err = baken(capsys, "mail", "dry-run", SLUG, "--phase", "party")
    assert code == 2
    assert "There is no phase 'party'" in err


@pytest.mark.slow
def test_dry_run_of_a_phase_runs_its_flow_and_leaves_nothing(world_at, capsys) -> None:
    world = world_at("recruitment")
    day = (world.today + timedelta(days=3)).isoformat()
    with transaction() as session:
        before = session.scalar(sa.select(sa.func.count(Delivery.id)))
    code, out, _ = baken(capsys, "mail", "dry-run", SLUG, "--phase", "recruitment", "--today", day, "--json")
    assert code == 0
    assert {"mentor_call", "mentee_call"} & {one["mail"] for one in json.loads(out)["mails"]}
    with transaction() as session:
        assert session.scalar(sa.select(sa.func.count(Delivery.id))) == before


def test_preview_shows_a_programmes_own_words(world_at, capsys) -> None:
    world_at("recruitment")
    own = {
        "texts": {"mentor_call": {"en": {"subject": "Come and help {{ company }}", "body": "Somebody waits for you."}}}
    }
    with transaction() as session:
        programme.keep(session, settings(mail=own))
    _, out, _ = baken(capsys, "mail", "preview", "mentor_call", "--programme", SLUG)
    assert "Come and help Geheimenis" in out
    assert "Somebody waits for you." in out
    _, out, _ = baken(capsys, "mail", "preview", "mentor_call")
    assert "Somebody waits for you." not in out
