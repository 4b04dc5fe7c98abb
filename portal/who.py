"""Who can see this: the one table in plain words, for one person's role on this track (CAP-198; LEG-08 to LEG-31)."""

from collections.abc import Mapping

from starlette.responses import Response

from framework.content import FORMS
from framework.people import Role
from framework.visibility import Cell, Track, Visibility, cell, may_release
from portal.forms.opening import Here, looking
from portal.forms.sheets import render
from portal.forms.so_far import SoFar
from portal.page import Page
from portal.readers import Readership, sentence

WRITTEN: Mapping[Visibility, str] = {
    Visibility.CONTENT: "What is learnt: goals, wishes, progress",
    Visibility.CONTRACT: "The agreement and its signatures",
    Visibility.PERSONAL: "The talks: preparation, notes, doubts, a word of thanks",
    Visibility.PRIVATE: "Notes for oneself",
    Visibility.REVIEW: "What one thinks of working together, and what is confided to the coordinator",
    Visibility.APPLICATION: "Applications, and what is said about them",
    Visibility.PROFILE: "What one can teach, and the languages one speaks",
    Visibility.CARE: "What one needs to be able to take part",
    Visibility.SPECIAL: "What keeps one from taking part",
    Visibility.STORY: "A story that is meant to be published",
    Visibility.PROGRAMME: "What one thinks of the programme",
    Visibility.NOTICE: "What is written to be told to everybody",
}
"""The classes in plain words."""
GETS: Mapping[Cell, str] = {
    Cell.YES: "You can read this",
    Cell.NO: "You cannot read this",
    Cell.RELEASED: "You read this only where it is shared with you",
    Cell.COUNTED: "You get numbers, once ten people have answered",
}
"""What the table says of somebody's reading what others wrote."""
OF_THE_PAIR = frozenset({"contract_signature", "preparation_shared"})
"""Forms that either of a pair may be asked."""


def writes(role: Role) -> list[Visibility]:
    """The classes of what somebody in that role is asked, in the order of the table."""
    asked = [form for form in FORMS.values() if form.by is role or (form.id in OF_THE_PAIR and role in _PAIR)]
    classes = {question.reads for form in asked for question in form.questions}
    return [what for what in Visibility if what in classes]


_PAIR = (Role.MENTOR, Role.MENTEE)


def own(page: Page, role: Role, track: Track) -> list[Readership]:
    """What somebody in that role writes, grouped by who can read it."""
    grouped: dict[str, list[str]] = {}
    for what in writes(role):
        grouped.setdefault(sentence(page, role, what, track), []).append(page.say(WRITTEN[what]))
    return [Readership(who, tuple(parts)) for who, parts in grouped.items()]


def others(page: Page, role: Role, track: Track) -> list[Readership]:
    """What others write, grouped by whether somebody in that role gets it."""
    grouped: dict[Cell, list[str]] = {}
    for what in Visibility:
        grouped.setdefault(cell(role, what, track), []).append(page.say(WRITTEN[what]))
    return [Readership(page.say(GETS[one]), tuple(grouped[one])) for one in GETS if one in grouped]


def _show(here: Here) -> Response:
    """GET /f/{token}/who: who can see what, for the one whose link this is."""
    visit = here.visit
    page, role, track = visit.page, visit.writer, visit.programme.track
    return render(
        "who.html",
        SoFar.of(here),
        mine=own(page, role, track),
        theirs=others(page, role, track),
        shares=may_release(role, Visibility.PERSONAL, track),
    )


show = looking(_show)
