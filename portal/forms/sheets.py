"""A form's questions as they are shown: what stands in the fields, what is wrong with it, how the page is addressed."""

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from framework.content import FORMS
from framework.reading import Problem
from portal import shown
from portal.fields import Sheet
from portal.forms import hints
from portal.forms.opening import Here
from portal.forms.so_far import SoFar

STANDING = {"help": "help_request", "feedback": "programme_feedback"}
"""Forms that stand open the whole time: the last word of the address, and the form."""


def offered() -> list[str]:
    """The standing forms that there are."""
    return [name for name, form in STANDING.items() if form in FORMS]


def sheet(so_far: SoFar, problems: Sequence[Problem] = ()) -> Sheet:
    """The form of that visit, with what was typed and what is wrong."""
    visit = so_far.here.visit
    return Sheet(
        page=visit.page,
        form=visit.form,
        writer=visit.writer,
        track=visit.programme.track,
        typed=so_far.shown(),
        problems=problems,
        kept=so_far.hidden,
        cards=visit.cards,
    )


def beside(here: Here) -> shown.Shown | None:
    """What stands beside the questions."""
    visit = here.visit
    return shown.beside(here.session, visit.page, visit.request, visit.writer, visit.programme.track)


def render(template: str, so_far: SoFar, status: int = 200, **content: Any) -> Response:
    """A page of this form."""
    visit, known = so_far.here.visit, {"offered": offered(), "excluded": hints.excluded(so_far)}
    return visit.page.render(template, status, visit=visit, form=visit.form, so_far=so_far, **known, **content)
