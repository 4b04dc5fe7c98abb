"""The search for people: whoever takes part, was asked something, or belongs to the target group; nobody else.

Names are compared without capitals and accents, word by word, in any order.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from framework.participation import ParticipantStatus
from framework.people import Person, Role
from framework.recruitment import role_for
from models import glance
from models.glance import Known
from portal import words
from portal.running import door, phrases
from portal.visit import DeskVisit

MOST_TYPED = 100  # characters of a search that count


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Somebody of this programme: roles with where each stands, and how many questions wait."""

    who: Person
    roles: tuple[tuple[Role, ParticipantStatus], ...]
    waiting: int
    left: date | None


async def show(http: Request) -> Response:
    """GET /desk/{token}/people: whoever has a part; `?q=` looks for a name, department, site or employee number."""
    query = http.query_params
    return await door.opened(http, "/people", lambda session, visit: _page(session, visit, query))


def _page(session: Session, visit: DeskVisit, query: QueryParams) -> Response:
    asked = query.get("q", "")[:MOST_TYPED].replace("\0", "").strip()
    if asked:
        visit.page.query["q"] = asked
    found = search(session, visit, asked)
    leaf = door.leaf(query, len(found))
    return visit.page.render(
        "people.html",
        visit=visit,
        asked=asked,
        found=found[leaf.start : leaf.end],
        leaf=leaf,
        words=words,
        phrases=phrases,
    )


def search(session: Session, visit: DeskVisit, asked: str) -> list[Found]:
    """Who fits what was typed, by name; with nothing typed, whoever has a part or a question."""
    own, wanted = visit.link.programme_id, folded(asked).split()
    roles, questions = glance.roles(session, own), glance.asked_people(session, own)
    found = []
    for known in glance.everybody(session):
        who = known.value
        has_part = who.id in roles or who.id in questions
        if wanted and not _fits(who, wanted):
            continue
        if has_part or (wanted and in_target_group(visit, known)):
            found.append(
                Found(
                    who=who,
                    roles=tuple(roles.get(who.id, ())),
                    waiting=questions.get(who.id, 0),
                    left=who.left_on if not who.is_here(visit.today) else None,
                )
            )
    return sorted(found, key=lambda one: (folded(one.who.family_name), folded(one.who.given_name), one.who.id))


def in_target_group(visit: DeskVisit, known: Known) -> bool:
    """Whether the programme would address this person today."""
    rules = visit.programme
    role = role_for(known.value, rules.target_group, known.hired_on, visit.today, reverse=rules.matching.reverse)
    return role is not None


def _fits(who: Person, wanted: Sequence[str]) -> bool:
    told = folded(" ".join((who.name, who.department, who.site, who.employee_number or "")))
    return all(word in told for word in wanted)


def folded(text: str) -> str:
    """The text without capitals and accents: É and é are e, ß is ss, Ł and ø are l and o."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold().translate(STROKES))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})
"""Letters that are written with a stroke, or as one, and that Unicode does not take apart."""
