"""The proposed pairs as subjects: all that the page of matching shows of each, and so all that its digest covers."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from framework.desk import SWAP, Subject, pair_choices
from framework.matching.facts import differs, flags, weakest
from framework.matching.settings import Matching
from framework.pairing import OPEN, PairingStatus
from framework.people import Role
from models import pairing, participant
from models.desk import solved
from models.desk.rounds import Round, who
from models.desk.solved import Solved
from models.pairing import Pairing
from models.participant import Participant

FULL = 1000  # the points of a perfect pair


@dataclass(frozen=True, kw_only=True)
class Floor:
    """What the pairs of a round are shown from, read once."""

    now: Round
    pairs: list[Pairing] = field(default_factory=list)

    @cached_property
    def solved(self) -> dict[int, Solved]:
        """The runs that proposed these pairs, by number."""
        numbers = {one.number for one in self.pairs}
        rows = solved.by_number(self.now.session, self.now.programme_id, self.now.milestone.round)
        return {number: solved.opened(run) for number, run in rows.items() if number in numbers}

    @cached_property
    def mentors(self) -> Mapping[int, Participant]:
        """Everybody who may guide somebody, by participant id; among peers that is everybody."""
        rows = participant.of_programme(self.now.session, self.now.programme_id)
        equal = self.now.rules.matching.shape == "peers"
        return {one.id: one for one in rows if equal or one.role == Role.MENTOR}

    @cached_property
    def hidden(self) -> frozenset[str]:
        """The factors whose facts a coordinator may not read."""
        return solved.hidden(self.now.rules.track)

    @cached_property
    def places(self) -> dict[int, int]:
        """The places of each mentor that no decision has taken yet, by participant id; groups are not counted so."""
        settings = self.now.rules.matching
        if settings.shape in {"group", "peers"}:
            return {}
        rows = pairing.outline(self.now.session, self.now.programme_id)
        taken = Counter(one.mentor_id for one in rows if one.status in OPEN - {PairingStatus.PROPOSED})
        return {one.id: min(one.capacity, settings.capacity) - taken[one.id] for one in self.mentors.values()}


def floor(now: Round) -> Floor:
    """The proposals of the open round."""
    rows = pairing.of_programme(now.session, now.programme_id, PairingStatus.PROPOSED, number=now.milestone.round)
    return Floor(now=now, pairs=list(rows))


def subjects(now: Round) -> list[Subject]:
    """The proposed pairs of the round, in the order proposed."""
    on = floor(now)
    return [subject(on, one) for one in on.pairs]


def places(now: Round) -> dict[int, int]:
    """The places that are left with each mentor, as `framework.desk.read` counts them."""
    return floor(now).places


def subject(on: Floor, pair: Pairing) -> Subject:
    """One pair as it is shown, with the mentors who may be chosen instead."""
    run = on.solved.get(pair.number)
    settings: Matching = run.settings if run else on.now.rules.matching
    weights = settings.weights.model_dump()
    told = run.facts(pair.mentor_id, pair.mentee_id, on.hidden) if run else []
    others = [shown for one in pair.others if (shown := _other(on, pair, one))]
    return Subject(
        id=f"pairing:{pair.id}",
        choices=pair_choices([one["id"] for one in others], bent=bool(pair.relaxed)),
        shown={
            "mentor": who(pair.mentor.person),
            "mentee": who(pair.mentee.person),
            "score": pair.score,
            "reasons": points(pair.reasons, weights),
            "facts": [one.plain() for one in told],
            "weak": weakest(told, pair.reasons, weights),
            "flags": flags(pair.score, pair.relaxed, told, [(one["cost"], one["free"]) for one in others]),
            "relaxed": list(pair.relaxed),
            "origin": pair.origin,
            "language": pair.language,
            "others": others,
        },
        seats={"approve": pair.mentor_id} | {f"{SWAP}{one['id']}": one["id"] for one in others},
    )


def _other(on: Floor, pair: Pairing, one: Mapping[str, Any]) -> dict[str, Any]:
    """An alternative as it is shown; nothing where that mentor has left or has no place any more."""
    mentor = on.mentors.get(one["mentor"])
    if mentor is None or not mentor.person.value().is_here(on.now.today) or on.places.get(mentor.id, 1) < 1:
        return {}
    more, less = differs(pair.reasons, one["reasons"])
    told = {
        name: value for name, value in who(mentor.person).items() if name in {"name", "title", "department", "site"}
    }
    return {
        **told,
        "id": mentor.id,
        "score": one["score"],
        "cost": one["cost"],
        "free": one["free"],
        "more": more,
        "less": less,
    }


def points(reasons: Mapping[str, int], weights: Mapping[str, int]) -> list[list[object]]:
    """Each factor with its points and the most that it can give, the weightiest first."""
    rows = [(name, given, weights.get(name, FULL)) for name, given in reasons.items()]
    return [list(row) for row in sorted(rows, key=lambda row: (-row[2], row[0]))]
