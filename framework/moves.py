"""A status moves only where its phase's table says so."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

S = TypeVar("S", bound=StrEnum)


class IllegalMove(ValueError):
    """A status was asked to go where its table has no road."""


def move(table: Mapping[S, frozenset[S]], now: S, to: S) -> S:
    """The new status, if `table` allows it from `now`; staying where one is, is always allowed.

    Raises IllegalMove, which names both statuses and nothing of the person concerned.
    """
    if to != now and to not in table[now]:
        msg = f"{type(now).__name__} cannot go from {now} to {to}"
        raise IllegalMove(msg)
    return to
