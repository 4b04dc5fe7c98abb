"""Evaluation: what the final answers and the follow-up waves add up to (PFE, FUP)."""

from collections.abc import Iterable, Sequence

from framework.questions import Answers

ENOUGH = 5
"""Answers of fewer people than these are not added up: whoever reads the sum would know who said what (LEG-28)."""
LOW_RESPONSE = 40
"""Below this percentage of answers the team is alerted (RSK-18)."""


def percent(part: int, whole: int) -> int:
    """A whole percentage, 0 for nothing of nothing."""
    return round(100 * part / whole) if whole else 0


def score(answers: Iterable[Answers]) -> int:
    """The mean of the eight scored dimensions as 0 to 100 (PFE-Q1 to Q8)."""
    given = [
        value
        for one in answers
        for key, value in one.items()
        if key.startswith("pfe_q") and not key.endswith("_text") and isinstance(value, int)
    ]
    return round((sum(given) / len(given) - 1) * 25) if given else 0


def goals_reached(ends: Sequence[Answers]) -> int:
    """How many answers put the goal at four or five of five (MET-07)."""
    return sum(1 for one in ends if isinstance(value := one.get("goal_reached"), int) and value >= 4)  # noqa: PLR2004


def used(answers: Sequence[Answers]) -> int:
    """The share, in percent, who still use what they learned (four or five of five)."""
    given = [value for one in answers if isinstance(value := one.get("used"), int)]
    return percent(sum(1 for value in given if value >= 4), len(given))  # noqa: PLR2004
