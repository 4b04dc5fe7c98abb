"""The receipt: thanks, what happens next, who can read what, and how to change one's mind."""

from starlette.responses import Response

from portal import readers
from portal.forms.opening import Here, looking
from portal.forms.sheets import render
from portal.forms.so_far import SoFar


def page(so_far: SoFar, *, again: bool, late: bool = False) -> Response:
    """The receipt, just now or `again`; `late` says that a change came too late and nothing of it was kept."""
    visit = so_far.here.visit
    readership = readers.of_form(visit.page, visit.form, visit.writer, visit.programme.track)
    return render("receipt.html", so_far, 410 if late else 200, readership=readership, again=again, late=late)


def _done(here: Here) -> Response:
    """GET /f/{token}/done: the receipt; before there is one, the form."""
    return page(SoFar.of(here), again=False) if here.visit.answered else here.to("")


done = looking(_done)
