"""The dates on the desk: what follows is shown first, a word is taken once, and only for what was shown."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from lxml import html

from framework.another_day import read
from framework.replanning import CANCELLED, Refused
from models import decision, event, link, programme, replanning, request
from models.base import transaction
from models.decision import Decision
from notifications.dates import day
from portal.dates.phrases import REFUSED
from tests.portal import stage as stages
from tests.portal.stage import SURE, TODAY, everything, mail

DAY = timedelta(days=1)


@pytest.fixture
def either(database):
    """The stage on a database of each kind."""
    return stages.build()


def row(stage, phase, number=1):
    """A round as it stands."""
    with transaction() as session:
        return programme.milestone_of(session, stage.programme, phase, number)


def path(stage, phase, number=1, **query):
    """The page of a round, with what is wanted of it."""
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return f"/desk/{stage.desk}/dates/{row(stage, phase, number).id}" + (f"?{asked}" if asked else "")


def form(page):
    """The fields of the form that is posted, as a browser would send them untouched."""
    (found,) = [one for one in html.fromstring(page).forms if one.method == "POST"]
    return dict(one for one in found.form_values())


def words():
    """What was decided about the dates."""
    with transaction() as session:
        return [(one.choice, one.round, one.applied) for one in session.scalars(sa.select(Decision))]


def later(stage, phase, days, number=1):
    """A day, so many days after the round is planned to open."""
    return row(stage, phase, number).opens_on + days * DAY


def test_list_shows_every_round_and_looking_changes_nothing(stage, browser):
    before = everything()
    page = browser.get(f"/desk/{stage.desk}/dates")
    assert page.status_code == 200
    with transaction() as session:
        every = programme.milestones(session, stage.programme)
    assert all(f"/dates/{one.id}" in page.text for one in every)
    to = later(stage, "closure", 10)
    shown = browser.get(path(stage, "closure", do="move", on=to))
    assert shown.status_code == 200
    assert set(form(shown.text)) == {"do", "on", "digest"}
    assert everything() == before
    assert f"/desk/{stage.desk}/dates" in browser.get(f"/desk/{stage.desk}").text


def test_what_follows_shows_every_date_that_moves_and_no_other(stage, browser):
    to = later(stage, "closure", 10)
    page = html.fromstring(browser.get(path(stage, "closure", do="move", on=to)).text)
    listed = page.xpath("//ul[contains(@class, 'moved')]/li")
    rows = [[one.xpath("string(p[1])"), *(cell.text_content() for cell in one.iter("span"))] for one in listed]
    with transaction() as session:
        calendar = replanning.calendar(session, stage.programme)
        changes = read(f"move:1:{to}").changes(calendar, ("closure", 1), today=TODAY, must_attend=True)
    assert len(rows) == len(changes) == 5
    assert [one[0] for one in rows][:2] == ["Celebration", "Evaluation: final evaluation"]
    for said, change in zip(rows, changes, strict=True):
        for cell, entry in zip(said[1:], (change.before, change.after), strict=True):
            assert cell.startswith(day(entry.opens_on, "en"))
            assert cell.endswith(day(entry.last_day, "en"))


def test_word_is_recorded_once_however_often_it_is_sent_and_nothing_else_is_done(either, browser):
    stage = either
    to = later(stage, "closure", 10)
    at = path(stage, "closure", do="move", on=to)
    typed = form(browser.get(at).text)
    number, before = row(stage, "closure").id, row(stage, "closure").opens_on
    assert browser.post(path(stage, "closure"), data=typed).status_code == 422
    assert words() == [], "the box is for people"
    for _ in range(3):
        answer = browser.post(path(stage, "closure"), data=typed | SURE)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/desk/{stage.desk}/dates?done=yes")
    assert words() == [(f"move:{number}:{to}", 1, False)]
    assert row(stage, "closure").opens_on == before
    with transaction() as session:
        (line,) = session.scalars(sa.select(event.Event).where(event.Event.action == "decided"))
        assert line.actor == f"person:{stage.people['amira']}"
    page = browser.get(answer.headers["location"]).text
    assert "Your change is recorded." in page
    assert "/dates/" not in page, "one change at a time"


def test_calendar_that_changed_meanwhile_is_told_and_nothing_is_done(stage, browser):
    to = later(stage, "closure", 10)
    typed, other = form(browser.get(path(stage, "closure", do="move", on=to)).text), to - 7 * DAY
    with transaction() as session:
        calendar = replanning.calendar(session, stage.programme)
        changes = read(f"move:1:{other}").changes(calendar, ("closure", 1), today=TODAY, must_attend=True)
        replanning.write(session, stage.programme, changes, today=TODAY, actor="operator")
    answer = browser.post(path(stage, "closure"), data=typed | SURE)
    assert answer.status_code == 409
    assert "This has changed since you looked" in answer.text
    assert words() == []
    again = form(answer.text)
    assert again["digest"] != typed["digest"]
    assert browser.post(path(stage, "closure"), data=again | SURE).status_code == 303
    assert len(words()) == 1


def test_second_coordinator_who_wants_something_else_is_told(stage, browser):
    sent = {}
    for days in (10, 20):
        to = later(stage, "closure", days)
        sent[days] = form(browser.get(path(stage, "closure", do="move", on=to)).text)
    assert browser.post(path(stage, "closure"), data=sent[10] | SURE).status_code == 303
    answer = browser.post(path(stage, "closure"), data=sent[20] | SURE)
    assert answer.status_code == 409
    assert "waits to be carried out" in answer.text
    assert len(words()) == 1


def test_open_round_shows_whose_time_grows_and_which_reminders_fall_away(stage, browser):
    stage.open("review")
    stage.ask("check_in_mentee", "zoe")
    with transaction() as session:
        asked = session.scalars(sa.select(request.Request)).one()
        asked.phase = "review"
        number = asked.id
    mail(stage, "reminder", request_id=number)
    until = row(stage, "review").opened_on + 60 * DAY
    page = browser.get(path(stage, "review", do="until", on=until)).text
    assert "One person who still owes an answer gets as many days more" in page
    assert "One reminder that waits" in page
    assert "Zoë" not in page
    sooner = browser.get(path(stage, "review", do="until", on=TODAY + DAY)).text
    assert "who still owe" not in sooner
    assert "None." in sooner


@pytest.mark.parametrize(
    ("phase", "number", "query", "said"),
    [
        ("closure", 1, {"do": "move"}, "Choose a day."),
        ("closure", 1, {"do": "move", "on": "soon"}, "Choose a day."),
        ("closure", 1, {"on": "2027-09-01"}, "Choose one of the answers."),
        ("closure", 1, {"do": "dance", "on": "2027-09-01"}, "Choose one of the answers."),
        ("closure", 1, {"do": "move", "on": "2027-01-01"}, "That day has passed."),
        ("closure", 1, {"do": "move", "on": "2027-06-01"}, "follows what comes before it"),
        ("closure", 1, {"do": "call_off"}, "rests on it"),
        ("evaluation", 4, {"do": "call_off"}, "the last of those"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(stage, browser, phase, number, query, said):
    answer = browser.get(path(stage, phase, number, **query))
    assert answer.status_code == 422
    assert said in answer.text
    assert 'method="post"' not in answer.text


def test_review_is_called_off_and_comes_back(stage, browser):
    typed = form(browser.get(path(stage, "review", do="call_off")).text)
    assert browser.post(path(stage, "review"), data=typed | SURE).status_code == 303
    with transaction() as session:
        session.execute(sa.update(Decision).values(applied=True))
        one = programme.milestone_of(session, stage.programme, "review", 1)
        one.state, one.finished_on = CANCELLED, TODAY
    page = browser.get(path(stage, "review", do="move", on=later(stage, "review", 1)))
    assert page.status_code == 200
    assert "off the calendar" in page.text


def test_only_this_programme_and_whole_forms(stage, browser):
    assert browser.get(f"/desk/{stage.desk}/dates/999999").status_code == 404
    assert browser.post(path(stage, "closure"), data={"do": "move", "on": "2027-09-01"} | SURE).status_code == 400
    assert browser.post(path(stage, "closure"), data={"digest": "0" * 64} | SURE).status_code == 400
    typed = form(browser.get(path(stage, "closure", do="move", on=later(stage, "closure", 9))).text)
    answer = browser.post(path(stage, "closure"), data=typed | SURE, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    with transaction() as session:
        stranger = link.desk_link(session, stage.programme, stage.people["tom"]).token
    assert browser.get(f"/desk/{stranger}/dates").status_code == 410
    assert words() == []


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_pages_speak_the_language_of_the_reader(stage, browser, language):
    page = browser.get(path(stage, "closure", do="move", on=later(stage, "closure", 10), lang=language))
    assert page.status_code == 200
    text = html.fromstring(page.text).text_content()
    assert "%(" not in text
    assert "What follows" not in text


def test_every_refusal_of_the_calendar_has_its_words():
    import inspect

    from framework import replanning as rules

    text = inspect.getsource(rules)
    codes = {one for one in REFUSED if f'"{one}"' in text}
    assert codes == set(REFUSED)
    assert text.count("Refused(msg,") + text.count("Refused(f") == len(REFUSED)
    assert issubclass(Refused, ValueError)


def test_word_in_the_books_reads_back_as_it_was_written(stage):
    for choice in ("move:7:2027-05-10", "until:7:2027-05-10", "call_off:7"):
        assert read(choice).choice == choice
        assert len(choice) <= decision.Decision.choice.type.length
    for wrong in ("move:7", "call_off:7:2027-05-10", "move:x:2027-05-10", "dance:7:2027-05-10", "move:7:soon"):
        with pytest.raises(ValueError, match=wrong.rpartition(":")[2]):
            read(wrong)
