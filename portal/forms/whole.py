"""All questions on one page: a short form, or a long one for who likes it so; sent at once."""

from collections.abc import Sequence

from starlette.responses import Response

from framework.reading import Problem
from portal import gate
from portal.forms import receipt
from portal.forms.opening import Here, looking, posting
from portal.forms.sending import send_now
from portal.forms.sheets import beside, render, sheet
from portal.forms.so_far import SoFar


def page(so_far: SoFar, problems: Sequence[Problem] = (), *, unsure: bool = False) -> Response:
    """The whole form."""
    visit = so_far.here.visit
    made = sheet(so_far, problems)
    return render(
        "form.html",
        so_far,
        422 if problems or unsure else 200,
        parts=made.parts(),
        wrong=made.wrong(),
        beside=beside(so_far.here),
        action=visit.link(**visit.page.query),
        checks=checks(so_far.here),
        unsure=unsure,
    )


def checks(here: Here) -> bool:
    """Whether this form is looked over before it goes: a signature, unless what is signed stands on the same page."""
    form = here.visit.form
    return form.signed and (form.long or beside(here) is None)


def _show(here: Here) -> Response:
    """GET /f/{token}/all: every question on one page."""
    so_far = SoFar.of(here)
    if here.visit.answered and not here.visit.may_change:
        return here.to("")
    return page(so_far)


def _send(here: Here) -> Response:
    """POST /f/{token}: the whole form at once. What is typed is kept as a draft until it holds."""
    before = SoFar.of(here)
    visit, after = here.visit, before.posted(here.visit.form.questions)
    if visit.form.long:
        visit.page.path = f"/f/{visit.token}/all"
    if visit.answered and not visit.may_change:
        same = not after.reading.problems and after.reading.answers == visit.answers
        return here.to("/done") if same else receipt.page(before, again=True, late=True)
    untouched = before.untouched(after)
    if untouched and before.offered and not gate.sure(here.posted):
        return page(before, unsure=True)
    if here.go == "later":
        after.save(before)
        return here.to("/saved")
    if after.reading.problems:
        after.save(before)
        return page(after, after.reading.problems)
    if checks(here) or (untouched and before.drafted):
        after.save(before)
        return here.to("/check")
    return send_now(after)


show, send = looking(_show), posting(_send)
