"""Who can read what was written: sentences made from the one table, so that they cannot go stale (CAP-198)."""

from dataclasses import dataclass

from framework.people import Role
from framework.questions import Questionnaire
from framework.visibility import READERS, Cell, Track, Visibility, cell, may_release
from portal.page import Page

PAIR = (Role.MENTOR, Role.MENTEE)
ORDER = (Role.MENTOR, Role.MENTEE, Role.COORDINATOR, Role.TEAM, Role.LINE_MANAGER, Role.SPONSOR)
NAMES = {
    Role.MENTOR: "your %(mentor)s",
    Role.MENTEE: "your %(mentee)s",
    Role.COORDINATOR: "the coordinator",
    Role.TEAM: "the project team",
    Role.SPONSOR: "the sponsor",
}


@dataclass(frozen=True, slots=True)
class Readership:
    """Parts of a form that the same people can read."""

    who: str
    parts: tuple[str, ...]


def sentence(page: Page, writer: Role, reads: Visibility, track: Track) -> str:
    """Who can read an answer of that class, and, where people may fear it, who cannot."""
    readers = READERS[reads, track]
    if writer is Role.COORDINATOR and readers == {Role.COORDINATOR}:
        return page.say("Only the coordination of this programme can read this.")
    if cell(Role.COORDINATOR, reads, track) is Cell.COUNTED:
        return page.say("Nobody else reads your answer. Once ten people have answered, the coordinator sees numbers.")
    who = _others(page, writer, readers)
    if reads is Visibility.PROFILE and writer in PAIR:
        who = [page.say("colleagues who may be paired with you"), page.say(NAMES[Role.COORDINATOR])]
    if not who:
        return page.say("Only you can read this.")
    told = page.say("Who can read this: %(who)s.", who=page.listed([page.say("you"), *who]))
    if may_release(writer, reads, track):
        shared = page.say("Your line manager reads it only if you share it.")
        return f"{told} {shared}"
    return f"{told} {_not(page, writer, readers, reads)}".strip()


def _others(page: Page, writer: Role, readers: frozenset[Role]) -> list[str]:
    both = writer not in PAIR and set(PAIR) <= readers
    rest = readers - (set(PAIR) if both else set()) - ({writer} - {Role.TEAM})
    return [page.say("the pair")] * both + [_name(page, role, writer) for role in ORDER if role in rest]


def _name(page: Page, role: Role, writer: Role) -> str:
    manager = "the line manager of your %(mentee)s" if writer is Role.MENTOR else "your line manager"
    return page.say(manager if role is Role.LINE_MANAGER else NAMES[role])


def _not(page: Page, writer: Role, readers: frozenset[Role], reads: Visibility) -> str:
    if writer not in PAIR or Role.LINE_MANAGER in readers:
        return ""
    if reads in {Visibility.REVIEW, Visibility.CARE}:
        if writer is Role.MENTEE:
            return page.say("Your %(mentor)s and your line manager cannot.")
        return page.say("Your %(mentee)s and your line manager cannot.")
    return page.say("Your line manager cannot.")


def of_form(page: Page, form: Questionnaire, writer: Role, track: Track) -> list[Readership]:
    """The parts of a form, grouped by who can read them: whole sections where one can."""
    grouped: dict[str, list[str]] = {}
    for section in form.sections:
        told = {q.id: sentence(page, writer, q.reads, track) for q in section.questions}
        if len(set(told.values())) == 1:
            grouped.setdefault(next(iter(told.values())), []).append(page.say(section.title))
            continue
        for question in section.questions:
            grouped.setdefault(told[question.id], []).append(page.say(question.ask))
    return [Readership(who, tuple(parts)) for who, parts in grouped.items()]
