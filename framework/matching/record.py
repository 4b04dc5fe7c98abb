"""What a matching began with, kept so that it can be held again with the same result (CAP-104).

Kept are ids and what the engine looks at: no name, no address, no title. Whom somebody asked to avoid by name is kept
as a conflict of ids. The digest binds people, settings and pairs, in whatever order people came.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from framework.matching.criteria import Candidate, avoids, reporting_line
from framework.matching.proposal import Arrangement
from framework.matching.settings import Matching
from framework.people import Person

FACTS = ("id", "language", "manager", "department", "site", "country", "years", "interests")
"""What the engine looks at of a person."""
TOLD = tuple(one.name for one in fields(Candidate) if one.name not in {"person", "avoid"})
"""What it looks at of a participant."""
EMPTY = Candidate(id=0, person=Person(given_name="", family_name=""))


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that a matching depends on.

    `managers` is each person's manager, `apart` are (mentor, mentee) that were together, or said no, before;
    `languages` are the programme's, `seed` is that of a draw.
    """

    mentors: Sequence[Candidate]
    mentees: Sequence[Candidate]
    settings: Matching
    managers: Mapping[int, int | None]
    apart: frozenset[tuple[int, int]] = frozenset()
    languages: tuple[str, ...] = ()
    seed: int = 0


def kept(inputs: Inputs) -> dict[str, Any]:
    """The people and what stands between them, as JSON holds it; the settings are kept beside it."""
    people = (*inputs.mentors, *inputs.mentees)
    every = {one.id for one in people}
    above = {boss for one in people for boss in reporting_line(one.person, inputs.managers)}
    return {
        "mentors": _people(inputs.mentors, people),
        "mentees": _people(inputs.mentees, people),
        "managers": sorted([one, boss] for one in above if (boss := inputs.managers.get(one)) is not None),
        "apart": sorted([one, other] for one, other in inputs.apart if {one, other} <= every),
        "languages": list(inputs.languages),
        "seed": inputs.seed,
    }


def restored(people: Mapping[str, Any], settings: Matching) -> Inputs:
    """What `kept` kept. Raises KeyError or TypeError where it is something else."""
    return Inputs(
        mentors=tuple(_candidate(one) for one in people["mentors"]),
        mentees=tuple(_candidate(one) for one in people["mentees"]),
        settings=settings,
        managers={one: boss for one, boss in people["managers"]},  # noqa: C416 - two of a pair, said out loud
        apart=frozenset((one, other) for one, other in people["apart"]),
        languages=tuple(people["languages"]),
        seed=int(people["seed"]),
    )


def digest(inputs: Inputs, arrangement: Arrangement) -> str:
    """The fingerprint of people, settings and pairs: 64 hexadecimal digits."""
    pairs = sorted([one.mentor, one.mentee, one.score, one.language] for one in arrangement.proposals)
    whole = {"people": kept(inputs), "settings": inputs.settings.model_dump(mode="json"), "pairs": pairs}
    return hashlib.sha256(json.dumps(whole, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _people(ours: Sequence[Candidate], every: Sequence[Candidate]) -> list[dict[str, Any]]:
    """One side in the order of the ids; what is as with most people is left out."""
    found = []
    for one in sorted(ours, key=lambda one: one.id):
        about = {name: _plain(getattr(one, name)) for name in TOLD if getattr(one, name) != getattr(EMPTY, name)}
        about["id"] = one.id
        if named := {other.person.id for other in every if one.avoid and avoids(one, other)}:
            about["conflicts"] = sorted(named.union(one.conflicts))
        facts = ((name, getattr(one.person, name)) for name in FACTS)
        about["person"] = {name: _plain(fact) for name, fact in facts if fact != getattr(EMPTY.person, name)}
        found.append(about)
    return found


def _plain(value: Any) -> Any:
    return sorted(set(value)) if isinstance(value, tuple) else value


def _candidate(about: Mapping[str, Any]) -> Candidate:
    told = {name: _tuple(value) for name, value in about.items() if name != "person"}
    facts = {name: _tuple(value) for name, value in about["person"].items()}
    return Candidate(**told | {"person": Person(given_name="", family_name="", **facts)})


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
