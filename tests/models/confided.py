"""One row of everything that is sealed, each with a canary of its own."""

from typing import Any

import sqlalchemy as sa

from models import decision, draft, matching_run, participant, response
from models.base import transaction
from models.decision import Decision
from models.delivery import Delivery
from models.draft import Draft
from models.matching_run import MatchingRun
from models.participant import Participant
from models.request import Request
from models.response import Response
from tests.models.rows import TODAY, ground, mail, question

CANARIES = {
    name: f"kanarie-{name}-ëß" for name in ("answer", "draft", "avoid", "reason", "decision", "mail", "style", "own")
}
"""What people wrote, by where."""
PROFILE: dict[str, Any] = {
    "topics": ["coaching", f"own:{CANARIES['own']}"],
    "languages": ["nl", "fr"],
    "avoid": CANARIES["avoid"],
}
FIELDS: dict[str, Any] = {"given_name": "Zoë", "partner": "Tom Bo", "words": CANARIES["mail"]}
ANSWERS: dict[str, Any] = {"join": "yes", "years": 7, "avoid": CANARIES["answer"]}
PEOPLE: dict[str, Any] = {
    "mentors": [],
    "mentees": [],
    "managers": [],
    "apart": [],
    "languages": ["nl"],
    "seed": 7,
}


def people(person: int, one: int) -> dict[str, Any]:
    """What a run of matching looked at: somebody who told a thing, and somebody who told nothing."""
    told = {"id": one, "style": [CANARIES["style"]], "places": 2, "person": {"id": person, "language": "nl"}}
    return PEOPLE | {"mentors": [told], "mentees": [{"id": one + 1, "person": {"language": "nl"}}]}


def confide() -> tuple[int, int]:
    """Write a row of everything; the ids of the programme and of the person who confided all of it."""
    programme_id, who = ground()
    with transaction() as session:
        one = Participant(
            programme_id=programme_id, person_id=who, role="mentor", profile=PROFILE, reason=CANARIES["reason"]
        )
        session.add(one)
        session.flush()
        decision.decide(
            session,
            programme_id=programme_id,
            phase="selection",
            round=1,
            subject=f"participant:{one.id}",
            choice="later",
            reason=CANARIES["decision"],
            digest="d" * 64,
            decided_by=who,
            decided_on=TODAY,
        )
        assert mail(session, programme_id, who, "k", fields=FIELDS)
        asked = question(session, programme_id, who, form="mentor_application")
        response.keep(session, asked, form=asked.form, version=1, language="nl", answers=ANSWERS, answered_on=TODAY)
        draft.save(session, asked, {"goal": [CANARIES["draft"]]}, TODAY)
        assert matching_run.write(
            session,
            programme_id=programme_id,
            round=1,
            number=1,
            made_on=TODAY,
            digest="d" * 64,
            people=people(who, one.id),
        )
    return programme_id, who


def read() -> dict[str, Any]:
    """Everything that was confided, as the product reads it."""
    with transaction() as session:
        [one] = session.scalars(sa.select(Participant))
        [taken] = session.scalars(sa.select(Decision))
        [sent] = session.scalars(sa.select(Delivery))
        [given] = session.scalars(sa.select(Response))
        [asked] = session.scalars(sa.select(Request))
        [run] = session.scalars(sa.select(MatchingRun))
        found = participant.by_ids(session, one.programme_id, [one.id])[one.id]
        return {
            "profile": found.profile,
            "reason": one.reason,
            "decision": taken.reason,
            "fields": sent.fields,
            "answers": given.answers,
            "draft": draft.of_request(session, asked),
            "people": run.people,
        }


def columns() -> dict[str, str]:
    """The sealed text of each table, and what stands open beside it, as the database holds them."""
    with transaction() as session:
        told = {
            Participant: ("sealed", "profile", "reason"),
            Decision: ("sealed", "reason"),
            Delivery: ("sealed", "fields"),
            Response: ("sealed", "answers"),
            MatchingRun: ("people",),
            Draft: ("sealed",),
        }
        return {
            f"{table.__tablename__}.{name}": str(
                session.scalar(sa.select(sa.cast(table.__table__.c[name], sa.Text)))  # the bytes, not the value
            )
            for table, names in told.items()
            for name in names
        }


def everything() -> str:
    """Every column of every row of every table, as text."""
    from models import schema

    with transaction() as session:
        rows = [
            " ".join(map(str, row))
            for table in schema.METADATA.sorted_tables
            for row in session.execute(sa.select(*(sa.cast(column, sa.Text) for column in table.c)))
        ]
    return "\n".join(rows)
