"""Where a link in a mail arrives: the form itself if it is short, else its parts and where one stands."""

from typing import Any

from starlette.responses import Response

from models import draft
from portal import gate, readers
from portal.forms import parts, receipt, whole
from portal.forms.opening import Here, looking, posting
from portal.forms.sheets import beside, render
from portal.forms.so_far import SoFar, picked


def _show(here: Here) -> Response:
    """GET /f/{token}: the receipt when it was answered, a short form, or the start page of a long one."""
    visit, query = here.visit, here.http.query_params
    so_far = SoFar.of(here)
    if visit.answered and not (query.get("change") and visit.may_change):
        return receipt.page(so_far, again=True)
    if not visit.form.long:
        return whole.page(so_far)
    asked = picked(visit.form, query.get("q", ""), query.get("v", ""))
    if asked:
        return here.to(f"/part/{parts.number_of(so_far, asked.id)}", q=query["q"], v=query["v"])
    readership = readers.of_form(visit.page, visit.form, visit.writer, visit.programme.track)
    steps = parts.steps(so_far)
    told: dict[str, Any] = {
        "steps": steps,
        "states": parts.STATES,
        "done": sum(s.state == parts.DONE for s in steps),
        "asked": sum(s.state != parts.SKIPPED for s in steps),
        "following": parts.next_step(so_far),
        "begun": bool(so_far.typed),
        "readership": readership,
        "beside": beside(here),
    }
    return render("start.html", so_far, **told)


def _again(here: Here) -> Response:
    """GET /f/{token}/again: asks whether the draft should really be thrown away."""
    so_far = SoFar.of(here)
    return render("again.html", so_far, unsure=False) if so_far.drafted else here.to("")


def _forget(here: Here) -> Response:
    """POST /f/{token}/again: with `sure=yes` the draft is gone; what was sent before stands."""
    so_far = SoFar.of(here)
    if so_far.drafted and not gate.sure(here.posted):
        return render("again.html", so_far, 422, unsure=True)
    if so_far.drafted:
        draft.drop(here.session, here.visit.request.id)
    return here.to("")


def _saved(here: Here) -> Response:
    """GET /f/{token}/saved: what was typed is kept, and how to come back."""
    return render("saved.html", SoFar.of(here))


show, again, saved = looking(_show), looking(_again), looking(_saved)
forget = posting(_forget)
