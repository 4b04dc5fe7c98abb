"""One person in one programme: parts, questions, pairs, signals, mails and decisions, and what may be done by hand."""

from collections.abc import Sequence

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request as Http
from starlette.responses import Response

from framework.content import FORMS
from framework.pairing import TOGETHER
from framework.people import Role
from models import decision, glance, participant, response, signal
from models.desk.rounds import who
from models.glance import Known
from models.pairing import Pairing
from models.participant import Participant
from models.person import Person
from models.request import Request
from portal import gate, words
from portal.running import door, hands, people, phrases, risks, told
from portal.running.hands import Taken
from portal.running.one_pair import MAILS, waiting
from portal.shown import Shown
from portal.visit import DeskVisit

APPLICATIONS = ("mentor_application", "mentee_application")


async def show(http: Http) -> Response:
    """GET /desk/{token}/people/{number}: one person in this programme."""
    number, done = door.number(http), http.query_params.get("done", "")
    back = f"/people/{number}"
    return await door.opened(http, back, lambda session, visit: _page(session, visit, number, done=done))


async def send(http: Http) -> Response:
    """POST /desk/{token}/people/{number}: one word, about this person's part, a question or a signal."""
    typed, number = await gate.typed(http), door.number(http)
    back = f"/people/{number}"

    def answer(session: Session, visit: DeskVisit) -> Response:
        _known(session, visit, number)
        return hands.take(session, visit, typed, back, lambda taken: _page(session, visit, number, taken))

    return await door.opened(http, back, answer)


def _known(session: Session, visit: DeskVisit, number: int) -> Person:
    """Somebody of this programme or its target group. Raises HTTPException 404 for anybody else."""
    row, own = session.get(Person, number), visit.link.programme_id
    if row is None:
        raise HTTPException(404)
    parts = any(participant.of_person(session, own, number, role) for role in (Role.MENTOR, Role.MENTEE))
    if parts or glance.asked_of(session, own, number):
        return row
    if people.in_target_group(visit, Known(row.value(), row.hired_on)):
        return row
    raise HTTPException(404)


def _page(session: Session, visit: DeskVisit, number: int, taken: Taken | None = None, *, done: str = "") -> Response:
    row, own, made = _known(session, visit, number), visit.link.programme_id, hands.books(session, visit)
    both = (participant.of_person(session, own, number, role) for role in (Role.MENTOR, Role.MENTEE))
    parts = [one for one in both if one is not None]
    asked = glance.asked_of(session, own, number)
    pairs = glance.pairs_of(session, [one.id for one in parts])[::-1]
    signals = _signals(session, own, parts, pairs)
    about = risks.whom(session, visit, signals)
    rows, total = glance.mails(session, own, people=[number], most=MAILS)
    subjects = [f"participant:{one.id}" for one in parts] + [f"request:{one.id}" for one in asked]
    return visit.page.render(
        "one_person.html",
        hands.status(taken),
        visit=visit,
        row=row,
        shown=who(row),
        parts=[(one, hands.on_participant(session, one, made)) for one in parts],
        asked=waiting(visit, asked, made),
        answered=[one for one in reversed(asked) if words_of(one)],
        pairs=pairs,
        came_about={one.id for one in pairs if one.accepted_on or one.status in TOGETHER},
        signals=[risks.flag(visit, one, about, made) for one in signals],
        applications=_applications(session, visit, asked),
        mails=told.mails(session, visit, rows, {}),
        mails_total=total,
        decided=decision.about(session, own, subjects) if subjects else [],
        taken=taken,
        done=done if done in phrases.DEEDS else "",
        words=words,
        phrases=phrases,
        titled=words_of,
    )


def words_of(one: Request) -> str:
    """The title of the form behind a question; empty for what is answered on the desk."""
    form = FORMS.get(one.form)
    return form.title if form and form.sections else ""


def _signals(session: Session, own: int, parts: Sequence[Participant], pairs: Sequence[Pairing]) -> list[signal.Signal]:
    about = {f"participant:{one.id}" for one in parts} | {f"pairing:{one.id}" for one in pairs}
    return [one for one in signal.of_programme(session, own) if one.about in about]


def _applications(session: Session, visit: DeskVisit, asked: Sequence[Request]) -> list[Shown]:
    """What was written in an application, as far as a coordinator may read it."""
    given = [response.of_request(session, one.id) for one in asked if one.form in APPLICATIONS]
    found = (told.answer(session, visit, one) for one in given if one is not None)
    return [one for one in found if one is not None]
