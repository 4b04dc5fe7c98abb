"""Emptying one person on both databases: what was confided is gone from every table, and no table is forgotten."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from framework.redaction import MARK, pattern
from models import draft, erasure, frozen, request, response, schema, tally, vault
from models.base import engine, transaction
from models.blank import blank
from models.delivery import Delivery
from models.link import Link
from models.mentions import redact
from models.person import Person
from models.request import Request
from models.response import Response
from models.tally import Tally
from models.vault import PersonKey
from tests.models import confided
from tests.models.rows import TODAY, ground, mail, question, someone

TO_SOMEBODY = {
    "person.manager_id": "emptied",
    "participant.person_id": "kept: sealed words, score and reason are emptied",
    "request.person_id": "kept: called off, its answer counted and emptied",
    "delivery.person_id": "kept: its words are emptied",
    "link.person_id": "revoked",
    "person_key.person_id": "destroyed",
    "decision.concerns_id": "kept: its reason is emptied",
    "decision.decided_by": "kept: a number in the trail of decisions",
    "erasure.person_id": "the tombstone",
    "pairing.mentor_id": "kept: reasons and alternatives are emptied",
    "pairing.mentee_id": "kept: reasons and alternatives are emptied",
    "enrolment.participant_id": "kept: holds a status and a date",
    "certificate.participant_id": "kept: its number is replaced",
    "wish.participant_id": "deleted",
    "wish.other_id": "deleted",
}
"""Every column that points to a person or a participant, and what an erasure does about its row."""


def test_no_table_that_points_to_people_is_forgotten() -> None:
    pointing = {
        f"{table.name}.{key.parent.name}"
        for table in schema.METADATA.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in {"person", "participant"}
    }
    assert pointing == set(TO_SOMEBODY)


def test_every_column_of_a_person_is_emptied_or_known(database: str) -> None:
    with transaction() as session:
        boss = someone(session, "boss")
        full = {
            "employee_number": "E-7", "manager_id": boss.id, "department": "Works", "site": "Gent", "country": "BE",
            "job_title": "Smith", "years": 9, "level": 3, "hired_on": TODAY, "skills": ["iron"], "interests": ["sea"],
            "external": True, "mail_refused_on": TODAY, "mail_refused_code": "5.1.1", "gender": "x", "language": "nl",
        }  # fmt: skip
        who = someone(session, "zoe", **full)
        bare = Person(given_name="—", family_name="")
        session.add(bare)
        session.flush()
        blank(session, who, TODAY)
        own = {"id", "left_on", "no_campaigns_since", "erased_on"}
        names = {column.key for column in sa.inspect(Person).column_attrs} - own
        assert {name: getattr(who, name) for name in names} == {name: getattr(bare, name) for name in names}
        assert {who.left_on, who.no_campaigns_since, who.erased_on} == {TODAY}


def test_nothing_confided_is_left_in_any_table(database: str) -> None:
    _, who = confided.confide()
    assert "Zoe" in confided.everything(), "the control"
    with transaction() as session:
        counts = blank(session, session.get_one(Person, who), TODAY)
    assert {"answers", "drafts", "mails", "links", "roles", "decisions", "matchings", "keys"} <= set(counts)
    whole = confided.everything()
    assert [word for word in (*confided.CANARIES.values(), "Zoe", "zoe@", "v1.1.") if word in whole] == []
    with transaction() as session:
        assert session.scalars(sa.select(PersonKey.wrapped)).all() == [""]
        assert all(session.scalars(sa.select(Link.revoked)))
        again = blank(session, session.get_one(Person, who), TODAY)
    assert not again.keys() & {"answers", "drafts", "keys", "matchings"}


def test_open_questions_are_called_off_and_answered_ones_count_as_done(database: str) -> None:
    programme_id, who = ground()
    with transaction() as session:
        other = someone(session, "tom")
        mine = {
            state: question(session, programme_id, who, state, status=state).id
            for state in ("open", "answered", "lapsed")
        }
        about = question(session, programme_id, other.id, "about", about=f"request:{mine['answered']}").id
        apart = question(session, programme_id, other.id, "apart").id
        assert mail(session, programme_id, other.id, "waits", request_id=about)
        blank(session, session.get_one(Person, who), TODAY)
        states = dict(session.execute(sa.select(Request.id, Request.status)).tuples().all())
        assert [states[mine[one]] for one in ("open", "answered", "lapsed")] == ["cancelled", "settled", "lapsed"]
        assert (states[about], states[apart]) == ("cancelled", "open")
        assert session.scalars(sa.select(Delivery.state)).all() == ["cancelled"]


def test_answers_are_counted_as_before_and_tied_to_nobody(database: str) -> None:
    programme_id, _ = ground()
    marks = [4, 4, 5, 2]
    with transaction() as session:
        for number, mark in enumerate(marks):
            one = someone(session, f"p{number}")
            asked = question(session, programme_id, one.id, f"q{number}")
            answers = {"satisfied": mark, "rematch": "yes", "explain": f"secret {number}"}
            response.keep(session, asked, form=asked.form, version=1, language="en", answers=answers, answered_on=TODAY)
    with transaction() as session:
        for given in session.scalars(sa.select(Response)).unique().all()[:3]:
            assert tally.empty(session, given, TODAY)
    with transaction() as session:
        found = tally.given(session, programme_id, "check_in_mentor", 1)
        assert sorted(one["satisfied"] for one in found) == sorted(marks)
        assert sum("explain" in one for one in found) == 1, "who was not emptied keeps the words"
        assert tally.given(session, programme_id, "check_in_mentor", 2) == []
        rows = session.execute(sa.select(Tally.question, Tally.value, Tally.number).order_by(Tally.value)).all()
        assert [tuple(row) for row in rows] == [("satisfied", "4", 2), ("satisfied", "5", 1)]


def test_name_is_taken_out_of_what_others_wrote(database: str) -> None:
    programme_id, who = ground()
    with transaction() as session:
        tom = someone(session, "tom")
        asked = question(session, programme_id, tom.id, "n", form="nomination")
        rows = [{"person": "Zoe Bo", "role": "mentor"}, {"person": "Ann Lee", "role": "mentee"}]
        told = {"nominate": "yes", "nominees": rows, "why": "ask zoe@x.example"}
        response.keep(session, asked, form="nomination", version=1, language="en", answers=told, answered_on=TODAY)
        draft.save(session, asked, {"why": ["BO, Zoe is kind"]}, TODAY)
        for key, state in (("gone", "sent"), ("waits", "queued")):
            assert mail(session, programme_id, tom.id, key, state=state, fields={"partner": "Zoe Bo"})
        own = question(session, programme_id, who, "own")
        words = {"explain": "I am Zoe Bo"}
        response.keep(session, own, form=own.form, version=1, language="en", answers=words, answered_on=TODAY)
    wanted = pattern("Zoe", "Bo", "zoe@x.example")
    assert wanted is not None
    with transaction() as session:
        assert redact(session, wanted, who) == {"response": 1, "draft": 1, "delivery": 1}
        assert redact(session, wanted, who) == {}
    with transaction() as session:
        given = response.of_request(session, asked.id)
        assert given is not None
        assert given.answers == {"nominate": "yes", "nominees": rows[1:], "why": f"ask {MARK}"}
        assert draft.of_request(session, session.get_one(request.Request, asked.id)) == {"why": [f"{MARK} is kind"]}
        fields = [one.fields["partner"] for one in session.scalars(sa.select(Delivery).order_by(Delivery.id))]
        assert fields == [MARK, "Zoe Bo"]
        mine = response.of_request(session, own.id)
        assert mine is not None
        assert mine.answers == words, "the own words go with the own key"


def test_figure_is_kept_once_for_each_basis(database: str) -> None:
    programme_id, _ = ground()
    with transaction() as session:
        for basis, value in ((1, 10), (1, 11), (2, 12)):
            frozen.keep(session, programme_id, "some", 1, basis, lambda value=value: {"n": value})
            kept = frozen.of(session, programme_id, "some", 1, basis)
            assert kept == {"n": 10 if basis == 1 else 12}
        assert frozen.of(session, programme_id, "some", 1, 1) is None


def test_erasure_is_noted_once_and_sqlite_is_swept(database: str) -> None:
    _, who = ground()
    with transaction() as session:
        assert erasure.note(session, who, TODAY, {"answers": 3})
        assert not erasure.note(session, who, TODAY + timedelta(days=1), {})
    assert erasure.sweep() is (engine().dialect.name == "sqlite")


def test_destroyed_key_is_never_made_again_by_reading(database: str) -> None:
    _, who = confided.confide()
    with transaction() as session:
        blank(session, session.get_one(Person, who), TODAY)
    confided.read()
    with transaction() as session:
        assert vault.newest(session, who) == 0


@pytest.mark.parametrize("state", ["leased", "sending"])
def test_mail_on_its_way_is_left_to_its_sender(database: str, state: str) -> None:
    programme_id, who = ground()
    with transaction() as session:
        assert mail(session, programme_id, who, "k", state=state, fields={"x": 1})
        blank(session, session.get_one(Person, who), TODAY)
    with transaction() as session:
        [row] = session.scalars(sa.select(Delivery))
        assert (row.state, row.fields) == (state, {})
        assert row.sealed
