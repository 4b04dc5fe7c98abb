"""Who may read what: one table (framework section 4; LEG-08 to LEG-31).

A question belongs to a class; the table says which role reads that class on which track. `WRITER` always reads
back what he or she wrote. Whoever is not in a cell cannot see the answer, in any mail, page, export or report.
"""

from enum import StrEnum

from framework.people import Role


class Visibility(StrEnum):
    """The classes of what people tell (CAP-198)."""

    CONTENT = "content"  # learning progress, training plan
    CONTRACT = "contract"  # agreement, development plan
    PERSONAL = "personal"  # meetings, reflections, doubts
    PRIVATE = "private"  # the writer's own record
    REVIEW = "review"  # what one thinks of the relation
    APPLICATION = "application"  # why one wants to take part
    PROFILE = "profile"  # what one can teach, and the languages one speaks: shown to who may choose (MAT-04, MAT-14)
    SPECIAL = "special"  # sensitive attributes (LEG-28)
    STORY = "story"  # written to be published, with consent (LEG-29)
    PROGRAMME = "programme"  # opinions about the programme itself


class Track(StrEnum):
    """The two tracks; nearly every rule differs between them (CAP-002)."""

    NEW_HIRE = "new-hire"
    GROWTH = "growth"


_PAIR = frozenset({Role.MENTOR, Role.MENTEE})
_COORDINATOR = frozenset({Role.COORDINATOR})

READERS: dict[tuple[Visibility, Track], frozenset[Role]] = {
    (Visibility.CONTENT, Track.NEW_HIRE): _PAIR | _COORDINATOR | {Role.LINE_MANAGER},
    (Visibility.CONTENT, Track.GROWTH): _PAIR | _COORDINATOR,
    (Visibility.CONTRACT, Track.NEW_HIRE): _PAIR | _COORDINATOR | {Role.LINE_MANAGER},
    (Visibility.CONTRACT, Track.GROWTH): _PAIR | _COORDINATOR | {Role.LINE_MANAGER},
    (Visibility.PERSONAL, Track.NEW_HIRE): _PAIR,
    (Visibility.PERSONAL, Track.GROWTH): _PAIR,
    (Visibility.PRIVATE, Track.NEW_HIRE): frozenset(),
    (Visibility.PRIVATE, Track.GROWTH): frozenset(),
    (Visibility.REVIEW, Track.NEW_HIRE): _COORDINATOR,
    (Visibility.REVIEW, Track.GROWTH): _COORDINATOR,
    (Visibility.APPLICATION, Track.NEW_HIRE): _COORDINATOR,
    (Visibility.APPLICATION, Track.GROWTH): _COORDINATOR,
    (Visibility.PROFILE, Track.NEW_HIRE): _PAIR | _COORDINATOR,
    (Visibility.PROFILE, Track.GROWTH): _PAIR | _COORDINATOR,
    (Visibility.SPECIAL, Track.NEW_HIRE): frozenset(),
    (Visibility.SPECIAL, Track.GROWTH): frozenset(),
    (Visibility.STORY, Track.NEW_HIRE): _COORDINATOR,
    (Visibility.STORY, Track.GROWTH): _COORDINATOR,
    (Visibility.PROGRAMME, Track.NEW_HIRE): _COORDINATOR | {Role.TEAM},
    (Visibility.PROGRAMME, Track.GROWTH): _COORDINATOR | {Role.TEAM},
}


CONFIDENTIAL = frozenset({Visibility.PERSONAL, Visibility.PRIVATE, Visibility.REVIEW, Visibility.SPECIAL})
"""Sealed whatever they say, and never shown again by the link of a mail alone."""


def may_read(role: Role, what: Visibility, track: Track) -> bool:
    """Whether someone in `role`, who did not write it, may read an answer of class `what` on `track`."""
    return role in READERS[what, track]
