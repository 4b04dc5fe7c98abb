"""Who is meant by a name that somebody typed: whom not to meet, conflicts, and whom one would like (CAP-105, CAP-107).

People write names as they say them: "Jan Peeters", "PEETERS Jan", "mevrouw Van den Berghe", "vandenberghe". Accents,
capitals, spaces and hyphens make no difference. Where a family name alone is written, all who bear it are meant: a wish
not to meet somebody is rather kept too widely than broken. A given name alone counts if only one person bears it. A
wish to meet somebody (MAT-Q14) counts only for people of whom it is sure that they are meant.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

Named = tuple[int, str, str]
"""The id of a person, the given name, the family name."""
LONGEST = 6  # words of one name


def plain(name: str) -> str:
    """A name without accents, capitals, spaces and signs."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in letters if letter.isalnum())


class Directory:
    """Everybody's names, to look up what was typed."""

    def __init__(self, people: Iterable[Named]) -> None:
        self._family: dict[str, list[tuple[int, str]]] = {}
        self._given: dict[str, set[int]] = {}
        for one, given, family in people:
            self._family.setdefault(plain(family), []).append((one, plain(given)))
            self._given.setdefault(plain(given), set()).add(one)

    def meant(self, typed: str) -> set[int]:
        """The ids of the people whom a text names, a line or a semicolon between two of them; empty for nobody."""
        return {one for line in _lines(typed) for _, all_meant in self._line(line) for one in all_meant}

    def wished(self, typed: str, most: int) -> tuple[int, ...]:
        """The ids of those whom a text surely names, in the order written, and no more than `most` of them."""
        found = (one for line in _lines(typed) for sure, _ in self._line(line) for one in sorted(sure))
        return tuple(dict.fromkeys(found))[:most]

    def _line(self, line: str) -> list[tuple[set[int], set[int]]]:
        """For each name of a line: who is surely meant, and all who bear the family name."""
        words = [word for part in re.split(r"[\s,./()&-]+", line) if (word := plain(part))]
        runs = _runs(words)
        families = [(at, run) for at, run in runs.items() if run in self._family]
        families = [one for one in families if not any(_within(one[0], other) for other, _ in families)]
        found = []
        for (start, end), family in families:
            beside = set(_runs(words[:start]).values()) | set(_runs(words[end:]).values())
            bearers = self._family[family]
            named = {one for one, given in bearers if given in beside}
            namesakes = Counter(given for _, given in bearers)
            sure = {one for one, given in bearers if one in named and namesakes[given] == 1}
            if len(bearers) == 1 and beside.isdisjoint(self._given):
                sure = {bearers[0][0]}
            found.append((sure, named or {one for one, _ in bearers}))
        alone = self._given.get("".join(words), set())
        return found or ([(set(alone), set(alone))] if len(alone) == 1 else [])


def _lines(typed: str) -> list[str]:
    return re.split(r"[\n;]+", typed)


def _runs(words: list[str]) -> dict[tuple[int, int], str]:
    """The words that follow each other, joined, by where they begin and end."""
    return {
        (start, end): "".join(words[start:end])
        for start in range(len(words))
        for end in range(start + 1, min(start + LONGEST, len(words)) + 1)
    }


def _within(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one != other and other[0] <= one[0] and one[1] <= other[1]
