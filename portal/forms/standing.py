"""Forms that stand open to everybody in a programme: a call for help, a word about the programme (CAP-153, CAP-173)."""

from collections.abc import Sequence
from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from framework.content import FORMS
from framework.questions import Answers, Questionnaire
from framework.reading import Problem, Typed, read
from models import request, response
from portal import answers
from portal.fields import Sheet
from portal.forms.opening import Endpoint, Here, looking, posting
from portal.forms.sheets import STANDING, offered


def at(name: str) -> Endpoint:
    """GET /f/{token}/help or …/feedback: the form, empty."""
    return looking(lambda here: _page(here, name, {}))


def to(name: str) -> Endpoint:
    """POST there: a question of one's own with its answer, once a day for the same words; then its receipt."""
    return posting(lambda here: _send(here, name))


def _send(here: Here, name: str) -> Response:
    form = _form(name)
    reading = read(form, here.posted)
    if reading.problems:
        return _page(here, name, here.posted, reading.problems)
    asked = _told_today(here, form.id, reading.answers) or _keep(here, form.id, reading.answers)
    page = here.visit.page
    return RedirectResponse(page.link(f"/f/{asked.link.token}/done"), 303)


def _keep(here: Here, form: str, told: Answers) -> request.Request:
    visit = here.visit
    asked = request.open_own(
        here.session,
        slug=visit.programme.slug,
        programme_id=visit.request.programme_id,
        form=form,
        person_id=visit.request.person_id,
        today=visit.today,
    )
    answers.keep(here.session, asked, FORMS[form], told, language=visit.page.language, today=visit.today)
    return asked


def _told_today(here: Here, form: str, told: Answers) -> request.Request | None:
    """The same words of the same person today: a button that was pressed twice."""
    visit = here.visit
    for asked in request.standing(here.session, visit.request.programme_id, form=form):
        if asked.person_id == visit.request.person_id and asked.opened_on == visit.today:
            earlier = response.of_request(here.session, asked.id)
            if earlier and earlier.answers == told:
                return asked
    return None


def _page(here: Here, name: str, typed: Typed, problems: Sequence[Problem] = ()) -> Response:
    visit = replace(here.visit, form=_form(name))
    sheet = Sheet(
        page=visit.page,
        form=visit.form,
        writer=visit.writer,
        track=visit.programme.track,
        typed=typed,
        problems=problems,
    )
    told = {"parts": sheet.parts(), "wrong": sheet.wrong(), "action": visit.link(f"/{name}"), "offered": offered()}
    return visit.page.render("standing.html", 422 if problems else 200, visit=visit, form=visit.form, **told)


def _form(name: str) -> Questionnaire:
    if STANDING[name] not in FORMS:
        raise HTTPException(404)
    return FORMS[STANDING[name]]
