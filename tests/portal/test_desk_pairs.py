"""The pairs on the desk: the one that needs somebody first, and nothing that a coordinator may not read."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from lxml import html

from models import link, pairing, programme
from models.base import engine, transaction
from portal.running import door
from tests.portal import running
from tests.portal import stage as stages
from tests.portal.stage import TODAY, everything


@pytest.fixture
def stage(database):
    return stages.build()


@pytest.fixture
def statements(database):
    """What is asked of the database, while the block runs."""
    asked = []

    def note(connection, cursor, statement, *rest):
        asked.append(statement)

    sa.event.listen(engine(), "before_cursor_execute", note)
    yield asked
    sa.event.remove(engine(), "before_cursor_execute", note)


def names(page):
    """The pairs on a page, in the order shown."""
    return [link.text_content() for link in html.fromstring(page).cssselect(".couple .name a")]


def people(stage, number):
    for one in range(number):
        running.colleague(stage, f"m{one}", "Mentor", f"Number{one:03}")
        running.colleague(stage, f"p{one}", "Pupil", f"Number{one:03}")


def test_worst_stands_first_with_its_reasons_in_words_and_shape(stage, browser):
    people(stage, 2)
    running.couple(stage, "m0", "p0", held=(36, 8), coming=(20,))
    look = running.couple(stage, "m1", "p1", held=(36,), missed=(8,), coming=(20,))
    needs = running.couple(stage, "tom", "zoe", held=(36, 8), coming=(20,))
    running.raised(stage, "RSK-09", f"pairing:{needs}", satisfied_least=2)
    page = browser.get(f"/desk/{stage.desk}/pairs").text
    assert names(page) == [
        "Tom De Smet · Zoë Peeters",
        "Mentor Number001 · Pupil Number001",
        "Mentor Number000 · Pupil Number000",
    ]
    first, second, third = html.fromstring(page).cssselect(".couple")
    for row, state, words in ((first, "needs", "Needs you"), (second, "look", "Worth a look"), (third, "well", "well")):
        assert words in row.text_content()
        assert row.cssselect(f".how svg.h-{state} > :first-child"), "a shape as well as a colour"
    assert {svg.cssselect("svg > :first-child")[0].tag for svg in (first, second, third)} >= {"path", "circle"}
    assert "The match may not work" in first.text_content()
    assert f"/pairs/{look}" in page


def test_meetings_and_both_sides_of_the_last_review_are_told(stage, browser):
    pair = running.couple(stage, "tom", "zoe", held=(64, 36), missed=(8,), coming=(20, 48))
    running.review(stage, pair, "tom", "zoe", (5, 1), round_=1)
    running.review(stage, pair, "tom", "zoe", (5, 3), round_=2)
    row = html.fromstring(browser.get(f"/desk/{stage.desk}/pairs").text).cssselect(".couple")[0]
    told = " ".join(row.text_content().split())
    assert "2 of 5 meetings held" in told
    assert row.cssselect("progress")[0].get("value") == "2"
    assert "guide 5 mentee 3" in told
    assert "2 steps apart" in told
    assert "last on 15 March" in told


def test_pairs_are_filtered_by_state_and_the_chart_counts_them_all(stage, browser):
    people(stage, 1)
    running.couple(stage, "tom", "zoe", held=(8,), coming=(20,))
    over = running.couple(stage, "m0", "p0")
    with transaction() as session:
        session.get(pairing.Pairing, over).close("ended_early", TODAY)
    page = browser.get(f"/desk/{stage.desk}/pairs?state=ended").text
    assert names(page) == ["Mentor Number000 · Pupil Number000"]
    assert "ended early" in page
    counts = [b.text for b in html.fromstring(page).cssselect(".states b")]
    assert counts == ["2", "0", "0", "1", "1"]
    assert names(browser.get(f"/desk/{stage.desk}/pairs?state=nonsense").text) != []
    assert 'hreflang="nl"' in page
    assert "state=ended" in html.fromstring(page).cssselect("a[hreflang=nl]")[0].get("href")


def test_long_lists_go_on_from_page_to_page(stage, browser, monkeypatch):
    monkeypatch.setattr(door, "PAGE", 2)
    people(stage, 5)
    for one in range(5):
        running.couple(stage, f"m{one}", f"p{one}", held=(8,), coming=(20,))
    seen = [names(browser.get(f"/desk/{stage.desk}/pairs?page={page}").text) for page in (1, 2, 3)]
    assert [len(one) for one in seen] == [2, 2, 1]
    assert len({name for page in seen for name in page}) == 5
    for odd in ("0", "99", "x", "-1", "٣", "9" * 40):
        assert browser.get(f"/desk/{stage.desk}/pairs?page={odd}").status_code == 200


def test_more_pairs_ask_no_more_of_the_database(stage, browser, statements):
    people(stage, 8)

    def cost():
        del statements[:]
        assert browser.get(f"/desk/{stage.desk}/pairs").status_code == 200
        return len(statements)

    for one in range(2):
        pair = running.couple(stage, f"m{one}", f"p{one}", held=(8,), coming=(20,))
        running.review(stage, pair, f"m{one}", f"p{one}", (4, 4))
    few = cost()
    for one in range(2, 8):
        pair = running.couple(stage, f"m{one}", f"p{one}", held=(8,), coming=(20,))
        running.review(stage, pair, f"m{one}", f"p{one}", (4, 4))
        stage.ask("check_in_mentee", f"p{one}", about=f"pairing:{pair}")
        running.raised(stage, "RSK-05", f"pairing:{pair}", time_least=1)
    assert cost() == few < 25


def test_one_pair_lays_both_reviews_side_by_side_and_tells_what_happened(stage, browser):
    pair = running.couple(stage, "tom", "zoe", held=(36, 8), coming=(20,))
    running.review(stage, pair, "tom", "zoe", (5, 3))
    running.said(stage, "growth_contract", "zoe", f"pairing:{pair}", {"rel_c06_every": "monthly"})
    number = running.raised(stage, "RSK-09", f"pairing:{pair}", satisfied_gap=2)
    page = browser.get(f"/desk/{stage.desk}/pairs/{pair}").text
    table = html.fromstring(page).cssselect("table.beside-each-other")[0]
    rows = {row.cssselect("th")[0].text: [td.text for td in row.cssselect("td")] for row in table.cssselect("tbody tr")}
    assert ["5 of 5", "3 of 5"] in rows.values()
    assert ["words of tom", "words of zoe"] in rows.values()
    past = [li.text_content() for li in html.fromstring(page).cssselect(".past li")]
    assert any("They were introduced to each other" in one for one in past)
    assert sum("Meeting: held" in one for one in past) == 2
    assert any("The match may not work" in one for one in past)
    assert f"flag-{number}" in page
    assert "Read what they agreed" in page


def test_day_and_length_of_a_meeting_stay_with_the_two(stage, browser):
    """They are answers of the class PERSONAL; the day that was planned is the programme's own."""
    pair = running.couple(stage, "tom", "zoe", held=(36,), coming=(20,))
    for path in ("/pairs", f"/pairs/{pair}"):
        page = browser.get(f"/desk/{stage.desk}{path}").text
        assert "15 March" in page
        assert "16 March" not in page
        assert "4711" not in page


def test_answers_of_closed_classes_are_on_no_page(stage, browser):
    """With a control: an answer that a coordinator may read is there."""
    pair = running.couple(stage, "tom", "zoe", held=(36, 8), coming=(20,))
    running.review(stage, pair, "tom", "zoe", (5, 3))
    running.canaries(stage, pair, "tom", "zoe")
    running.raised(stage, "RSK-09", f"pairing:{pair}", satisfied_gap=2)
    pages = ["", "/pairs", f"/pairs/{pair}", "/risks", "/people", f"/people?q={running.CANARY}"]
    pages += [f"/people/{stage.people[who]}" for who in ("tom", "zoe")]
    pages += [f"/waiting/{form}" for form in ("check_in_mentee", "meeting_log", "mentor_reflection")]
    for path in pages:
        page = browser.get(f"/desk/{stage.desk}{path}").text
        told = page.replace(f'value="{running.CANARY}"', "").replace(f"q={running.CANARY}", "")
        assert running.CANARY not in told, path
    assert "words of tom" in browser.get(f"/desk/{stage.desk}/pairs/{pair}").text


def test_looking_writes_nothing(stage, browser):
    pair = running.couple(stage, "tom", "zoe", held=(8,), coming=(20,))
    running.raised(stage, "RSK-09", f"pairing:{pair}", satisfied_gap=2)
    stage.ask("check_in_mentee", "zoe", about=f"pairing:{pair}")
    before = everything()
    paths = ["/pairs", f"/pairs/{pair}", "/risks", "/people", "/people?q=zoe", f"/people/{stage.people['zoe']}"]
    for path in [*paths, "/waiting/check_in_mentee", ""]:
        assert browser.get(f"/desk/{stage.desk}{path}").status_code == 200
        assert browser.head(f"/desk/{stage.desk}{path}").status_code == 200
    assert everything() == before


@pytest.fixture
def elsewhere(stage):
    """The desk of another programme of another coordinator."""
    with transaction() as session:
        rules = session.get(programme.Programme, stage.programme).rules
        made = programme.keep(session, rules.model_copy(update={"slug": "other", "coordinator": "jan"}))
        return link.desk_link(session, made.id, stage.people["jan"]).token


def test_desk_of_another_programme_sees_nothing(stage, browser, elsewhere):
    pair = running.couple(stage, "tom", "zoe")
    running.raised(stage, "RSK-09", f"pairing:{pair}", satisfied_gap=2)
    stage.ask("check_in_mentee", "zoe", about=f"pairing:{pair}")
    assert browser.get(f"/desk/{elsewhere}/pairs/{pair}").status_code == 404
    for path in ("/pairs", "/risks", "/waiting/check_in_mentee", "/people"):
        answer = browser.get(f"/desk/{elsewhere}{path}")
        assert answer.status_code == 200
        assert "Peeters" not in answer.text
    assert "Peeters" in browser.get(f"/desk/{stage.desk}/pairs").text


@pytest.mark.parametrize("path", ["/pairs", "/pairs/1", "/risks", "/people", "/people/1", "/waiting/check_in_mentee"])
def test_forged_desk_opens_nothing(stage, browser, path):
    with transaction() as session:
        stage.ask("check_in_mentee", "zoe")
        form = session.scalars(sa.select(link.Link).where(link.Link.purpose == "desk")).one()
        forged = form.token[:-4] + "AAAA"
    assert browser.get(f"/desk/{forged}{path}").status_code == 404


@pytest.mark.parametrize("path", ["/pairs/999", "/pairs/99999999999999999999", "/people/999", "/waiting/nonsense"])
def test_what_is_not_there_is_not_found(stage, browser, path):
    assert browser.get(f"/desk/{stage.desk}{path}").status_code == 404


def test_pair_that_never_came_about_has_no_page(stage, browser):
    subject = stage.pair("tom", "zoe", status="declined")
    assert browser.get(f"/desk/{stage.desk}/pairs/{subject.split(':')[1]}").status_code == 404


def test_since_and_agreement_of_a_pair_that_has_not_begun(stage, browser):
    running.couple(stage, "tom", "zoe", status="accepted", agreed="signed_once", since=30)
    told = browser.get(f"/desk/{stage.desk}/pairs").text
    assert "waits for the second signature" in told
    assert "There is no agreement in force yet (30 days since they accepted)" in told
    assert (TODAY - timedelta(days=30)).strftime("%B") in told


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_every_page_speaks_the_language(stage, browser, language):
    pair = running.couple(stage, "tom", "zoe", held=(36, 8), missed=(4,), coming=(20,))
    running.review(stage, pair, "tom", "zoe", (5, 3))
    running.raised(stage, "RSK-14", f"pairing:{pair}", missed=2)
    stage.ask("check_in_mentee", "zoe", about=f"pairing:{pair}")
    for path in ("/pairs", f"/pairs/{pair}", "/risks", "/people", f"/people/{stage.people['zoe']}"):
        page = browser.get(f"/desk/{stage.desk}{path}?lang={language}").text
        assert f'<html lang="{language}">' in page
        for english in ("Needs you", "Worth a look", "takes part", "Meetings do not", "meetings held", "Signals"):
            assert english not in page, (path, english)
        assert "%(" not in page
