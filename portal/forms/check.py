"""Everything once more before it goes: each answer with a way to change it, what is missing, and who can read it."""

from starlette.responses import Response

from framework.reading import Problem
from portal.fields import place, said
from portal.forms import parts, receipt
from portal.forms.opening import Here, looking, posting
from portal.forms.sending import send_now
from portal.forms.sheets import beside, render
from portal.forms.so_far import SoFar
from portal.forms.told import groups

UNSURE = "Tick this box to go on."


def _show(here: Here) -> Response:
    """GET /f/{token}/check: all answers as they stand."""
    if here.visit.answered and not here.visit.may_change:
        return here.to("")
    return _page(SoFar.of(here), 200)


def _send(here: Here) -> Response:
    """POST /f/{token}/check: with `sure=yes` it is sent, once all of it holds."""
    so_far = SoFar.of(here)
    if here.visit.answered and not here.visit.may_change:
        same = so_far.reading.answers == here.visit.answers
        return here.to("/done") if same else receipt.page(so_far, again=True, late=True)
    if so_far.reading.problems or here.posted.get("sure") != ["yes"]:
        return _page(so_far, 422)
    return send_now(so_far)


def _page(so_far: SoFar, status: int) -> Response:
    visit = so_far.here.visit
    wrong = [_where(so_far, problem) for problem in so_far.reading.problems]
    unsure = status != 200 and not wrong  # noqa: PLR2004
    told = {
        "wrong": wrong,
        "unsure": visit.page.say(UNSURE) if unsure else "",
        "groups": groups(so_far),
        "beside": beside(so_far.here),
        "action": visit.link("/check"),
        "reworded": so_far.reworded,
    }
    return render("check.html", so_far, status, **told)


def _where(so_far: SoFar, problem: Problem) -> tuple[str, str, str]:
    """What is wrong: the address of its field, the question, and the reason."""
    visit = so_far.here.visit
    asked = next(q for q in so_far.form.questions if q.id == problem.question)
    at = visit.link(f"/part/{parts.number_of(so_far, asked.id)}", to="check")
    return f"{at}#{place(asked, problem)}", visit.page.say(asked.ask), said(visit.page, asked, problem)


show, send = looking(_show), posting(_send)
