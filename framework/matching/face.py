"""Among best sets that are equal in people and points: load spread, rested mentors first, and always the same one.

By complementary slackness every best set has only pairs that are worth just their prices, holds every mentee with a
price, and fills every mentor with a price; and every such set is a best one. So the prices give all best sets at once
(a face). Two flows choose in it. The first: the least load on one mentor (a second mentee costs 1, a third 2, ...), and
of these the most mentors who rested (MAT-19, CAP-098). The second: a fixed lot drawn from the ids of two people, so
that neither the solver nor the order of input decides, and no name on the list is always first.
"""

from collections.abc import Callable

import numpy as np

from framework.matching.certificate import BrokenInvariantError, Certificate, Ints
from framework.matching.duals import FAR, Places
from framework.matching.filling import Face
from framework.matching.mutual import drawn
from framework.matching.turns import Order

Fill = Callable[[Face, Ints, Ints], Ints]
BITS = 40  # of a lot, where there is room for so many
LOTS = (1, 2)


def settle(pairs: tuple[Ints, Ints], mates: Ints, proof: Certificate, places: Places, order: Order, fill: Fill) -> Ints:
    """The one among equal best sets: each mentee's mentor. `pairs` are those worth their prices, by mentor, mentee.

    Raises BrokenInvariantError where the pairs do not hold a best set.
    """
    keys, rested = order.keys(len(mates), len(places.count)), order.rest(len(places.count))
    face = _live(_of(pairs, proof, places), mates)
    chosen = mates
    if len(face.mentee):
        rows = np.flatnonzero(np.bincount(face.mentee, minlength=len(mates)))
        small = _rows(face, rows)
        whose, nth = small.slots()
        steps = min(len(mates), len(places.count)) + 1
        slot_cost = nth * steps + ((nth > 0) | ~rested[whose])
        free = np.zeros(len(small.mentee), dtype=np.int64)
        spread = fill(small, free, slot_cost)
        last = _narrow(small, spread, slot_cost)
        lots = lot(keys[0][rows][last.mentee], keys[1][last.mentor], len(rows))
        chosen = mates.copy()
        chosen[rows] = fill(last, lots, np.zeros(len(last.slots()[0]), dtype=np.int64))
    if (chosen >= 0).sum() != (mates >= 0).sum() or (_load(chosen, places) > places.count).any():
        raise BrokenInvariantError("a set among equals is not equal")
    return chosen


def lot(mentee: Ints, mentor: Ints, people: int) -> Ints:
    """A number for each of these pairs, drawn from the two ids; its bits leave room to add up so many people's."""
    bits = max(8, min(BITS, 50 - 2 * int(people + 1).bit_length()))
    mixed = drawn(drawn(mentee, LOTS[0]) ^ mentor, LOTS[1]).view(np.uint64)
    return (mixed >> np.uint64(64 - bits)).astype(np.int64)


def _load(mates: Ints, places: Places) -> Ints:
    return np.bincount(mates[mates >= 0], minlength=len(places.count))


def _of(pairs: tuple[Ints, Ints], proof: Certificate, places: Places) -> Face:
    """The face from the prices: who has one must be in; a place is filled, may be, or is not, as it costs less."""
    closed = proof.mentor_cover == 1
    price = np.where(closed, FAR, proof.mentor_price)
    whose = np.repeat(np.arange(len(places.count)), places.count)
    least = np.bincount(whose[places.cost < price[whose]], minlength=len(places.count))
    most = np.bincount(whose[places.cost <= price[whose]], minlength=len(places.count))
    sure = (proof.mentee_cover == 1) | (proof.mentee_price > 0)
    return Face(*pairs, sure, least, most, np.zeros_like(least))


def _live(face: Face, mates: Ints) -> Face:
    """Without those who have no choice: in every set, and with one mentor only."""
    choices = np.bincount(face.mentee, minlength=len(mates))
    settled = face.sure & (choices == 1)
    held = np.bincount(mates[settled], minlength=len(face.least))
    stays = ~settled[face.mentee]
    mentee, mentor = face.mentee[stays], face.mentor[stays]
    return Face(mentee, mentor, face.sure, np.maximum(face.least - held, 0), face.most - held, face.held + held)


def _rows(face: Face, rows: Ints) -> Face:
    """The same with these mentees only, numbered anew."""
    return Face(np.searchsorted(rows, face.mentee), face.mentor, face.sure[rows], face.least, face.most, face.held)


def _narrow(face: Face, mates: Ints, slot_cost: Ints) -> Face:
    """The face of the sets that cost as little as this one."""
    row, mentor, hub = _potentials(face, mates, slot_cost)
    tight = row[face.mentee] == mentor[face.mentor]
    whose, _ = face.slots()
    worth = slot_cost + mentor[whose] - hub
    least = face.least + np.bincount(whose[worth < 0], minlength=len(face.least))
    most = face.least + np.bincount(whose[worth <= 0], minlength=len(face.least))
    return Face(face.mentee[tight], face.mentor[tight], face.sure | (row > hub), least, most, face.held)


def _potentials(face: Face, mates: Ints, slot_cost: Ints) -> tuple[Ints, Ints, int]:
    """Bellman-Ford over what could still be changed, from 0 down; it ends where the set costs the least.

    Raises BrokenInvariantError where a change would cost less.
    """
    matched = mates >= 0
    load = np.bincount(mates[matched], minlength=len(face.least))
    count = face.most - face.least
    start, used = np.cumsum(count) - count, load - face.least
    can_rise, can_fall = np.flatnonzero(used < count), np.flatnonzero(used > 0)
    rise, fall = slot_cost[(start + used)[can_rise]], slot_cost[(start + used)[can_fall] - 1]
    first = np.flatnonzero(np.concatenate(([True], face.mentor[1:] != face.mentor[:-1])))
    at, may_leave = face.mentor[first], matched & ~face.sure
    mentor, hub = np.zeros(len(load), dtype=np.int64), 0
    for _ in range(2 * (len(mates) + len(load)) + 4):
        row = np.where(matched, mentor[mates], hub)
        new = mentor.copy()
        new[at] = np.minimum(new[at], np.minimum.reduceat(row[face.mentee], first))
        new[can_fall] = np.minimum(new[can_fall], hub - fall)
        lower = min(int((mentor[can_rise] + rise).min(initial=hub)), int(row[may_leave].min(initial=hub)))
        if lower == hub and (new == mentor).all():
            return row, mentor, hub
        mentor, hub = new, lower
    raise BrokenInvariantError("a change among equals would spread the load better")
