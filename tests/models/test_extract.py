"""Rows to take along, the same on both databases: plain values, in order, of one programme."""

from datetime import date, timedelta

from framework import programme as rules
from models import delivery, extract, link, meeting, pairing, participant, person, programme, request, response, signal
from models import training as courses
from models.base import transaction
from models.installation import now

DAY = date(2027, 4, 20)


def company(slug: str) -> int:
    """A programme with one pair and something in every list; its id."""
    with transaction() as session:
        given = {
            "slug": slug,
            "title": slug,
            "company": "Acme",
            "track": "growth",
            "starts_on": DAY,
            "coordinator": "x",
        }
        own = programme.keep(session, rules.Programme.model_validate(given)).id
        members = []
        for role in ("mentor", "mentee"):
            one = person.Person(given_name=role, family_name=slug, email=f"{role}@{slug}.example")
            session.add(one)
            session.flush()
            member = participant.Participant(
                programme_id=own, person_id=one.id, role=role, status="confirmed", reason=""
            )
            session.add(member)
            session.flush()
            members.append(member)
        pair = pairing.Pairing(
            programme_id=own, round=1, mentor_id=members[0].id, mentee_id=members[1].id, status="active", score=7
        )
        session.add(pair)
        session.flush()
        for number, status in enumerate(("held", "held", "missed", "unconfirmed", "planned")):
            on = DAY + timedelta(days=number)
            session.add(
                meeting.Meeting(programme_id=own, pairing_id=pair.id, number=number, planned_on=on, status=status)
            )
        course = courses.TrainingSession(programme_id=own, round=1, number=1, on=DAY, starts_at=now(), minutes=90)
        session.add(course)
        session.flush()
        session.add(
            courses.Enrolment(programme_id=own, participant_id=members[0].id, session_id=course.id, status="enrolled")
        )
        session.add(courses.Enrolment(programme_id=own, participant_id=members[1].id, status="invited"))
        session.add(
            signal.Signal(
                programme_id=own, code="RSK-09", about=f"pairing:{pair.id}", round=1, raised_on=DAY, numbers={}
            )
        )
        _ask(session, own, members[0].person_id, slug)
        delivery.enqueue(
            session,
            key=f"{slug}:k",
            programme_id=own,
            phase="recruitment",
            template="mentor_call",
            person_id=members[0].person_id,
            language="en",
            fields={},
            due_on=DAY,
            state="draft",
        )
        return own


def _ask(session, own: int, whom: int, slug: str) -> None:
    for number, status in enumerate(("open", "answered", "cancelled")):
        made = link.new_link(session, purpose="form", programme_id=own, person_id=whom, expires_on=None)
        row = request.Request(
            key=f"{slug}:{number}",
            programme_id=own,
            phase="evaluation",
            round=4,
            form="follow_up_mentor",
            person_id=whom,
            link_id=made.id,
            status=status,
            opened_on=DAY,
            due_on=DAY,
            answered_on=DAY if status == "answered" else None,
        )
        session.add(row)
        session.flush()
        if status == "answered":
            told = {"form": row.form, "version": 1, "language": "en", "answered_on": DAY}
            response.keep(session, row, answers={"satisfied": 4}, **told)


def test_lists_hold_one_programme_in_plain_values(database: str) -> None:
    company("other")
    own = company("mine")
    with transaction() as session:
        people = list(extract.participants(session, own))
        assert [(row[1], row[2], row[4]) for row in people] == [
            ("mine", "mentor", "mentor"),
            ("mine", "mentee", "mentee"),
        ]
        (pair,) = extract.pairs(session, own)
        assert pair[1:7] == (1, "mine", "mentor", "mine", "mentee", "active")
        (met,) = extract.meetings(session, own)
        assert met == (pair[0], *pair[2:6], DAY, DAY + timedelta(days=4), 1, 2, 1, 1)
        assert all(type(number) is int for number in met[-4:])
        assert [row[-1] for row in extract.questions(session, own)] == ["open"]
        assert [(row[1], row[-1]) for row in extract.mails(session, own)] == [("mentor_call", "draft")]
        assert [row[4:8] for row in extract.enrolments(session, own)] == [
            ("enrolled", DAY, 90, ""),
            ("invited", None, None, None),
        ]
        assert list(extract.signals(session, own)) == [("RSK-09", f"pairing:{pair[0]}", 1, DAY, None)]
        assert [row[1:3] for row in extract.held_people(session, own, "mentor_call", 0, 5)] == [("mine", "mentor")]
        assert extract.held_people(session, own, "mentor_call", 1, 5) == []


def test_counts_are_of_one_programme(database: str) -> None:
    company("other")
    own = company("mine")
    with transaction() as session:
        assert extract.statuses(session, own) == {"mentor": {"confirmed": 1}, "mentee": {"confirmed": 1}}
        assert extract.pair_states(session, own) == {("active", ""): 1}
        assert extract.enrolment_states(session, own) == {"enrolled": 1, "invited": 1}
        assert extract.meeting_days(session, own, DAY + timedelta(days=1)) == [
            (DAY, "held", 1),
            (DAY + timedelta(days=1), "held", 1),
        ]
        assert extract.answer_days(session, own, "evaluation", 4) == (2, [(DAY, 1)])
        assert extract.answer_counts(session, own, ["follow_up_mentor"]) == {4: 1}
        assert extract.counted(session, own, "follow_up_mentor") == {4: [{"satisfied": 4}]}
        assert link.desks_of(session, 1) == {}
