"""The shelf: for each mentee the pairs that score best, found in one walk over all pairs, and what is off it at most.

Whatever is here only makes the engine quick. The proof needs one thing of it: no pair off the shelf of mentee i
scores more than `rest[i]`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framework.matching.certificate import BLOCK, Certificate, Ints, Rows, ScoreRows
from framework.matching.duals import Bools, fewest, price_table

AnyInts = NDArray[Any]
SAMPLE = 512  # mentors whose scores set a row's threshold
PART = 2_048  # rows of the shelf in one go: its working set stays small
STEP, DAMPING = 600, 0.78  # basis points by which the first guess of a price moves, and how that shrinks
NEAR = 120  # basis points: pairs so near to better ones come along, since they are often next
FARTHEST = 32_767


@dataclass(frozen=True, slots=True)
class Shelf:
    """Row i holds the entries from `start[i]` to `start[i + 1]`; -1 in `rest` where nothing is off the shelf."""

    start: Ints
    mentor: NDArray[np.int32]
    score: NDArray[np.int16]
    rest: Ints

    def parts(self) -> Iterator[tuple[Ints, slice]]:
        """The shelf piece by piece: the row of each entry, and which entries these are."""
        for first in range(0, len(self.rest), PART):
            start = self.start[first : first + PART + 1]
            yield np.repeat(np.arange(first, first + len(start) - 1), np.diff(start)), slice(start[0], start[-1])


@dataclass(frozen=True, slots=True)
class Found:
    """Pairs to look at, and how many of them are better than the prices say."""

    mentee: Ints
    mentor: Ints
    score: Ints
    better: int


def scored(score_rows: ScoreRows, rows: Rows, size: int, mentors: int) -> NDArray[np.int16]:
    """The scores of these rows. Raises ValueError where they are no int16 block of the right shape."""
    block = np.asarray(score_rows(rows))
    if block.shape != (size, mentors) or block.dtype != np.int16:
        raise ValueError(f"scores must be int16 of shape {(size, mentors)}, not {block.dtype} of {block.shape}")
    return block


def stock(score_rows: ScoreRows, mentees: int, mentors: int, size: int) -> Shelf:
    """Fill the shelf with about `size` pairs for each mentee, and never more than twice that; one walk over all."""
    sample = np.arange(min(mentors, SAMPLE)) * mentors // max(1, min(mentors, SAMPLE))
    rest, counts = np.full(mentees, -1, dtype=np.int64), np.zeros(mentees + 1, dtype=np.int64)
    cols, scores = [np.zeros(0, dtype=np.int32)], [np.zeros(0, dtype=np.int16)]
    for first in range(0, mentees, BLOCK):
        last = min(first + BLOCK, mentees)
        block = scored(score_rows, slice(first, last), last - first, mentors)
        if mentors <= 2 * size:
            hits = block >= 0
        else:
            hits, rest[first:last] = _best(block, sample, size, first)
        counts[first + 1 : last + 1] = hits.sum(axis=1)
        at = np.flatnonzero(hits)
        cols.append((at % mentors).astype(np.int32))
        scores.append(block.ravel()[at])
    return Shelf(np.cumsum(counts), np.concatenate(cols), np.concatenate(scores), rest)


def _best(block: NDArray[np.int16], sample: Ints, size: int, first: int) -> tuple[Bools, Ints]:
    """About `size` of the best in each row, and the most that another one scores."""
    rank = max(1, round(len(sample) * size / block.shape[1]))
    least = np.maximum(np.partition(block[:, sample], len(sample) - rank, axis=1)[:, len(sample) - rank], 0)
    hits = block >= least[:, None]
    count = hits.sum(axis=1)
    rest = least.astype(np.int64) - 1
    for row in np.flatnonzero(((count < size // 3) & (least > 0)) | (count > 2 * size)):
        limit = max(0, int(np.partition(block[row], -size)[-size]))
        hits[row] = block[row] >= limit
        rest[row] = limit - 1
        if hits[row].sum() > 2 * size:  # so many are alike: some of them, other ones in each row
            alike, rest[row] = np.flatnonzero(block[row] == limit), limit
            room = 2 * size - int((block[row] > limit).sum())
            hits[row, alike] = False
            hits[row, alike[(np.arange(room) * len(alike) // room + first + row) % len(alike)]] = True
    return hits, rest


def guess_prices(shelf: Shelf, places: Ints, passes: int) -> Ints:
    """A first guess of what a place costs: whom too many ask for gets dearer, who idles cheaper."""
    price = np.zeros(len(places), dtype=np.float64)
    step = float(STEP)
    for _ in range(passes):
        whole, asked = price.astype(np.int32), np.zeros(len(places), dtype=np.int64)
        for rows, entries in shelf.parts():
            if len(rows):
                cols = shelf.mentor[entries]
                worth, best = _worth(shelf, rows, entries, whole)
                at = np.flatnonzero(worth == best)
                at = at[np.concatenate(([True], rows[at][1:] != rows[at][:-1]))]
                asked += np.bincount(cols[at], minlength=len(places))
        price = np.maximum(0, price + step * np.clip((asked - places) / np.maximum(places, 0.5), -1, 2))
        step *= DAMPING
    return price.astype(np.int64)


def _worth(shelf: Shelf, rows: Ints, entries: slice, price: NDArray[np.int32]) -> tuple[NDArray[np.int32], ...]:
    """Score less price of these entries, and the best one of the row that each stands in."""
    worth = shelf.score[entries] - price[shelf.mentor[entries]]
    starts = np.flatnonzero(np.concatenate(([True], rows[1:] != rows[:-1])))
    return worth, np.repeat(np.maximum.reduceat(worth, starts), np.diff(np.append(starts, len(rows))))


def first_pairs(shelf: Shelf, price: Ints, wanted: int) -> Found:
    """The `wanted` pairs that are nearest to the best one of their mentee, over the whole programme."""
    regret, whole = np.zeros(len(shelf.mentor), dtype=np.int16), price.astype(np.int32)
    for rows, entries in shelf.parts():
        if len(rows):
            worth, best = _worth(shelf, rows, entries, whole)
            regret[entries] = np.minimum(best - worth, FARTHEST)
    upto = np.cumsum(np.bincount(regret, minlength=1))
    limit = int(np.searchsorted(upto, min(wanted, len(regret))))
    at, level = np.flatnonzero(regret < limit), np.flatnonzero(regret == limit)
    room = min(len(level), wanted - len(at))
    at = np.sort(np.concatenate((at, level[np.arange(room) * len(level) // max(room, 1)])))
    mentee = np.searchsorted(shelf.start, at, side="right") - 1
    return Found(mentee, shelf.mentor[at].astype(np.int64), shelf.score[at].astype(np.int64), len(at))


def better_on(shelf: Shelf, proof: Certificate, most: int) -> Found:
    """Pairs of the shelf that beat the prices, and near ones of the same mentees."""
    found = []
    dear = np.concatenate(price_table(proof))
    for rows, entries in shelf.parts():
        cols, scores = shelf.mentor[entries], shelf.score[entries]
        at = cols + proof.mentee_cover[rows] * len(proof.mentor_price)
        found.append(_beating(rows, cols, scores, scores - dear[at] - proof.mentee_price[rows], most, len(dear) // 2))
    return _all(found)


def better_off(score_rows: ScoreRows, shelf: Shelf, proof: Certificate, most: int) -> Found:
    """The same among all pairs of those rows in which a pair off the shelf could beat the prices at all."""
    rest, u, covered = shelf.rest, proof.mentee_price, proof.mentee_cover == 1
    rows = np.flatnonzero((rest >= 0) & (~covered | (rest > u)))
    tables, mentors, found = price_table(proof), len(proof.mentor_price), []
    for first in range(0, len(rows), BLOCK):
        some = rows[first : first + BLOCK]
        block = scored(score_rows, some, len(some), mentors)
        for cover in (0, 1):
            mine = np.flatnonzero(proof.mentee_cover[some] == cover)
            gain = block[mine] - tables[cover] - u[some[mine], None]
            gain[block[mine] < 0] = -(2**62)
            hit = np.flatnonzero((gain > -NEAR) & (gain > 0).any(axis=1, keepdims=True))
            row, col = np.divmod(hit, mentors)
            scores = block[mine].ravel()[hit]
            found.append(_beating(some[mine][row], col, scores, gain.ravel()[hit], most, mentors))
    return _all(found)


def worth_just(score_rows: ScoreRows, shelf: Shelf, proof: Certificate, mates: Ints, most: int) -> tuple[Ints, Ints]:
    """All pairs that are worth just their prices, mentee and mentor, by mentor and mentee.

    Of one mentee no more than `most`, and those with `mates` in any case.
    """
    u, covered, mentors = proof.mentee_price, proof.mentee_cover == 1, len(proof.mentor_price)
    tables, closed = price_table(proof), proof.mentor_price[proof.mentor_cover == 1]
    least = np.where(covered, 0, closed.min(initial=FARTHEST))
    wide = (shelf.rest >= 0) & (shelf.rest >= u + least)
    dear, found = np.concatenate(tables), []
    for rows, entries in shelf.parts():
        cols = shelf.mentor[entries]
        gain = shelf.score[entries] - dear[cols + proof.mentee_cover[rows] * mentors] - u[rows]
        at = np.flatnonzero((gain == 0) & ~wide[rows])
        found.append((rows[at], cols[at].astype(np.int64)))
    rows = np.flatnonzero(wide)
    for first in range(0, len(rows), BLOCK):
        some = rows[first : first + BLOCK]
        block = scored(score_rows, some, len(some), mentors)
        price = np.where(covered[some, None], tables[1], tables[0])
        row, col = np.nonzero((block >= 0) & (block - price == u[some, None]))
        found.append((some[row], col))
    matched = np.flatnonzero(mates >= 0)
    keys = [mates[matched] * len(u) + matched]
    for some, others in found:
        at = fewest(some, np.zeros_like(some), (others + some) % max(mentors, 1), most)
        keys.append(others[at] * len(u) + some[at])
    mentor, mentee = np.divmod(np.unique(np.concatenate(keys)), max(len(u), 1))
    return mentee, mentor


def _beating(rows: Ints, cols: AnyInts, scores: AnyInts, gain: Ints, most: int, mentors: int) -> Found:
    """Those that gain, and near ones in the same rows; no more than `most` in a row."""
    better = gain > 0
    if not better.any():
        rows, cols, scores, gain, better = rows[:0], cols[:0], scores[:0], gain[:0], better[:0]
    at = np.flatnonzero((gain > -NEAR) & np.isin(rows, rows[better]))
    at = at[fewest(rows[at], gain[at], (cols[at] + rows[at]) % max(mentors, 1), most)]
    return Found(rows[at], cols[at].astype(np.int64), scores[at].astype(np.int64), int(better[at].sum()))


def _all(found: list[Found]) -> Found:
    empty = np.zeros(0, dtype=np.int64)
    whole = [np.concatenate([empty, *(getattr(one, name) for one in found)]) for name in ("mentee", "mentor", "score")]
    return Found(whole[0], whole[1], whole[2], sum(one.better for one in found))
