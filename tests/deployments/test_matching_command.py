"""`baken matching runs`, `replay` and `why`: every run is listed, comes out the same again, and is explained in words."""

import json
from typing import Any

import pytest
import sqlalchemy as sa

from deployments.cli import main
from framework.pairing import PairingStatus
from framework.people import Role
from models.base import transaction
from models.matching_run import MatchingRun
from models.pairing import Pairing
from tests.tasks.test_matching import anew, apply, one_place_each, participant_of, profile, propose, tell
from tests.world import FAMILY, MENTEES, MENTORS, SLUG, World, address

P = PairingStatus


def baken(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """A command: its exit code, what it says on one line, and what it complains of."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as stopped:
        main(["matching", *words])
    said = capsys.readouterr()
    return int(stopped.value.code or 0), " ".join(said.out.split()), " ".join(said.err.split())


def as_json(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    """What a command tells machines."""
    return json.loads(baken(capsys, *words, "--json")[1])


@pytest.fixture
def world(world_at) -> World:
    """Four mentors with a place each, five mentees, proposed."""
    found = anew(world_at("matching"))
    one_place_each(found)
    propose(found)
    return found


def unmatched(world: World) -> str:
    """The mentee who found nobody."""
    has = {pair.mentee_id for pair in world.pairs(P.PROPOSED)}
    return next(name for name in MENTEES if participant_of(world, name, Role.MENTEE).id not in has)


def paired(world: World) -> tuple[str, str, Pairing]:
    """Some mentee with the mentor, by name."""
    pair = world.pairs(P.PROPOSED)[0]
    return pair.mentee.person.given_name, pair.mentor.person.given_name, pair


def test_runs_are_listed_in_figures_without_a_name(world: World, capsys) -> None:
    apply(world, "strike")
    found = as_json(capsys, "runs", SLUG)["runs"]
    assert [(one["round"], one["number"], one["trial"]) for one in found] == [(1, 1, False), (1, 2, False)]
    assert found[0]["matched"] == found[0]["places"] == 4
    assert (found[0]["mode"], found[0]["shape"], found[0]["proved"]) == ("proposed", "one_to_one", True)
    code, out, _ = baken(capsys, "runs", SLUG)
    assert code == 0
    assert "1.2" in out
    assert not any(name in out for name in (*MENTORS, *MENTEES, FAMILY))


def test_programme_without_a_run_says_so(world_at, capsys) -> None:
    anew(world_at("matching"))
    assert baken(capsys, "runs", SLUG)[1] == "Nothing was matched yet."
    code, _, err = baken(capsys, "replay", SLUG)
    assert code == 1
    assert "There is no such run" in err


def test_unknown_programme_is_one_line(world: World, capsys) -> None:
    code, _, err = baken(capsys, "runs", "no-such")
    assert code == 1
    assert "there is no programme 'no-such'" in err


def test_replay_is_the_same_after_more_has_happened(world: World, capsys) -> None:
    apply(world, "strike")
    for name in MENTEES:
        tell(world, name, department="Elsewhere", years=33)
    code, out, _ = baken(capsys, "replay", SLUG)
    assert code == 0
    assert out.count("the same") == 2
    assert as_json(capsys, "replay", SLUG, "--round", "1", "--number", "2")["runs"][0]["same"] is True


def test_replay_of_a_changed_record_says_what_differs_by_ids(world: World, capsys) -> None:
    _, _, pair = paired(world)
    with transaction() as session:
        run = session.scalars(sa.select(MatchingRun)).one()
        people = json.loads(json.dumps(run.people))
        people["apart"] = [[pair.mentor_id, pair.mentee_id]]
        run.people = people
    code, out, _ = baken(capsys, "replay", SLUG)
    assert code == 1
    assert "different" in out
    assert f"Only then: mentor {pair.mentor_id}, mentee {pair.mentee_id}, score {pair.score}" in out
    assert not any(name in out for name in (*MENTORS, *MENTEES))
    found = as_json(capsys, "replay", SLUG)
    assert found["same"] is False
    assert [pair.mentor_id, pair.mentee_id, pair.score, ""] in found["runs"][0]["only_then"]


def test_why_tells_the_pair_its_points_and_who_came_next(world: World, capsys) -> None:
    mentee, mentor, pair = paired(world)
    code, out, _ = baken(capsys, "why", SLUG, address(mentee))
    assert code == 0
    assert f"{mentee} {FAMILY} was proposed with {mentor} {FAMILY}: {pair.score} of 1000 points." in out
    assert "This proposal waits for the coordinator." in out
    for name, points in pair.reasons.items():
        word = {"goal": "wish list", "site": "place"}.get(name, name)
        assert f"{word}: {points} of " in out
    assert out.count("Next came") == len(pair.others) > 0


def test_why_tells_what_a_bent_rule_is(world_at, capsys) -> None:
    world = anew(world_at("matching"), relax=("other_department",))
    for name in (*MENTORS, *MENTEES):
        tell(world, name, department="One")
    propose(world)
    _, out, _ = baken(capsys, "why", SLUG, address(paired(world)[0]))
    assert "It bends a rule: They work in the same department." in out


def test_why_tells_who_competes_for_the_places_and_what_would_help(world: World, capsys) -> None:
    code, out, _ = baken(capsys, "why", SLUG, address(unmatched(world)))
    assert code == 0
    assert "found nobody. 5 people compete for 4 places with" in out
    assert "Ask" in out


def test_why_names_the_rule_that_leaves_nobody(world_at, capsys) -> None:
    world = anew(world_at("matching"), rules=("common_language",))
    profile(world, MENTEES[0], Role.MENTEE, languages=["de"])
    propose(world)
    _, out, _ = baken(capsys, "why", SLUG, address(MENTEES[0]))
    assert "The rules allow nobody; this one leaves nobody: They share a language for a good talk." in out


def test_why_not_says_the_rule_and_never_what_was_asked_in_private(world_at, capsys) -> None:
    world = anew(world_at("matching"))
    profile(world, MENTEES[0], Role.MENTEE, avoid=f"{MENTORS[0]} {FAMILY}")
    propose(world)
    _, out, _ = baken(capsys, "why", SLUG, address(MENTEES[0]), "--not", address(MENTORS[0]))
    assert f"Not {MENTORS[0]} {FAMILY}: These two are not available to each other." in out
    assert "avoid" not in out


def test_why_not_says_what_it_would_cost_and_who_would_move(world: World, capsys) -> None:
    mentee, mentor, _ = paired(world)
    other = next(name for name in MENTORS if name != mentor)
    code, out, _ = baken(capsys, "why", SLUG, address(mentee), "--not", address(other))
    assert code == 0
    assert f"With {other} {FAMILY}" in out
    assert f"{mentee} {FAMILY} would have {other} {FAMILY} instead of {mentor} {FAMILY}." in out
    _, out, _ = baken(capsys, "why", SLUG, address(mentee), "--not", address(mentor))
    assert f"{mentor} {FAMILY} is the one whom the best set of pairs gives to {mentee} {FAMILY}." in out


def test_why_asks_for_somebody_whom_the_programme_knows(world: World, capsys) -> None:
    for words in ((address("Nobody"),), (address(MENTORS[0]),), (address(MENTEES[0]), "--not", address(MENTEES[1]))):
        code, out, err = baken(capsys, "why", SLUG, *words)
        assert code == 1
        assert out == ""
        assert "There is no" in err


def test_why_needs_a_run(world_at, capsys) -> None:
    anew(world_at("matching"))
    code, _, err = baken(capsys, "why", SLUG, address(MENTEES[0]))
    assert code == 1
    assert "No run of matching has looked at this mentee yet." in err


@pytest.mark.parametrize("matching", [{"mode": "by_lot"}, {"mode": "appointed", "shape": "peers"}])
def test_why_is_honest_where_there_are_no_prices(world_at, capsys, matching: dict[str, Any]) -> None:
    world = anew(world_at("matching"), **matching)
    one_place_each(world)
    propose(world)
    for name in MENTEES:
        code, out, _ = baken(capsys, "why", SLUG, address(name), "--not", address(MENTORS[0]))
        assert code == 0
        assert "Round 1, run 1" in out
