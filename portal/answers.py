"""Recording an answer: one transaction, one answer a request, however often it is sent."""

from datetime import date

from sqlalchemy.orm import Session

from framework.questions import Answers, Questionnaire
from framework.requests import RequestStatus
from models import delivery, event, request, response, wording
from notifications.words import Words

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
    wording.keep(session, form.id, form.version, language, Words(language).gettext)
    for status in OPEN_TO_ANSWER:
        if request.change_status(session, asked.id, status, RequestStatus.ANSWERED, answered_on=today):
            break
    delivery.cancel_for_request(session, asked.id)
    event.record(session, f"person:{asked.person_id}", "answered", f"request:{asked.id}")
