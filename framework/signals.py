"""Risk signals: one threshold each, as frozen data (RSK-01 to RSK-27). A signal is for a person to look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number that speaks: `measure` below (or above) `limit` raises `code`."""

    code: str
    measure: str
    side: Literal["below", "above"]
    limit: int
    says: str

    def speaks(self, value: int) -> bool:
        """Whether this value raises the signal."""
        return value < self.limit if self.side == "below" else value > self.limit


THRESHOLDS = (
    Threshold("RSK-09", "satisfied_least", "below", 3, "One of the two is not content with the relation"),
    Threshold("RSK-09", "satisfied_gap", "above", 1, "The two see the relation differently"),
    Threshold("RSK-09", "rematch", "above", 0, "Another partner was asked for"),
    Threshold("RSK-05", "time_least", "below", 2, "There is not enough time"),
    Threshold("RSK-10", "free_least", "below", 2, "One of the two does not feel free to speak"),
    Threshold("RSK-07", "credit", "above", 0, "The mentee's work is used or claimed"),
    Threshold("RSK-14", "meetings_short", "above", 0, "Fewer meetings than the least that was asked"),
    Threshold("RSK-04", "silent", "above", 1, "Neither of the two answered the review"),
)


def raised(measures: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """The signals that these measures raise: code to the numbers behind it."""
    found: dict[str, dict[str, int]] = {}
    for threshold in THRESHOLDS:
        if threshold.measure in measures and threshold.speaks(measures[threshold.measure]):
            found.setdefault(threshold.code, {})[threshold.measure] = measures[threshold.measure]
    return found


WATCH = (
    Threshold("RSK-09", "satisfied_least", "below", 4, "One of the two is not quite content"),
    Threshold("RSK-09", "satisfied_gap", "above", 1, "The two see the relation differently"),
    Threshold("RSK-04", "silent", "above", 0, "The last review is not answered by both"),
    Threshold("RSK-04", "escalated", "above", 0, "A question to one of them has waited for long"),
    Threshold("RSK-04", "unsigned_days", "above", 21, "There is no agreement in force yet"),
    Threshold(
        "RSK-14", "missed", "above", 0, "The last meeting that was planned did not take place, as far as we know"
    ),
    Threshold("RSK-17", "rhythms", "above", 1, "They meet less often than they planned"),
)
"""Lines below those that raise a signal: who crosses one is worth a look (`health.py`)."""

GRAVE = (
    Threshold("RSK-04", "unsigned_days", "above", 42, "The agreement has been waiting for weeks"),
    Threshold("RSK-17", "rhythms", "above", 2, "They have not met for a long time"),
)
"""Lines that no signal stands for and that cannot wait for the next review: a relation fades (RSK-17, RSK-04)."""
