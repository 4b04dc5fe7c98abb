"""A programme in figures: phases, mails, answers, pairs, reviews, signals, goals. Counts only, no names."""

from collections import Counter
from typing import Any

from sqlalchemy.orm import Session

from deployments.advance import label
from framework.content.closure import FORM_OF
from framework.content.training import EVALUATION_OF
from framework.evaluation import goals_reached
from framework.people import Role
from framework.requests import RequestStatus
from framework.training import usefulness
from models import (
    certificate,
    delivery,
    meeting,
    pairing,
    participant,
    programme,
    request,
    response,
    schema,
    signal,
    tally,
)
from models.base import transaction


def figures(slug: str) -> dict[str, Any]:
    """All figures of one programme. Raises UnknownProgramme."""
    schema.upgrade()
    with transaction() as session:
        row = programme.by_slug(session, slug)
        pairs = pairing.of_programme(session, row.id)
        asked = request.of_programme(session, row.id)
        ends = tally.given(session, row.id, FORM_OF["relationship_end", Role.MENTEE])
        reviews = [m for m in programme.milestones(session, row.id, "review") if m.finished_on]
        return {
            "programme": slug,
            "title": row.rules.title,
            "company": row.rules.company,
            "phases": {label(m): m.state for m in programme.milestones(session, row.id)},
            "calendar": [_entry(m) for m in programme.milestones(session, row.id)],
            "mails": {name: sum(states.values()) for name, states in sorted(delivery.counts(session, row.id).items())},
            "mail_states": _states(session, row.id),
            "asked": _by_form(asked),
            "answers": _by_form([one for one in asked if one.answered_on]),
            "lapsed": sum(one.status == RequestStatus.LAPSED for one in asked),
            "participants": _participants(session, row.id),
            "pairings": dict(sorted(Counter(str(p.status) for p in pairs).items())),
            "closed": dict(sorted(Counter(str(p.close_reason) for p in pairs if p.close_reason).items())),
            "meetings": dict(sorted(meeting.counts(session, row.id).items())),
            "reviews": len(reviews),
            "signals": dict(sorted(Counter(s.code for s in signal.of_programme(session, row.id)).items())),
            "training": _training(session, row.id),
            "feedback": len(response.of_programme(session, row.id, "programme_feedback")),
            "certificates": len(certificate.of_programme(session, row.id)),
            "goals_reached": goals_reached(ends),
            "goals_told": len(ends),
        }


def _entry(milestone: programme.Milestone) -> dict[str, Any]:
    return {
        "phase": milestone.phase,
        "round": milestone.round,
        "kind": milestone.kind,
        "opens_on": milestone.opens_on.isoformat(),
        "closes_on": milestone.closes_on.isoformat(),
        "opened_on": milestone.opened_on and milestone.opened_on.isoformat(),
        "finished_on": milestone.finished_on and milestone.finished_on.isoformat(),
        "state": milestone.state,
        "outcome": milestone.outcome,
        "counts": {key: value for key, value in milestone.counts.items() if isinstance(value, int)},
    }


def _training(session: Session, programme_id: int) -> dict[str, float | None]:
    """How many looked back on the training, and how useful it was, 1 to 5; nothing of that below five people."""
    forms = dict.fromkeys(EVALUATION_OF.values())
    given = [one for form in forms for one in tally.given(session, programme_id, form)]
    return {"evaluations": len(given), "usefulness": usefulness(given)}


def _states(session: Session, programme_id: int) -> dict[str, int]:
    total: Counter[str] = Counter()
    for states in delivery.counts(session, programme_id).values():
        total.update(states)
    return dict(sorted(total.items()))


def _by_form(asked: list[request.Request]) -> dict[str, int]:
    return dict(sorted(Counter(one.form for one in asked).items()))


def _participants(session: Session, programme_id: int) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = {}
    for one in participant.of_programme(session, programme_id):
        found.setdefault(str(one.role), Counter())[str(one.status)] += 1
    return {role: dict(sorted(counted.items())) for role, counted in sorted(found.items())}
