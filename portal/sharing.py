"""A new hire hands one personal answer to the line manager: by own wish, one answer at a time, with a copy (LEG-11).

Nobody else can, no other class can be shared, and never on the growth track (`framework.visibility.may_release`).
What still waits in the outbox can be called back; what has gone is not sent again, whatever becomes of the answer.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException

from framework.mail import DeliveryStatus
from framework.questions import Question
from framework.visibility import may_release
from models import delivery, event
from models.person import Person
from notifications.emails.sharing import AnswerShared
from notifications.places import place_of
from portal.forms.opening import Here
from portal.shown import told
from portal.visit import Visit

MAIL = AnswerShared.name


def shareable(visit: Visit) -> tuple[Question, ...]:
    """The questions whose answer the visitor may hand over: own personal answers that were sent."""
    track = visit.programme.track
    mine = [q for q in visit.form.questions if q.id in visit.answers and may_release(visit.writer, q.reads, track)]
    return tuple(mine) if visit.answered else ()


def shared(session: Session, visit: Visit) -> frozenset[str]:
    """The questions whose answer was handed over and not called back."""
    waits = delivery.of_people(session, visit.request.programme_id, [visit.request.person_id], MAIL)
    gone = {one.key.split(":")[-2] for one in waits if one.state != DeliveryStatus.CANCELLED}
    prefix = f"request-{visit.request.id}-"
    return frozenset(name.removeprefix(prefix) for name in gone if name.startswith(prefix))


def take(here: Here) -> str:
    """Hand over, or call back, the one answer that is named; its question where nothing was ticked, else empty.

    Raises HTTPException 404 for an answer that cannot be shared.
    """
    visit, session = here.visit, here.session
    asked = next((q for q in shareable(visit) if q.id == _one(here.posted, "question")), None)
    boss = manager(session, visit)
    if asked is None or boss is None:
        raise HTTPException(404)
    word = _one(here.posted, "share")
    if word == "no":
        _call_back(session, visit, asked, boss)
    elif word == "yes" and asked.id not in shared(session, visit):
        _hand_over(session, visit, asked, boss)
    return asked.id if word not in {"yes", "no"} else ""


def manager(session: Session, visit: Visit) -> Person | None:
    """The visitor's line manager, if there is one who still works here and has a mailbox."""
    found = session.get(Person, visit.request.person.manager_id) if visit.request.person.manager_id else None
    return found if found and found.value().is_here(visit.today) and found.mailbox else None


def _one(posted: Mapping[str, Sequence[str]], name: str) -> str:
    return (posted.get(name) or ("",))[-1]


def _hand_over(session: Session, visit: Visit, asked: Question, boss: Person) -> None:
    """The same mail to both, and a line in the trail that says which answer and never what it was."""
    mine = visit.request.person
    number = len(delivery.of_people(session, visit.request.programme_id, [mine.id], MAIL)) + 1
    for whom in (boss, mine):
        mail = AnswerShared(
            given_name=whom.given_name,
            report=mine.value().name,
            manager=boss.value().name,
            question=asked.ask,
            answer=told(visit.page, asked, visit.answers[asked.id]),
        )
        languages = visit.programme.languages
        delivery.enqueue(
            session,
            key=f"{_key(visit, asked, whom)}:{number}",
            programme_id=visit.request.programme_id,
            phase=AnswerShared.phase,
            template=MAIL,
            person_id=whom.id,
            link_id=None,
            request_id=None,
            language=whom.language if whom.language in languages else languages[0],
            fields=mail.model_dump(mode="json", exclude={"link"}),
            due_on=visit.today,
            place=place_of(whom.country, visit.programme.time_zone).code,
            domain=(whom.email or "").rpartition("@")[2],
        )
    _note(session, visit, "shared an answer", asked)


def _call_back(session: Session, visit: Visit, asked: Question, boss: Person) -> None:
    """What still waits goes to nobody; what has gone stands in the trail as called back."""
    people = [boss.id, visit.request.person_id]
    ours = (f"{_key(visit, asked, boss)}:", f"{_key(visit, asked, visit.request.person)}:")
    rows = delivery.of_people(session, visit.request.programme_id, people, MAIL)
    for row in rows:
        if row.key.startswith(ours):
            delivery.cancel(session, delivery.Delivery.id == row.id)
    _note(session, visit, "called an answer back", asked)


def _key(visit: Visit, asked: Question, whom: Person) -> str:
    return f"{visit.programme.slug}:{AnswerShared.phase}:{MAIL}:{whom.id}:request-{visit.request.id}-{asked.id}"


def _note(session: Session, visit: Visit, deed: str, asked: Question) -> None:
    about = f"request:{visit.request.id}"
    event.record(session, f"person:{visit.request.person_id}", deed, about, question=asked.id)
