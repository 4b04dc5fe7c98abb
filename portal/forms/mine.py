"""What I sent, read back: to look up, and to print. What was confided is shown in a fresh sitting alone."""

from starlette.responses import Response

from portal import sharing
from portal.fields import retyped
from portal.forms.opening import Here, looking, posting
from portal.forms.sheets import beside, render
from portal.forms.so_far import SoFar
from portal.forms.told import groups


def _show(here: Here) -> Response:
    """GET /f/{token}/mine: every answer that was sent, and who can read it."""
    return _page(here) if here.visit.answered else here.to("")


def _share(here: Here) -> Response:
    """POST /f/{token}/share: hand one answer to the line manager, or call it back; in a fresh sitting alone."""
    if not here.fresh:
        return here.to("/fresh")
    untouched = sharing.take(here)
    return _page(here, untouched) if untouched else here.to("/mine")


def _page(here: Here, untouched: str = "") -> Response:
    sent = SoFar(here, retyped(here.visit.form, here.visit.answers))
    may = here.fresh and sharing.manager(here.session, here.visit) is not None
    return render(
        "mine.html",
        sent,
        422 if untouched else 200,
        untouched=untouched,
        groups=groups(sent),
        beside=beside(here),
        shares=sharing.shareable(here.visit) if may else (),
        shared=sharing.shared(here.session, here.visit) if may else frozenset(),
    )


show, share = looking(_show), posting(_share)
