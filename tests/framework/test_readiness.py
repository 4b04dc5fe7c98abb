"""What the team's answers add up to; the coordinator decides."""

import pytest

from framework.content.readiness import READINESS_SURVEY
from framework.readiness import Verdict, rank_needs, suggest, tally


def test_first_priorities_weigh_most_and_ties_go_by_id() -> None:
    answers = [{"c1_a": {"x": 1, "y": 3, "own:mine": 1}}, {"c1_b": {"y": 2, "b": 2, "a": 2}}, {"q04": "yes"}]
    assert rank_needs(answers) == [("x", 3), ("y", 3), ("a", 2), ("b", 2)]
    assert rank_needs([]) == []


def test_tally_counts_each_choice() -> None:
    assert tally([{"q": "b"}, {"q": "a"}, {"q": "b"}, {}], "q") == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("recommended", "understood", "verdict"),
    [
        ({"go": 2, "not_needed": 1}, {"yes": 3}, Verdict.GO),
        ({"go": 1, "outside_help": 2}, {"yes": 3}, Verdict.OUTSIDE_HELP),
        ({"go": 1, "other_first": 1}, {}, Verdict.GO),
        ({"go": 3}, {"no": 2, "yes": 1}, Verdict.INFORM_FIRST),
        ({"go": 3}, {"no": 2, "yes": 2}, Verdict.GO),
        ({}, {}, Verdict.OTHER_FIRST),
    ],
)
def test_suggestion_follows_the_team(recommended: dict[str, int], understood: dict[str, int], verdict: Verdict) -> None:
    assert suggest(recommended, understood) is verdict


def test_everything_that_the_team_can_recommend_is_a_verdict() -> None:
    asked = next(q for q in READINESS_SURVEY.questions if q.id == "recommend")
    assert {option.id for option in asked.options} == set(Verdict)
    assert {"q04", "recommend"} <= {q.id for q in READINESS_SURVEY.questions}
