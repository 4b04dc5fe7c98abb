"""One pair in full: points by factor, alternatives beside it, and why not somebody else (CAP-104)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from framework.desk import Subject
from framework.matching.facts import FACTORS, Fact
from framework.matching.proposal import market
from framework.matching.scoring import SCALE, Scorer
from framework.matching.settings import Rule
from framework.matching.why import WhyNot, why_not
from models.desk import solved
from models.desk.rounds import Round, who
from models.desk.solved import Solved
from models.pairing import Pairing
from models.participant import Participant
from portal.matching import choosing
from portal.visit import DeskVisit

People = Mapping[int, Participant]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One mentor for this mentee: the points of each factor, and the facts behind them. `cost` is what all lose."""

    id: int
    who: Mapping[str, object]
    score: int
    points: Mapping[str, int]
    facts: Mapping[str, Fact]
    cost: int = 0
    free: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """Whom another pair would displace: the mentee, and the mentor before and after; empty for nobody."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Why not that mentor. `points` of 1000 a pair, of `total` for all; `priced`: it can be said what it would cost."""

    column: Column
    rules: Sequence[Rule]
    chosen: bool
    has_places: bool
    priced: bool
    people: int
    points: int
    total: int
    moves: Sequence[Moved]


@dataclass(frozen=True, slots=True, kw_only=True)
class Full:
    """All that the page shows. `rows` are the factors with their weights; `mentors` may be asked about.

    `choice`: the one who is asked about may be chosen instead, and has a place.
    """

    subject: str
    mentee: Mapping[str, object]
    first: Column
    others: Sequence[Column]
    rows: Sequence[tuple[str, int]]
    relaxed: Sequence[str]
    origin: str
    language: str
    mentors: Sequence[tuple[int, str]]
    asked: int
    answer: Answer | None
    choice: Subject | None
    explained: bool


def full(
    session: Session, visit: DeskVisit, pair: Pairing, people: People, asked: int, now: Round | None = None
) -> Full:
    """A pair of any status, as the run that proposed it saw it; `asked` is a mentor's participant id, or 0.

    `now` is the open round, in which somebody else may be chosen.
    """
    run = solved.by_number(session, pair.programme_id, pair.round).get(pair.number)
    seen = solved.opened(run) if run else None
    weights = (seen.settings if seen else visit.programme.matching).weights.model_dump()
    hidden = solved.hidden(visit.programme.track)
    others = [
        _column(seen, pair.mentee_id, people[one["mentor"]], one["reasons"], hidden, cost=one["cost"], free=one["free"])
        for one in pair.others
        if one["mentor"] in people and people[one["mentor"]].person.value().is_here(visit.today)
    ]
    known = [one.id for one in seen.inputs.mentors if one.id in people and one.id != pair.mentee_id] if seen else []
    found = asked if asked in known else 0
    answer = _answer(seen, pair.mentee_id, found, people, hidden) if seen and found else None
    return Full(
        subject=f"pairing-{pair.id}",
        mentee=who(pair.mentee.person),
        first=_column(seen, pair.mentee_id, pair.mentor, pair.reasons, hidden),
        others=others,
        rows=[(name, weights[name]) for name in FACTORS if weights[name] or name in pair.reasons],
        relaxed=pair.relaxed,
        origin=pair.origin,
        language=pair.language,
        mentors=sorted(((one, people[one].person.value().name) for one in known), key=lambda row: (row[1], row[0])),
        asked=found,
        answer=answer,
        choice=_choice(now, pair, seen, answer) if now and seen and answer else None,
        explained=seen is not None,
    )


def _choice(now: Round, pair: Pairing, seen: Solved, answer: Answer) -> Subject | None:
    if answer.rules or answer.chosen or not answer.has_places:
        return None
    column = answer.column
    told = {name: value for name, value in asdict(answer).items() if name != "column"}
    told |= {"who": column.who, "score": column.score, "points": column.points}
    told |= {"facts": [one.plain() for one in column.facts.values()]}
    return choosing.offer(now, pair, seen, column.id, told)


def _column(
    seen: Solved | None,
    mentee: int,
    mentor: Participant,
    reasons: Mapping[str, int],
    hidden: frozenset[str],
    *,
    cost: int = 0,
    free: bool = False,
) -> Column:
    told = seen.facts(mentor.id, mentee, hidden) if seen else []
    return Column(
        id=mentor.id,
        who=who(mentor.person),
        score=sum(reasons.values()),
        points=reasons,
        facts={one.factor: one for one in told},
        cost=cost,
        free=free,
    )


def _answer(seen: Solved, mentee: int, mentor: int, people: People, hidden: frozenset[str]) -> Answer | None:
    if mentee not in seen.people or mentee == mentor:
        return None
    given = seen.inputs
    scorer = Scorer([seen.people[mentee]], [seen.people[mentor]], seen.settings, given.managers, given.apart)
    broken = scorer.broken(0, 0)
    column = _column(seen, mentee, people[mentor], scorer.points(0, 0), hidden)
    if not seen.is_priced or broken:
        return Answer(
            column=column,
            rules=broken,
            chosen=False,
            has_places=True,
            priced=False,
            people=0,
            points=0,
            total=0,
            moves=(),
        )
    whole = market(given.mentors, given.mentees, given.settings, given.managers, given.apart)
    return _told(why_not(whole, mentee, mentor), column, whole.assignment.total // SCALE, people)


def _told(why: WhyNot, column: Column, total: int, people: People) -> Answer:
    def name(one: int | None) -> str:
        return people[one].person.value().name if one is not None and one in people else ""

    return Answer(
        column=column,
        rules=why.rules,
        chosen=why.chosen,
        has_places=why.has_places,
        priced=True,
        people=why.people,
        points=max(0, why.points) // SCALE,
        total=total,
        moves=[Moved(name(one.mentee), name(one.before), name(one.after)) for one in why.moves],
    )
