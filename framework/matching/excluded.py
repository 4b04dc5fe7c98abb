"""Pairs that are out because of who the two are, and not what kind of people they are: found without trying all pairs.

A pair is (position of the mentee, position of the mentor). `framework.matching.criteria` says the same for one pair.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from framework.matching.criteria import Candidate, reporting_line

Pairs = set[tuple[int, int]]
T = TypeVar("T", bound=Hashable)


def apart_before(mentees: Sequence[Candidate], mentors: Sequence[Candidate], apart: Iterable[tuple[int, int]]) -> Pairs:
    """Pairs that were together, or said no, before; `apart` holds ids, the mentor's first."""
    pairs = set(apart)
    mentee_at = _places((one.id for one in mentees), {other for _, other in pairs})
    mentor_at = _places((one.id for one in mentors), {one for one, _ in pairs})
    return {(i, j) for one, other in pairs for i in mentee_at.get(other, ()) for j in mentor_at.get(one, ())}


def unavailable(mentees: Sequence[Candidate], mentors: Sequence[Candidate]) -> Pairs:
    """One person on both sides, conflicts of interest, and people to avoid, asked by either side."""
    found: Pairs = set()
    for ours, others, turned in ((mentees, mentors, False), (mentors, mentees, True)):
        person_at = _places(
            (one.person.id for one in others), {person for one in ours for person in (one.person.id, *one.conflicts)}
        )
        avoided = {name for one in ours if (name := one.avoid.casefold().strip())}
        named = others if avoided else ()
        name_at = _places((one.person.name.casefold() for one in named), avoided)
        family_at = _places((one.person.family_name.casefold() for one in named), avoided)
        for place, one in enumerate(ours):
            out = [at for person in (one.person.id, *one.conflicts) for at in person_at.get(person, ())]
            if name := one.avoid and one.avoid.casefold().strip():
                out += [*name_at.get(name, ()), *family_at.get(name, ())]
            found.update((at, place) if turned else (place, at) for at in out)
    return found


def in_line(mentees: Sequence[Candidate], mentors: Sequence[Candidate], managers: Mapping[int, int | None]) -> Pairs:
    """Pairs of whom one stands above the other, however far (LEG-06)."""
    found: Pairs = set()
    for ours, others, turned in ((mentees, mentors, False), (mentors, mentees, True)):
        bosses = {one.person.manager for one in ours} | set(managers.values())
        person_at = _places((one.person.id for one in others), bosses)
        above: dict[int | None, list[int]] = {None: []}
        for place, one in enumerate(ours):
            boss = one.person.manager
            if boss not in above:
                line = reporting_line(one.person, managers)
                above[boss] = [at for person in line for at in person_at.get(person, ())]
            found.update((at, place) if turned else (place, at) for at in above[boss])
    return found


def _places(values: Iterable[T], wanted: Collection[T | None]) -> dict[T, list[int]]:
    """Where each value that is wanted stands."""
    found: dict[T, list[int]] = {}
    for place, value in enumerate(values):
        if value in wanted:
            found.setdefault(value, []).append(place)
    return found
