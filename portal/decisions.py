"""The decision pages: what is proposed, why, and the coordinator's word on it, once and for what was shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from framework import desk
from framework.content import FORMS
from framework.desk import Ruling, Subject
from models import decision
from models.base import reading, transaction
from models.desk import rulings
from models.desk.rounds import Round, open_round
from models.desk.rulings import Door
from models.desk.subjects import seats, subjects
from models.programme import Milestone
from portal import gate, words
from portal.matching import front, pair_words
from portal.subjects import called, named, needs
from portal.visit import DeskVisit, RefusedError, open_desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A decision page: the round, its subjects, and what was decided before."""

    visit: DeskVisit
    phase: str
    milestone: Milestone | None
    subjects: Sequence[Subject]
    decided: Mapping[str, decision.Decision]
    names: Mapping[str, str]
    now: Round | None = None

    @property
    def earlier(self) -> list[decision.Decision]:
        """The decisions that the programme has acted on already."""
        known = {one.id for one in self.subjects}
        return [made for name, made in self.decided.items() if name not in known]

    @property
    def open(self) -> list[Subject]:
        """The subjects that still wait."""
        return [one for one in self.subjects if one.id not in self.decided]

    @property
    def bulky(self) -> int:
        """How many of them may be decided together, without a reason."""
        alike = desk.BULK.get(self.phase, "")
        return sum(any(choice.id == alike and not choice.reason for choice in one.choices) for one in self.open)

    def reasoned(self, subject: Subject) -> str:
        """The choices that ask for a reason, in words."""
        say = self.visit.page.say
        return self.visit.page.listed([f"“{say(choice.label)}”" for choice in subject.choices if choice.reason])

    @staticmethod
    def date(written: str) -> date:
        """A date as a subject holds it."""
        return date.fromisoformat(written)

    def choice(self, made: decision.Decision) -> str:
        """How a subject was decided, as a phrase."""
        known = desk.MENTORS if self.phase == "selection" else (*desk.choices(self.phase), desk.ADOPT)
        if made.choice.startswith(desk.SWAP):
            return desk.pair_choices([0])[1].label
        return next((c.label for c in known if c.id == made.choice), made.choice)


def bench(session: Session, visit: DeskVisit, phase: str) -> Bench:
    """What waits on the desk in that phase; nothing where no round is open."""
    milestone = open_round(session, visit.link.programme_id, phase)
    if milestone is None:
        return Bench(visit=visit, phase=phase, milestone=None, subjects=(), decided={}, names={})
    now = Round(
        session=session,
        programme_id=visit.link.programme_id,
        rules=visit.programme,
        milestone=milestone,
        today=visit.today,
    )
    made = decision.of_round(session, visit.link.programme_id, phase, milestone.round)
    listed = subjects(now)
    ids = {one.id for one in listed if not called(one)} | {one.subject for one in made}
    ids |= {f"participant:{one.choice.removeprefix(desk.SWAP)}" for one in made if one.choice.startswith(desk.SWAP)}
    return Bench(
        visit=visit,
        phase=phase,
        milestone=milestone,
        subjects=listed,
        decided={one.subject: one for one in made},
        names={name: named(session, name) for name in ids} | {one.id: name for one in listed if (name := called(one))},
        now=now,
    )


async def show(http: Request) -> Response:
    """GET /desk/{token}/{phase}: what there is to decide."""
    return await run_in_threadpool(_show, http.path_params["token"], http.path_params["phase"], http.query_params)


async def send(http: Request) -> Response:
    """POST /desk/{token}/{phase}: record each decision once, for exactly what was shown."""
    typed = await gate.typed(http)
    where = http.path_params
    return await run_in_threadpool(_send, where["token"], where["phase"], http.query_params, typed)


def _show(token: str, phase: str, query: QueryParams) -> Response:
    with reading() as session:
        try:
            return _page(_bench(session, token, phase, query))
        except RefusedError as refused:
            return refused.page


def _bench(session: Session, token: str, phase: str, query: QueryParams) -> Bench:
    visit = open_desk(session, token, query, f"/{phase}")
    if phase not in desk.PHASES:
        raise HTTPException(404)
    return bench(session, visit, phase)


def _send(token: str, phase: str, query: QueryParams, typed: Mapping[str, Sequence[str]]) -> Response:
    with transaction() as session:
        try:
            on = _bench(session, token, phase, query)
        except RefusedError as refused:
            return refused.page
        made = {name: made.choice for name, made in on.decided.items()}
        ruling = desk.read(phase, on.subjects, typed, made, seats(on.now) if on.now else {})
        if ruling.problems:
            return _page(on, typed, ruling, status=422)
        recorded = record(session, on, ruling)
        if ruling.stale:
            return _page(bench(session, on.visit, phase), {}, ruling, recorded=recorded, status=409)
        if not ruling.verdicts:
            return RedirectResponse(on.visit.page.link(f"/desk/{token}/{phase}"), 303)
        return RedirectResponse(on.visit.page.link(f"/desk/{token}", recorded=recorded), 303)


def record(session: Session, on: Bench, ruling: Ruling) -> int:
    """Write the verdicts down; how many are new (or, for a form that was sent twice, how many it holds)."""
    if on.milestone is None:
        return 0
    person = on.visit.link.person_id
    new = rulings.record(session, on.milestone, ruling.verdicts, Door(person, f"person:{person}", on.visit.today))
    return new or len(ruling.verdicts)


def _page(
    on: Bench,
    typed: Mapping[str, Sequence[str]] | None = None,
    ruling: Ruling | None = None,
    *,
    recorded: int = 0,
    status: int = 200,
) -> Response:
    labels = {o.id: o.label for form in FORMS.values() for q in form.questions for o in q.options}
    told = front.front(on.now, on.visit, on.subjects) if on.now and on.phase == "matching" else None
    return on.visit.page.render(
        "matching.html" if told else "decide.html",
        status,
        told=told,
        on=on,
        visit=on.visit,
        typed=typed or {},
        wrong={problem.question: on.visit.page.say(problem.text) for problem in ruling.problems} if ruling else {},
        stale=ruling.stale if ruling else [],
        recorded=recorded,
        bulk=desk.BULK.get(on.phase, ""),
        whole=desk.list_digest(on.subjects),
        needs=needs,
        labels=labels,
        words=words,
        pair_words=pair_words,
    )
