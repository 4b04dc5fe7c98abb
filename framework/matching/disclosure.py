"""Which groups a report may show without giving a small one away (LEG-28).

A group of fewer than five people is hidden. Who knows the whole can take away what is shown, so what is left over must
be at least two groups and five people together: else the next smallest group is hidden too. Two ways of grouping may
tell on each other (a country less its sites): a small group that follows from any sums and differences of what is
shown is found by linear algebra, and more is hidden until none does.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

LEAST = 5
"""People below whom a group is not shown, nor an average over them."""
TWO = 2  # groups that must be hidden together, lest one follows from the whole
NOTHING = 1e-6  # what is left of a group that follows from others, but for rounding
Row = Mapping[str, str]
"""One person: in each way of grouping (site, department, ...), the group."""
Group = tuple[str, str]


def publishable(rows: Sequence[Row], hidden: Collection[Group] = ()) -> set[Group]:
    """The (way, group) that may be shown with the whole of these people; those named as hidden never are.

    Every person stands in one group of each way. Nothing at all where the whole is fewer than five people.
    """
    if len(rows) < LEAST:
        return set()
    sizes = Counter(pair for row in rows for pair in row.items())
    known = _Known(rows, sizes)
    shown = _closed(sizes, set(sizes) - set(hidden))
    while told := known.told(shown):
        fewer = (_closed(sizes, shown - {group}) for group in sorted(shown, key=lambda group: (sizes[group], group)))
        first = next(fewer)
        shown = next((less for less in (first, *fewer) if not told <= known.told(less)), first)
    return shown


def _closed(sizes: Mapping[Group, int], shown: set[Group]) -> set[Group]:
    """What may be shown of these, one way of grouping at a time."""
    for way in {way for way, _ in sizes}:
        own = [group for group in sizes if group[0] == way]
        hidden = {group for group in own if sizes[group] < LEAST or group not in shown}
        rest = sorted(set(own) - hidden, key=lambda group: (sizes[group], group))
        while hidden and rest and (len(hidden) < TWO or sum(sizes[group] for group in hidden) < LEAST):
            hidden.add(rest.pop(0))
        shown = shown - hidden
    return shown


class _Known:
    """What follows from what is shown: sums and differences of groups, and of the whole."""

    def __init__(self, rows: Sequence[Row], sizes: Mapping[Group, int]) -> None:
        self.at = {group: place for place, group in enumerate(sizes)}
        self.small = {group for group, size in sizes.items() if size < LEAST}
        kinds = dict.fromkeys(tuple(sorted(row.items())) for row in rows)
        members = np.zeros((len(kinds), len(sizes) + 1))
        members[:, -1] = 1
        for place, kind in enumerate(kinds):
            members[place, [self.at[group] for group in kind]] = 1
        self.common: NDArray[np.float64] = members.T @ members

    def told(self, shown: Collection[Group]) -> set[Group]:
        """The small groups that can be worked out when these are shown, and the whole."""
        small = sorted(self.small)
        given, wanted = [*(self.at[group] for group in shown), -1], [self.at[group] for group in small]
        across = self.common[np.ix_(given, wanted)]
        parts = np.linalg.pinv(self.common[np.ix_(given, given)], rcond=1e-9, hermitian=True) @ across
        left = self.common[wanted, wanted] - (across * parts).sum(axis=0)
        return {group for group, rest in zip(small, left, strict=True) if rest < NOTHING}
