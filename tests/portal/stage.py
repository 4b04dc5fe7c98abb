"""A small invented programme in a real database, and a person who fills in forms as a browser does."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

import sqlalchemy as sa
from lxml import html

from framework import programme as rules
from framework.content import FORMS
from framework.people import Role
from framework.questions import Kind
from models import (
    delivery,
    event,
    installation,
    link,
    pairing,
    participant,
    person,
    programme,
    request,
    response,
    schema,
)
from models.base import Base, transaction
from notifications.emails import EMAILS

TODAY = date(2027, 4, 20)
DATES = {
    "session": [["1", "2027-05-04"], ["2", "2027-05-06"]],
    "wishes": [["1", "Tom De Smet"], ["2", "Jan Maes"], ["3", "Amira Benali"]],
}
SURE = {"sure": "yes"}
"""The box that an untouched form has empty."""
WORDS = {"en": {"mentor": "guide", "mentors": "guides"}}


@dataclass
class Stage:
    """The ids that tests need."""

    programme: int
    people: dict[str, int]
    desk: str

    def ask(self, form, who="zoe", *, about="programme", due=TODAY + timedelta(days=10), round_=1, options=None):
        """Open a request; its token."""
        with transaction() as session:
            found = link.new_link(
                session,
                purpose="form",
                programme_id=self.programme,
                person_id=self.people[who],
                expires_on=due + timedelta(days=14),
            )
            row = request.Request(
                key=f"{form}:{who}:{found.public_id}",
                programme_id=self.programme,
                phase=FORMS[form].phase if form in FORMS else "meetings",
                round=round_,
                form=form,
                person_id=self.people[who],
                link_id=found.id,
                about=about,
                options=options or {},
                opened_on=TODAY,
                due_on=due,
            )
            session.add(row)
            return found.token

    def pair(self, mentor="tom", mentee="zoe", *, score=700, round_=1, status="proposed"):
        """Propose a pair; its subject on the desk."""
        with transaction() as session:
            ids = [self.member(session, who, role) for who, role in ((mentor, Role.MENTOR), (mentee, Role.MENTEE))]
            row = pairing.Pairing(
                programme_id=self.programme,
                round=round_,
                mentor_id=ids[0],
                mentee_id=ids[1],
                status=status,
                score=score,
                reasons={"goal": 400, "experience": 200, "language": 100},
            )
            session.add(row)
            session.flush()
            return f"pairing:{row.id}"

    def member(self, session, who, role, status="confirmed"):
        """A person in a role; the id."""
        found = participant.of_person(session, self.programme, self.people[who], role)
        if found is None:
            found = participant.Participant(
                programme_id=self.programme, person_id=self.people[who], role=role, status=status, reason="", profile={}
            )
            session.add(found)
            session.flush()
        return found.id

    def apply(self, who, role, **values):
        """Somebody who applied; the subject on the desk."""
        with transaction() as session:
            number = self.member(session, who, role, "applied")
            for name, value in values.items():
                setattr(session.get(participant.Participant, number), name, value)
            return f"participant:{number}"

    def open(self, phase, number=1, **values):
        """Open a round of a phase."""
        with transaction() as session:
            row = programme.milestone_of(session, self.programme, phase, number)
            row.opened_on, row.state = TODAY, "Awaiting-Coordinator"
            for name, value in values.items():
                setattr(row, name, value)


def build() -> Stage:
    """Migrate an empty database and put the programme in it."""
    schema.upgrade()
    cast = (("zoe", "Zoë", "Peeters"), ("tom", "Tom", "De Smet"), ("amira", "Amira", "Benali"), ("jan", "Jan", "Maes"))
    with transaction() as session:
        installation.mark_as_rehearsal(session, TODAY)
        people = {}
        for name, given, family in cast:
            row = person.Person(
                employee_number=name,
                email=f"{name}@example.org",
                given_name=given,
                family_name=family,
                department="Planning",
                site="Ghent",
                years=9,
            )
            session.add(row)
            session.flush()
            people[name] = row.id
        made = programme.keep(
            session,
            rules.Programme(
                slug="growth",
                title="Growing together",
                company="Acme",
                track="growth",
                starts_on=date(2027, 1, 25),
                coordinator="amira",
                words=WORDS,
            ),
        )
        token = link.desk_link(session, made.id, people["amira"]).token
        return Stage(programme=made.id, people=people, desk=token)


def everything():
    """Every row of every table, to see whether anything changed; but for the count of posts, which always does."""
    with transaction() as session:
        return {
            table.name: [tuple(map(str, row)) for row in session.execute(sa.select(table).order_by(*table.primary_key))]
            for table in Base.metadata.sorted_tables
            if table.name != "attempt"
        }


def answer_of(token):
    """What is stored for the form behind that token, and how its request stands."""
    with transaction() as session:
        asked = request.by_link(session, link.open_link(session, token, "form").id)
        given = response.of_request(session, asked.id)
        return (given.answers if given else None), str(asked.status)


def deeds(action):
    """How often something stands in the trail."""
    with transaction() as session:
        return session.scalar(sa.select(sa.func.count()).where(event.Event.action == action))


def sensible(form):  # noqa: C901 - one line a kind
    """A full answer to a form, as typed."""
    typed = {}
    for q in form.questions:
        options = [o.id for o in q.options] or [pair[0] for pair in DATES.get(q.id, [])]
        match q.kind:
            case Kind.YES_NO | Kind.CONFIRM:
                typed[q.id] = ["yes"]
            case Kind.SCALE:
                typed[q.id] = ["4"]
            case Kind.NUMBER:
                typed[q.id] = ["12"]
            case Kind.CHOICE:
                typed[q.id] = [options[0]]
            case Kind.CHOICES:
                typed[q.id] = options[:2]
            case Kind.PRIORITIES:
                typed |= {f"{q.id}.{options[0]}": ["1"], f"{q.id}.{options[-1]}": ["3"]}
            case Kind.RANKING:
                typed |= {f"{q.id}.1": [options[-1]], f"{q.id}.2": [options[0]]}
            case Kind.ROWS:
                for column in q.columns:
                    typed |= _cell(f"{q.id}.1.{column.id}", column)
            case Kind.DATE:
                typed |= _day(q.id)
            case _:
                typed[q.id] = ["Something <b>sensible</b> & short"]
    return typed


def _day(name):
    return {f"{name}.day": ["27"], f"{name}.month": ["4"], f"{name}.year": ["2027"]}


def _cell(name, column):
    first = column.options[0].id if column.options else ""
    return (
        _day(name)
        if column.kind is Kind.DATE
        else {name: [{Kind.NUMBER: "3", Kind.CHOICE: first}.get(column.kind, "A & B")]}
    )


def fields(page):
    """What a browser would send for the form on a page, untouched; and every name there is to fill in."""
    form = html.fromstring(page).forms[0]
    untouched = {}
    for name, value in form.form_values():
        untouched.setdefault(name, []).append(value)
    return untouched, {i.get("name") for i in form.inputs if i.get("name")}


def mail(stage, template, who="zoe", *, state="queued", behind="", fields=None, **values):
    """A message of the outbox with sample content, behind a new form's or the desk's link; its id."""
    with transaction() as session:
        kind, whom = EMAILS[template], stage.people[who]
        told = kind.sample().model_dump(mode="json", exclude={"link", "appointment"})
        found = None
        if behind:
            about = {"programme_id": stage.programme, "person_id": whom, "expires_on": None}
            found = link.new_link(session, purpose=behind, **about)
        row = {
            "key": f"growth:{template}:{uuid4().hex}",
            "programme_id": stage.programme,
            "phase": kind.phase,
            "template": template,
            "person_id": whom,
            "link_id": found.id if found else None,
            "language": "en",
            "fields": told | (fields or {}),
            "state": state,
            "due_on": TODAY,
        }
        row |= values
        delivery.enqueue(session, **row)
        return session.scalars(sa.select(delivery.Delivery.id).where(delivery.Delivery.key == row["key"])).one()
