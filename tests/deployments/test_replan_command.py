"""`baken programme plan`, `move` and `cancel`: what they show, that they do nothing without a yes, and what they refuse."""

import json
from datetime import timedelta
from importlib.resources import files

import pytest

from deployments.cli import main
from models import programme
from models.base import transaction
from tests.world import SLUG, STAFF, START, World, address, build


def baken(capsys, *words: str) -> tuple[int, str]:
    """The command's exit code, and what it said."""
    with pytest.raises(SystemExit) as stopped:
        main(["programme", *words])
    told = capsys.readouterr()
    return int(stopped.value.code or 0), " ".join((told.out + told.err).split())


def opens(world: World, phase: str) -> str:
    """The planned first day of a phase."""
    return str(world.milestone(phase).opens_on)


def test_move_shows_before_and_after_first_and_does_it_on_a_yes(sqlite, capsys) -> None:
    world = build()
    before = opens(world, "training")
    to = str(world.milestone("matching").opens_on + timedelta(days=10))
    code, told = baken(capsys, "move", SLUG, "matching", "--to", to)
    assert (code, opens(world, "training")) == (0, before)
    assert to in told
    assert "--yes" in told
    code, told = baken(capsys, "move", SLUG, "matching", "--to", to, "--yes", "--json")
    assert (code, opens(world, "matching")) == (0, to)
    assert opens(world, "training") != before
    found = json.loads(told)
    assert found["done"]
    assert {"phase": "matching", "round": 1}.items() <= found["changes"][0].items()


def test_plan_tells_dates_state_and_what_each_phase_depends_on(sqlite, capsys) -> None:
    world = build()
    baken(capsys, "cancel", SLUG, "review", "--round", "1", "--yes")
    code, told = baken(capsys, "plan", SLUG, "--json")
    rows = {(one["phase"], one["round"]): one for one in json.loads(told)["plan"]}
    assert code == 0
    assert rows["selection", 1]["depends_on"] == "recruitment done; last day of recruitment"
    assert rows["selection", 1]["planned"] == opens(world, "selection")
    assert rows["review", 1]["state"] == "Cancelled"
    assert json.loads(told)["by_hand"] == [{"phase": "review", "round": 1}]
    code, told = baken(capsys, "plan", SLUG)
    assert code == 0
    assert "1 round has its dates by hand" in told


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("move", SLUG, "matching"), "say either --to"),
        (("move", SLUG, "matching", "--to", str(START)), "follows selection"),
        (("move", SLUG, "lunch", "--to", str(START)), "no phase"),
        (("cancel", SLUG, "closure"), "rests on it"),
        (("cancel", SLUG, "training"), "Nobody begins without the training"),
        (("plan", "nowhere"), "there is no programme"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_an_error(sqlite, capsys, words: tuple[str, ...], why: str) -> None:
    world = build()
    before = world.snapshot()
    code, told = baken(capsys, *words, *(["--yes"] if words[0] != "plan" else []))
    assert code == 1
    assert why in told
    assert world.snapshot() == before


def test_file_that_is_loaded_again_says_what_stays_as_it_was_set_by_hand(sqlite, capsys, tmp_path) -> None:
    build()
    text = files("framework.programmes").joinpath("growth.toml").read_text(encoding="utf-8")
    path = tmp_path / "ours.toml"
    lines = [
        line for line in text.splitlines() if not line.startswith(("slug", "coordinator", "deputy", "sponsor", "team"))
    ]
    path.write_text("\n".join(['slug = "ours"', f'coordinator = "{address(STAFF[0])}"', *lines]), encoding="utf-8")
    assert baken(capsys, "load", str(path))[0] == 0
    with transaction() as session:
        row = programme.by_slug(session, "ours")
        to = programme.milestone_of(session, row.id, "closure", 1).opens_on + timedelta(days=9)
    assert baken(capsys, "move", "ours", "closure", "--to", str(to), "--yes")[0] == 0
    code, told = baken(capsys, "load", str(path))
    assert code == 0
    assert "by hand" in told
    with transaction() as session:
        assert programme.milestone_of(session, row.id, "closure", 1).opens_on == to
