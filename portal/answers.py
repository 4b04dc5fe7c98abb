"""Recording an answer: one transaction, one answer a request, however often it is sent."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from framework.questions import Answers, Questionnaire
from framework.requests import RequestStatus
from framework.visibility import CONFIDENTIAL
from models import delivery, event, request, response
from portal.fields import retyped

OPEN_TO_ANSWER = (RequestStatus.OPEN, RequestStatus.LAPSED, RequestStatus.SETTLED)


def keep(
    session: Session, asked: request.Request, form: Questionnaire, answers: Answers, *, language: str, today: date
) -> None:
    """Write the answer down, or put it in the place of an earlier one; the phase acts on it later.

    Reminders that still wait are cancelled, and the deed (never what was said) goes into the trail.
    """
    response.keep(
        session, asked, form=form.id, version=form.version, language=language, answers=answers, answered_on=today
    )
    for status in OPEN_TO_ANSWER:
        if request.change_status(session, asked.id, status, RequestStatus.ANSWERED, answered_on=today):
            break
    delivery.cancel_for_request(session, asked.id)
    event.record(session, f"person:{asked.person_id}", "answered", f"request:{asked.id}")


def confidential(form: Questionnaire, answers: Answers) -> frozenset[str]:
    """The questions whose earlier answer is kept, and not shown again."""
    return frozenset(q.id for q in form.questions if q.reads in CONFIDENTIAL and q.id in answers)


def with_kept(form: Questionnaire, answers: Answers, typed: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """What was typed, with the earlier answer to each confidential question that was left empty this time."""
    kept, merged = confidential(form, answers), dict(typed)
    for question in form.questions:
        mine = [name for name in typed if name.partition(".")[0] == question.id]
        if question.id in kept and not any(v.strip() not in {"", "0"} for name in mine for v in typed[name]):
            merged |= retyped(form, {question.id: answers[question.id]})
    return merged


def shareable(form: Questionnaire, answers: Answers) -> dict[str, list[str]]:
    """The earlier answers that may be shown again in the form."""
    hidden = confidential(form, answers)
    return retyped(form, {name: value for name, value in answers.items() if name not in hidden})
