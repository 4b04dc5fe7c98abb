"""Review: two separate answers compared, and what may be decided for a pair (REV-04, REV-D1)."""

from enum import StrEnum

from framework.matching.settings import Mode
from framework.questions import Answers
from framework.visibility import Track

IMPOSING: frozenset[Mode] = frozenset({"appointed", "mutual", "mentee_picks", "by_lot"})
"""Ways to match in which somebody may get a partner whom neither side chose, nor both said yes to a proposal of."""
CHOSEN = frozenset({"mutual", "pick"})
"""How a pair came about that people made themselves (`Pairing.origin`)."""


class ReviewDecision(StrEnum):
    """What the coordinator may decide for a pair (CAP-168)."""

    CONTINUE = "continue"
    ADJUST = "adjust"
    SUPPORT = "support"
    REMATCH = "rematch"
    END = "end"


def measures(mentor: Answers | None, mentee: Answers | None, *, held: int, at_least: int) -> dict[str, int]:
    """The numbers of one pair that thresholds look at; scales are 1 to 5. No text leaves the answers."""
    both = [a for a in (mentor, mentee) if a]
    found = {"silent": 2 - len(both), "meetings_short": max(0, at_least - held)}
    for name, question in (
        ("satisfied_least", "satisfied"),
        ("time_least", "enough_time"),
        ("free_least", "free_to_speak"),
    ):
        if given := [value for a in both if isinstance(value := a.get(question), int)]:
            found[name] = min(given)
    content = [value for a in both if isinstance(value := a.get("satisfied"), int)]
    if len(content) == 2:  # noqa: PLR2004 - both sides
        found["satisfied_gap"] = abs(content[0] - content[1])
    found["rematch"] = sum(a.get("rematch") == "yes" for a in both)
    found["credit"] = int(bool(mentee and mentee.get("credit") == "yes"))
    return found


def meetings_expected(every_days: int, days: int, at_least: int) -> int:
    """The least number of meetings after so many days: the programme's minimum, or fewer early on (REV-F2)."""
    return min(at_least, days // max(1, every_days) // 2)


def may_impose(track: Track, mode: Mode) -> bool:
    """Whether a growth programme may bring people together who did not choose: they are asked early (MAT-05)."""
    return track is Track.GROWTH and mode in IMPOSING


def is_imposed(mode: Mode, origin: str) -> bool:
    """Whether a pair of that origin was made by others: in appointed all are, else those that nobody picked."""
    return mode == "appointed" or (mode in IMPOSING and origin not in CHOSEN)
