"""A new programme's file with settings from the command line: what is written, what is refused, and in which words."""

import os
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from deployments.cli import main
from deployments.programme_text import BadSetting, given, with_setting
from deployments.programmes import BadProgramme, check, path_of, ready_made, settings_of, write_new
from framework.matching.settings import Matching, Weights
from framework.programme import Programme

GROWTH = files("framework.programmes").joinpath("growth.toml").read_text(encoding="utf-8")
NEW = (
    ("matching.mode=mutual", ("matching", "mode"), "mutual"),
    ("matching.wishes=3", ("matching", "wishes"), 3),
    ("matching.reverse=true", ("matching", "reverse"), True),
    ("matching.group=[4, 6]", ("matching", "group"), [4, 6]),
    ("matching.rules=['reporting_line']", ("matching", "rules"), ["reporting_line"]),
    ("phases.matching.open_days=20", ("phases", "matching", "open_days"), 20),
    ("words.nl.mentor=peter", ("words", "nl", "mentor"), "peter"),
    ("title=Growth at sea", ("title",), "Growth at sea"),
    ("deputy=an@company.example", ("deputy",), "an@company.example"),
    ("mail.seats.Gent=nl", ("mail", "seats", "Gent"), "nl"),
    ('mail.seats."Sint-Niklaas West"=nl', ("mail", "seats", "Sint-Niklaas West"), "nl"),
    ("mail.logo=logo.png", ("mail", "logo"), "logo.png"),
    ("review.early_check_days=14", ("review", "early_check_days"), 14),
)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    kept = dict(os.environ)
    for name in [n for n in os.environ if n.startswith("BAKEN_")]:
        del os.environ[name]
    os.environ["BAKEN_HOME"] = str(tmp_path / "home")
    yield tmp_path / "home"
    os.environ.clear()
    os.environ.update(kept)


def new(*settings: str, slug: str = "ours") -> int:
    words = [word for one in settings for word in ("--set", one)]
    with pytest.raises(SystemExit) as stopped:
        main(["programme", "new", slug, *words])
    return int(stopped.value.code or 0)


def comments(text: str) -> list[str]:
    return [line.partition("#")[2] for line in text.splitlines() if "#" in line and not line.startswith("# ")]


@pytest.mark.parametrize(("words", "place", "value"), NEW)
def test_a_setting_goes_to_its_place_and_nothing_else_changes(
    words: str, place: tuple[str, ...], value: object
) -> None:
    before, after = tomllib.loads(GROWTH), tomllib.loads(with_setting(GROWTH, *given(words)))
    inside, beside = after, before
    for name in place[:-1]:
        inside, beside = inside[name], beside.setdefault(name, {})
    assert inside[place[-1]] == value
    beside[place[-1]] = value
    assert after == before


def test_comments_stay_and_keep_their_column(home: Path) -> None:
    assert (
        new("matching.mode=mutual", "matching.wishes=3", "review.quarterly_months=4", "target_group.sites=['Gent']")
        == 0
    )
    text = (home / "programmes" / "ours.toml").read_text()
    assert set(comments(GROWTH)) <= set(comments(text))
    columns = {
        line.index("#") for line in text.splitlines() if "# most names that one" in line or "# a short check" in line
    }
    assert len(columns) == 1


@pytest.mark.parametrize("source", ready_made())
def test_every_setting_of_matching_stands_in_the_file_with_its_meaning(source: str) -> None:
    text = files("framework.programmes").joinpath(f"{source}.toml").read_text(encoding="utf-8")
    table = text.partition("[matching]")[2].partition("\n[training]")[0]
    for name in [*(n for n in Matching.model_fields if n != "weights"), *Weights.model_fields]:
        line = next(i for i, one in enumerate(table.splitlines()) if one.startswith(f"{name} = "))
        lines = table.splitlines()
        assert "#" in lines[line] or lines[line - 1].startswith("#") or name == "rules", name
    assert Programme.model_validate(tomllib.loads(text)).matching == check(text, source).matching


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (("matching.mode=mutul",), "matching.mode: should be 'appointed', 'proposed', 'mutual'"),
        (("matching.mod=mutual",), "matching.mod: there is no such setting; did you mean mode?"),
        (("wishes=3",), "wishes: there is no such setting; here stand slug, title"),
        (("matching.wishes=12",), "matching.wishes: should be less than or equal to 10 (Most names that one person"),
        (("matching.wishes=many",), "matching.wishes: should be a valid integer"),
        (("matching.group=[9, 3]",), "a group has a fewest and a most"),
        (("matching.group=[9, 3",), "matching.group: '[9, 3' is no value; write a number"),
        (("matching.weights.goal=500",), "matching.weights: the weights add up to 1150; they must add up to 1000"),
        (("matching",), "'matching' is no setting; write one such as matching.mode=mutual"),
        (("a..b=1",), "'a..b' is not the name of a setting"),
        (("matching.mode.first=1",), "matching.mode.first: there is no such setting"),
        (("aims.target=3",), "aims.target: the file holds a table of that name"),
        (("matching={}",), "matching: the file holds a table of that name"),
        (("matching.mode=mutual", "matching.shape=group"), "the shape group goes with the mode appointed or proposed"),
        (
            ("matching.mode=mutual", "matching.meet_first=true"),
            "people meet first only where pairs are proposed or drawn",
        ),
        (("matching.shape=two_mentors", 'languages=["nl"]'), "the shape two_mentors needs two languages"),
        (("matching.reverse=true", "matching.shape=peers"), "reverse mentoring is not for peers"),
        (("matching.mode=by_lot", "matching.relax=['common_language']"), "rules are relaxed for one to one"),
    ],
)
def test_a_bad_setting_is_named_with_what_is_expected(home: Path, settings: tuple[str, ...], said: str) -> None:
    with pytest.raises(BadProgramme) as refused:
        write_new("ours", "growth", settings_of(list(settings)))
    assert said in str(refused.value)
    assert "(MAT-" not in str(refused.value)
    assert not path_of("ours").exists()


def test_the_command_says_it_in_one_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new("matching.mode=mutual", "matching.shape=group") == 1
    told = capsys.readouterr().err
    assert "the shape group goes with the mode appointed or proposed, not with mutual" in told
    assert "Traceback" not in told


@pytest.mark.parametrize("words", ["a=1\nb = 2", "a=x\ny", "=1", "a=", "a", "[b]=1"])
def test_what_is_no_setting_is_refused(words: str) -> None:
    with pytest.raises(BadSetting):
        given(words)
