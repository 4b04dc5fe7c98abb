"""Ways to match that seek no optimum: the mentee picks, an open pool, a draw, and roles turned round (CAP-086).

Each asks `score_rows` first: whom a hard rule forbids (a negative score) is never asked, shown or drawn.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from framework.matching.mutual import BLOCK, NOBODY, Ints, ScoreRows, drawn

MOVES = 20  # how often, on average, each mentee moves in a draw
PILOT = 64  # walks by which the length of a walk is judged


class Answer(StrEnum):
    """What a mentor said to a mentee's request; silence past the day is an answer too."""

    OPEN = "open"
    YES = "yes"
    NO = "no"
    SILENT = "silent"


class Turn(StrEnum):
    """What happens next for a mentee who picks."""

    ASK = "ask"
    WAIT = "wait"
    MATCHED = "matched"
    EXHAUSTED = "exhausted"


@dataclass(frozen=True, slots=True)
class Choice:
    """The next step, the mentor it concerns, and the wishes that fall away; an open request to one is withdrawn."""

    turn: Turn
    mentor: int | None = None
    skipped: tuple[int, ...] = ()


def next_choice(
    wishes: Sequence[int], answers: Mapping[int, Answer], may: Collection[int], places: Mapping[int, int]
) -> Choice:
    """Where a mentee's own choice stands (MAT-14, CAP-097): one mentor is asked at a time, in the order of the list.

    `may` are the mentors whom the rules allow, `places` those left with each, without this mentee. A yes counts only
    while there is a place: read both in the transaction that makes the pair. A no stays private, so nothing here says
    why a wish fell away.
    """
    open_to = [m for m in dict.fromkeys(wishes) if m in may and places.get(m, 0) > 0]
    skipped = tuple(m for m in dict.fromkeys(wishes) if m not in open_to)
    for answer, turn in ((Answer.YES, Turn.MATCHED), (Answer.OPEN, Turn.WAIT), (None, Turn.ASK)):
        if (mentor := next((m for m in open_to if answers.get(m) == answer), None)) is not None:
            return Choice(turn, mentor, skipped)
    return Choice(Turn.EXHAUSTED, None, skipped)


def open_pool(score_rows: ScoreRows, mentee: int, *, places: ArrayLike, key: ArrayLike, most: int = 10) -> Ints:
    """The mentors who are open to this mentee, best first, ties by key; nobody is bound to anybody (MAT-20)."""
    scores = score_rows(np.array([mentee]))[0].astype(np.int64)
    shown: Ints = np.flatnonzero((scores >= 0) & (np.asarray(places) > 0))
    shown = shown[np.lexsort((np.asarray(key)[shown], -scores[shown]))]
    return shown[:most]


def turned(score_rows: ScoreRows, *, juniors: int, seniors: int) -> ScoreRows:
    """The scores with the roles turned round, so that juniors mentor: seniors are the rows now (reverse mentoring).

    `score_rows` is that of juniors who learn from seniors. A rule that the senior has more experience, and the window
    on the gap, hold for the same two people; where wishes and offers count, score seniors' wishes in the first place.
    """
    scores = np.ascontiguousarray(score_rows(slice(0, juniors)).reshape(juniors, seniors).T)
    return lambda rows: scores[rows]


def by_lot(score_rows: ScoreRows, places: ArrayLike, *, mentees: int, mentors: int, seed: int) -> NDArray[np.int32]:
    """The mentor of each mentee by a draw: as many matched as can be, and every such result as likely as any other.

    From one largest matching a random walk sets out: a mentee, drawn, leaves the mentor and draws another, whose place
    is taken from one who is drawn there, and so on until a place is free. Its steps are reversible and reach every
    largest matching, so in the long run all are equally likely. The run is MOVES moves a mentee: a close approach in
    pools where most may be matched with most; not proved where a rule leaves a few narrow ways. The same seed gives
    the same result everywhere. People come in a stable order, or a shuffled list is another draw.
    """
    room = np.minimum(np.asarray(places, np.int64), mentees)
    blocks = [score_rows(slice(at, min(at + BLOCK, mentees))) >= 0 for at in range(0, mentees, BLOCK)]
    allowed = np.concatenate([np.zeros((0, mentors), np.bool_), *blocks]) & (room > 0)
    draw = _Draw(allowed, room, _largest(allowed, room), _dice(seed))
    if mentees:
        length = sum(draw.walk() for _ in range(PILOT)) / PILOT
        for _ in range(int(MOVES * mentees / max(length, 1)) + 1):
            draw.walk()
    return np.array(draw.mate, np.int32)


def _largest(allowed: NDArray[np.bool_], room: Ints) -> list[int]:
    """A matching with as many mentees as can be."""
    owner = np.repeat(np.arange(len(room)), room)
    if not allowed.size or not len(owner):
        return [NOBODY] * len(allowed)
    seat = maximum_bipartite_matching(csr_array(allowed[:, owner]), perm_type="column")
    return [int(owner[one]) if one >= 0 else NOBODY for one in seat]


def _dice(seed: int) -> Iterator[int]:
    """Numbers of 64 bits without end."""
    at = 0
    while True:
        yield from drawn(np.arange(at, at + 4096), seed).view(np.uint64).tolist()
        at += 4096


class _Draw:
    """A largest matching that walks at random among its like."""

    def __init__(self, allowed: NDArray[np.bool_], room: Ints, mate: list[int], dice: Iterator[int]) -> None:
        self.mate, self.room, self.dice = mate, room.tolist(), dice
        self.ways = [np.flatnonzero(row).astype(np.int32) for row in allowed]
        self.held: list[list[int]] = [[] for _ in self.room]
        for mentee, mentor in enumerate(mate):
            if mentor != NOBODY:
                self.held[mentor].append(mentee)
        self.longest = 4 * (len(mate) + len(self.room))

    def _one_of(self, number: int) -> int:
        return next(self.dice) * number >> 64

    def walk(self) -> int:
        """One walk, to the next largest matching; how many moved. Too long a walk is undone, which is as reversible.

        A mentee draws among the allowed mentors; and "nobody" too, if the walk began with one who was unmatched.
        """
        mentee = self._one_of(len(self.mate))
        begun = self.mate[mentee]
        moved = [(mentee, begun)]
        if begun != NOBODY:
            self._leave(mentee)
        while len(moved) <= self.longest:
            ways = self.ways[mentee]
            way = self._one_of(len(ways) + (begun == NOBODY))
            if way == len(ways):
                return len(moved)
            mentor = int(ways[way])
            if len(self.held[mentor]) < self.room[mentor]:
                self._take(mentee, mentor)
                return len(moved)
            other = self.held[mentor][self._one_of(self.room[mentor])]
            self._leave(other)
            self._take(mentee, mentor)
            moved.append((other, mentor))
            mentee = other
        for one, _ in moved:
            if self.mate[one] != NOBODY:
                self._leave(one)
        for one, mentor in dict(reversed(moved)).items():
            if mentor != NOBODY:
                self._take(one, mentor)
        return len(moved)

    def _leave(self, mentee: int) -> None:
        self.held[self.mate[mentee]].remove(mentee)
        self.mate[mentee] = NOBODY

    def _take(self, mentee: int, mentor: int) -> None:
        self.held[mentor].append(mentee)
        self.mate[mentee] = mentor
