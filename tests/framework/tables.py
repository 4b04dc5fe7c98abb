"""What every table of allowed moves must be."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


def faults(table: Mapping[Any, frozenset[Any]], kind: type[StrEnum]) -> list[str]:
    """What is wrong with a table of moves: a status without a row, an unknown target, a move to itself."""
    found = [f"{one} has no row" for one in kind if one not in table]
    for now, targets in table.items():
        found += [f"{now} -> {to} leads nowhere" for to in targets if to not in set(kind)]
        found += [f"{now} moves to itself" for to in targets if to == now]
    return found


def reachable(table: Mapping[Any, frozenset[Any]], start: Any) -> set[Any]:
    """Every status that one can come to from `start`."""
    seen, ahead = {start}, [start]
    while ahead:
        new = table[ahead.pop()] - seen
        seen |= new
        ahead += new
    return seen
