"""People as the matcher sees them: who has a free place, and who still looks for a partner."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from sqlalchemy.orm import Session

from framework.matching.criteria import Candidate
from framework.matching.named import Directory
from framework.matching.record import Inputs
from framework.matching.settings import Matching, Rule
from framework.matching.shapes import without
from framework.pairing import OPEN, CloseReason, PairingStatus
from framework.participation import TAKES_PART
from framework.people import Role
from models import matching_run, pairing, participant, person, programme
from models.pairing import Outline
from models.participant import Participant
from models.programme import Programme
from tasks.stage import Stage

DONE = frozenset({CloseReason.COMPLETED, CloseReason.ENDED_EARLY})
APART = frozenset({PairingStatus.STRUCK, PairingStatus.DECLINED, PairingStatus.CLOSED})
"""How a pair ended that is not proposed again: those two stay apart. One that was dropped may come again."""
TYPED = ("avoid", "conflicts")
"""Where people typed names: whom they would rather not meet, and a conflict of interest (CAP-105, CAP-107)."""
LIKED, MOST_LIKED = "prefer", 3
"""Where people typed whom they would like, and how many of these names count, the first ones (MAT-Q14)."""
Ids = dict[int, tuple[int, ...]]
"""Of each participant, people by id."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Everybody who takes part and is still here, and what stands between them.

    `mentors` and `mentees` have all their places, taken or not; `pairs` are all pairs of the programme.
    """

    settings: Matching
    mentors: Mapping[int, Candidate]
    mentees: Mapping[int, Candidate]
    pairs: Sequence[Outline]
    managers: Mapping[int, int | None]

    def load(self) -> Counter[int]:
        """How many open pairs each participant has, on either side."""
        return Counter(one for p in self.pairs if p.status in OPEN for one in (p.mentor_id, p.mentee_id))

    def apart(self, *also: PairingStatus) -> frozenset[tuple[int, int]]:
        """Those who were together, or said no, before; among peers it counts both ways."""
        ended = APART.union(also)
        found = {(p.mentor_id, p.mentee_id) for p in self.pairs if p.status in ended}
        return frozenset(found | {(b, a) for a, b in found} if self.settings.shape == "peers" else found)


def candidate(
    one: Participant,
    places: int,
    *,
    was_mentee: bool = False,
    conflicts: tuple[int, ...] = (),
    prefers: tuple[int, ...] = (),
    waited: int = 0,
    rested: int = 0,
) -> Candidate:
    """A participant with what the application told; nothing of a special category is in it, and no typed name."""
    profile = one.profile
    return Candidate(
        id=one.id,
        person=one.person.value(),
        places=places,
        wants=tuple(profile.get("competences", ())),
        offers=tuple(profile.get("topics", ())),
        languages=tuple(profile.get("languages", ())) or (one.person.language,),
        channel=str(profile.get("channel", "both")),
        motives=tuple(profile.get("motives", ())),
        was_mentee=was_mentee,
        conflicts=conflicts,
        times=tuple(profile.get("times", ())),
        style=tuple(profile.get("style", ())),
        prefers=prefers,
        waited=waited,
        rested=rested,
    )


def look(session: Session, stage: Stage) -> Seen:
    """Everybody who takes part, read at once: seconds for ten thousand people."""
    settings = session.get_one(Programme, stage.programme).rules.matching
    everyone = participant.of_programme(session, stage.programme, None, *TAKES_PART)
    here = [one for one in everyone if one.person.value().is_here(stage.today)]
    pairs = pairing.outline(session, stage.programme)
    taught = participant.once(session, Role.MENTEE)
    busy = {p.mentor_id for p in pairs if p.status in OPEN}
    tired = _guided_last_time(session, stage)
    conflicts, liked = _named(session, here)
    most = {"group": settings.group[1], "peers": 1}.get(settings.shape, settings.capacity)
    mentors, mentees = {}, {}
    for one in here:
        was = one.person_id in taught
        out, wish = conflicts.get(one.id, ()), liked.get(one.id, ())
        if one.role == Role.MENTOR:
            places = most if settings.shape == "group" else min(one.capacity, most)
            rested = int(one.id not in busy and one.person_id not in tired)
            mentors[one.id] = candidate(one, places, was_mentee=was, conflicts=out, prefers=wish, rested=rested)
        elif one.role == Role.MENTEE:
            since = one.waiting_since
            waited = max(0, (stage.today - since).days) if since else 0
            mentees[one.id] = candidate(one, 1, was_mentee=was, conflicts=out, prefers=wish, waited=waited)
    return Seen(settings, mentors, mentees, pairs, person.managers(session))


def free(session: Session, stage: Stage) -> tuple[list[Candidate], list[Candidate]]:
    """Mentors with a free place, and mentees who still look for a partner; only people who are still here.

    A mentor leads one group at most. Among peers, whoever is in a pair in either role is not free. Of two mentors,
    a mentee who has one is not free here: see `second_leg`.
    """
    return _free(look(session, stage))


def _free(seen: Seen) -> tuple[list[Candidate], list[Candidate]]:
    load = seen.load()
    done = {p.mentee_id for p in seen.pairs if p.close_reason in DONE}
    if seen.settings.shape == "peers":
        done |= {p.mentor_id for p in seen.pairs if p.close_reason in DONE}
        everyone = {**seen.mentors, **seen.mentees}
        taken = {everyone[one].person.id for one in everyone if load[one] or one in done}
        pools = [[one for one in side.values() if one.person.id not in taken] for side in (seen.mentors, seen.mentees)]
        return pools[0], pools[1]
    left = {one.id: one.places - load[one.id] for one in seen.mentors.values()}
    if seen.settings.shape == "group":
        left = {one: 0 if load[one] else places for one, places in left.items()}
    mentors = [replace(one, places=left[one.id]) for one in seen.mentors.values() if left[one.id] > 0]
    return mentors, [one for one in seen.mentees.values() if not load[one.id] and one.id not in done]


def inputs(session: Session, stage: Stage) -> Inputs:
    """All that the next run of this round depends on. The seed of a draw follows from programme, round and run."""
    seen = look(session, stage)
    mentors, mentees = _free(seen)
    return _inputs(session, stage, seen, mentors, mentees)


def second_leg(session: Session, stage: Stage, language: str) -> Inputs | None:
    """Of two mentors: the mentees who lack the one for this language alone, and who could be it (CAP-092).

    A matching one to one among the mentors who speak the language, whatever the mentee speaks. None where no mentee
    lacks one.
    """
    seen = look(session, stage)
    load = seen.load()
    has = {p.mentee_id for p in seen.pairs if p.status in OPEN and p.language == language}
    lack = [one for one in seen.mentees.values() if load[one.id] and one.id not in has]
    if not lack:
        return None
    left = ((one, one.places - load[one.id]) for one in seen.mentors.values() if language in one.languages)
    mentors = [replace(one, places=places) for one, places in left if places > 0]
    settings = without(seen.settings, Rule.COMMON_LANGUAGE).model_copy(update={"shape": "one_to_one"})
    given = _inputs(session, stage, seen, mentors, lack)
    return replace(given, settings=settings, apart=seen.apart(*OPEN))


def _inputs(
    session: Session, stage: Stage, seen: Seen, mentors: Sequence[Candidate], mentees: Sequence[Candidate]
) -> Inputs:
    number = matching_run.next_number(session, stage.programme, stage.round)
    drawn = blake2b(f"{stage.slug}:{stage.round}:{number}".encode(), digest_size=6).digest()
    return Inputs(
        mentors=tuple(mentors),
        mentees=tuple(mentees),
        settings=seen.settings,
        managers=seen.managers,
        apart=seen.apart(),
        languages=session.get_one(Programme, stage.programme).rules.languages,
        seed=int.from_bytes(drawn),
    )


def _named(session: Session, everyone: Sequence[Participant]) -> tuple[Ids, Ids]:
    """Whom each participant cannot be with, and whom each would like, as ids of people; no name goes any further."""
    if not any(one.profile.get(name) for one in everyone for name in (*TYPED, LIKED)):
        return {}, {}
    directory = Directory(person.names(session))
    out: Ids = {}
    liked: Ids = {}
    for one in everyone:
        texts = [str(one.profile[name]) for name in TYPED if one.profile.get(name)]
        if found := {who for text in texts for who in directory.meant(text)}:
            out[one.id] = tuple(sorted(found))
        if wished := directory.wished(str(one.profile.get(LIKED, "")), MOST_LIKED):
            liked[one.id] = tuple(sorted(wished))
    return out, liked


def _guided_last_time(session: Session, stage: Stage) -> set[int]:
    """The people who guided somebody in the programme before this one: others go first (MAT-19)."""
    own = session.get_one(Programme, stage.programme).rules.starts_on
    before = [one for one in programme.all_programmes(session) if one.rules.starts_on < own]
    last = max(before, key=lambda one: (one.rules.starts_on, one.id), default=None)
    return pairing.mentored(session, last.id) if last else set()
