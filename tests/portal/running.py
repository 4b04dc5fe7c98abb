"""A programme that runs, on the stage: pairs in every state of health, questions that wait, answers nobody may tell."""

from datetime import timedelta

import sqlalchemy as sa

from framework.content import FORMS
from framework.visibility import Visibility
from models import agreement, link, meeting, pairing, person, request, response, signal
from models.base import transaction
from tests.portal.stage import TODAY

CANARY = "kanarie-7731"


def couple(stage, mentor, mentee, *, status="active", held=(), missed=(), coming=(), agreed="active", since=90):
    """A pair that came about, with its meetings by how many days ago (or ahead); its id."""
    stage.pair(mentor, mentee)
    with transaction() as session:
        row = session.scalars(sa.select(pairing.Pairing).order_by(pairing.Pairing.id.desc())).first()
        row.status, row.accepted_on = status, TODAY - timedelta(days=since)
        row.active_on = TODAY - timedelta(days=since - 5) if status == "active" else None
        if agreed:
            session.add(agreement.Agreement(pairing_id=row.id, programme_id=stage.programme, status=agreed))
        days = (
            [(-ago, "held") for ago in held] + [(-ago, "missed") for ago in missed] + [(d, "planned") for d in coming]
        )
        for number, (day, how) in enumerate(sorted(days), 1):
            on = TODAY + timedelta(days=day)
            session.add(
                meeting.Meeting(
                    programme_id=stage.programme,
                    pairing_id=row.id,
                    number=number,
                    planned_on=on,
                    status=how,
                    held_on=on + timedelta(days=1) if how == "held" else None,
                    minutes=4711 if how == "held" else None,
                )
            )
        return row.id


def said(stage, form, who, about, answers=None, *, round_=1, on=TODAY):
    """Somebody answered a form; everything sealed and open is kept as the portal keeps it."""
    token = stage.ask(form, who, about=about, round_=round_)
    with transaction() as session:
        asked = request.by_link(session, request_link(session, token))
        request.change_status(session, asked.id, "open", "settled", answered_on=on)
        response.keep(
            session,
            asked,
            form=form,
            version=FORMS[form].version,
            language="en",
            answers=answers or {},
            answered_on=on,
        )
    return token


def request_link(session, token):
    """The link behind a token."""
    return link.open_link(session, token, "form").id


def review(stage, pair, mentor, mentee, satisfied, *, round_=1, form="check_in"):
    """Both of a pair answered a review."""
    for role, who, value in (("mentor", mentor, satisfied[0]), ("mentee", mentee, satisfied[1])):
        if value:
            told = {"satisfied": value, "enough_time": 4, "free_to_speak": 4, "help": f"words of {who}"}
            said(stage, f"{form}_{role}", who, f"pairing:{pair}", told, round_=round_)


def raised(stage, code, about, **numbers):
    """A signal; its id."""
    with transaction() as session:
        signal.raise_signal(session, stage.programme, code, about, 1, TODAY - timedelta(days=3), **numbers)
        return session.scalars(sa.select(signal.Signal.id).order_by(signal.Signal.id.desc())).first()


def canaries(stage, pair, mentor, mentee):
    """Every form that holds answers which a coordinator may not read, answered with a word that gives it away."""
    closed = {Visibility.PERSONAL, Visibility.PRIVATE, Visibility.SPECIAL}
    with transaction() as session:
        met = session.scalars(sa.select(meeting.Meeting.id)).first()
    for form in FORMS.values():
        questions = [q for q in form.questions if q.reads in closed]
        if questions and form.sections:
            whose = mentor if "mentor" in form.id else mentee
            about = f"meeting:{met}" if form.phase == "meetings" and met else f"pairing:{pair}"
            said(stage, form.id, whose, about, {q.id: CANARY for q in questions})


def colleague(stage, name, given, family, **values):
    """Somebody more; known to the stage under `name`."""
    with transaction() as session:
        row = person.Person(
            employee_number=name, email=f"{name}@example.org", given_name=given, family_name=family, **values
        )
        session.add(row)
        session.flush()
        stage.people[name] = row.id
        return row.id
