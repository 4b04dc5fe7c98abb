"""The drawings of the desk: the sums behind them, their tables, and averages that small groups keep to themselves."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from lxml import html

from models import meeting, participant, person, request, response, training
from models.base import transaction
from portal import charts
from tests.portal.stage import TODAY


def desk(browser, stage):
    answer = browser.get(f"/desk/{stage.desk}")
    assert answer.status_code == 200
    assert " style=" not in answer.text
    return html.fromstring(answer.text)


def test_nothing_is_drawn_before_anything_happened(stage, browser):
    assert not desk(browser, stage).xpath("//figure")


def test_answers_are_summed_day_by_day():
    first = date(2027, 3, 1)
    days = [(date(2027, 2, 27), 1), (date(2027, 3, 3), 2), (date(2027, 3, 5), 1)]
    found = charts.drawn("x", 8, days, (first, date(2027, 3, 11)))
    assert found.days == ((first, 1), (date(2027, 3, 3), 3), (date(2027, 3, 5), 4))
    points = [tuple(map(int, point.split(","))) for point in found.points.split()]
    assert points[0] == (0, charts.HEIGHT)
    assert points[-1] == (charts.WIDTH, charts.HEIGHT // 2)
    assert [x for x, _ in points] == sorted(x for x, _ in points)
    assert [y for _, y in points] == sorted((y for _, y in points), reverse=True)


def test_open_round_shows_how_answers_come_in(stage, browser):
    stage.open("readiness", opened_on=TODAY - timedelta(days=6))
    for who in ("zoe", "tom", "jan"):
        stage.ask("readiness_survey", who)
    with transaction() as session:
        rows = session.scalars(sa.select(request.Request).order_by(request.Request.id)).all()
        for row, day in zip(rows, (TODAY - timedelta(days=4), TODAY), strict=False):
            row.status, row.answered_on = "answered", day
    (figure,) = desk(browser, stage).xpath("//figure[.//polyline]")
    assert "2 of 3" in figure.text_content()
    assert [[cell.text for cell in row] for row in figure.xpath(".//tbody/tr")] == [
        ["16 April", "1"],
        ["20 April", "2"],
    ]


def test_ways_in_are_funnels(stage, browser):
    with transaction() as session:
        for name, status in (("tom", "confirmed"), ("jan", "declined"), ("amira", "applied")):
            stage.member(session, name, "mentor", status)
    stage.pair(status="active")
    with transaction() as session:
        for one in session.scalars(sa.select(participant.Participant)):
            status = "attended" if one.role == "mentor" and one.status == "confirmed" else "invited"
            session.add(training.Enrolment(programme_id=stage.programme, participant_id=one.id, status=status))
    shown = desk(browser, stage).xpath("//figure[.//ul[contains(@class, 'funnel')]]")
    told = {one.xpath("string(.//h3)"): [int(b.text) for b in one.xpath(".//b")] for one in shown}
    assert told == {"guides": [3, 2, 1, 0], "mentees": [1, 1, 1, 0], "Pairs": [1, 1, 1, 0], "Training": [4, 1, 1]}


def test_a_funnel_is_measured_by_its_first_step():
    found = charts.funnel("x", (("a", 8), ("b", 2), ("c", 0)))
    assert [(bar.number, bar.long) for bar in found.bars] == [(8, 100), (2, 25), (0, 0)]
    assert charts.funnel("x", (("a", 0), ("b", 3))).bars[1].long == 100


def test_meetings_stand_in_their_months(stage, browser):
    pair = int(stage.pair(status="active").split(":")[1])
    days = [
        ("2027-02-03", "held"),
        ("2027-02-17", "missed"),
        ("2027-04-14", "held"),
        ("2027-04-15", "planned"),
        ("2027-05-05", "held"),
    ]
    with transaction() as session:
        for number, (on, status) in enumerate(days, 1):
            session.add(
                meeting.Meeting(
                    programme_id=stage.programme,
                    pairing_id=pair,
                    number=number,
                    planned_on=date.fromisoformat(on),
                    status=status,
                )
            )
    (figure,) = desk(browser, stage).xpath("//figure[.//rect[@class='held-here']]")
    rows = [[cell.text for cell in row] for row in figure.xpath(".//tbody/tr")]
    assert rows == [["Feb 2027", "1", "1", "0"], ["Mar 2027", "0", "0", "0"], ["Apr 2027", "1", "0", "0"]]


def _content(stage, role, marks, number=1):
    with transaction() as session:
        for place in range(len(marks)):
            row = person.Person(given_name=f"P{place}", family_name=role, email=f"{role}{number}{place}@example.org")
            session.add(row)
            session.flush()
            stage.people[f"{role}{place}"] = row.id
    for place, mark in enumerate(marks):
        stage.ask(f"check_in_{role}", f"{role}{place}", round_=number)
        with transaction() as session:
            asked = session.scalars(sa.select(request.Request).order_by(request.Request.id.desc())).first()
            form = f"check_in_{role}"
            response.keep(
                session, asked, form=form, version=1, language="en", answers={"satisfied": mark}, answered_on=TODAY
            )


def _reviewed(stage):
    from models import programme

    with transaction() as session:
        return programme.milestones(session, stage.programme, "review")[0].round


def test_an_average_needs_five_answers(stage, browser):
    number = _reviewed(stage)
    stage.open("review", number)
    _content(stage, "mentor", [5, 4, 4, 3, 5], number)
    _content(stage, "mentee", [1, 2, 1, 2], number)
    (figure,) = [one for one in desk(browser, stage).xpath("//figure") if "content" in one.xpath("string(.//h3)")]
    assert [one.text for one in figure.xpath(".//b")] == ["4.2", "\N{EN DASH}"]
    assert "too few to tell" in figure.text_content()
    assert "5 answers" in figure.text_content()
    assert "4 answers" not in figure.text_content()


def test_a_round_of_small_groups_alone_is_not_drawn(stage, browser):
    number = _reviewed(stage)
    stage.open("review", number)
    _content(stage, "mentor", [5, 4, 4, 3], number)
    assert "How content people are" not in desk(browser, stage).text_content()


@pytest.mark.parametrize(("marks", "told"), [([], None), ([5] * 4, None), ([5, 5, 5, 5, 4], 4.8)])
def test_average_is_told_from_five_on(marks, told):
    assert charts.average(marks) == told


def test_only_rounds_that_can_be_opened_quickly_are_drawn(stage, browser, monkeypatch):
    from models import programme

    with transaction() as session:
        first, second = [one.round for one in programme.milestones(session, stage.programme, "review")[:2]]
    for number in (first, second):
        stage.open("review", number)
        _content(stage, "mentor", [5, 4, 4, 3, 5], number)
    drawn = "//figure[contains(@class, 'whole')]//li"
    assert len(desk(browser, stage).xpath(drawn)) == 4
    monkeypatch.setattr(charts, "MOST_SEALED", 9)
    assert len(desk(browser, stage).xpath(drawn)) == 2
    monkeypatch.setattr(charts, "MOST_SEALED", 4)
    assert not desk(browser, stage).xpath(drawn)
