"""Mutual choice: both sides rank each other, and no two people would rather have each other (CAP-086, MAT-04, MAT-12).

Deferred acceptance in which mentees ask and mentors hold the best that their places allow. The result is stable, and of
all stable results the one that is best for every mentee at once. Whoever is not ranked is not acceptable; nor is
whoever a hard rule forbids. A rank may be shared: the keys of people decide then, so that the order in which people
come makes no difference. It is stable rather than full: who finds nobody here can still be matched by the engine.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]
ScoreRows = Callable[[slice | Ints], NDArray[np.int16]]
NOBODY = -1
BLOCK = 128  # rows that are scored at once
MIX = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)  # splitmix64, the same on every machine


@dataclass(frozen=True, slots=True)
class Ranking:
    """One side's wishes as three columns of equal length: who ranks whom at which rank; the lower the dearer."""

    who: Ints
    whom: Ints
    rank: Ints


@dataclass(frozen=True, slots=True)
class Wishes:
    """The pairs that both sides accept, with the rank that each gives the other, and the keys that settle a tie."""

    mentee: Ints
    mentor: Ints
    of_mentee: Ints
    of_mentor: Ints
    mentee_key: Ints
    mentor_key: Ints


def ranking(lists: Sequence[Sequence[int]]) -> Ranking:
    """The wishes of one side from a list a person, dearest first, without ties."""
    lengths = [len(row) for row in lists]
    flat = [whom for row in lists for whom in row]
    rank = [place for length in lengths for place in range(length)]
    return Ranking(np.repeat(np.arange(len(lists)), lengths), np.array(flat, np.int64), np.array(rank, np.int64))


def drawn(ids: ArrayLike, seed: int) -> Ints:
    """A key for each id, drawn by the seed: a lottery among equals that can be held again with the same outcome."""
    z = np.asarray(ids, np.int64).astype(np.uint64) + np.uint64(seed * MIX[0] % 2**64)
    for shift, factor in ((30, MIX[1]), (27, MIX[2])):
        z = (z ^ (z >> np.uint64(shift))) * np.uint64(factor)
    return (z ^ (z >> np.uint64(31))).view(np.int64)


def mutual(
    by_mentees: Ranking,
    by_mentors: Ranking,
    *,
    mentee_key: ArrayLike,
    mentor_key: ArrayLike,
    score_rows: ScoreRows | None = None,
) -> Wishes:
    """What both sides wish, without what `score_rows` forbids (a negative score).

    The keys, one a person, settle equal ranks: ids, or `drawn`. Raises ValueError for a key that two people share, for
    a person who is not there, and for somebody who ranks the same person twice.
    """
    keys = np.asarray(mentee_key, np.int64), np.asarray(mentor_key, np.int64)
    if any(len(np.unique(key)) != len(key) for key in keys):
        raise ValueError("two people share a key: ties could not be settled")
    mentees, mentors = len(keys[0]), len(keys[1])
    ours, at = _pairs(by_mentees.who, by_mentees.whom, mentees, mentors)
    theirs, beside = _pairs(by_mentors.whom, by_mentors.who, mentees, mentors)
    found = np.searchsorted(theirs, ours)
    both = np.append(theirs, NOBODY)[found] == ours
    pair, at, beside = ours[both], at[both], beside[found[both]]
    mentee, mentor = np.divmod(pair, max(mentors, 1))
    kept = np.ones(len(pair), np.bool_) if score_rows is None else _allowed(mentee, mentor, score_rows)
    of_mentee, of_mentor = by_mentees.rank[at], by_mentors.rank[beside]
    return Wishes(mentee[kept], mentor[kept], of_mentee[kept], of_mentor[kept], *keys)


def _pairs(mentee: Ints, mentor: Ints, mentees: int, mentors: int) -> tuple[Ints, Ints]:
    """One number a pair, rising, and where each stood."""
    if len(mentee) and not (min(mentee.min(), mentor.min()) >= 0 and mentee.max() < mentees and mentor.max() < mentors):
        raise ValueError("a wish names somebody who is not there")
    pair = mentee * mentors + mentor
    order = np.argsort(pair)
    pair = pair[order]
    if (pair[1:] == pair[:-1]).any():
        raise ValueError("somebody ranks the same person twice")
    return pair, order


def _allowed(mentee: Ints, mentor: Ints, score_rows: ScoreRows) -> NDArray[np.bool_]:
    """Which pairs no hard rule forbids; pairs come sorted by mentee."""
    rows, row = np.unique(mentee, return_inverse=True)
    kept = np.empty(len(mentee), np.bool_)
    for first in range(0, len(rows), BLOCK):
        here = slice(*np.searchsorted(row, (first, first + BLOCK)))
        kept[here] = score_rows(rows[first : first + BLOCK])[row[here] - first, mentor[here]] >= 0
    return kept


def stable(wishes: Wishes, places: ArrayLike) -> NDArray[np.int32]:
    """The mentor of each mentee, or NOBODY: stable, and the best for every mentee that is stable.

    All who are free ask the next on their list at once; a mentor keeps the best for the places there are. The order of
    asking does not change the result, so a round is a handful of vector operations. Raises ValueError for places
    below zero.
    """
    room = _room(wishes, places)
    order = np.lexsort((wishes.mentor_key[wishes.mentor], wishes.of_mentee, wishes.mentee))
    mentee, mentor = wishes.mentee[order], wishes.mentor[order]
    turn = np.empty(len(order), np.int64)  # one strict order of all wishes: by mentor, and the dearest first
    turn[np.lexsort((wishes.mentee_key[mentee], wishes.of_mentor[order], mentor))] = np.arange(len(order))
    bounds = np.searchsorted(mentee, np.arange(len(wishes.mentee_key) + 1))
    following, end = bounds[:-1].copy(), bounds[1:]
    held = np.full(len(end), NOBODY)  # the wish that is granted for now
    bar = np.where(room > 0, len(order), 0)  # a wish whose turn is not before this one stands no chance
    free = np.flatnonzero(following < end)
    while len(free):
        asked = following[free]
        following[free] += 1
        asked = asked[turn[asked] < bar[mentor[asked]]]
        kept, lost = _choose(asked, held, mentor, turn, room, bar)
        held[mentee[lost]] = NOBODY
        held[mentee[kept]] = kept
        free = np.concatenate((free, mentee[lost]))
        free = np.unique(free[(held[free] == NOBODY) & (following[free] < end[free])])
    matched = np.full(len(end), NOBODY, np.int32)
    matched[held != NOBODY] = mentor[held[held != NOBODY]]
    return matched


def _room(wishes: Wishes, places: ArrayLike) -> Ints:
    room = np.asarray(places, np.int64)
    if room.shape != wishes.mentor_key.shape or (room < 0).any():
        raise ValueError("each mentor needs a number of places, none below zero")
    return room


def _choose(asked: Ints, held: Ints, mentor: Ints, turn: Ints, room: Ints, bar: Ints) -> tuple[Ints, Ints]:
    """The wishes that mentors who were asked keep, and those that they let go; `bar` is raised where they are full."""
    touched = np.zeros(len(room), np.bool_)
    touched[mentor[asked]] = True
    before = held[held != NOBODY]
    rivals = np.concatenate((asked, before[touched[mentor[before]]]))
    rivals = rivals[np.argsort(turn[rivals])]
    whose = mentor[rivals]
    place = np.arange(len(rivals)) - np.searchsorted(whose, whose)
    kept = rivals[place < room[whose]]
    last = rivals[place == room[whose] - 1]
    bar[mentor[last]] = turn[last]
    return kept, rivals[place >= room[whose]]


def blocking_pairs(wishes: Wishes, places: ArrayLike, mentor_of: ArrayLike) -> Ints:
    """Pairs (mentee, mentor) who would both rather have each other: none when stable. Shares nothing with `stable`.

    Ties count as the keys settle them. Raises ValueError for a pair that is not wished by both, and for a mentor with
    more mentees than places.
    """
    room, mate = _room(wishes, places), np.asarray(mentor_of, np.int64)
    load = np.bincount(mate[mate >= 0], minlength=len(room))
    used = mate[wishes.mentee] == wishes.mentor
    if used.sum() != (mate != NOBODY).sum():
        raise ValueError("a pair that one of them does not wish, or that a rule forbids")
    if (load > room).any():
        raise ValueError("a mentor has more mentees than places")
    own = np.full((len(mate), 2), np.iinfo(np.int64).max)  # rank and key of what each mentee has
    own[wishes.mentee[used]] = np.stack((wishes.of_mentee, wishes.mentor_key[wishes.mentor]), 1)[used]
    worst = np.full((len(room), 2), np.iinfo(np.int64).min)  # rank and key of the last whom each mentor has
    theirs = np.stack((wishes.of_mentor, wishes.mentee_key[wishes.mentee]), 1)
    np.maximum.at(worst[:, 0], wishes.mentor[used], theirs[used, 0])
    tied = used & (theirs[:, 0] == worst[wishes.mentor, 0])
    np.maximum.at(worst[:, 1], wishes.mentor[tied], theirs[tied, 1])
    gladly = _before(wishes.of_mentee, wishes.mentor_key[wishes.mentor], own[wishes.mentee])
    welcome = (load < room)[wishes.mentor] | (
        (room > 0)[wishes.mentor] & _before(theirs[:, 0], theirs[:, 1], worst[wishes.mentor])
    )
    found = gladly & welcome & ~used
    return np.stack((wishes.mentee[found], wishes.mentor[found]), 1)


def _before(rank: Ints, key: Ints, than: Ints) -> NDArray[np.bool_]:
    better: NDArray[np.bool_] = (rank < than[:, 0]) | ((rank == than[:, 0]) & (key < than[:, 1]))
    return better
