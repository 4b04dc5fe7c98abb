"""The benchmarks run, measure what they say, and stop at a fault."""

import json

import pytest

from benchmarks import mail, matching
from benchmarks.population import population


def test_population_is_the_same_for_the_same_seed() -> None:
    assert population(20, seed=3) == population(20, seed=3)
    assert population(20, seed=3) != population(20, seed=4)


def test_matching_is_measured_beside_greed_and_the_floor(capsys: pytest.CaptureFixture[str]) -> None:
    matching.main(["--json", "--sizes", "30", "--rounds", "1"])
    row = json.loads(capsys.readouterr().out)["sizes"]["30"]
    assert (row["gap_people"], row["gap_total"]) == (0, 0)
    assert row["matched_more"] >= 0
    assert row["ratio_scipy"] > 0


def test_a_forbidden_pair_stops_the_benchmark() -> None:
    """The control: somebody paired with an own self, or with a score that is not theirs."""
    people = population(20)
    good = matching.by_baken(people)
    matching.verify(people, good)
    pair = next(iter(good))
    with pytest.raises(AssertionError, match="forbid"):
        matching.verify(people, good | {pair: good[pair] + 1})
    fuller = {pair: score for pair, score in matching.allowed(people).items() if pair[0] == people.mentors[0].id}
    with pytest.raises(AssertionError, match="room"):
        matching.verify(people, fuller)


@pytest.mark.slow
def test_mail_is_measured_beside_the_plain_client(capsys: pytest.CaptureFixture[str]) -> None:
    mail.main(["--json", "--messages", "10", "--rounds", "1"])
    figures = json.loads(capsys.readouterr().out)
    assert figures["ratio_smtp_transport"] > 0
    assert figures["ratio_smtp_composed"] > 0
