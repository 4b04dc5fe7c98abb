"""Who may read what: one table (framework section 4; LEG-08 to LEG-31, CAP-198, CAP-199).

A question belongs to a class; the table has a cell for each class, each reader and each track, once for what the reader
wrote and once for what another wrote. Programs stand in it beside people. `readable` is the one way from answers to
somebody who did not give them: what it leaves out is in no mail, page, export or report.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Protocol, TypeVar

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
    CARE = "care"  # what one needs to take part: somebody has to see to it, and it may tell of health (LEG-28, TRN-08)
    SPECIAL = "special"  # sensitive, and of use only as a number: what holds people back, background, age (LEG-28)
    STORY = "story"  # written to be published, with consent (LEG-29)
    PROGRAMME = "programme"  # opinions about the programme itself
    NOTICE = "notice"  # written to be told to everybody who takes part (REV-M09)


class Track(StrEnum):
    """The two tracks; nearly every rule differs between them (CAP-002)."""

    NEW_HIRE = "new-hire"
    GROWTH = "growth"


class Reader(StrEnum):
    """Everybody and everything that an answer could reach: the roles, and Prefect with its pages and database."""

    MENTEE = "mentee"
    MENTOR = "mentor"
    LINE_MANAGER = "line_manager"  # of the mentee
    COORDINATOR = "coordinator"
    TEAM = "team"
    SPONSOR = "sponsor"  # whoever gets the report
    OPERATOR = "operator"
    PREFECT = "prefect"


class Whose(StrEnum):
    """Whether an answer is the reader's own, or another's."""

    OWN = "own"
    ANOTHER = "another"


class Cell(StrEnum):
    """What the table says of one reader."""

    NO = "no"
    YES = "yes"
    RELEASED = "released"  # only what its writer hands over, one answer at a time, with a copy (LEG-11, CAP-199)
    COUNTED = "counted"  # only as a number, once `ENOUGH` people have answered (LEG-28)


Key = tuple[Visibility, Track, Reader, Whose]
ENOUGH = 10
"""People who must have answered before an answer of a special category is counted for anybody (LEG-28)."""
FEW = 5
"""People who must have given one and the same such answer before it is told of."""
WRITERS = frozenset({Reader.MENTEE, Reader.MENTOR, Reader.LINE_MANAGER, Reader.COORDINATOR, Reader.TEAM})
"""Those who answer forms, and may always know what they wrote."""
CONFIDENTIAL = frozenset(
    {Visibility.PERSONAL, Visibility.PRIVATE, Visibility.REVIEW, Visibility.SPECIAL, Visibility.CARE}
)
"""Sealed whatever they say, and never shown again by the link of a mail alone."""

_PAIR = {Reader.MENTOR, Reader.MENTEE}
_BOTH = (Track.NEW_HIRE, Track.GROWTH)
_READ: tuple[tuple[Visibility, tuple[Track, ...], set[Reader]], ...] = (
    (Visibility.CONTENT, (Track.NEW_HIRE,), _PAIR | {Reader.COORDINATOR, Reader.LINE_MANAGER}),  # LEG-09, LEG-10
    (Visibility.CONTENT, (Track.GROWTH,), _PAIR | {Reader.COORDINATOR}),  # LEG-13
    (Visibility.CONTRACT, _BOTH, _PAIR | {Reader.COORDINATOR, Reader.LINE_MANAGER}),  # LEG-14
    (Visibility.PERSONAL, _BOTH, _PAIR),  # LEG-11, LEG-12
    (Visibility.PRIVATE, _BOTH, set()),  # LEG-26
    (Visibility.REVIEW, _BOTH, {Reader.COORDINATOR}),
    (Visibility.APPLICATION, _BOTH, {Reader.COORDINATOR}),
    (Visibility.PROFILE, _BOTH, _PAIR | {Reader.COORDINATOR}),  # MAT-14
    (Visibility.CARE, _BOTH, {Reader.COORDINATOR}),  # LEG-28
    (Visibility.SPECIAL, _BOTH, set()),  # LEG-28
    (Visibility.STORY, _BOTH, {Reader.COORDINATOR}),  # LEG-29
    (Visibility.PROGRAMME, _BOTH, {Reader.COORDINATOR, Reader.TEAM}),
    (Visibility.NOTICE, _BOTH, _PAIR | {Reader.COORDINATOR, Reader.TEAM}),
)
_BETWEEN: Mapping[tuple[Visibility, Track, Reader], Cell] = {
    (Visibility.PERSONAL, Track.NEW_HIRE, Reader.LINE_MANAGER): Cell.RELEASED,
    **{(Visibility.SPECIAL, track, Reader.COORDINATOR): Cell.COUNTED for track in _BOTH},
}
"""Another's answers that are neither open nor closed."""


def _table() -> dict[Key, Cell]:
    made: dict[Key, Cell] = {}
    for what, tracks, open_to in _READ:
        for track in tracks:
            for reader in Reader:
                given = Cell.YES if reader in open_to else Cell.NO
                made[what, track, reader, Whose.ANOTHER] = _BETWEEN.get((what, track, reader), given)
                made[what, track, reader, Whose.OWN] = Cell.YES if reader in WRITERS else Cell.NO
    return made


TABLE: dict[Key, Cell] = _table()
"""Every cell; nothing else decides."""


class _Readers(Mapping[tuple[Visibility, Track], frozenset[Role]]):
    """The roles that may read another's answer, by class and track, as the table says at this moment."""

    def __getitem__(self, key: tuple[Visibility, Track]) -> frozenset[Role]:
        return frozenset(role for role in Role if may_read(role, *key))

    def __iter__(self) -> Iterator[tuple[Visibility, Track]]:
        return iter([(what, track) for what in Visibility for track in Track])

    def __len__(self) -> int:
        return len(Visibility) * len(Track)


READERS: Mapping[tuple[Visibility, Track], frozenset[Role]] = _Readers()


class Asked(Protocol):
    """What is needed of a question."""

    @property
    def id(self) -> str:
        """Under which its answer is kept."""

    @property
    def reads(self) -> Visibility:
        """Its class."""


Q_co = TypeVar("Q_co", bound=Asked, covariant=True)


class Form(Protocol[Q_co]):
    """What is needed of a form."""

    @property
    def questions(self) -> Collection[Q_co]:
        """All that it asks."""


def cell(reader: Role | Reader, what: Visibility, track: Track, writer: Whose = Whose.ANOTHER) -> Cell:
    """What the table says."""
    return TABLE[what, track, Reader(reader.value), writer]


def may_read(reader: Role | Reader, what: Visibility, track: Track, writer: Whose = Whose.ANOTHER) -> bool:
    """Whether that reader may read an answer of class `what` on `track`: another's, unless it says otherwise."""
    return cell(reader, what, track, writer) is Cell.YES


def open_questions(
    form: Form[Q_co], reader: Role | Reader, track: Track, writer: Whose = Whose.ANOTHER
) -> tuple[Q_co, ...]:
    """The questions of a form whose answers that reader may read, in the order asked."""
    return tuple(asked for asked in form.questions if may_read(reader, asked.reads, track, writer))


def readable(
    form: Form[Asked],
    answers: Mapping[str, object],
    reader: Role | Reader,
    track: Track,
    writer: Whose = Whose.ANOTHER,
) -> dict[str, object]:
    """Of these answers to that form, those that this reader may read; an answer to an unknown question is left out.

    `writer` says whether the reader gave them. Whoever passes an answer on takes it from here and from nowhere else.
    """
    known = {asked.id for asked in open_questions(form, reader, track, writer)}
    return {name: value for name, value in answers.items() if name in known}


def may_release(role: Role, what: Visibility, track: Track) -> bool:
    """Whether somebody in `role` may hand an own answer of that class to the line manager (LEG-11): mentees alone."""
    return role is Role.MENTEE and cell(Role.LINE_MANAGER, what, track) is Cell.RELEASED


def counted(values: Iterable[object], reader: Role | Reader, what: Visibility, track: Track) -> dict[str, int]:
    """How often each answer was given, where that reader may read the answers or, from `ENOUGH` on, their numbers.

    An answer that fewer than `FEW` gave is not told of then: it could be somebody's.
    """
    given = [str(value) for value in values]
    found = {value: given.count(value) for value in sorted(set(given))}
    match cell(reader, what, track):
        case Cell.YES:
            return found
        case Cell.COUNTED if len(given) >= ENOUGH:
            return {value: number for value, number in found.items() if number >= FEW}
        case _:
            return {}
