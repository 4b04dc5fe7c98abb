"""The desk's downloads: what stands in them, what never does, and what a spreadsheet may do with them."""

import csv
import time
import tracemalloc
from datetime import date, datetime, timedelta
from io import BytesIO, StringIO

import icalendar
import openpyxl
import pytest
import sqlalchemy as sa

from framework.content import FORMS
from framework.people import Role
from framework.questions import Kind
from framework.visibility import CONFIDENTIAL, Track, Visibility, may_read
from models import (
    delivery,
    event,
    meeting,
    participant,
    person,
    programme,
    request,
    response,
    signal,
    training,
)
from models.base import transaction
from portal.downloads import dates, evaluation, flat
from portal.downloads.cells import RISKY, risky, safe_cell
from portal.downloads.sheets import SHEETS, Column, Sheet
from tests.portal.stage import TODAY, everything

FULL_WIDTH = ("\uff1d", "\uff0b", "\uff0d", "\uff20")
FORMULAS = [start + "cmd|' /C calc'!A0" for start in (*RISKY, *FULL_WIDTH)] + [
    " =1+1",
    "\u3000\uff1d1+1",
    '=HYPERLINK("http://evil.example")',
]
SECRET = "zilvermeeuw"


def fetch(browser, stage, what, way="xlsx", lang=""):
    return browser.post(f"/desk/{stage.desk}/downloads{lang}", data={"what": what, "as": way})


def book(answer):
    assert answer.status_code == 200, answer.text[:300]
    return openpyxl.load_workbook(BytesIO(answer.content))


def listed(answer):
    rows = list(book(answer).worksheets[0].iter_rows(values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def flat_rows(answer, by=","):
    assert answer.status_code == 200
    text = answer.content.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text.removeprefix("\ufeff")), delimiter=by))


@pytest.fixture
def full(stage):
    """A programme with something in every list, and a secret in every answer."""
    pair = int(stage.pair(status="active").split(":")[1])
    for form in ("meeting_log", "check_in_mentee", "mentee_application", "mentor_application"):
        _answer(stage, stage.ask(form, about=f"pairing:{pair}"), form)
    stage.ask("agreement_signature" if "agreement_signature" in FORMS else "pairing_mentor", "tom")
    with transaction() as session:
        for number, status in enumerate(("held", "held", "missed", "planned"), 1):
            on = TODAY + timedelta(days=7 * (number - 3))
            session.add(
                meeting.Meeting(
                    programme_id=stage.programme,
                    pairing_id=pair,
                    number=number,
                    planned_on=on,
                    status=status,
                    held_on=date(2027, 4, 13) if status == "held" else None,
                    minutes=47 if status == "held" else None,
                )
            )
        held = training.TrainingSession(
            programme_id=stage.programme,
            round=1,
            number=1,
            on=TODAY,
            starts_at=datetime.now().astimezone(),
            minutes=180,
            place="Hall",
        )
        session.add(held)
        session.flush()
        one = session.scalars(sa.select(participant.Participant)).first()
        one.reason, one.profile, one.score = SECRET, {"topics": [SECRET]}, 80
        session.add(
            training.Enrolment(
                programme_id=stage.programme, participant_id=one.id, session_id=held.id, status="enrolled"
            )
        )
        session.add(
            signal.Signal(
                programme_id=stage.programme,
                code="RSK-09",
                about=f"pairing:{pair}",
                round=1,
                raised_on=TODAY,
                numbers={"rematch": 1},
            )
        )
        delivery.enqueue(
            session,
            key="k1",
            programme_id=stage.programme,
            phase="recruitment",
            template="mentor_call",
            person_id=stage.people["tom"],
            language="en",
            fields={"given_name": SECRET},
            due_on=TODAY,
        )
    return stage


def _answer(stage, token, form):
    with transaction() as session:
        asked = session.scalars(sa.select(request.Request).order_by(request.Request.id.desc())).first()
        words = {q.id: f"{SECRET} {q.id}" for q in FORMS[form].questions if q.kind in {Kind.TEXT, Kind.LONG_TEXT}}
        response.keep(
            session, asked, form=form, version=1, language="en", answers=words | {"minutes": 47}, answered_on=TODAY
        )


def test_columns_hold_only_what_a_coordinator_may_read():
    for sheet in SHEETS:
        for column in sheet.columns:
            assert column.reads not in {Visibility.PERSONAL, Visibility.PRIVATE, Visibility.SPECIAL}, column
            for track in Track:
                assert column.reads is None or may_read(Role.COORDINATOR, column.reads, track), (sheet.id, column)


def test_a_column_has_the_class_of_the_question_that_it_comes_from():
    named = [column for sheet in SHEETS for column in sheet.columns if column.of]
    assert named
    for column in named:
        form, _, name = column.of.partition(".")
        question = next(q for q in FORMS[form].questions if q.id == name)
        assert question.reads is column.reads
        assert question.kind not in {Kind.TEXT, Kind.LONG_TEXT}
    assert all(not question.confided for _, question in evaluation.asked())


def test_a_class_that_is_closed_to_coordinators_takes_its_column_along(full):
    """The control: a column of a class that the table closes does not go out, whatever its rows hold."""
    columns = (Column("Open", "x"), *(Column(str(one), "x", reads=one) for one in Visibility))
    made = Sheet("x", "x", "x", columns, lambda _s, _v: [tuple(range(len(columns)))])
    for track in Track:
        told = {columns[place].reads for place in made.open_to(track)} - {None}
        assert told == {one for one in Visibility if may_read(Role.COORDINATOR, one, track)}
        assert not told & {Visibility.PERSONAL, Visibility.PRIVATE, Visibility.SPECIAL}
    assert Visibility.REVIEW in told & CONFIDENTIAL  # numbers of it may be told, which its own page decides


@pytest.mark.parametrize("way", ["xlsx", "csv"])
def test_no_list_holds_an_answer_or_a_text(full, browser, way):
    for sheet in SHEETS:
        _holds_no_answer(full, browser, sheet, way)


def _holds_no_answer(full, browser, sheet, way):
    answer = fetch(browser, full, sheet.id, way)
    assert answer.status_code == 200
    cells = (
        [str(cell) for page in book(answer).worksheets for row in page.iter_rows(values_only=True) for cell in row]
        if way == "xlsx"
        else [cell for row in flat_rows(answer) for cell in row]
    )
    assert len(cells) > 5
    assert not any(SECRET in cell for cell in cells)
    assert "47" not in cells  # the length of one meeting is for the two alone
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == f'attachment; filename="growth-{sheet.id}-2027-04-20.{way}"'


def test_lists_tell_what_the_desk_knows(full, browser):
    people = listed(fetch(browser, full, "participants"))
    assert {(one["Given name"], one["Family name"], one["Role"]) for one in people} == {
        ("Tom", "De Smet", "guide"),
        ("Zoë", "Peeters", "mentee"),
    }
    assert [one["Score"] for one in people] == [80, None]
    (pair,) = listed(fetch(browser, full, "pairs"))
    assert (pair["guide: family name"], pair["Status"], pair["Score"]) == ("De Smet", "together", 700)
    (met,) = listed(fetch(browser, full, "meetings"))
    assert (met["Held"], met["Missed"], met["Still to come"], met["Unconfirmed"]) == (2, 1, 1, 0)
    assert met["First planned"].date() == date(2027, 4, 6)
    asked = listed(fetch(browser, full, "questions"))
    assert {one["Status"] for one in asked} == {"waits for an answer"}
    (mail,) = listed(fetch(browser, full, "mails"))
    assert (mail["Kind"], mail["E-mail"], mail["Status"]) == ("mentor_call", "tom@example.org", "on the way")
    (course,) = listed(fetch(browser, full, "training"))
    assert (course["Place"], course["Minutes"], course["Status"]) == ("Hall", 180, "enrolled")
    (seen,) = listed(fetch(browser, full, "signals"))
    assert (seen["Code"], seen["About"]) == ("RSK-09", f"pair {pair['Pair']}")


def test_a_workbook_is_ready_to_work_with(full, browser):
    found = book(fetch(browser, full, "participants"))
    listed_, about = found.worksheets
    assert (listed_.freeze_panes, listed_.title) == ("A2", "Participants")
    assert listed_.auto_filter.ref.startswith("A1:")
    assert listed_.column_dimensions["B"].width > 15
    told = " ".join(str(cell) for row in about.iter_rows(values_only=True) for cell in row if cell)
    assert "This file contains personal data: keep it inside the coordination." in told
    assert all(column.about in told for column in SHEETS[0].columns)
    counts = book(fetch(browser, full, "evaluation")).worksheets[1]
    assert "names nobody" in " ".join(str(row[0]) for row in counts.iter_rows(values_only=True))


def test_dates_are_dates(full, browser):
    page = book(fetch(browser, full, "meetings")).worksheets[0]
    cell = next(cell for cell in page[2] if isinstance(cell.value, datetime))
    assert cell.is_date
    assert "2027-04-06" in flat_rows(fetch(browser, full, "meetings", "csv"))[1]


def test_a_plain_list_is_parted_as_its_language_does(full, browser):
    for lang, by in (("en", ","), ("nl", ";"), ("fr", ";")):
        assert flat.delimiter(lang) == by
        rows = flat_rows(fetch(browser, full, "participants", "csv", f"?lang={lang}"), by)
        assert {len(row) for row in rows} == {15}
        assert ["De Smet" in row for row in rows] == [False, True, False]


def test_text_that_looks_like_a_formula_stays_text(full, browser):
    assert len(FORMULAS) > 12
    for text in FORMULAS:
        _stays_text(full, browser, text)


def _stays_text(full, browser, text):
    with transaction() as session:
        session.get(person.Person, full.people["tom"]).department = text
    page = book(fetch(browser, full, "participants")).worksheets[0]
    place = [cell.value for cell in page[1]].index("Department")
    cell = page[2][place]
    assert (cell.data_type, cell.style.startswith("Hyper"), cell.hyperlink) == ("s", False, None)
    assert cell.quotePrefix
    assert cell.value.replace("_x000D_", "\r").strip() == text.replace("\r\n", "\n").strip()
    assert flat_rows(fetch(browser, full, "participants", "csv"))[1][place] == "'" + text
    assert safe_cell(text) == "'" + text


def test_plain_text_and_numbers_are_left_alone(full, browser):
    assert [safe_cell(value) for value in ("Zoë", "O'Neill", "", 7, -7, None, date(2027, 1, 1))] == [
        "Zoë", "O'Neill", "", 7, -7, None, date(2027, 1, 1)
    ]  # fmt: skip
    assert not risky("a=b")
    page = book(fetch(browser, full, "participants")).worksheets[0]
    assert not page[2][1].quotePrefix


def test_taking_a_list_along_is_noted_and_looking_is_not(full, browser):
    before = everything()
    assert browser.get(f"/desk/{full.desk}/downloads").status_code == 200
    assert browser.get(f"/desk/{full.desk}/downloads/calendar.ics").status_code == 200
    assert everything() == before
    fetch(browser, full, "pairs", "csv")
    after = everything()
    assert {name for name in after if after[name] != before[name]} == {"event", "event_mark"}
    with transaction() as session:
        last = session.scalars(sa.select(event.Event).order_by(event.Event.id.desc())).first()
    assert (last.actor, last.action, last.detail) == (
        f"person:{full.people['amira']}",
        "downloaded",
        {"list": "pairs", "form": "csv", "rows": 1},
    )


def test_what_is_not_there_is_refused(stage, browser):
    for given in ({}, {"what": "pairs"}, {"what": "people", "as": "csv"}, {"what": "pairs", "as": "pdf"}):
        assert browser.post(f"/desk/{stage.desk}/downloads", data=given).status_code == 400


def test_only_the_desk_opens_downloads(stage, browser):
    token = stage.ask("pairing_mentor")
    data = {"what": "participants", "as": "csv"}
    assert browser.post(f"/desk/{token}/downloads", data=data).status_code == 404
    assert browser.get(f"/desk/{token}/downloads/calendar.ics").status_code == 404
    elsewhere = browser.post(f"/desk/{stage.desk}/downloads", data=data, headers={"origin": "https://evil.example"})
    assert elsewhere.status_code == 403


def _evaluate(stage, people, form="follow_up_mentor"):
    with transaction() as session:
        for number in range(people):
            one = person.Person(given_name=f"P{number}", family_name="X", email=f"{form}{number}@example.org")
            session.add(one)
            session.flush()
            stage.people[f"p{number}"] = one.id
    for number in range(people):
        stage.ask(form, f"p{number}")
        with transaction() as session:
            asked = session.scalars(sa.select(request.Request).order_by(request.Request.id.desc())).first()
            answers = {"satisfied": 5 if number else 2, "used": 3}
            response.keep(session, asked, form=form, version=1, language="en", answers=answers, answered_on=TODAY)


def test_opinions_are_counted_from_five_on(stage, browser):
    _evaluate(stage, 4)
    assert listed(fetch(browser, stage, "evaluation")) == []
    with transaction() as session:
        session.execute(sa.delete(response.Response))
        session.execute(sa.delete(request.Request))
        session.execute(sa.delete(person.Person).where(person.Person.family_name == "X"))
    _evaluate(stage, 6)
    rows = [row for row in listed(fetch(browser, stage, "evaluation")) if "satisfied" in row["Question"]]
    assert {row["Answer"]: row["Times given"] for row in rows} == {"1": 0, "2": 1, "3": 0, "4": 0, "5": 5}
    assert {row["Answered by"] for row in rows} == {6}


def test_the_calendar_keeps_its_names_and_counts_up(stage, browser):
    answer = browser.get(f"/desk/{stage.desk}/downloads/calendar.ics?lang=nl")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    first = icalendar.Calendar.from_ical(answer.content)
    events = {str(one["uid"]): one for one in first.walk("VEVENT")}
    with transaction() as session:
        rows = list(programme.milestones(session, stage.programme))
        assert set(events) == {f"{m.phase}-{m.round}@growth.baken" for m in rows}
        for one in rows:
            shown = events[f"{one.phase}-{one.round}@growth.baken"]
            assert (shown.decoded("dtstart"), shown.decoded("dtend")) == (
                one.opens_on,
                one.closes_on + timedelta(days=1),
            )
            assert not isinstance(shown.decoded("dtstart"), datetime)
    later = dates.FIRST + timedelta(days=4000)
    again = icalendar.Calendar.from_ical(_made(browser, stage, later))
    for one in again.walk("VEVENT"):
        assert one["sequence"] > events[str(one["uid"])]["sequence"]
    assert "Peeters" not in answer.text


def test_what_was_cancelled_is_struck_out_in_the_calendar_that_was_fetched_before(stage, browser):
    with transaction() as session:
        gone = programme.milestones(session, stage.programme)[-1]
        gone.state, gone.finished_on = "Cancelled", gone.opens_on - timedelta(days=90)
    found = icalendar.Calendar.from_ical(browser.get(f"/desk/{stage.desk}/downloads/calendar.ics").content)
    struck = [one for one in found.walk("VEVENT") if one.get("status") == "CANCELLED"]
    assert [str(one["uid"]) for one in struck] == [f"{gone.phase}-{gone.round}@growth.baken"]
    assert struck[0].decoded("dtend") == gone.closes_on + timedelta(days=1)


def _made(browser, stage, at):
    from starlette.datastructures import QueryParams

    from portal.visit import open_desk

    with transaction() as session:
        visit = open_desk(session, stage.desk, QueryParams())
        return dates.calendar(visit, programme.milestones(session, stage.programme), at)


@pytest.mark.slow
@pytest.mark.parametrize("way", ["xlsx", "csv"])
def test_ten_thousand_people_go_in_seconds_and_little_memory(stage, browser, way):
    with transaction() as session:
        people = [
            {
                "given_name": f"Given {n}",
                "family_name": f"Family {n}",
                "email": f"n{n}@example.org",
                "department": "Works",
            }
            for n in range(10_000)
        ]
        ids = list(session.scalars(sa.insert(person.Person).returning(person.Person.id), people))
        rows = [
            {"programme_id": stage.programme, "person_id": one, "role": "mentee", "status": "confirmed"} for one in ids
        ]
        session.execute(sa.insert(participant.Participant), rows)
    tracemalloc.start()
    began = time.perf_counter()
    answer = fetch(browser, stage, "participants", way)
    took, (_, peak) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answer.status_code == 200
    assert took < 20, took  # traced, and on a busy machine; about two seconds otherwise
    assert peak < 24_000_000, peak
    if way == "csv":
        assert len(flat_rows(answer)) == 10_001
