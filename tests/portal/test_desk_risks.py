"""The risk board and who owes an answer: everything that is known of a risk, and of a question that waits."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from lxml import html

from framework.signals import THRESHOLDS
from models import request, signal
from models.base import transaction
from models.decision import decide
from portal import words
from portal.running import advice, door
from tests.portal import running
from tests.portal import stage as stages
from tests.portal.stage import TODAY


@pytest.fixture
def stage(database):
    return stages.build()


def test_every_risk_has_a_name_and_advice():
    assert set(advice.ADVICE) == set(words.RISKS)
    assert {line.code for line in THRESHOLDS} <= set(words.RISKS)


def test_board_tells_every_risk_with_its_threshold_and_what_to_do(stage, browser):
    page = browser.get(f"/desk/{stage.desk}/risks").text
    rows = html.fromstring(page).cssselect(".board > li")
    assert len(rows) == len(words.RISKS) == 27
    told = {row.cssselect(".tag")[0].text: row.text_content() for row in rows}
    assert "There is not enough time" in told["RSK-05"]
    assert "Ask the line managers to free the time" in told["RSK-05"]
    assert "The line manager did not consent" in told["RSK-19"]
    assert "Nothing is counted for this one" in told["RSK-24"]
    assert "Every signal has been looked at." in page


def test_open_signals_stand_first_with_whom_they_are_about(stage, browser):
    pair = running.couple(stage, "tom", "zoe")
    running.raised(stage, "RSK-09", f"pairing:{pair}", satisfied_gap=3)
    with transaction() as session:
        number = stage.member(session, "jan", "mentee")
    running.raised(stage, "RSK-06", f"participant:{number}", silent=1)
    running.raised(stage, "RSK-18", "programme", response=30)
    page = html.fromstring(browser.get(f"/desk/{stage.desk}/risks").text)
    told = {card.cssselect("h2 .tag")[0].text: card for card in page.cssselect(".risk")}
    assert list(told) == ["RSK-06", "RSK-09", "RSK-18"]
    assert told["RSK-09"].cssselect(".name a")[0].get("href").endswith(f"/pairs/{pair}")
    assert "3 steps apart on a scale of 5" in told["RSK-09"].text_content()
    assert told["RSK-06"].cssselect(".name a")[0].text == "Jan Maes"
    assert "The whole programme" in told["RSK-18"].text_content()
    assert "3 signals have not been looked at yet." in page.text_content()


def test_settled_signals_are_kept_with_the_note(stage, browser):
    pair = running.couple(stage, "tom", "zoe")
    number = running.raised(stage, "RSK-14", f"pairing:{pair}", missed=2)
    with transaction() as session:
        session.get(signal.Signal, number).settled_on = TODAY
        decide(
            session,
            programme_id=stage.programme,
            phase="by_hand",
            round=1,
            subject=f"signal:{number}",
            choice="settle",
            reason="Both were on holiday",
            digest="0" * 64,
            decided_by=stage.people["amira"],
            decided_on=TODAY,
            applied=True,
        )
    page = browser.get(f"/desk/{stage.desk}/risks").text
    assert "Both were on holiday" in page
    assert f"signal:{number}.digest" not in page
    assert "one closed" in page


def test_who_owes_an_answer_is_told_the_longest_waiting_first(stage, browser):
    pair = running.couple(stage, "tom", "zoe")
    stage.ask("check_in_mentee", "zoe", about=f"pairing:{pair}")
    stage.ask("check_in_mentee", "jan", due=TODAY - timedelta(days=1))
    with transaction() as session:
        rows = session.scalars(sa.select(request.Request).order_by(request.Request.id)).all()
        rows[1].opened_on, rows[1].reminders = TODAY - timedelta(days=12), 2
        rows[1].reminded_on = rows[1].escalated_on = TODAY - timedelta(days=2)
    page = html.fromstring(browser.get(f"/desk/{stage.desk}/waiting/check_in_mentee").text)
    first, second = (" ".join(row.text_content().split()) for row in page.cssselect(".owing"))
    for told in ("Jan Maes", "12 days", "was due on 19 April", "2 reminders", "you were told on 18 April"):
        assert told in first
    assert "Zoë Peeters" in second
    assert "Tom De Smet · Zoë Peeters" in second
    assert "no reminder yet" in second


def test_answered_questions_wait_no_more(stage, browser):
    stage.ask("check_in_mentee", "jan")
    with transaction() as session:
        session.execute(sa.update(request.Request).values(status="answered"))
    assert "Nobody owes us an answer." in browser.get(f"/desk/{stage.desk}/waiting/check_in_mentee").text


def test_decisions_of_the_desk_itself_are_no_waiting_list(stage, browser):
    assert browser.get(f"/desk/{stage.desk}/waiting/decision").status_code == 404


def test_waiting_goes_on_from_page_to_page_with_the_same_statements(stage, browser, monkeypatch):
    monkeypatch.setattr(door, "PAGE", 2)
    for one in range(5):
        running.colleague(stage, f"w{one}", "Wout", f"Number{one}")
        stage.ask("check_in_mentee", f"w{one}")
    path = f"/desk/{stage.desk}/waiting/check_in_mentee"
    pages = [html.fromstring(browser.get(f"{path}?page={page}").text) for page in (1, 2, 3, 9)]
    assert [len(page.cssselect(".owing")) for page in pages] == [2, 2, 1, 1]


def test_front_of_the_desk_leads_to_each_page_with_its_numbers(stage, browser):
    pair = running.couple(stage, "tom", "zoe", held=(8,), coming=(20,))
    running.raised(stage, "RSK-09", f"pairing:{pair}", satisfied_gap=2)
    stage.open("review")
    stage.ask("check_in_mentee", "zoe", about=f"pairing:{pair}")
    page = html.fromstring(browser.get(f"/desk/{stage.desk}").text)
    doors = {a.get("href").rpartition("/")[2]: " ".join(a.text_content().split()) for a in page.cssselect(".running a")}
    assert doors == {
        "pairs": "The pairs 1 one needs you",
        "risks": "Risks and signals one to look at",
        "people": "People 2 search and look",
    }
    assert page.cssselect(".waiting .name a")[0].get("href").endswith("/waiting/check_in_mentee")
