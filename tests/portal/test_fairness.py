"""The page of fairness: counts by group without names, small groups hidden, nothing changed by looking."""

from datetime import date, timedelta

from lxml import html

from framework.matching.criteria import Candidate
from framework.matching.record import Inputs, kept
from framework.matching.settings import Matching
from framework.people import Role
from models import participant, person
from models.base import transaction
from models.matching_run import MatchingRun
from notifications.words import languages
from tests.portal.stage import TODAY, everything


def crowd(stage, *, gender=True):
    """Mentees at four sites, of whom few at Namur find somebody, and a mentor for each pair; all invented."""
    sites = (("Ghent", 30, 29), ("Bruges", 25, 24), ("Namur", 20, 5), ("Arlon", 3, 1))
    mentees, mentors, pairs = [], [], []
    with transaction() as session:
        for site, people, matched in sites:
            for at in range(people):
                who = {"site": site, "language": "nl" if at % 2 else "fr", "level": 1 + at % 2}
                mentee = _member(session, stage, Role.MENTEE, **who, gender="FM"[at % 2] if gender else "")
                mentees.append((mentee, 10 * (at % 3)))
                if at < matched:
                    mentors.append(_member(session, stage, Role.MENTOR, **who))
                    pairs.append([mentors[-1], mentee, 500 + at, ""])
    return mentees, mentors, pairs


def _member(session, stage, role, **values):
    row = person.Person(given_name="Wilhelmina", family_name="Zonneveld", **values)
    session.add(row)
    session.flush()
    made = participant.Participant(
        programme_id=stage.programme, person_id=row.id, role=role, status="confirmed", reason="", profile={}
    )
    session.add(made)
    session.flush()
    return made.id


def run(stage, mentees, mentors, pairs, *, number=1, round_=1, trial=False, made_on=TODAY):
    """A solving, as the flow writes it down."""
    with transaction() as session:
        both = [
            [
                Candidate(id=one, waited=days, person=session.get(participant.Participant, one).person.value())
                for one, days in of
            ]
            for of in ([(one, 0) for one in mentors], mentees)
        ]
        inputs = Inputs(*both, settings=Matching(), managers={})
        session.add(
            MatchingRun(
                programme_id=stage.programme,
                round=round_,
                number=number,
                made_on=made_on,
                trial=trial,
                digest="0" * 64,
                settings=Matching().model_dump(mode="json"),
                people=kept(inputs),
                result={"pairs": pairs, "proved": True, "steps": [], "seed": 0},
                counts={},
            )
        )


def _get(browser, stage, query=""):
    return browser.get(f"/desk/{stage.desk}/matching/fairness{query}")


def _bars(page, title):
    """Each bar of one card, as `name: percent`, and its text."""
    cards = html.fromstring(page).xpath(f"//section[h3='{title}']")
    return [
        {
            str(bar.xpath("string(span[1]/text()[1])")).strip(): " ".join(bar.text_content().split())
            for bar in card.xpath(".//li")
        }
        for card in cards
    ]


def test_page_counts_each_group_and_marks_the_one_far_behind(stage, browser):
    run(stage, *crowd(stage))
    answer = _get(browser, stage)
    assert answer.status_code == 200
    mentees = _bars(answer.text, "Site")[0]
    assert list(mentees) == ["Ghent", "Bruges", "Smaller groups, together"]
    assert "29 of 30" in mentees["Ghent"]
    assert "97%" in mentees["Ghent"]
    assert "waited 10 days on average" in mentees["Ghent"]
    assert "Namur" not in answer.text  # the next smallest hides Arlon
    assert "Arlon" not in answer.text
    assert "6 of 23" in mentees["Smaller groups, together"]
    assert "Wilhelmina" not in answer.text
    assert "Zonneveld" not in answer.text


def test_group_that_may_be_shown_and_is_far_behind_is_marked(stage, browser):
    mentees, mentors, pairs = crowd(stage)
    run(stage, mentees[:-3], mentors[:-1], pairs[:-1])
    found = _bars(_get(browser, stage).text, "Site")[0]
    assert "fewer than chance explains" in found["Namur"]
    assert "fewer than chance explains" not in found["Ghent"] + found["Bruges"]


def test_gender_is_counted_where_the_records_hold_it_and_nowhere_else(stage, browser):
    everybody = crowd(stage)
    run(stage, *everybody)
    assert list(_bars(_get(browser, stage).text, "Gender")[0]) == ["F", "M"]
    with transaction() as session:
        for row in person.all_people(session):
            row.gender = ""
    assert _bars(_get(browser, stage).text, "Gender") == []


def test_a_later_run_counts_for_those_in_it_and_a_trial_for_nobody(stage, browser):
    mentees, mentors, pairs = crowd(stage)
    mentees, mentors, pairs = mentees[:-3], mentors[:-1], pairs[:-1]
    run(stage, mentees, mentors, pairs)
    run(stage, mentees, mentors, [], number=2, trial=True)
    assert "29 of 30" in _bars(_get(browser, stage).text, "Site")[0]["Ghent"]
    run(stage, mentees[:1], mentors[:1], [], number=3)  # the first pair came to nothing, and nobody else is free
    assert "28 of 30" in _bars(_get(browser, stage).text, "Site")[0]["Ghent"]
    assert "28 of 29" in _bars(_get(browser, stage).text, "Site")[1]["Ghent"]


def test_each_round_has_its_own_page(stage, browser):
    mentees, mentors, pairs = crowd(stage)
    run(stage, mentees, mentors, pairs, made_on=date(2027, 3, 1))
    run(stage, mentees, mentors, [], round_=2, made_on=TODAY + timedelta(days=2))
    newest = _get(browser, stage).text
    assert "Round 2" in newest
    assert "0 of 30" in _bars(newest, "Site")[0]["Ghent"]
    assert "29 of 30" in _bars(_get(browser, stage, "?round=1").text, "Site")[0]["Ghent"]
    assert "0 of 30" in _bars(_get(browser, stage, "?round=%C2%B2").text, "Site")[0]["Ghent"]
    assert 'round=1&amp;lang=nl"' in _get(browser, stage, "?round=1").text


def test_too_few_people_are_not_counted_and_without_a_run_there_is_nothing(stage, browser):
    assert "no matching yet" in _get(browser, stage).text
    mentees, mentors, pairs = crowd(stage)
    run(stage, mentees[:4], mentors[:4], pairs[:4])
    page = _get(browser, stage).text
    assert page.count("too few people here") == 2
    assert "Ghent" not in page


def test_looking_changes_nothing_and_a_strange_link_opens_nothing(stage, browser):
    run(stage, *crowd(stage))
    before = everything()
    assert _get(browser, stage).status_code == 200
    assert browser.head(f"/desk/{stage.desk}/matching/fairness").status_code == 200
    assert browser.post(f"/desk/{stage.desk}/matching/fairness").status_code == 405
    assert everything() == before
    assert browser.get("/desk/nobody/matching/fairness").status_code == 404


def test_page_speaks_every_language(stage, browser):
    mentees, mentors, pairs = crowd(stage)
    run(stage, mentees[:-3], mentors[:-1], pairs[:-1])
    for language in languages():
        page = _get(browser, stage, f"?lang={language}").text
        assert f'<html lang="{language}"' in page
        assert ("chance" in page) == (language == "en")
        assert "%(" not in page
