"""What if we weighed differently: two settings side by side for the same people, and a word to use the other (CAP-104).

To look computes from what the newest run kept and records nothing. To use the settings keeps a trial and the decision
`run:<id>`; the matching takes them over in its next run. Only while nobody of the round is approved (house idea 8).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from framework.desk import ADOPT, SWAP, Subject
from framework.matching.arrange import arrange
from framework.matching.comparing import Changed, Figures, changed, figures
from framework.matching.proposal import Arrangement
from framework.matching.record import Inputs, digest, kept
from framework.matching.settings import Matching
from framework.pairing import PairingStatus
from framework.reading import Typed
from models import decision, event, matching_run, pairing
from models.desk.rounds import Round
from models.desk.solved import Solved
from models.matching_run import MatchingRun
from models.participant import Participant
from portal import gate, words
from portal.matching import front, pair_words, settings_form
from portal.matching.pages import look, named, round_now
from portal.visit import DeskVisit

ADDRESS = "/what-if"
BY_NAME = 1000
"""People beyond whom the page shows figures only."""
MODES = frozenset({"appointed", "proposed", "by_lot"})
"""The modes in which settings decide who is proposed; elsewhere people choose."""
UNDECIDED = frozenset({PairingStatus.PROPOSED, PairingStatus.STRUCK, PairingStatus.DROPPED})
People = Mapping[int, Participant]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Two settings side by side. `changes` are by name where people are few enough; `subject` binds what is shown."""

    before: Figures
    after: Figures
    number: int
    changes: Sequence[tuple[str, str, str]]
    by_name: bool
    inputs: Inputs
    arrangement: Arrangement
    subject: Subject


async def show(http: Request) -> Response:
    """GET /desk/{token}/matching/what-if: the form; with `?try=1` what would come of the settings in the address."""
    return await run_in_threadpool(_show, http.path_params["token"], http.query_params)


async def send(http: Request) -> Response:
    """POST /desk/{token}/matching/what-if: use these settings, for exactly what was shown."""
    typed = await gate.typed(http)
    return await run_in_threadpool(_send, http.path_params["token"], http.query_params, typed)


def _show(token: str, query: QueryParams) -> Response:
    typed = {name: query.getlist(name) for name in query}
    return look(token, query, ADDRESS, lambda session, visit: _page(session, visit, typed, tried="try" in query))


def _send(token: str, query: QueryParams, typed: Typed) -> Response:
    return look(token, query, ADDRESS, lambda session, visit: _adopt(session, visit, typed), method="POST")


def _page(
    session: Session,
    visit: DeskVisit,
    typed: Typed,
    *,
    tried: bool,
    stale: bool = False,
    untouched: bool = False,
    status: int = 200,
) -> Response:
    now = round_now(session, visit)
    seen = front.newest(now) if now else None
    base = visit.programme.matching
    settings, wrong = settings_form.read(visit.page, typed, base) if tried else (None, {})
    trial = _trial(now, seen, settings, named(session, visit)) if now and seen and settings else None
    if tried:
        visit.page.query |= {"try": "1", **settings_form.listed(typed)}
    return visit.page.render(
        "what_if.html",
        422 if wrong or untouched else status,
        visit=visit,
        possible=seen is not None and base.mode in MODES,
        chooses=base.mode not in MODES,
        typed=typed if tried else settings_form.written(base),
        sent=settings_form.listed(typed),
        wrong=wrong,
        stale=stale,
        untouched=untouched,
        trial=trial,
        open=bool(now and is_open(now)),
        adopted=bool(now and front.is_adopted(now)),
        settings=base,
        form=settings_form,
        words=words,
        pair_words=pair_words,
    )


def is_open(now: Round) -> bool:
    """Whether other settings may still be chosen: nobody of this round is approved, and no choice of them waits."""
    rows = pairing.of_programme(now.session, now.programme_id, number=now.milestone.round)
    waiting = decision.of_round(now.session, now.programme_id, "matching", now.milestone.round, applied=False)
    chosen = [one for one in waiting if one.choice in {"approve", ADOPT.id} or one.choice.startswith(SWAP)]
    return not chosen and all(one.status in UNDECIDED for one in rows)


def _trial(now: Round, seen: Solved, settings: Matching, people: People) -> Trial:
    inputs = _inputs(now, seen, settings, people)
    found = arrange(inputs)
    was = [(mentor, mentee, score) for mentor, mentee, score, *_ in seen.run.result.get("pairs", [])]
    then = [(one.mentor, one.mentee, one.score) for one in found.proposals]
    size = {"mentors": len(seen.inputs.mentors), "mentees": len(seen.inputs.mentees)}
    before = figures(was, bent=int(seen.run.counts.get("relaxed", 0)), **size)
    after = figures(then, bent=sum(bool(one.relaxed) for one in found.proposals), **size)
    moved = changed(was, then)
    by_name = sum(size.values()) <= BY_NAME
    changes = [_named(one, people) for one in moved] if by_name else []
    shown = {
        "run": seen.run.digest,
        "settings": settings.model_dump(mode="json"),
        "before": before.plain(),
        "after": after.plain(),
        "number": len(moved),
        "changes": [list(one) for one in changes],
    }
    return Trial(
        before=before,
        after=after,
        number=len(moved),
        changes=sorted(changes),
        by_name=by_name,
        inputs=inputs,
        arrangement=found,
        subject=Subject(id=f"run:{seen.run.id}", choices=(ADOPT,), shown=shown),
    )


def _inputs(now: Round, seen: Solved, settings: Matching, people: People) -> Inputs:
    """The same people under other settings; with more or fewer places where the most for one mentor changes."""
    was, most = now.rules.matching.capacity, settings.capacity
    if was == most or settings.shape in {"group", "peers"}:
        return replace(seen.inputs, settings=settings)
    mentors = []
    for one in seen.inputs.mentors:
        own = people[one.id].capacity if one.id in people else one.places
        left = one.places + min(own, most) - min(own, was)
        if left > 0:
            mentors.append(replace(one, places=left))
    return replace(seen.inputs, mentors=tuple(mentors), settings=settings)


def _named(one: Changed, people: People) -> tuple[str, str, str]:
    def names(ids: Sequence[int]) -> str:
        return ", ".join(people[each].person.value().name for each in ids if each in people)

    return names([one.mentee]), names(one.before), names(one.after)


def _adopt(session: Session, visit: DeskVisit, typed: Typed) -> Response:
    now = round_now(session, visit)
    seen = front.newest(now) if now else None
    settings, wrong = settings_form.read(visit.page, typed, visit.programme.matching)
    back = visit.page.link(f"/desk/{visit.token}/matching")
    if now is None or seen is None or settings is None or visit.programme.matching.mode not in MODES:
        return _page(session, visit, typed, tried=True, stale=not wrong, status=409)
    if _is_chosen(now, settings):
        return RedirectResponse(back, 303)
    trial = _trial(now, seen, settings, named(session, visit))
    if (typed.get("digest") or ("",))[-1] != trial.subject.digest() or not is_open(now):
        return _page(session, visit, typed, tried=True, stale=True, status=409)
    if not gate.sure(typed):
        return _page(session, visit, typed, tried=True, untouched=True)
    _keep(now, visit, settings, trial)
    return RedirectResponse(back, 303)


def _is_chosen(now: Round, settings: Matching) -> bool:
    """Whether just these settings were chosen already: a form that was sent twice."""
    waiting = decision.of_round(now.session, now.programme_id, "matching", now.milestone.round, applied=False)
    ids = [int(one.subject.partition(":")[2]) for one in waiting if one.choice == ADOPT.id]
    kept_rows = [now.session.get(MatchingRun, one) for one in ids]
    return any(row is not None and row.settings == settings.model_dump(mode="json") for row in kept_rows)


def _keep(now: Round, visit: DeskVisit, settings: Matching, trial: Trial) -> None:
    """Write the trial and the decision down."""
    session, programme_id, number = now.session, now.programme_id, now.milestone.round
    found = trial.arrangement
    run = MatchingRun(
        programme_id=programme_id,
        round=number,
        number=matching_run.next_number(session, programme_id, number),
        made_on=visit.today,
        trial=True,
        engine=found.engine,
        digest=digest(trial.inputs, found),
        settings=settings.model_dump(mode="json"),
        people=kept(trial.inputs),
        result={
            "pairs": [[one.mentor, one.mentee, one.score, one.language] for one in found.proposals],
            "proved": found.proved,
            "steps": [[str(step.rule or ""), step.matched] for step in found.steps],
            "seed": trial.inputs.seed,
        },
        counts={
            "mentors": len(trial.inputs.mentors),
            "places": sum(one.places for one in trial.inputs.mentors),
            "mentees": len(trial.inputs.mentees),
            "matched": trial.after.matched,
            "total": sum(one.score for one in found.proposals),
            "relaxed": trial.after.bent,
        },
    )
    session.add(run)
    session.flush()
    subject, person = f"run:{run.id}", visit.link.person_id
    decision.decide(
        session,
        programme_id=programme_id,
        phase="matching",
        round=number,
        subject=subject,
        choice=ADOPT.id,
        digest=trial.subject.digest(),
        decided_by=person,
        decided_on=visit.today,
    )
    event.record(session, f"person:{person}", "decided", subject, phase="matching", round=number)
